"""The words for trajectories: three strategies of interpolation (stepwise, meso-scale, extension),
and motions.

Source of the strategies: Tatar, Cotton and Bisig, "Sound Design Strategies for Latent Audio Space
Explorations Using Deep Learning Architectures" (Sound and Music Computing 2023, arXiv 2305.15571),
and its public code.

Each takes paths, trajectories, patterns or mini-notation. Objects give a drone; a string or a
pattern in the first place gives its onsets to the result.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from latentcode.checks import is_number, is_whole, number, truth, whole, wrong
from latentcode.errors import LatentError, RangeError
from latentcode.latents.motions import (
    Orbit,
    Plane,
    Prior,
    Scrub,
    Slerp,
    Spline,
    Walk,
    checked_place,
    frozen,
)
from latentcode.latents.note import at_note, note_of
from latentcode.latents.trajectory import Curve, Extend, Mix, Stepwise, Trajectory, curve, method
from latentcode.patterns import Controls, Pattern, Seeded, Steady, mini, rand, s
from latentcode.patterns.arguments import Transformation
from latentcode.patterns.nodes import Apply, Map, as_names
from latentcode.words import public, word

Source: TypeAlias = Trajectory | Pattern | str
MOST_STEPS, LONGEST = 1000, 4096
STEPPED = "stepwise('cello', 'choir', 6, glide=True)"
EXTENDED = "extend('cello', 'choir', sine, glide=True)"
ADDED = {"unless_default": True}  # so that patterns of before have the digests that they had
SWAYING = np.array([0.0, 1.0])  # once from the first to the last while the event lasts


@word('stepwise(s("cello/2"), "choir", 4)')
def stepwise(a: Source, b: Source, steps: int | str | Pattern = 6, glide: bool = False) -> Any:
    """The whole of `a` mixed with `b`, at α = 0 … 1 in `steps` steps, one after another.

    A drone lasts steps × the longer source; in an event the steps divide its length. With drones it
    is a trajectory, else a pattern of them. The mean and the log-variance, (N, D), are mixed alike.
    `glide` as in `meso`.

    Raises LatentError for steps beyond 1 to 1000, and for sources that are no sounds.
    """
    if is_number(steps):
        of = "a whole number of steps"
        made = whole(steps, "stepwise", 1, MOST_STEPS, "stepwise(a, b, 6)", LatentError, of)
        return _lifted(Steps(made, _glide(glide, STEPPED)), a, b)
    return _lifted(PatternedSteps(_glide(glide, STEPPED)), a, b, number=_numbers(steps, "steps"))


@word('meso("cello", "choir", sine)')
def meso(a: Source, b: Source, alpha: object, glide: bool = False) -> Any:
    """(1 − α)·a + α·b, with α a number, a signal, a pattern or an array.

    A signal is read for each latent frame; an array (n,) is spread over the drone or the event. α
    is not clamped: outside 0 … 1 it extrapolates.

    glide: what is heard in `a` moves to where it is in `b`, so that pitches glide instead of
    fusing; for models of spectra. There α is held to 0 … 1.

    Raises LatentError for an alpha that is nothing of these.
    """
    return _lifted(Blend(curve(alpha, "meso's α"), _glide(glide)), a, b)


@word('extend("cello", factor=8)')
def extend(
    a: Source,
    b: Source | None = None,
    alpha: object = 0.5,
    factor: float | str | Pattern = 8,
    glide: bool = False,
) -> Any:
    """The sources `factor` (1 to 4096) times longer: encoded so much finer,
    laid out at the usual hop.

    `b` and `alpha` may be left out, to extend one source. The factor is rounded so that the finer
    hop is whole. `glide` as in `meso`.

    Raises LatentError for a factor beyond 1 to 4096, and for sources that are no sounds.
    """
    sources = (a,) if b is None else (a, b)
    if b is None and _glide(glide, EXTENDED):
        raise wrong("glide", "two sounds between which it goes", a, EXTENDED, LatentError)
    mixing = curve(alpha, "extend's α")
    if is_number(factor):
        longer = number(factor, "extend's factor", 1, LONGEST, "extend(a, factor=8)", LatentError)
        return _lifted(Longer(mixing, longer, _glide(glide, EXTENDED)), *sources)
    return _lifted(
        PatternedLonger(mixing, _glide(glide, EXTENDED)), *sources, number=_numbers(factor, "factor")
    )


def _glide(asked: object, example: str = "meso('cello', 'choir', sine, glide=True)") -> bool:
    return truth(asked, "glide", example, LatentError)


def _waiting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let the word without a source be a transformation of patterns: `every(2, walk(.5))`."""
    required = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]

    @functools.wraps(function)
    def word(*args: Any, **named: Any) -> Any:
        if (args and is_number(args[0])) or (args and len(args) < len(required) and not named):
            return Transformation(((function.__name__, args, tuple(sorted(named.items()))),))
        return function(*args, **named)

    return word


