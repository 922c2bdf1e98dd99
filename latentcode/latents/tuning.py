"""Tuning: by how many semitones each source of a trajectory is shifted, mixed as its latents are.

A sound is read from the recording nearest to its note, and a decoder that can shifts it the rest of
the way. Of sources that are mixed each has a way of its own. It stands behind the latents, as one
more column of their rows: so whatever mixes rows mixes pitches with them, in semitones, and at
either end of a mix, a glide or a morph there is the one or the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.latents.compile import Latents, ReadContext, Reader, Values, compile_trajectory
from latentcode.latents.drones import children, rebuilt
from latentcode.latents.glide import NO_SPREAD
from latentcode.latents.moments import Moments
from latentcode.latents.motions import Plane, Slerp, Spline
from latentcode.latents.path import Path
from latentcode.latents.trajectory import InTime, Mix, Point, Stepwise, Trajectory

ShiftOf = Callable[["Path | None"], float]  # semitones of a path; of what is no sound: as the first of all

SHIFT = "shift"  # what the card of a model says that shifts pitches itself
MIXING = (Mix, Stepwise, Spline, Plane)


def compile_tuned(node: Trajectory, scene: ReadContext, shift_of: ShiftOf) -> Reader:
    """What `compile_trajectory` gives, with the shift in semitones behind it: rows of (D + 1).

    Raises what `shift_of` raises.
    """
    latents, shift = compile_trajectory(node, scene), compile_shift(node, scene, shift_of)

    def read(moments: Moments) -> Latents:
        mean, logvar = latents(moments)
        spread = None if logvar is None else _beside(logvar, NO_SPREAD)
        return _beside(mean, shift(moments)), spread

    return read


def compile_shift(node: Trajectory, scene: ReadContext, shift_of: ShiftOf) -> Values:
    """The semitones by which a trajectory is shifted, as a function of moments.

    Where α goes beyond its ends they stay at one of these.
    """
    places = _places(node, shift_of)
    shifts = sorted(set(_numbers(places)))
    if len(shifts) == 1:
        return lambda moments: shifts[0]
    read = compile_trajectory(places, replace(scene, even=False))
    return lambda moments: np.clip(read(moments)[0][:, 0], shifts[0], shifts[-1])


def _places(node: Trajectory, shift_of: ShiftOf) -> Trajectory:
    """What a trajectory mixes, and nothing else of it, with points at their shifts for sources."""
    if isinstance(node, Slerp):
        node = Mix(node.a, node.b, node.alpha)
    if isinstance(node, (*MIXING, InTime)):
        return rebuilt(node, lambda child: _places(child, shift_of))
    inner = children(node)
    if inner and not isinstance(node, Path):
        return _places(inner[0], shift_of)
    return Point(np.array([shift_of(node if isinstance(node, Path) else None)]))


def _numbers(places: Trajectory) -> Iterator[float]:
    if isinstance(places, Point):
        yield float(places.mean[0])
    for child in children(places):
        yield from _numbers(child)


def _beside(rows: Float32 | Float64, column: float | Float64) -> Float32 | Float64:
    width = rows.shape[1]
    wider = np.empty((len(rows), width + 1), rows.dtype)
    wider[:, :width], wider[:, width] = rows, column
    return wider
