"""Motions: which frames of its sources a trajectory reads (portions, places, sources that fit their
event); wandering and circling about a place, ways between several, and places drawn from the prior.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from latentcode.arrays import Float64
from latentcode.checks import wrong
from latentcode.errors import LatentError
from latentcode.latents import noise
from latentcode.latents.compile import (
    BUILDERS,
    Latents,
    ReadContext,
    Reader,
    compile_trajectory,
    factors,
    mixed,
    sideways,
    values,
)
from latentcode.latents.drones import MADE, PORTIONS, PRIOR
from latentcode.latents.moments import Moments
from latentcode.latents.show import WORDS, shown_curve
from latentcode.latents.trajectory import Curve, Smooth, Trajectory, curve, method, single
from latentcode.patterns import Pattern, Seeded, Steady, saw
from latentcode.patterns.hashing import number_of, seeded

NO_SPREAD = -60.0  # the log-variance of a place that has none
FURTHEST = 2.0**40  # goals, as far as a walk can count
OCTAVES = 3  # of a walk: each half as wide as the one before, and twice as fast
USUAL = 1.0  # the level of music, where the first latent is one
FARTHEST = 1 << 50  # number of a place of the prior: a counter of its noise is 2¹² times as large


@dataclass(frozen=True, repr=False, eq=False)
class Walk(Trajectory):
    """The child, and smooth noise in each dimension: `reach` its deviation,
    `pace` its new goals a cycle. `level`: whether the level wanders as well.
    """

    child: Trajectory
    reach: Curve
    pace: float
    chance: Pattern
    level: bool = field(default=False, metadata={"unless_default": True})


@dataclass(frozen=True, repr=False, eq=False)
class Orbit(Trajectory):
    """A circle about the child, `rate` turns a cycle,
    in two dimensions or in two directions drawn by chance, which change the level where `level` is.
    """

    child: Trajectory
    radius: Curve
    rate: float
    dims: tuple[int, int] | None
    chance: Pattern
    level: bool = field(default=False, metadata={"unless_default": True})


@dataclass(frozen=True, repr=False, eq=False)
class Slerp(Trajectory):
    """From a to b on the great circle between their directions."""

    a: Trajectory
    b: Trajectory
    alpha: Curve


@dataclass(frozen=True, repr=False, eq=False)
class Spline(Trajectory):
    """A smooth way through places, the first at position 0, the last at 1."""

    places: tuple[Trajectory, ...]
    position: Curve


@dataclass(frozen=True, repr=False, eq=False)
class Plane(Trajectory):
    """Between four corners: a (0, 0), b (1, 0), c (0, 1), d (1, 1)."""

    a: Trajectory
    b: Trajectory
    c: Trajectory
    d: Trajectory
    x: Curve
    y: Curve


@dataclass(frozen=True, repr=False)
class Prior(Trajectory):
    """One point of the model's prior, N(0, I), by its number, which lies within ±2⁵⁰."""

    number: int

    def __post_init__(self) -> None:
        if abs(self.number) > FARTHEST:
            raise LatentError(
                f"places of the prior are numbered up to {FARTHEST}, not {self.number:.6g}; as in prior(7)"
            )


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


@method("begin")
def _begin(self: Trajectory, place: object) -> Any:
    """Leave out what comes before a place, 0 to 1, in the sources.

    A pattern gives a drone pattern.
    """
    return _portion(self, "begin", place)


@method("end")
def _end(self: Trajectory, place: object) -> Any:
    """Leave out what comes after a place, 0 to 1, in the sources.

    A pattern gives a drone pattern.
    """
    return _portion(self, "end", place)


def _portion(node: Trajectory, name: str, place: object) -> Any:
    if isinstance(place, (str, Pattern)):
        return getattr(Steady(node), name)(place)
    number = single(place, name)
    return span(node, number) if name == "begin" else span(node, stop=number)


@method("fit")
def _fit(self: Trajectory) -> Fit:
    """Spread the sources over the whole of an event, whatever their length."""
    return Fit(self)


