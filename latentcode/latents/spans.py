"""Which frames of its sources a trajectory reads: portions, places,
and sources fitted to their event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from latentcode.checks import wrong
from latentcode.errors import LatentError
from latentcode.latents.compile import (
    BUILDERS,
    Latents,
    ReadContext,
    Reader,
    compile_trajectory,
    mixed,
    values,
)
from latentcode.latents.drones import PORTIONS
from latentcode.latents.moments import Moments
from latentcode.latents.show import WORDS, shown_curve
from latentcode.latents.trajectory import Curve, Trajectory


@dataclass(frozen=True, repr=False)
class Span(Trajectory):
    """The frames of the child's sources from `start` to `stop` (0 to 1);
    backwards where stop comes before start.
    """

    child: Trajectory
    start: float
    stop: float


@dataclass(frozen=True, repr=False)
class Fit(Trajectory):
    """The child's sources spread over the whole of the event, whatever their length."""

    child: Trajectory


@dataclass(frozen=True, repr=False)
class Freeze(Trajectory):
    """One frame of each of the child's sources, held: the one at `place`, 0 to 1."""

    child: Trajectory
    place: float


@dataclass(frozen=True, repr=False, eq=False)
class Scrub(Trajectory):
    """The frames of the child's sources by a place, 0 to 1, that is read all the time."""

    child: Trajectory
    place: Curve


@dataclass(frozen=True, repr=False, eq=False)
class Smoothed(Trajectory):
    """The child between its nearest frames (amount 0) and a blend of neighbours (1)."""

    child: Trajectory
    amount: Curve


def checked_place(value: float, what: str) -> float:
    """A place in a source. Raises LatentError outside of 0 to 1."""
    if not 0.0 <= value <= 1.0:
        raise wrong(what, "a place from 0 to 1 in the source", value, f".{what}(.5)", LatentError)
    return value


def span(child: Trajectory, start: float | None = None, stop: float | None = None) -> Span:
    """A portion of the child's sources; of a portion, its edges are changed (None: as they are)."""
    inside = child if isinstance(child, Span) else Span(child, 0.0, 1.0)
    start = inside.start if start is None else checked_place(start, "begin")
    stop = inside.stop if stop is None else checked_place(stop, "end")
    return Span(inside.child, start, stop)


def frozen(child: Trajectory, place: float) -> Freeze:
    """One frame of the child's sources. Raises LatentError for a place outside of 0 to 1."""
    return Freeze(child, checked_place(place, "freeze"))


def _span(node: Span, scene: ReadContext) -> Reader:
    width = scene.end - scene.begin
    low, high = sorted((node.start, node.stop))
    begin, end = scene.begin + low * width, scene.begin + high * width
    backwards = scene.reverse != (node.stop < node.start)
    return compile_trajectory(node.child, replace(scene, begin=begin, end=end, reverse=backwards))


def _fit(node: Fit, scene: ReadContext) -> Reader:
    child = compile_trajectory(node.child, scene)
    return lambda moments: child(moments.placed(moments.position % 1.0))


def _placed(node: Freeze | Scrub, scene: ReadContext) -> Reader:
    child, place = compile_trajectory(node.child, scene), values(node.place, scene)

    def read(moments: Moments) -> Latents:
        return child(moments.placed(np.broadcast_to(place(moments), moments.seconds.shape)))

    return read


def _smoothed(node: Smoothed, scene: ReadContext) -> Reader:
    nearest = compile_trajectory(node.child, replace(scene, smooth=False))
    blended = compile_trajectory(node.child, replace(scene, smooth=True))
    amount = values(node.amount, scene)
    return lambda moments: mixed(nearest(moments), blended(moments), amount(moments))


PORTIONS[Span] = lambda node: (node.start, node.stop)
BUILDERS.update({Span: _span, Fit: _fit, Freeze: _placed, Scrub: _placed, Smoothed: _smoothed})
WORDS.update(
    {
        Span: lambda node: f"{node.child}.begin({node.start:.3g}).end({node.stop:.3g})",
        Fit: lambda node: f"{node.child}.fit()",
        Freeze: lambda node: f"{node.child}.freeze({node.place:.3g})",
        Scrub: lambda node: f"{node.child}.scrub({shown_curve(node.place)})",
        Smoothed: lambda node: f"{node.child}.smooth({shown_curve(node.amount)})",
    }
)
