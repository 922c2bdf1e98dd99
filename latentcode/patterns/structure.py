"""Where events are: structure given to a pattern from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from latentcode.checks import wrong
from latentcode.errors import PatternError
from latentcode.patterns import hashing, nodes
from latentcode.patterns.arguments import Argument, number, patternable, positive, reify
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.rational import ONE, ZERO, playable
from latentcode.patterns.words import method

FALSE = frozenset({"f", "false", "0"})
MOST_STEPS = 10_000


@dataclass(frozen=True)
class Truth:
    """A value → whether it stands for true; "f", "false" and 0 do not."""

    def __call__(self, value: Any) -> bool:
        return value not in FALSE if isinstance(value, str) else bool(value)


def truth(pattern: Pattern) -> Pattern:
    """Return a pattern of truth values."""
    return nodes.Map(pattern, Truth())


def _truth(value: Any, name: str) -> Pattern:
    pattern = reify(value, f"a pattern of truth values for {name}")
    return truth(nodes.branch(pattern, hashing.number_of(name)))


@method('struct("t ~ t t")')
def struct(pattern: Pattern, structure: Argument) -> Pattern:
    """Take the onsets of a pattern of truth values, and the values from the pattern."""
    return nodes.Apply(pattern, _truth(structure, "struct"), "keep_if", "right")


@method('mask("1 0")')
def mask(pattern: Pattern, structure: Argument) -> Pattern:
    """Silence the pattern where a pattern of truth values is false."""
    return nodes.Apply(pattern, _truth(structure, "mask"), "keep_if", "left")


@method("segment(8)")
@patternable
def segment(pattern: Pattern, steps: Argument) -> Pattern:
    """Sample the pattern so many times a cycle: a signal becomes events."""
    rate = playable(positive(steps, "the steps of segment", "8"))
    return nodes.Apply(pattern, nodes.Pure(True).fast(rate), "keep_if", "right")


def bjorklund(onsets: int, steps: int) -> list[bool]:
    """Spread onsets as evenly as possible over steps (Bjorklund's algorithm; Toussaint, 2005)."""
    groups, rest = [[True]] * onsets, [[False]] * (steps - onsets)
    while min(len(groups), len(rest)) > 1:
        paired = min(len(groups), len(rest))
        longer = groups if len(groups) > paired else rest
        groups, rest = [groups[i] + rest[i] for i in range(paired)], longer[paired:]
    return [step for group in groups + rest for step in group]


@method("euclid_rot(3, 8, 2)")
@patternable
def euclid_rot(pattern: Pattern, onsets: Argument, steps: Argument, rotation: Argument = 0) -> Pattern:
    """Spread onsets over steps, rotated to the right;
    a negative number of onsets swaps onsets and rests.

    Raises PatternError for what is no number, RangeError for steps beyond 0 to 10000.
    """
    hits, total = (
        _whole(v, n) for v, n in ((onsets, "the onsets of euclid"), (steps, "the steps of euclid"))
    )
    turn = _whole(rotation, "the rotation of euclid")
    if not 0 <= total <= MOST_STEPS:
        raise wrong("the steps of euclid", f"a number from 0 to {MOST_STEPS}", total, "8", PatternError)
    if not total:
        return nodes.SILENCE
    pattern_of_steps = [step != (hits < 0) for step in bjorklund(min(abs(hits), total), total)]
    turn %= total
    rotated = pattern_of_steps[-turn:] + pattern_of_steps[:-turn]
    children = tuple(nodes.Pure(True) if step else nodes.SILENCE for step in rotated)
    return nodes.Apply(pattern, nodes.Sequence(children, (ONE,) * total), "keep_if", "right")


def _whole(value: Any, name: str) -> int:
    made = number(value, name, "3")
    return int(made // 1) if made >= ZERO else -int(-made // 1)


@method("euclid(3, 8)")
@patternable
def euclid(pattern: Pattern, onsets: Argument, steps: Argument, rotation: Argument = 0) -> Pattern:
    """Spread so many onsets as evenly as possible over so many steps of a cycle,
    rotated to the right.
    """
    return euclid_rot(pattern, onsets, steps, rotation)