@method("freeze")
def _freeze(self: Trajectory, place: object = 0.5) -> Any:
    """Hold one frame of the sources, the one at a place from 0 to 1.

    A pattern gives a drone pattern.
    """
    if isinstance(place, (str, Pattern)):
        return Steady(self).freeze(place)
    return frozen(self, single(place, "freeze"))


@method("scrub")
def _scrub(self: Trajectory, place: object) -> Scrub:
    """Read the sources by a place, 0 to 1: a number, signal, pattern or array,
    read all the time.
    """
    return Scrub(self, curve(place, "scrub"))


@method("loop_at")
def _loop_at(self: Trajectory, cycles: object) -> Scrub:
    """Let the sources last so many cycles, whatever the tempo."""
    return Scrub(self, saw.slow(cycles))  # type: ignore[arg-type]


@method("smooth")
def _smooth(self: Trajectory, amount: object = 1) -> Trajectory:
    """Blend between neighbouring frames (1) instead of taking the nearest (0): a number,
    signal or pattern.
    """
    blend = curve(amount, "smooth")
    return Smooth(self) if isinstance(blend, float) and blend == 1.0 else Smoothed(self, blend)


def seed_of(node: Trajectory, scene: ReadContext) -> int:
    """The seed that its branch of the tree hands a motion."""
    seed, chance, outer = scene.context.seed, node.chance, []
    while isinstance(chance, Seeded):
        outer.append(chance.index)
        chance = chance.child
    for index in outer:
        seed = seeded(seed, index)
    return seeded(seed, number_of(type(node).__name__))


def _walk(node: Walk, scene: ReadContext) -> Reader:
    child, reach = compile_trajectory(node.child, scene), factors(node.reach, scene)
    seed, aside = seed_of(node, scene), sideways(node.reach, scene, node.level)

    def read(moments: Moments) -> Latents:
        mean, logvar = child(moments)
        times = np.clip(moments.cycle * node.pace, -FURTHEST, FURTHEST)
        return mean + aside(reach(moments) * wandering(seed, times, mean.shape[1])), logvar

    return read


def wandering(seed: int, times: Float64, dimensions: int) -> Float64:
    """Smooth normal noise (N, dimensions) of deviation 1 at every moment,
    with a new goal at each whole time.

    Gradient-free value noise (Perlin's fade between normal goals), divided by the deviation that
    the fade leaves, summed over octaves.
    """
    total = np.zeros((len(times), dimensions))
    for octave in range(OCTAVES):
        total += 0.5**octave * _fading(seeded(seed, octave), times * 2**octave, dimensions)
    deviation = np.sqrt(sum(0.25**octave for octave in range(OCTAVES)))
    return np.asarray(total / deviation)


def _fading(seed: int, times: Float64, dimensions: int) -> Float64:
    whole = np.floor(times)
    first = int(whole.min())
    steps = (whole - first).astype(np.int64)
    known, places = np.unique(np.concatenate([steps, steps + 1]), return_inverse=True)
    goals = noise.normal(seed, known + first, dimensions)[places]
    part = (times - whole)[:, None]
    weight = part**3 * (part * (part * 6 - 15) + 10)
    now, then = goals[: len(times)], goals[len(times) :]
    return np.asarray(((1 - weight) * now + weight * then) / np.sqrt((1 - weight) ** 2 + weight**2))


def _orbit(node: Orbit, scene: ReadContext) -> Reader:
    child, radius = compile_trajectory(node.child, scene), factors(node.radius, scene)
    seed, kept = seed_of(node, scene), int(scene.level and not node.level)

    def read(moments: Moments) -> Latents:
        mean, logvar = child(moments)
        across, up = _axes(node, mean.shape[1], seed, kept)
        angle = 2 * np.pi * (moments.cycle * node.rate)[:, None]
        return mean + radius(moments) * (np.cos(angle) * across + np.sin(angle) * up), logvar

    return read


