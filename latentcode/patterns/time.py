"""Transformations of time."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from latentcode.errors import PatternError
from latentcode.patterns import combine, nodes
from latentcode.patterns.arguments import (
    Argument,
    Function,
    Whole,
    applicable,
    called,
    count,
    nonzero,
    number,
    patternable,
    positive,
    reify,
)
from latentcode.patterns.event import Event
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.rational import ONE, ZERO, floor, playable
from latentcode.patterns.structure import truth
from latentcode.patterns.words import method


def _only_live(pattern: Any) -> bool:
    """Whether nothing in a signal goes by: it is made of live inputs, or constant."""
    if isinstance(pattern, (nodes.Map, nodes.Affine)):
        return _only_live(pattern.child)
    if isinstance(pattern, nodes.Apply):
        return _only_live(pattern.left) and _only_live(pattern.right)
    return isinstance(pattern, (nodes.Live, nodes.Steady))


def _moved(pattern: Pattern, scale: Fraction, shift: Fraction, name: str) -> Pattern:
    if pattern.live_inputs and _only_live(pattern):
        raise PatternError(
            f"{name} cannot move the live input {pattern.live_inputs[0].name!r} in time: it is always now; "
            f"move the pattern that it controls instead"
        )
    return nodes.through(pattern, scale, shift)


@method("fast(2)")
@patternable
def fast(pattern: Pattern, factor: Argument) -> Pattern:
    """Play `factor` times as fast, not at all while a pattern of factors is at 0.

    Raises PatternError for what is no number, RangeError for a factor that is not above 0.
    """
    speed = positive(factor, "the factor of fast")
    return _moved(pattern, playable(speed), ZERO, "fast")


@method("slow(2)")
@patternable
def slow(pattern: Pattern, factor: Argument) -> Pattern:
    """Spread over `factor` cycles; silent while a pattern of factors is at 0.

    Raises PatternError for what is no number, RangeError for a factor that is not above 0.
    """
    speed = positive(factor, "the factor of slow")
    return _moved(pattern, playable(1 / speed), ZERO, "slow")


@method("early(1/8)")
@patternable
def early(pattern: Pattern, cycles: Argument) -> Pattern:
    """Shift to earlier, in cycles.

    Raises PatternError for what is no number.
    """
    return _moved(pattern, ONE, number(cycles, "the time of early", "1/8"), "early")


@method("late(1/8)")
@patternable
def late(pattern: Pattern, cycles: Argument) -> Pattern:
    """Shift to later, in cycles.

    Raises PatternError for what is no number.
    """
    return _moved(pattern, ONE, -number(cycles, "the time of late", "1/8"), "late")


@method("rev()")
def rev(pattern: Pattern) -> Pattern:
    """Reverse every cycle in itself."""
    return nodes.CycleMap(pattern, -ONE, ONE, ZERO, ONE)


@method("compress(1/4, 3/4)")
@patternable
def compress(pattern: Pattern, begin: Argument, end: Argument) -> Pattern:
    """Squeeze each cycle between two positions (0 to 1) and leave the rest silent."""
    first, last = number(begin, "the begin of compress", "1/4"), number(end, "the end of compress", "3/4")
    if not 0 <= first < last <= 1:
        return nodes.SILENCE
    speed = playable(1 / (last - first))
    return nodes.CycleMap(pattern, speed, -first * speed, first, last)


@method("fast_gap(2)")
@patternable
def fast_gap(pattern: Pattern, factor: Argument) -> Pattern:
    """Play each cycle `factor` times as fast, once, and leave the rest of it silent."""
    speed = playable(positive(factor, "the factor of fast_gap"))
    return nodes.CycleMap(pattern, speed, ZERO, ZERO, min(ONE, 1 / speed))


@method("zoom(1/4, 3/4)")
@patternable
def zoom(pattern: Pattern, begin: Argument, end: Argument) -> Pattern:
    """Spread the part of each cycle between two positions (0 to 1) over the whole cycle."""
    first, last = number(begin, "the begin of zoom", "1/4"), number(end, "the end of zoom", "3/4")
    return (
        nodes.CycleMap(pattern, playable(last - first), first, ZERO, ONE) if first < last else nodes.SILENCE
    )


@method("linger(1/4)")
@patternable
def linger(pattern: Pattern, part: Argument) -> Pattern:
    """Fill each cycle with repetitions of its first `part` (0 to 1), or of its last if negative."""
    length = nonzero(part, "the part of linger", "1/4")
    begin, end = (ZERO, length) if length > 0 else (1 + length, ONE)
    again = playable(1 / (end - begin))
    return nodes.through(nodes.CycleMap(pattern, end - begin, begin, ZERO, ONE), again, ZERO)


@method("inside(2, rev)")
@patternable
def inside(pattern: Pattern, factor: Argument, function: Function) -> Pattern:
    """Apply a function as if `factor` cycles were one."""
    speed = positive(factor, "the factor of inside")
    return fast(called(function, slow(pattern, speed), "inside"), speed)


@method("outside(2, rev)")
@patternable
def outside(pattern: Pattern, factor: Argument, function: Function) -> Pattern:
    """Apply a function as if one cycle were `factor`."""
    speed = positive(factor, "the factor of outside")
    return slow(called(function, fast(pattern, speed), "outside"), speed)


@method("swing_by(1/3, 4)")
@patternable
def swing_by(pattern: Pattern, swing: Argument, slices: Argument = 4) -> Pattern:
    """Delay the second half of each of `slices` parts of a cycle by `swing` (0 to 1) of
    that half.
    """
    delay = number(swing, "the amount of swing_by", "1/3") / 2
    return inside(
        pattern, positive(slices, "the slices of swing_by", "4"), lambda p: p.late(combine.seq(0, delay))
    )


@method("ply(2)")
@patternable
def ply(pattern: Pattern, times: Argument) -> Pattern:
    """Repeat each event so many times within itself."""
    return nodes.Ply(pattern, playable(positive(times, "the times of ply")))


@method("iter(4)", function=False)
@patternable
def iter_(pattern: Pattern, parts: Whole) -> Pattern:
    """Start one part (of so many) later in every cycle."""
    total = count(parts, "the parts of iter")
    return combine.slowcat_apart([early(pattern, Fraction(i, total)) for i in range(total)])


@method("iter_back(4)")
@patternable
def iter_back(pattern: Pattern, parts: Whole) -> Pattern:
    """Start one part (of so many) earlier in every cycle."""
    total = count(parts, "the parts of iter_back")
    return combine.slowcat_apart([late(pattern, Fraction(i, total)) for i in range(total)])


@method("palindrome()")
def palindrome(pattern: Pattern) -> Pattern:
    """Reverse every second cycle."""
    return last_of(pattern, 2, rev)


@patternable
def _in_turn(both: Any, cycles: Whole, last: bool) -> Pattern:
    pattern, changed = both
    total = count(cycles, f"the cycles of {'last_of' if last else 'every'}")
    rest = (pattern,) * (total - 1)
    return nodes.Cycles((*rest, changed) if last else (changed, *rest), 1)


@method("every(3, rev)", "first_of")
def first_of(pattern: Pattern, cycles: Argument, function: Function) -> Pattern:
    """Apply a function in the first of every so many cycles; also called `every`."""
    return _in_turn((pattern, called(function, pattern, "every")), cycles, False)


@method("last_of(3, rev)")
def last_of(pattern: Pattern, cycles: Argument, function: Function) -> Pattern:
    """Apply a function in the last of every so many cycles."""
    return _in_turn((pattern, called(function, pattern, "last_of")), cycles, True)


@dataclass(frozen=True)
class Either:
    """A truth value → one of two patterns."""

    values_in = ("yes", "no")
    yes: Any
    no: Any

    def __call__(self, value: Any) -> Pattern:
        return self.yes if value else self.no  # type: ignore[no-any-return]


@method('when("<1 0>", rev)')
def when(pattern: Pattern, condition: Argument | bool, function: Function) -> Pattern:
    """Apply a function where the condition (a pattern of truth values) holds."""
    either = Either(called(function, pattern, "when"), pattern)
    if isinstance(condition, bool):
        return either(condition)
    return nodes.Bind(truth(reify(condition, "a pattern of truth values")), either, "inner")


@method("chunk(4, ply(2))")
@patternable
def chunk(pattern: Pattern, parts: Whole, function: Function) -> Pattern:
    """Apply a function to one part of the pattern at a time, the next one in every cycle."""
    total = count(parts, "the parts of chunk")
    repeated = nodes.Cycles((pattern,), total)
    turns = combine.seq(1, *[0] * (total - 1)).iter_back(total)
    return when(repeated, turns, applicable(function, "chunk"))


@dataclass(frozen=True)
class Positioned:
    """Whether an event begins between two positions of its cycle, or outside them."""

    begin: Fraction
    end: Fraction
    inside: bool

    def __call__(self, event: Event) -> bool:
        if event.whole is None:  # a drone begins nowhere
            return not self.inside
        onset = event.whole[0]
        return (self.begin <= onset - floor(onset) <= self.end) == self.inside


@method("within(0, 1/2, ply(2))")
@patternable
def within(pattern: Pattern, begin: Argument, end: Argument, function: Function) -> Pattern:
    """Apply a function to the events that begin between two positions (0 to 1) of their cycle."""
    span = number(begin, "the begin of within", "0"), number(end, "the end of within", "1/2")
    chosen, rest = (nodes.Where(pattern, Positioned(*span, inside)) for inside in (True, False))
    return nodes.Stack((called(function, chosen, "within"), rest))