@word('walk("cello", .3)')
@_waiting
def walk(
    a: Source, reach: object = 0.5, pace: object = 1, seed: int | Pattern = 0, level: bool = False
) -> Any:
    """`a` wandering: smooth noise in every dimension of its latents.

    reach  its standard deviation: a number, signal or pattern, or one number for each dimension
    pace   new goals a cycle, a number or pattern
    seed   another number is another walk; the session's seed counts as well
    level  whether the level wanders as well, where it is a latent; else it stays that of `a`

    Raises LatentError for what is no number, signal, pattern or array, and for a seed that is not
    whole.
    """
    settings = (curve(reach, "walk's reach"), _chance(seed), *_level(level, "walk('cello', level=True)"))
    return _moved("walk", (a,), settings, (pace, "pace"))


@method("walk")
def _walk(
    self: Trajectory, reach: object = 0.5, pace: object = 1, seed: int | Pattern = 0, level: bool = False
) -> Any:
    """Wander: smooth noise of deviation `reach` in each dimension,
    with `pace` new goals a cycle.

    Another `seed` is another walk; `level`: whether the level wanders as well. A pattern of paces
    gives a drone pattern.
    """
    return walk(self, reach, pace, seed, level)


@word('orbit("cello", .5)')
def orbit(
    a: Source,
    radius: object = 1,
    rate: object = 1,
    dims: tuple[int, int] | None = None,
    seed: int = 0,
    level: bool = False,
) -> Any:
    """A circle about `a`, `rate` turns a cycle.

    radius  a number, signal or pattern; in the latent's own units
    rate    a number or pattern; below 0 the other way round
    dims    the two dimensions, from 0; left out, two directions in all dimensions, drawn by `seed`,
            in which the radius is a mean over the dimensions
    level   whether directions that are drawn change the level, where it is a latent; else it stays
            that of `a`

    Raises LatentError for what is no number, signal or pattern, and for dims that are not two
    different ones.
    """
    settings = (curve(radius, "orbit's radius"), _dims(dims), _chance(seed))
    swells = _level(level, "orbit('cello', level=True)")
    return _moved("orbit", (a,), (*settings, *swells), (rate, "rate"))


@word('slerp("cello", "choir", sine)')
def slerp(a: Source, b: Source, alpha: object) -> Any:
    """From `a` to `b` on an arc: directions turn and lengths are kept, where `meso` cuts across.

    alpha: a number, signal, pattern or array. Source: Shoemake (1985); White, "Sampling Generative
    Networks" (2016).

    Raises LatentError for an alpha that is nothing of these.
    """
    return _moved("slerp", (a, b), (curve(alpha, "slerp's α"),))


@word('spline("cello", "choir", "flute")')
def spline(*places: Source, position: object = None) -> Any:
    """A smooth way through any number of places, the first at 0,
    the last at 1 (Catmull and Rom, 1974).

    position: a number, signal, pattern or array; left out, once along while the event (or the
    drone) lasts.

    Raises LatentError for fewer than two places.
    """
    if len(places) < 2:
        raise LatentError(f"spline goes through two places or more, not {len(places)}; as in spline(a, b, c)")
    way = SWAYING if position is None else curve(position, "spline's position")
    return _moved("spline", places, (way,))


@word('plane("cello", "choir", "flute", "piano", saw, sine)')
def plane(a: Source, b: Source, c: Source, d: Source, x: object = 0.5, y: object = 0.5) -> Any:
    """Between four corners: `a` at (0, 0), `b` at (1, 0), `c` at (0, 1), `d` at (1, 1).

    x, y: numbers, signals, patterns or arrays; beyond 0 to 1 it extrapolates.

    Raises LatentError for an x or y that is nothing of these.
    """
    return _moved("plane", (a, b, c, d), (curve(x, "plane's x"), curve(y, "plane's y")))