def _axes(node: Orbit, dimensions: int, seed: int, kept: int) -> Float64:
    """Two directions at right angles: those of two dimensions, or of length √D, drawn by chance,
    in which the first `kept` dimensions stay.
    """
    if node.dims is not None:
        if max(node.dims) >= dimensions:
            raise LatentError(f"orbit in dims {node.dims}: this model has dimensions 0 to {dimensions - 1}")
        return np.asarray(np.eye(dimensions)[list(node.dims)], np.float64)
    if dimensions < kept + 2:
        beside = " beside the level" if kept else ""
        raise LatentError(f"orbit needs two dimensions{beside}; this model has {dimensions} in all")
    axes = noise.normal(seed, np.arange(2), dimensions)
    axes[:, :kept] = 0.0
    across, up = axes
    across = across / np.linalg.norm(across)
    up = up - across * (across @ up)
    return np.asarray(np.stack([across, up / np.linalg.norm(up)]) * np.sqrt(dimensions))


def _slerp(node: Slerp, scene: ReadContext) -> Reader:
    a, b = compile_trajectory(node.a, scene), compile_trajectory(node.b, scene)
    alpha = values(node.alpha, scene)

    def read(moments: Moments) -> Latents:
        from_a, from_b, weight = a(moments), b(moments), alpha(moments)
        straight = mixed(from_a, from_b, weight, scene.powers)
        share = np.broadcast_to(weight, moments.seconds.shape)[:, None]
        kept = int(scene.powers)  # the level has no direction
        found = _curved(from_a[0][:, kept:], from_b[0][:, kept:], share, straight[0][:, kept:])
        return np.concatenate([straight[0][:, :kept], found], axis=1), straight[1]

    return read


def _curved(a: Any, b: Any, alpha: Float64, straight: Any) -> Float64:
    """Shoemake's (1985) interpolation, as White (2016) uses it on latents;
    straight where no arc is defined.
    """
    a, b = (np.ascontiguousarray(side, np.float64) for side in (a, b))  # so that a row's sum is its own
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    cosine = np.sum(a * b, axis=1) / np.maximum(lengths, 1e-12)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))[:, None]
    sine = np.sin(angle)
    flat = (sine < 1e-4) | (lengths[:, None] < 1e-12)
    safe = np.where(flat, 1.0, sine)
    curved = (np.sin((1 - alpha) * angle) * a + np.sin(alpha * angle) * b) / safe
    return np.asarray(np.where(flat, straight, curved))


def _spline(node: Spline, scene: ReadContext) -> Reader:
    places = [compile_trajectory(place, scene) for place in node.places]
    position = values(node.position, scene)

    def read(moments: Moments) -> Latents:
        where = np.broadcast_to(position(moments), moments.seconds.shape)
        return _weighted(places, moments, *way_weights(where, len(places)), scene.powers)

    return read


def way_weights(position: Float64, count: int) -> tuple[Float64, Float64]:
    """Weights (N, count) of places on a way: Catmull and Rom's (1974),
    and of a straight line between neighbours.

    Before the first place and after the last the way goes on as it began and ended.
    """
    reach = np.clip(position, 0.0, 1.0) * (count - 1)
    segment = np.clip(np.floor(reach).astype(np.int64), 0, max(count - 2, 0))
    t = reach - segment
    near = np.stack([-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2]) / 2
    rows, smooth, straight = np.arange(len(reach)), *np.zeros((2, len(reach), count))
    for offset, weight in enumerate(near, -1):
        _spread(smooth, rows, segment + offset, weight)
    for offset, weight in enumerate((1 - t, t)):
        _spread(straight, rows, np.minimum(segment + offset, count - 1), weight)
    return smooth, straight


def _spread(weights: Float64, rows: Any, place: Any, weight: Float64) -> None:
    """Add a weight at a place; one beyond an end is that end and its neighbour,
    mirrored at the end.
    """
    last = weights.shape[1] - 1
    end = np.clip(place, 0, last)
    mirrored = np.clip(2 * end - place, 0, last)
    outside = end != place
    weights[rows, end] += np.where(outside, 2 * weight, weight)
    weights[rows, mirrored] -= np.where(outside, weight, 0.0)


