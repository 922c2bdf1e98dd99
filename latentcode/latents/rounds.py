"""Sounds heard whole, round and round, by frames that reach to either side of their moments.

At the end of a sound, and at its beginning, half of such a frame lies beyond it. When it is played
once that is silence; when it comes round it is the beginning, or the end: else there is a hole of
half a frame at each turn, which is heard as a pump.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentcode.frames import frame_count
from latentcode.latents.compile import BUILDERS, Latents, ReadContext, Reader, blended, nearest
from latentcode.latents.drones import Length, Looped, rebuilt
from latentcode.latents.extended import course, usual_hop
from latentcode.latents.moments import Moments
from latentcode.latents.motions import Fit, Freeze, Scrub, Span
from latentcode.latents.path import Path
from latentcode.latents.places import Along
from latentcode.latents.show import WORDS
from latentcode.latents.sustain import Sustained
from latentcode.latents.trajectory import Trajectory

Indices = NDArray[np.int64]

ELSEWHERE = (Span, Fit, Freeze, Scrub, Along, Sustained)  # what is read at places, in parts, or has its loop


@dataclass(frozen=True, repr=False)
class Round(Trajectory):
    """A path whose sound of `length` samples comes round."""

    path: Path
    length: int


def rounded(node: Trajectory, length: Length) -> Trajectory:
    """`node` with its sources coming round, where they go by in seconds and are heard whole."""
    if isinstance(node, Path):
        return Round(node, length(node))
    if isinstance(node, Looped):
        return Round(node.path, node.length)
    if isinstance(node, ELSEWHERE):
        return node
    return rebuilt(node, lambda child: rounded(child, length))


def _round(node: Round, scene: ReadContext) -> Reader:
    count, beyond = frame_count(node.length, scene.window, scene.hop), -(-scene.around // scene.hop)
    mean, logvar = scene.frames(node.path, scene.hop, _encoded(node, scene, scene.hop))
    way = course(scene, node.path, _encoded(node, scene, usual_hop(scene)), 0, count)
    rate = scene.sample_rate / scene.hop
    blend = blended if scene.smooth else nearest

    def read(moments: Moments) -> Latents:
        index = moments.seconds * rate
        index = way(count - 1 - index if scene.reverse else index)
        again = scene.reverse | (moments.turns > 0)

        def row(number: Indices) -> Indices:
            """Frames that begin once more have the end before them."""
            first = number % count
            begins = (first < beyond) & (again | (number != first))
            return np.where(begins, count + first, first)

        return blend(mean, index, row), None if logvar is None else blend(logvar, index, row)

    return read


def _encoded(node: Round, scene: ReadContext, hop: int) -> int:
    """Of how many samples frames are encoded that come round, a `hop` apart."""
    return (frame_count(node.length, scene.window, hop) - (-scene.around // hop)) * hop + scene.around


BUILDERS[Round] = _round
WORDS[Round] = lambda node: node.path.name