@public
@_waiting
def freeze(a: Source, position: object = 0.5) -> Any:
    """One frame of `a`, held. position: where, 0 to 1; a number, or a pattern taken at the onset.

    Raises LatentError for a position beyond 0 to 1.
    """
    return _moved("freeze", (a,), (), (position, "position"))


@public
@_waiting
def scrub(a: Source, position: object) -> Any:
    """The frames of `a` by a position, 0 to 1, that is read all the time: a number, signal,
    pattern or array.

    Raises LatentError for a position that is nothing of these.
    """
    return _moved("scrub", (a,), (curve(position, "scrub's position"),))


@dataclass(frozen=True, eq=False)
class Blend:
    """Builds a meso-scale mix of the sources in a tuple."""

    alpha: Curve
    glide: bool = field(default=False, metadata=ADDED)

    def __call__(self, values: tuple[Any, ...]) -> Trajectory:
        a, b = map(as_trajectory, values)
        return Mix(a, b, self.alpha, self.glide)


@dataclass(frozen=True)
class Steps:
    """Builds a staircase between the sources in a tuple."""

    steps: int
    glide: bool = field(default=False, metadata=ADDED)

    def __call__(self, values: tuple[Any, ...]) -> Trajectory:
        a, b = map(as_trajectory, values)
        return Stepwise(a, b, self.steps, self.glide)


@dataclass(frozen=True)
class PatternedSteps:
    """Builds a staircase from a tuple of two sources and a count."""

    glide: bool = field(default=False, metadata=ADDED)

    def __call__(self, values: tuple[Any, ...]) -> Trajectory:
        steps = round(min(max(1, _count(values[2], "steps")), MOST_STEPS))
        return Steps(steps, self.glide)(values[:2])


@dataclass(frozen=True, eq=False)
class Longer:
    """Builds an extension of the one or two sources in a tuple."""

    alpha: Curve
    factor: float
    glide: bool = field(default=False, metadata=ADDED)

    def __call__(self, values: tuple[Any, ...]) -> Trajectory:
        first = as_trajectory(values[0])
        child = Mix(first, as_trajectory(values[1]), self.alpha, self.glide) if len(values) > 1 else first
        return Extend(child, self.factor)


@dataclass(frozen=True, eq=False)
class PatternedLonger:
    """Builds an extension from a tuple of sources and a factor."""

    alpha: Curve
    glide: bool = field(default=False, metadata=ADDED)

    def __call__(self, values: tuple[Any, ...]) -> Trajectory:
        factor = min(max(1.0, _count(values[-1], "factor")), LONGEST)
        return Longer(self.alpha, factor, self.glide)(values[:-1])


@dataclass(frozen=True)
class Voiced:
    """Puts a strategy's trajectory where the first source stood,
    and keeps that source's other controls.
    """

    build: Any

    def __call__(self, values: tuple[Any, ...]) -> Any:
        made = self.build(values)
        if not isinstance(values[0], Controls):
            return made
        kept = tuple(pair for pair in values[0].pairs if pair[0] in VOICING)
        return Controls((("s", made), *kept)) if kept else made


VOICING = (
    "note",
    "gain",
    "pan",
    "noise",
    "attack",
    "release",
    "legato",
    "ring",
    "cut",
    "velocity",
    "formant",
)


def _lifted(build: Any, *sources: Any, number: Pattern | None = None) -> Any:
    """`build` on the sources: at once when all are objects, else event by event,
    structured by the first.
    """
    if number is None and all(isinstance(source, Trajectory) for source in sources):
        return build(sources)
    first, *others = map(as_sounds, sources)
    others += [] if number is None else [number]
    joined: Pattern = Map(first, _alone)
    for other in others:
        joined = Apply(joined, other, "pair", "onset")
    return Map(joined, Voiced(build))


def _alone(value: Any) -> tuple[Any]:
    return (value,)


def as_trajectory(value: object) -> Trajectory:
    """The trajectory of an event's value: a name, a trajectory, or controls with their operators.

    Raises LatentError for a value without a sound.
    """
    note = note_of(value)
    if note is None:
        raise wrong("a strategy", "sounds", value, "meso('cello', 'choir', sine)", LatentError)
    return note.trajectory if note.pitch is None else at_note(note.trajectory, note.pitch)