def _weighted(
    places: list[Reader], moments: Moments, smooth: Float64, straight: Float64, powers: bool
) -> Latents:
    nothing = np.zeros((len(smooth), 1))
    mean, logvar, known, power = nothing, nothing, nothing, np.zeros(len(smooth))
    for index, place in enumerate(places):
        if smooth[:, index].any() or straight[:, index].any():
            found, spread = place(moments)
            mean = mean + smooth[:, index, None] * found
            power += smooth[:, index] * np.square(found[:, 0], dtype=np.float64)
            if spread is not None:
                logvar, known = logvar + straight[:, index, None] * spread, known + straight[:, index, None]
    if powers:
        mean[:, 0] = np.sqrt(np.maximum(power, 0.0))
    if not known.any():
        return mean, None
    return mean, np.where(known > 0, logvar / np.where(known > 0, known, 1.0), NO_SPREAD)


def _plane(node: Plane, scene: ReadContext) -> Reader:
    a, b, c, d = (compile_trajectory(corner, scene) for corner in (node.a, node.b, node.c, node.d))
    x, y = values(node.x, scene), values(node.y, scene)

    def read(moments: Moments) -> Latents:
        across, up = x(moments), y(moments)
        below = mixed(a(moments), b(moments), across, scene.powers)
        return mixed(below, mixed(c(moments), d(moments), across, scene.powers), up, scene.powers)

    return read


def _prior(node: Prior, scene: ReadContext) -> Reader:
    if scene.latent_dim < 1:
        raise LatentError(
            "a place of the prior needs the number of the model's dimensions, which is not known here; "
            "play it or render it, or pass a scene with its latent_dim"
        )
    place = prior_place(node.number, scene.latent_dim)
    if scene.level:
        place[0] = USUAL
    return lambda moments: (np.broadcast_to(place, (len(moments.cycle), len(place))), None)


def prior_place(number: int, dimensions: int) -> Float64:
    """The point (dimensions,) of N(0, I) that has a number, the same in every session."""
    return np.asarray(noise.normal(number_of("prior"), np.array([number]), dimensions)[0])


def _span(node: Span, scene: ReadContext) -> Reader:
    width = scene.end - scene.begin
    low, high = sorted((node.start, node.stop))
    begin, end = scene.begin + low * width, scene.begin + high * width
    backwards = scene.reverse != (node.stop < node.start)
    return compile_trajectory(node.child, replace(scene, begin=begin, end=end, reverse=backwards))


def _fitted(node: Fit, scene: ReadContext) -> Reader:
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


def _listed(name: str, places: str, *curves: str) -> Callable[[Any], str]:
    def words(node: Any) -> str:
        inside = [repr(getattr(node, place)) for place in places.split()]
        return f"{name}({', '.join([*inside, *(shown_curve(getattr(node, curve)) for curve in curves)])})"

    return words


def _swelling(node: Walk | Orbit) -> str:
    return ", level=True" if node.level else ""


MADE[PRIOR] = lambda number: Prior(round(number))
PORTIONS[Span] = lambda node: (node.start, node.stop)
BUILDERS.update(
    {Walk: _walk, Orbit: _orbit, Slerp: _slerp, Spline: _spline, Plane: _plane, Prior: _prior},
)
BUILDERS.update({Span: _span, Fit: _fitted, Freeze: _placed, Scrub: _placed, Smoothed: _smoothed})
WORDS.update(
    {
        Walk: lambda node: f"walk({node.child}, {shown_curve(node.reach)}, {node.pace:g}{_swelling(node)})",
        Orbit: lambda node: (
            f"orbit({node.child}, {shown_curve(node.radius)}, {node.rate:g}{_swelling(node)})"
        ),
        Slerp: _listed("slerp", "a b", "alpha"),
        Spline: lambda node: f"spline({', '.join(map(repr, node.places))}, {shown_curve(node.position)})",
        Plane: _listed("plane", "a b c d", "x", "y"),
        Prior: lambda node: f"prior({node.number})",
        Span: lambda node: f"{node.child}.begin({node.start:.3g}).end({node.stop:.3g})",
        Fit: lambda node: f"{node.child}.fit()",
        Freeze: lambda node: f"{node.child}.freeze({node.place:.3g})",
        Scrub: lambda node: f"{node.child}.scrub({shown_curve(node.place)})",
        Smoothed: lambda node: f"{node.child}.smooth({shown_curve(node.amount)})",
    }
)
