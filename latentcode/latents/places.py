"""Sounds that are read at places (`scrub`, `loop_at`, `fit`, `freeze`), by frames that reach to
either side of their moments.

Where a place moves slowly, both frames between which it is are heard: it would else be a stair, of
a step at each frame. Where it moves about as fast as the sound did, frames are as they are, and so
are those in which something begins: what is mixed of two attacks is none. Where the place goes from
the end to the beginning again and again, as `saw` does, frames there are of both, as in
`rounds.py`. Elsewhere the last frame that lies in the sound is held to its end: one of which half
lies beyond is softer, and no pitch is clear in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64
from latentcode.frames import frame_count
from latentcode.latents.compile import (
    BUILDERS,
    Latents,
    ReadContext,
    Reader,
    compile_trajectory,
    values,
)
from latentcode.latents.drones import Length, Looped, rebuilt, span_frames
from latentcode.latents.moments import Moments
from latentcode.latents.motions import Fit, Freeze, Scrub
from latentcode.latents.path import Path
from latentcode.latents.show import WORDS
from latentcode.latents.trajectory import Curve, Trajectory
from latentcode.patterns import Pattern
from latentcode.patterns.nodes import Affine, Seeded, Signal

Indices = NDArray[np.int64]

AT_PLACES = (Scrub, Fit, Freeze)
BEGINS = 1.5  # times the level of a frame: in the next one something begins
QUIET = 0.01  # of the level of music
SLOW, FAST = 0.25, 0.5  # frames of a sound that go by in one: from where on its frames are as they are


@dataclass(frozen=True, repr=False)
class Placed(Trajectory):
    """A path that is read at places; `length`: samples of its sound, or of that looped.

    turns    whether the place goes from the end to the beginning again and again
    between  whether both frames are heard between two; else the nearest
    """

    path: Path
    length: int
    looped: bool
    turns: bool
    between: bool


@dataclass(frozen=True, repr=False, eq=False)
class Along(Trajectory):
    """The child's sources by a place that moves: where, or along the whole of the event."""

    child: Trajectory
    place: Curve | None


def placed(node: Trajectory, length: Length) -> Trajectory:
    """`node` with the sources of what reads them at places read so."""
    if not isinstance(node, AT_PLACES):
        return rebuilt(node, lambda child: placed(child, length))
    place = node.place if isinstance(node, Scrub) else None
    turns = place is not None and comes_round(place)
    child = _read(node.child, length, turns, not isinstance(node, Freeze))
    return replace(node, child=child) if isinstance(node, Freeze) else Along(child, place)


def _read(node: Trajectory, length: Length, turns: bool, between: bool) -> Trajectory:
    if isinstance(node, Path):
        return Placed(node, length(node), False, turns, between)
    if isinstance(node, Looped):
        return Placed(node.path, node.length, True, turns, between)
    if isinstance(node, AT_PLACES):
        return placed(node, length)
    return rebuilt(node, lambda child: _read(child, length, turns, between))


def comes_round(place: Curve) -> bool:
    """Whether a place goes evenly from one end to the other, and again: `saw`, however fast."""
    if isinstance(place, (Affine, Seeded)):
        inner: Pattern = place.child
        return comes_round(inner)
    return isinstance(place, Signal) and place.kind in ("saw", "isaw")


def _along(node: Along, scene: ReadContext) -> Reader:
    child = compile_trajectory(node.child, scene)
    if node.place is None:
        return lambda moments: child(moments.placed(moments.position % 1.0, 1.0 / max(moments.frames, 1.0)))
    where = values(node.place, scene)

    def read(moments: Moments) -> Latents:
        place = np.clip(np.broadcast_to(where(moments), moments.seconds.shape), 0.0, 1.0)
        before = np.clip(where(replace(moments, cycle=moments.cycle - moments.pace)), 0.0, 1.0)
        return child(moments.placed(place, np.abs(place - before)))

    return read


def _placed(node: Placed, scene: ReadContext) -> Reader:
    count = frame_count(node.length, scene.window, scene.hop)
    first, stop = span_frames(count, scene.begin, scene.end)
    beyond = -(-scene.around // scene.hop)
    turns = node.turns and (first, stop) == (0, count)
    length = (count + beyond) * scene.hop + scene.around if turns else node.length if node.looped else None
    mean, logvar = scene.frames(node.path, scene.hop, length)
    last = max(first, min(stop - 1, (node.length - scene.around) // scene.hop))

    def row(number: Indices) -> Indices:
        if not turns:
            return np.clip(number, first, last)
        at = number % count
        return np.where(at < beyond, count + at, at)

    def read(moments: Moments) -> Latents:
        place = np.zeros(len(moments.cycle)) if moments.place is None else moments.place
        index = first + (1.0 - place if scene.reverse else place) * (stop - first)
        low = np.floor(index + 1e-6).astype(np.int64)
        one, other = row(low), row(low + 1)
        part = np.maximum(index - low, 0.0)
        if not scene.smooth:
            part *= _mixed(mean[one, 0], mean[other, 0], moments.moved * (stop - first)) * node.between
        found = (1 - part[:, None]) * mean[one] + part[:, None] * mean[other]
        return found, None if logvar is None else logvar[one]

    return read


def _mixed(level: Float32, after: Float32, speed: Float64 | float) -> Float64:
    """How far frames are mixed with the next, by their levels (N,), and by how many frames of its
    sound go by in one.
    """
    begins = np.abs(after) > BEGINS * np.abs(level) + QUIET
    return np.where(begins, 0.0, np.clip((FAST - speed) / (FAST - SLOW), 0.0, 1.0))


BUILDERS.update({Placed: _placed, Along: _along})
WORDS[Placed] = lambda node: node.path.name
WORDS[Along] = lambda node: repr(node.child)
