"""Trajectories: how a latent moves while an event lasts.

A trajectory is a frozen tree, like a pattern. `compile.py` turns one into a function of `Moments`.
Parameters (α, gains, scales) are numbers, arrays, or patterns that are read as signals for every
frame.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

from latentcode.arrays import Float64
from latentcode.checks import model_name, wrong
from latentcode.errors import LatentError
from latentcode.patterns import Controls, Pattern, Steady, Timed, mini
from latentcode.patterns import note as notes
from latentcode.patterns.controls import reseed
from latentcode.patterns.scales import note_number
from latentcode.patterns.setters import no_scale_of_notes
from latentcode.words import public, word

Curve: TypeAlias = float | Float64 | Pattern  # a number, an array, or a pattern read as a signal
# controls of patterns that are operators of trajectories
OPERATORS = frozenset(
    {"scale", "bias", "jitter", "reverse", "smooth", "dim", "speed", "freeze", "scrub", "walk"}
)
F = TypeVar("F", bound=Callable[..., Any])


def curve(value: object, what: str) -> Curve:
    """`value` as a parameter.

    Raises LatentError when it is no number, signal, pattern, text or array.
    """
    if isinstance(value, Pattern):
        return value
    if isinstance(value, str):
        return mini(value)
    if isinstance(value, (bool, int, float, Fraction, np.number)):
        return float(value)
    if isinstance(value, (list, tuple, np.ndarray)):
        array = _numbers(value, what)
        if array.ndim == 1 and len(array) and np.isfinite(array).all():
            return array
        raise LatentError(f"{what} takes a row of finite numbers, not an array of shape {array.shape}")
    raise wrong(what, "a number, a signal, mini-notation or an array", value, "sine.slow(4)", LatentError)


def _numbers(row: object, what: str) -> Float64:
    try:
        return np.asarray(row, np.float64)
    except (TypeError, ValueError):
        raise LatentError(
            f"a row of {what} holds a number for each dimension, and a signal moves one or all: "
            "type .dim(3, sine) for the one"
        ) from None


def single(value: object, what: str) -> float:
    """`value` as one finite number. Raises LatentError for anything else."""
    number = curve(value, what)
    if not isinstance(number, float) or not np.isfinite(number):
        raise wrong(what, "a number", value, f".{what}(.5)", LatentError)
    return number


@public
class Trajectory(Timed):
    """A motion through latent space: sources, strategies, points, lines and operators on them.

    What needs more than this file knows is added with `method`, where it is made.
    """

    __array_ufunc__ = None  # an array on the left side lets the trajectory do the arithmetic

    @property
    def timed(self) -> bool:
        """Whether something inside follows the pattern's own time."""
        return any(_timed(getattr(self, f.name)) for f in fields(self))  # type: ignore[arg-type]

    def retimed(self, scale: Fraction, shift: Fraction) -> Trajectory:
        return InTime(self, scale, shift) if self.timed else self

    def reseeded(self, index: int) -> Trajectory:
        """The same motion with the random signals inside given another seed."""
        inner = {f.name: reseed(getattr(self, f.name), index) for f in fields(self)}  # type: ignore[arg-type]
        changed = any(inner[name] is not getattr(self, name) for name in inner)
        return replace(self, **inner) if changed else self  # type: ignore[type-var]

    # operators

    def scale(self, amount: object) -> Trajectory:
        """Multiply the latents by a number, signal, or one number for each dimension."""
        if isinstance(amount, str):
            no_scale_of_notes(amount)
        return Scale(self, curve(amount, "scale"))

    def encoded_by(self, model: str | os.PathLike[str]) -> Trajectory:
        """The same with its sources encoded by another model, by its name, its file, or itself.

        Latents of two models cannot be mixed: those of one of them are to be the other's first.
        Raises LatentError for what names no model.
        """
        example = 'path("cello").encoded_by("raw")'
        return EncodedBy(self, model_name(model, "encoded_by", example, LatentError))

    def bias(self, amount: object) -> Trajectory:
        """Add a number, signal, or one number for each dimension to the latents."""
        return Bias(self, curve(amount, "bias"))

    def jitter(self, amount: object) -> Trajectory:
        """Add normal noise of this standard deviation to each latent frame (a function of seed and
        cycle).
        """
        return Jitter(self, curve(amount, "jitter"))

    def reverse(self, backwards: object = True) -> Any:
        """Read the sources from their last frame to their first.

        A pattern of truth values gives a drone pattern.
        """
        if isinstance(backwards, (str, Pattern)):
            return self._drone.reverse(backwards)
        return Reverse(self) if backwards else self

    def dim(self, index: int, value: object) -> Trajectory:
        """Set one dimension of the latents (0-based) to a number or signal.

        Raises LatentError for an index that is no number from 0.
        """
        if not isinstance(index, int) or index < 0:
            raise wrong("dim", "the number of a dimension from 0", index, ".dim(3, sine)", LatentError)
        return Dim(self, index, curve(value, "dim"))

    def speed(self, factor: object) -> Any:
        """Advance the sources `factor` times faster (below 0: backwards).

        A pattern gives a drone pattern.
        """
        if isinstance(factor, (str, Pattern)):
            return self._drone.speed(factor)
        return Speed(self, single(factor, "speed"))

    # arithmetic

    def __add__(self, other: object) -> Any:
        return self.combined("add", self, other)

    def __sub__(self, other: object) -> Any:
        return self.combined("sub", self, other)

    def __mul__(self, other: object) -> Any:
        return self.combined("mul", self, other)

    def __truediv__(self, other: object) -> Any:
        return self.combined("div", self, other)

    def __neg__(self) -> Trajectory:
        return self.scale(-1.0)

    def __radd__(self, other: object) -> Any:
        return self.combined("add", other, self)

    def __rsub__(self, other: object) -> Any:
        return self.combined("sub", other, self)

    def __rmul__(self, other: object) -> Any:
        return self.combined("mul", other, self)

    add, sub, mul, div = __add__, __sub__, __mul__, __truediv__

    # controls: a trajectory with controls is a drone pattern, and so is one with any other method of patterns

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    @property
    def _drone(self) -> Pattern:
        return Steady(self)

    def _control(self, name: str, value: object) -> Pattern:
        return Steady(Controls((("s", self), (name, value))))

    def gain(self, amount: object) -> Pattern:
        """This drone at a gain (1 is unity): a number, signal or pattern."""
        return self._control("gain", curve(amount, "gain"))

    def pan(self, place: object) -> Pattern:
        """This drone from 0 (left) to 1 (right); 0.5 is the centre, at unity on both sides."""
        return self._control("pan", curve(place, "pan"))

    def note(self, value: object) -> Pattern:
        """This drone at a pitch: a MIDI number, a name ("c4"), or a pattern of them,
        which gives the onsets.
        """
        if isinstance(value, (str, Pattern)):
            return notes(value).s(self)
        return self._control("note", note_number(value))

    def plain(self) -> Pattern:
        """This path as it was recorded, past the model, round and round."""
        return self._control("plain", True)

    def noise(self, amount: object) -> Pattern:
        """This drone with `amount` times the noise of the encoder's variance."""
        return self._control("noise", curve(amount, "noise"))


