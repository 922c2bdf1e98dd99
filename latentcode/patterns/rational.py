"""Exact time: the few operations on fractions that queries spend their life in.

`Fraction`'s own operators dispatch on the type of the other side, which costs more than the
arithmetic. These know that both sides are fractions.
"""

from __future__ import annotations

from contextvars import ContextVar
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import Any

from latentcode.errors import PatternError, RangeError

ZERO, ONE = Fraction(0), Fraction(1)
Map = tuple[Fraction, Fraction] | None  # outer = inner * first + second; None is the identity

MOST_CYCLES = 100_000  # of all parts of a pattern together, in a cycle of a query
TOO_DENSE = (
    f"the pattern is too dense: its parts run through more than {MOST_CYCLES} cycles of their own in a "
    "cycle of the query; type smaller factors"
)

moving: ContextVar[bool] = ContextVar(
    "moving", default=False
)  # whether arguments come from a pattern or a hand
_new = object.__new__


def coprime(numerator: int, denominator: int) -> Fraction:
    """Return numerator / denominator, which must have no common divisor (denominator > 0)."""
    made: Any = _new(Fraction)
    made._numerator = numerator
    made._denominator = denominator
    return made  # type: ignore[no-any-return]


def affine(time: Any, scale: Any, shift: Any) -> Fraction:
    """Return time · scale + shift."""
    bottom = time._denominator * scale._denominator
    top = time._numerator * scale._numerator * shift._denominator + shift._numerator * bottom
    bottom *= shift._denominator
    common = gcd(top, bottom)
    return coprime(top // common, bottom // common)


def compose(outer: Map, scale: Fraction, shift: Fraction) -> Map:
    """Return the map that first takes t · scale + shift, then `outer`."""
    if outer is None:
        return scale, shift
    return scale * outer[0], affine(shift, outer[0], outer[1])


def before(a: Any, b: Any) -> bool:
    """Return a < b."""
    return bool(a._numerator * b._denominator < b._numerator * a._denominator)


def later(a: Fraction, b: Fraction) -> Fraction:
    """Return the later of two times."""
    return b if before(a, b) else a


def sooner(a: Fraction, b: Fraction) -> Fraction:
    """Return the sooner of two times."""
    return a if before(a, b) else b


def floor(time: Any) -> int:
    """Return the cycle that a time is in."""
    return int(time._numerator // time._denominator)


def cycles(begin: Fraction, end: Fraction) -> range:
    """Return the cycles that a span touches; an empty span touches the one it stands in.

    Raises PatternError when the query has run through too many.
    """
    first, last = floor(begin), -floor(-end)
    allowance.left -= last - first
    if allowance.left < 0:
        raise PatternError(TOO_DENSE)
    return range(first, max(first + 1, last))


def playable(speed: Fraction) -> Fraction:
    """Return how fast a pattern is to go.

    Raises RangeError where what moves has come to where no query ends.

    A speed that stands still is told of when it is tried, with what would do.
    """
    if moving.get() and abs(speed) > MOST_CYCLES:
        raise RangeError(TOO_DENSE)
    return speed


class Allowance:
    """How many cycles of their own the parts of a pattern may still run through in this query.

    It is only there to end a query that would keep everybody waiting; threads may share it.
    """

    left = 0

    def renew(self, span: Fraction | int = ONE) -> None:
        """Begin a query of so many cycles."""
        self.left = MOST_CYCLES * max(1, span if isinstance(span, int) else floor(span))


allowance = Allowance()


@lru_cache(maxsize=1024)
def _from_float(value: float) -> Fraction:
    near = Fraction(value).limit_denominator(1_000_000)
    return near if near or not value else Fraction(value)


def exact(value: int | float | Fraction) -> Fraction:
    """Return the simple fraction that was meant: 0.1 is 1/10 and 0.3333333333333333 is 1/3."""
    if type(value) is Fraction:
        return value
    return _from_float(value) if isinstance(value, float) else Fraction(value)
