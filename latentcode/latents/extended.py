"""Sounds that are extended, by frames that reach to either side of their moments.

Where a sound begins in the middle of a frame, that frame is none of what goes on: it swells, and no
partial in it is clear. As a sound is encoded usually there are four of them, and encoded so much
finer a hundred, in each of which it would begin again. So what lies around a begin goes by at the
speed of the sound, and what lies between so much slower that each begins where it should.

Source of the idea: Röbel, "A new approach to transient processing in the phase vocoder" (DAFx
2003).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.frames import Frames
from latentcode.latents.path import Path

Course = Callable[[Float64], Float64]  # numbers of frames, with fractions → of those that are read then

HOPS = 4  # of a window from its begin to its end, as sounds are encoded usually
BEGINS = 1.5  # times the level of a frame: in the next one something begins
QUIET = 0.01  # of the level of music
BEFORE, AFTER = 2.5, 4.0  # hops around the frame that is as loud as what begins: those that see it begin
ROOM = 0.25, 0.5  # of the way from what began before, and to what begins next, at the most
SEEN = 8192  # frames in which begins are looked for


class Scene(Protocol):
    """What is needed of a `ReadContext`."""

    @property
    def frames(self) -> Callable[[Path, int, int | None], Frames]: ...
    @property
    def hop(self) -> int: ...
    @property
    def around(self) -> int: ...
    @property
    def extended(self) -> int: ...


def course(
    scene: Scene, path: Path, length: int | None, first: int, count: int, until: int | None = None
) -> Course:
    """How the `count` frames of a path from `first` on are read: `extended / hop` times as fast
    where something begins. Its sound is looped to `length` samples, as it is encoded usually; the
    first `until` of the frames are read while as many go by.
    """
    if scene.extended <= scene.hop:
        return lambda index: index
    hop, end = usual_hop(scene), min(until or count, count)
    levels = np.abs(np.asarray(scene.frames(path, hop, length)[0][:SEEN])[:, 0])
    begins, around = _begins(levels, first * scene.hop / hop, end * scene.hop / hop)
    own = begins + around * (scene.hop / scene.extended)
    knots, places = (
        np.concatenate([[0.0], np.minimum(edges.ravel() * (hop / scene.hop), end), [end]])
        for edges in (own, begins + around)
    )

    def read(index: Float64) -> Float64:
        turns, inside = np.divmod(index, count)
        at = np.where(inside < end, np.interp(inside, knots, places), inside)
        return np.asarray(turns * count + at)

    return read


def usual_hop(scene: Scene) -> int:
    """Samples from frame to frame, as a sound is encoded that is not extended."""
    return 2 * scene.around // HOPS


def _begins(levels: Float32, first: float, length: float) -> tuple[Float64, Float64]:
    """Where something begins (N, 1) in `length` frames from `first` on, counted from there, and
    from where to where around it (N, 2) it goes by at its own speed.
    """
    rise = levels > BEGINS * np.concatenate([[0.0], levels[:-1]]) + QUIET
    tops = np.flatnonzero(rise & ~np.concatenate([rise[1:], [False]])).astype(np.float64)
    swell = np.argmin(np.append(rise, False)) - 1.0  # the sound is not as loud before, at its begin
    after = AFTER + np.where(tops == swell, swell, 0)
    tops = np.where(tops == swell, 0, tops) - first
    heard = (tops >= 0) & (tops < length + BEFORE)  # what comes round is seen at the end
    tops, after = tops[heard], after[heard]
    ways = np.diff(tops, prepend=0.0, append=max([length, *tops[-1:]]))
    before, after = np.minimum(ways[:-1] * ROOM[0], BEFORE), np.minimum(ways[1:] * ROOM[1], after)
    return tops[:, None], np.stack([-before, after], axis=1)