def _timed(value: object) -> bool:
    if isinstance(value, tuple):
        return any(map(_timed, value))
    return isinstance(value, Pattern) or (isinstance(value, Trajectory) and value.timed)


@dataclass(frozen=True, repr=False)
class Named(Trajectory):
    """A source known by name, found when it is played; `variant` picks one of several pitches."""

    name: str
    variant: float | None = None


@dataclass(frozen=True, repr=False)
class Pitched(Named):
    """A source known by name, of whose recorded pitches the nearest to `pitch` (a MIDI number) is
    taken.
    """

    pitch: float = 60.0


@dataclass(frozen=True, repr=False, eq=False)
class Point(Trajectory):
    """One place in latent space: mean (D,)."""

    mean: Float64


@dataclass(frozen=True, repr=False, eq=False)
class Mix(Trajectory):
    """(1 − α)·a + α·b, in mean and log-variance; α is never clamped.

    `glide`: what is heard in a moves to where it is in b, see glide.py; α is held to 0 … 1.
    """

    a: Trajectory
    b: Trajectory
    alpha: Curve
    glide: bool = field(default=False, metadata={"unless_default": True})


@dataclass(frozen=True, repr=False)
class Stepwise(Trajectory):
    """The whole of a mixed with b at α = 0 … 1 in `steps` steps, one after another; `glide` as in
    `Mix`.
    """

    a: Trajectory
    b: Trajectory
    steps: int
    glide: bool = field(default=False, metadata={"unless_default": True})


