"""The words for motions: each takes paths, trajectories, patterns or mini-notation.

Objects give a drone; a string or a pattern in the first place gives its onsets to the result.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from latentcode.checks import is_number, is_whole, wrong
from latentcode.errors import LatentError
from latentcode.latents.motions import Orbit, Plane, Prior, Slerp, Spline, Walk
from latentcode.latents.spans import Scrub, checked_place, frozen
from latentcode.latents.strategies import Source, _count, _lifted, _numbers, as_trajectory
from latentcode.latents.trajectory import Trajectory, curve
from latentcode.patterns import Pattern, Seeded, Steady, rand
from latentcode.patterns.arguments import Transformation
from latentcode.patterns.nodes import Map
from latentcode.words import public, word

SWAYING = np.array([0.0, 1.0])  # once from the first to the last while the event lasts


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
def walk(a: Source, reach: object = 0.5, pace: object = 1, seed: int | Pattern = 0) -> Any:
    """`a` wandering: smooth noise in every dimension of its latents.

    reach  its standard deviation: a number, signal or pattern, or one number for each dimension
    pace   new goals a cycle, a number or pattern
    seed   another number is another walk; the session's seed counts as well

    Raises LatentError for what is no number, signal, pattern or array, and for a seed that is not
    whole.
    """
    return _moved("walk", (a,), (curve(reach, "walk's reach"), _chance(seed)), (pace, "pace"))


@word('orbit("cello", .5)')
def orbit(
    a: Source, radius: object = 1, rate: object = 1, dims: tuple[int, int] | None = None, seed: int = 0
) -> Any:
    """A circle about `a`, `rate` turns a cycle.

    radius  a number, signal or pattern; in the latent's own units
    rate    a number or pattern; below 0 the other way round
    dims    the two dimensions, from 0; left out, two directions in all dimensions, drawn by `seed`,
            in which the radius is a mean over the dimensions

    Raises LatentError for what is no number, signal or pattern, and for dims that are not two
    different ones.
    """
    settings = (curve(radius, "orbit's radius"), _dims(dims), _chance(seed))
    return _moved("orbit", (a,), settings, (rate, "rate"))


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


@word("prior(7)")
def prior(number: object) -> Any:
    """A point of the latent space by its number, drawn from the model's prior N(0, I);
    the same in every session.

    `number` from 0, or a pattern of numbers: prior("0 3 7"). In a string it is called "prior:7".
    """
    if isinstance(number, (str, Pattern)):
        return Map(_numbers(number, "prior"), FromPrior())
    return FromPrior()(number)


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


def _dims(dims: Any) -> tuple[int, int] | None:
    if dims is None:
        return None
    chosen = tuple(dims) if isinstance(dims, (list, tuple)) else ()
    if len(set(chosen)) != 2 or len(chosen) != 2 or not all(isinstance(d, int) and d >= 0 for d in chosen):
        raise wrong("dims", "two different numbers from 0", dims, "orbit(a, dims=(3, 5))", LatentError)
    return chosen


MAKERS: dict[str, Callable[..., Trajectory]] = {
    "walk": lambda places, settings, pace: Walk(places[0], settings[0], pace, settings[1]),
    "orbit": lambda places, settings, rate: Orbit(places[0], settings[0], rate, *settings[1:]),
    "slerp": lambda places, settings: Slerp(*places, *settings),
    "spline": lambda places, settings: Spline(places, *settings),
    "plane": lambda places, settings: Plane(*places, *settings),
    "freeze": lambda places, settings, place: frozen(places[0], min(max(place, 0.0), 1.0)),
    "scrub": lambda places, settings: Scrub(places[0], *settings),
}