def as_pattern(source: object) -> Pattern:
    """`source` as a pattern. Raises LatentError for what is no pattern, trajectory or text."""
    if isinstance(source, Pattern):
        return source
    if isinstance(source, str):
        return s(source)
    if isinstance(source, Trajectory):
        return Steady(source)
    allowed, example = "paths, trajectories, patterns or mini-notation", "meso(path('cello'), 'choir', .5)"
    raise wrong("a strategy", allowed, source, example, LatentError)


def as_sounds(source: object) -> Pattern:
    """`source` as a pattern in which numbers that were written in strings are the names of
    sounds.
    """
    return as_names(as_pattern(source))


def _numbers(value: object, what: str) -> Pattern:
    if isinstance(value, Pattern):
        return value
    if isinstance(value, str):
        return mini(value)
    raise wrong(what, "a number or a pattern of numbers", value, "'<4 6>'", LatentError)


def _count(value: object, what: str) -> float:
    if isinstance(value, Controls):
        value = value.get("n", value)
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise wrong(what, "numbers", value, "'<4 6>'", LatentError) from error
    if not math.isfinite(number):
        raise wrong(what, "finite numbers", value, "'<4 6>'", RangeError)
    return number


@dataclass(frozen=True)
class FromPrior:
    """A number → that point of the prior."""

    def __call__(self, value: Any) -> Prior:
        return Prior(round(_count(value, "prior")))


@dataclass(frozen=True, eq=False)
class Motion:
    """Builds a motion from a tuple: so many sources,
    and a number where it is taken at the onset.
    """

    kind: str
    sources: int
    settings: tuple[Any, ...]

    def __call__(self, values: tuple[Any, ...]) -> Trajectory:
        places = tuple(as_trajectory(value) for value in values[: self.sources])
        numbers = (_count(value, self.kind) for value in values[self.sources :])
        return MAKERS[self.kind](places, self.settings, *numbers)


def _moved(
    kind: str, sources: tuple[Any, ...], settings: tuple[Any, ...], number: tuple[Any, str] | None = None
) -> Any:
    build = Motion(kind, len(sources), settings)
    if number is None:
        return _lifted(build, *sources)
    value, what = number
    if isinstance(value, (str, Pattern)):
        return _lifted(build, *sources, number=_numbers(value, f"{kind}'s {what}"))
    amount = _amount(value, f"{kind}'s {what}")
    if kind == "freeze":
        checked_place(amount, kind)
    if all(isinstance(source, Trajectory) for source in sources):
        return build((*sources, amount))
    return _lifted(build, *sources, number=Steady(amount))


def _amount(value: Any, what: str) -> float:
    number = curve(value, what)
    if not isinstance(number, float) or not np.isfinite(number):
        raise wrong(what, "a number or a pattern of numbers", value, "'<1 2>'", LatentError)
    return number


def _chance(seed: int | Pattern) -> Pattern:
    """The random node of a motion: its place in the tree, and the number given, make its seed."""
    if isinstance(seed, Pattern):
        return seed
    if not is_whole(seed):
        raise wrong("seed", "a whole number", seed, "walk('cello', seed=3)", LatentError)
    return Seeded(rand, seed) if seed else rand


def _level(asked: object, example: str) -> tuple[bool, ...]:
    """The setting, where it is not the usual one: so motions have the digests that they had."""
    return (True,) if truth(asked, "level", example, LatentError) else ()


def _dims(dims: Any) -> tuple[int, int] | None:
    if dims is None:
        return None
    chosen = tuple(dims) if isinstance(dims, (list, tuple)) else ()
    if len(set(chosen)) != 2 or len(chosen) != 2 or not all(isinstance(d, int) and d >= 0 for d in chosen):
        raise wrong("dims", "two different numbers from 0", dims, "orbit(a, dims=(3, 5))", LatentError)
    return chosen


MAKERS: dict[str, Callable[..., Trajectory]] = {
    "walk": lambda places, settings, pace: Walk(places[0], settings[0], pace, *settings[1:]),
    "orbit": lambda places, settings, rate: Orbit(places[0], settings[0], rate, *settings[1:]),
    "slerp": lambda places, settings: Slerp(*places, *settings),
    "spline": lambda places, settings: Spline(places, *settings),
    "plane": lambda places, settings: Plane(*places, *settings),
    "freeze": lambda places, settings, place: frozen(places[0], min(max(place, 0.0), 1.0)),
    "scrub": lambda places, settings: Scrub(places[0], *settings),
}
