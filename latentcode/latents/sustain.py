"""Sounds that go on in their loops: in a drone the loop alone,
in a note once the note has come to it.

Only sources that advance by themselves, and forwards, are heard so: a portion, a frame that is
held, a sound that is fitted to its event or read backwards are of the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from latentcode.latents.compile import BUILDERS, Latents, ReadContext, Reader, source
from latentcode.latents.drones import Looped, children, rebuilt
from latentcode.latents.moments import Moments
from latentcode.latents.path import Path
from latentcode.latents.show import WORDS
from latentcode.latents.spans import Fit, Freeze, Scrub, Span
from latentcode.latents.trajectory import Reverse, Speed, Trajectory

OF_THE_WHOLE = (Span, Fit, Freeze, Scrub, Reverse)


@dataclass(frozen=True, eq=False)
class SustainRing:
    """A sound's loop: the path of what goes round and round,
    and the sample at which it takes over.
    """

    start: int
    path: Path


FindRing = Callable[[Path], "SustainRing | None"]


@dataclass(frozen=True, repr=False)
class Sustained(Trajectory):
    """A path that goes on in its loop, for as long as it is read; `held`: the loop alone."""

    path: Path
    tail: Path
    start: int
    held: bool


def sustained(node: Trajectory, find: FindRing, held: bool) -> Trajectory:
    """`node` with its sources going on in their loops, where they have one."""
    if isinstance(node, (Path, Looped)):
        path = node if isinstance(node, Path) else node.path
        ring = find(path)
        return node if ring is None else Sustained(path, ring.path, ring.start, held)
    if isinstance(node, OF_THE_WHOLE) or (isinstance(node, Speed) and node.factor < 0):
        return node
    return rebuilt(node, lambda child: sustained(child, find, held))


def goes_on(node: Trajectory) -> bool:
    """Whether a source in a trajectory goes on in its loop."""
    return isinstance(node, Sustained) or any(map(goes_on, children(node)))


def _sustained(node: Sustained, scene: ReadContext) -> Reader:
    assert node.tail.samples is not None
    ring = _ring(node.tail, scene, len(node.tail.samples))
    if node.held:
        return ring
    sound, first = source(node.path, scene), -(-node.start // scene.hop)
    begin = first * scene.hop / scene.sample_rate  # of the first frame that is the loop's, in seconds

    def read(moments: Moments) -> Latents:
        early = moments.seconds * scene.sample_rate / scene.hop + 1e-6 < first
        if early.all():
            return sound(moments)
        late = ring(moments.later(-begin))
        return _chosen(early, sound(moments), late) if early.any() else late

    return read


def _ring(tail: Path, scene: ReadContext, samples: int) -> Reader:
    """The frames of a loop, round and round: of those that are centred, where both sides are there,
    which are those of the second round of three.
    """
    if scene.window:
        return source(tail, scene, samples + scene.window - scene.hop)
    return source(tail, replace(scene, begin=1 / 3, end=2 / 3), 3 * samples)


def _chosen(which: NDArray[np.bool_], a: Latents, b: Latents) -> Latents:
    rows = which[:, None]
    logvar = None if a[1] is None or b[1] is None else np.where(rows, a[1], b[1])
    return np.where(rows, a[0], b[0]), logvar


BUILDERS[Sustained] = _sustained
WORDS[Sustained] = lambda node: node.path.name