@dataclass(frozen=True, repr=False)
class Extend(Trajectory):
    """The child's sources `factor` times slower, each encoded `factor` times finer."""

    child: Trajectory
    factor: float


@dataclass(frozen=True, repr=False)
class Sum(Trajectory):
    """a + b, latent by latent."""

    a: Trajectory
    b: Trajectory


@dataclass(frozen=True, repr=False)
class Product(Trajectory):
    """a · b, latent by latent; the variance is a's."""

    a: Trajectory
    b: Trajectory


@dataclass(frozen=True, repr=False, eq=False)
class Scale(Trajectory):
    child: Trajectory
    amount: Curve


@dataclass(frozen=True, repr=False, eq=False)
class Bias(Trajectory):
    child: Trajectory
    amount: Curve


@dataclass(frozen=True, repr=False, eq=False)
class Jitter(Trajectory):
    child: Trajectory
    amount: Curve


@dataclass(frozen=True, repr=False, eq=False)
class Dim(Trajectory):
    child: Trajectory
    index: int
    value: Curve


@dataclass(frozen=True, repr=False)
class Reverse(Trajectory):
    child: Trajectory


@dataclass(frozen=True, repr=False)
class Smooth(Trajectory):
    child: Trajectory


@dataclass(frozen=True, repr=False)
class Speed(Trajectory):
    child: Trajectory
    factor: float


@dataclass(frozen=True, repr=False)
class EncodedBy(Trajectory):
    """The child with all its sources encoded by one model, whatever they said themselves."""

    child: Trajectory
    model: str


@dataclass(frozen=True, repr=False)
class InTime(Trajectory):
    """The child seen through a time map: its cycle = the outer cycle · scale + shift."""

    child: Trajectory
    factor: Fraction
    shift: Fraction

    @property
    def timed(self) -> bool:
        return True

    def retimed(self, scale: Fraction, shift: Fraction) -> Trajectory:
        return InTime(self.child, self.factor * scale, self.factor * shift + self.shift)


def _through_drone(name: str) -> Callable[..., Any]:
    method = getattr(Pattern, name)

    @functools.wraps(method)
    def called(self: Trajectory, *args: Any, **named: Any) -> Any:
        return method(self._drone, *args, **named)

    return called


def method(name: str) -> Callable[[F], F]:
    """Make a function of a trajectory a method of all trajectories."""

    def kept(function: F) -> F:
        function.__module__, function.__qualname__ = __name__, f"Trajectory.{name}"
        setattr(Trajectory, name, function)
        return function

    return kept


for _name in vars(Pattern):
    if not _name.startswith("_") and not hasattr(Trajectory, _name):
        setattr(Trajectory, _name, _through_drone(_name))


@word("point([.1, -.3, …])")
def point(values: object) -> Point:
    """One place in latent space. `values`: a row of numbers, one for each dimension.

    Raises LatentError for anything else.
    """
    made = None if isinstance(values, (str, Pattern)) else curve(values, "point")
    if not isinstance(made, np.ndarray):
        raise LatentError(
            f"point takes numbers, one for each dimension, not {values!r}; as in point([.1] * 16)"
        )
    return Point(np.asarray(made, np.float64))


@word('line(path("cello"), path("choir"))')
def line(begin: Trajectory, end: Trajectory) -> Mix:
    """From one trajectory or point to another while the event lasts."""
    return Mix(begin, end, np.array([0.0, 1.0]))
