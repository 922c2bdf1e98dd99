"""A morph: in how many cycles, and along which curve, one pattern turns into the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from latentcode.arrays import Float64
from latentcode.checks import cycles, truth, wrong
from latentcode.errors import LatentError
from latentcode.latents.trajectory import curve as curve_of
from latentcode.patterns import Context, Pattern, compile_pattern
from latentcode.patterns.digest import digest
from latentcode.patterns.event import Hands, Sample

LONGEST = 4096  # cycles
NEAR = 1e-3  # how near to 1 a curve must end to have arrived
LAST = 1 - 2**-20  # where the last value of a signal is read: at 1 it would begin again

EASINGS: dict[str, Callable[[Float64], Float64]] = {
    "linear": lambda x: x,
    "in": lambda x: x * x,
    "out": lambda x: 1 - (1 - x) ** 2,
    "smooth": lambda x: x * x * (3 - 2 * x),
}
EXAMPLE = "d1.morph(8), d1.morph(8, curve='smooth'), d1.morph(sine.slow(4))"


@dataclass(frozen=True, eq=False)
class Morph:
    """How a pattern takes over by degrees; m is its share of each latent, 0 the old and 1 the new.

    cycles  how long it takes; None: `curve` is a signal in the set's own cycles, for as long as the
            pattern plays
    curve   m from the beginning to the end of the morph: the name of an easing, an array spread
            over it, or a pattern read as a signal over its first cycle. Where it does not end at 1
            its last value stays.
    glide   whether what is heard in the old moves to where it is in the new, see latents/glide.py
    """

    cycles: Fraction | None
    curve: str | Float64 | Pattern = "linear"
    glide: bool = field(default=False, metadata={"unless_default": True})

    @property
    def digest(self) -> str:
        """What the morph is, as 32 hexadecimal digits."""
        return digest(self)

    def __repr__(self) -> str:
        shape = "" if isinstance(self.curve, str) and self.curve == "linear" else f"{self.curve}"
        glide = "glide=True" if self.glide else ""
        return f"morph({', '.join(filter(None, [str(self.cycles or ''), shape, glide]))})"


class Share:
    """m as a function of time, for a morph that begins at cycle `begin`.

    `end` is the cycle from which m is 1 for good; None when that never is. `live`: live inputs as
    it begins.
    """

    def __init__(self, morph: Morph, begin: Fraction, context: Context, live: Hands = None) -> None:
        self.morph, self.begin, self.end = morph, begin, None
        self.latest = 0.0  # what was read last
        curve = morph.curve
        if isinstance(curve, str):
            easing = EASINGS[curve]
            self._curve: Sample = lambda x, live: easing(x)
        elif isinstance(curve, Pattern):
            self._curve = compile_pattern(curve, context).sample
        else:
            row = curve
            self._curve = lambda x, live: np.interp(x * (len(row) - 1), np.arange(len(row)), row)
        self._last = 1.0
        if morph.cycles is not None:
            last = float(self._curve(np.array([LAST if isinstance(curve, Pattern) else 1.0]), live)[0])
            self._last = 1.0 if abs(last - 1.0) < NEAR else last
            self.end = begin + morph.cycles if self._last == 1.0 else None

    def __call__(self, cycles: Float64, live: Hands = None) -> Float64:
        """m at moments given in cycles, (N,) → (N,)."""
        length = self.morph.cycles
        shares = self._curve(cycles, live) if length is None else self._timed(cycles, length, live)
        self.latest = float(shares[0]) if len(shares) else self.latest
        return shares

    def progress(self, cycle: Fraction) -> float:
        """How far it is: of a morph that takes its time the part of it that has passed,
        else m as last read.
        """
        if self.morph.cycles is None or self.end is None:
            return self.latest
        return float(min(max((cycle - self.begin) / self.morph.cycles, Fraction(0)), Fraction(1)))

    def over(self, cycle: Fraction) -> bool:
        """Whether m is 1 from `cycle` on."""
        return self.end is not None and cycle >= self.end

    def _timed(self, cycles: Float64, length: Fraction, live: Hands) -> Float64:
        position = (cycles - float(self.begin)) / float(length)
        shares = self._curve(
            np.clip(position, 0.0, LAST if isinstance(self.morph.curve, Pattern) else 1.0), live
        )
        return np.where(position >= 1.0, self._last, shares)


def as_morph(over: object, curve: object = None, glide: object = False) -> Morph:
    """A morph over a number of cycles, along a curve; or by a signal alone.

    Raises LatentError for anything else, and for a curve whose values are no finite numbers.
    """
    if truth(glide, "glide", "d1.morph(8, glide=True)", LatentError):
        return replace(as_morph(over, curve), glide=True)
    if isinstance(over, Morph) and curve is None:
        return over
    if isinstance(over, Pattern) and curve is None:
        return _tried(Morph(None, over))
    length = cycles(over, "morph", LONGEST, EXAMPLE, LatentError, ", or a signal")
    return _tried(Morph(length, _curve(curve)))


def _curve(value: object) -> str | Float64 | Pattern:
    if value is None:
        return "linear"
    if isinstance(value, str) and value in EASINGS:
        return value
    if isinstance(value, (bool, int, float)):
        allowed = f"one of {', '.join(EASINGS)}, an array or a signal"
        raise wrong("a morph's curve", allowed, value, EXAMPLE, LatentError)
    made = curve_of(value, "a morph's curve")
    assert not isinstance(made, float)
    return made


def _tried(morph: Morph) -> Morph:
    found = Share(morph, Fraction(0), Context())(np.arange(0, float(morph.cycles or 8), 1 / 16))
    if not np.isfinite(found).all():
        raise LatentError(f"a morph needs finite numbers, and {morph.curve!r} gives others; as in {EXAMPLE}")
    return morph
