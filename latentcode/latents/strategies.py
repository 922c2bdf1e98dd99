"""The three interpolation strategies: stepwise, meso-scale and extension.

Source: Tatar, Cotton and Bisig, "Sound Design Strategies for Latent Audio Space Explorations Using
Deep Learning Architectures" (Sound and Music Computing 2023, arXiv 2305.15571), and its public
code.

Each takes paths, trajectories, patterns or mini-notation. Two objects give a drone; a string or a
pattern in the first place gives its onsets to the result.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

from latentcode.checks import is_number, number, whole, wrong
from latentcode.errors import LatentError, RangeError
from latentcode.latents.note import note_of
from latentcode.latents.trajectory import Curve, Extend, Mix, Stepwise, Trajectory, curve
from latentcode.patterns import Controls, Pattern, Steady, mini, s
from latentcode.patterns.nodes import Apply, Map
from latentcode.patterns.spelling import as_names
from latentcode.words import word

Source: TypeAlias = Trajectory | Pattern | str
MOST_STEPS, LONGEST = 1000, 4096


@word('stepwise(s("cello/2"), "choir", 4)')
def stepwise(a: Source, b: Source, steps: int | str | Pattern = 6) -> Any:
    """The whole of `a` mixed with `b`, at α = 0 … 1 in `steps` steps, one after another.

    A drone lasts steps × the longer source; in an event the steps divide its length. With drones it
    is a trajectory, else a pattern of them. The mean and the log-variance, (N, D), are mixed alike.

    Raises LatentError for steps beyond 1 to 1000, and for sources that are no sounds.
    """
    if isinstance(steps, int):
        made = whole(steps, "stepwise", 1, MOST_STEPS, "stepwise(a, b, 6)", LatentError, "a number of steps")
        return _lifted(Steps(made), a, b)
    return _lifted(PatternedSteps(), a, b, number=_numbers(steps, "steps"))


@word('meso("cello", "choir", sine)')
def meso(a: Source, b: Source, alpha: object) -> Any:
    """(1 − α)·a + α·b, with α a number, a signal, a pattern or an array.

    A signal is read for each latent frame; an array (n,) is spread over the drone or the event. α
    is not clamped: outside 0 … 1 it extrapolates.

    Raises LatentError for an alpha that is nothing of these.
    """
    return _lifted(Blend(curve(alpha, "meso's α")), a, b)


@word('extend("cello", factor=8)')
def extend(a: Source, b: Source | None = None, alpha: object = 0.5, factor: float | str | Pattern = 8) -> Any:
    """The sources `factor` (1 to 4096) times longer: encoded so much finer,
    laid out at the usual hop.

    `b` and `alpha` may be left out, to extend one source. The factor is rounded so that the finer
    hop is whole.

    Raises LatentError for a factor beyond 1 to 4096, and for sources that are no sounds.
    """
    sources = (a,) if b is None else (a, b)
    mixing = curve(alpha, "extend's α")
    if is_number(factor):
        longer = number(factor, "extend's factor", 1, LONGEST, "extend(a, factor=8)", LatentError)
        return _lifted(Longer(mixing, longer), *sources)
    return _lifted(PatternedLonger(mixing), *sources, number=_numbers(factor, "factor"))


@dataclass(frozen=True, eq=False)
class Blend:
    """Builds a meso-scale mix of the sources in a tuple."""

    alpha: Curve

    def __call__(self, values: tuple[Any, ...]) -> Trajectory:
        a, b = map(as_trajectory, values)
        return Mix(a, b, self.alpha)


@dataclass(frozen=True)
class Steps:
    """Builds a staircase between the sources in a tuple."""

    steps: int

    def __call__(self, values: tuple[Any, ...]) -> Trajectory:
        a, b = map(as_trajectory, values)
        return Stepwise(a, b, self.steps)


@dataclass(frozen=True)
class PatternedSteps:
    """Builds a staircase from a tuple of two sources and a count."""

    def __call__(self, values: tuple[Any, ...]) -> Trajectory:
        return Steps(round(min(max(1, _count(values[2], "steps")), MOST_STEPS)))(values[:2])


@dataclass(frozen=True, eq=False)
class Longer:
    """Builds an extension of the one or two sources in a tuple."""

    alpha: Curve
    factor: float

    def __call__(self, values: tuple[Any, ...]) -> Trajectory:
        first = as_trajectory(values[0])
        child = Mix(first, as_trajectory(values[1]), self.alpha) if len(values) > 1 else first
        return Extend(child, self.factor)


@dataclass(frozen=True, eq=False)
class PatternedLonger:
    """Builds an extension from a tuple of sources and a factor."""

    alpha: Curve

    def __call__(self, values: tuple[Any, ...]) -> Trajectory:
        return Longer(self.alpha, min(max(1.0, _count(values[-1], "factor")), LONGEST))(values[:-1])


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


VOICING = ("note", "gain", "pan", "noise", "attack", "release", "legato", "ring", "cut", "velocity")


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
    return note.trajectory


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
