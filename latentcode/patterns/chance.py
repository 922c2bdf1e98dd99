"""Chance: random numbers that are functions of time, and what is built on them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from latentcode.checks import wrong
from latentcode.errors import PatternError
from latentcode.patterns import combine, hashing, nodes
from latentcode.patterns.arguments import (
    Argument,
    Function,
    Numeric,
    Whole,
    called,
    count,
    number,
    patternable,
    positive,
    reify,
)
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.rational import ZERO
from latentcode.patterns.words import method
from latentcode.words import public, word


def _amount(value: Any, name: str) -> Pattern:
    if isinstance(value, (int, float, Fraction)):
        number(value, name, ".5")
    amount = reify(value, name)
    if isinstance(amount, nodes.Pure):
        return nodes.Pure(Numeric(name)(amount.value))
    return nodes.branch(nodes.Map(amount, Numeric(name)), hashing.number_of(name))


@method("degrade_by(.3)")
def degrade_by(pattern: Pattern, amount: Argument) -> Pattern:
    """Drop events at random, each with a probability of `amount` (0 to 1)."""
    return nodes.Degrade(pattern, _amount(amount, "the amount of degrade_by"))


@method("degrade()")
def degrade(pattern: Pattern) -> Pattern:
    """Drop every second event, at random."""
    return degrade_by(pattern, 0.5)


@method("undegrade_by(.3)")
def undegrade_by(pattern: Pattern, amount: Argument) -> Pattern:
    """Drop events at random with a probability of `amount`:
    first those that `degrade_by` keeps longest.
    """
    return nodes.Degrade(pattern, 1 - _amount(amount, "the amount of undegrade_by"), True)


def _some(pattern: Pattern, amount: Argument, function: Function, name: str, cyclic: bool) -> Pattern:
    how_much = _amount(amount, f"the amount of {name}")
    rest, chosen = (nodes.Degrade(pattern, how_much, flipped, cyclic) for flipped in (False, True))
    return nodes.Stack((rest, called(function, chosen, name)))


@method("sometimes_by(.3, rev)")
def sometimes_by(pattern: Pattern, amount: Argument, function: Function) -> Pattern:
    """Apply a function to events at random, each with a probability of `amount` (0 to 1)."""
    return _some(pattern, amount, function, "sometimes_by", False)


@method("some_cycles_by(.5, rev)")
def some_cycles_by(pattern: Pattern, amount: Argument, function: Function) -> Pattern:
    """Apply a function to cycles at random, each with a probability of `amount` (0 to 1)."""
    return _some(pattern, amount, function, "some_cycles_by", True)


@method("sometimes(rev)")
def sometimes(pattern: Pattern, function: Function) -> Pattern:
    """Apply a function to half of the events, at random."""
    return _some(pattern, 0.5, function, "sometimes", False)


@method("often(rev)")
def often(pattern: Pattern, function: Function) -> Pattern:
    """Apply a function to three quarters of the events, at random."""
    return _some(pattern, 0.75, function, "often", False)


@method("rarely(rev)")
def rarely(pattern: Pattern, function: Function) -> Pattern:
    """Apply a function to a quarter of the events, at random."""
    return _some(pattern, 0.25, function, "rarely", False)


@method("almost_never(rev)")
def almost_never(pattern: Pattern, function: Function) -> Pattern:
    """Apply a function to a tenth of the events, at random."""
    return _some(pattern, 0.1, function, "almost_never", False)


@method("almost_always(rev)")
def almost_always(pattern: Pattern, function: Function) -> Pattern:
    """Apply a function to nine tenths of the events, at random."""
    return _some(pattern, 0.9, function, "almost_always", False)


@dataclass(frozen=True)
class Floor:
    """A number → the whole number not above it."""

    def __call__(self, value: Any) -> int:
        return math.floor(number(value, "the value of floor", "2.5"))


@patternable
def _irand(signal: Pattern, below: Argument) -> Pattern:
    return nodes.Map(signal * max(number(below, "the number of irand", "8"), ZERO), Floor())


@word("irand(8)")
def irand(below: Argument) -> Pattern:
    """A random whole number from 0 up to, and without, `below`: a signal, new at every moment.

    A number must be above 0; where a pattern is not, it is 0.
    """
    if not isinstance(below, (str, nodes.Pattern)):
        positive(below, "the number of irand", "8")
    return _irand(nodes.Rand("rand"), below)


@dataclass(frozen=True)
class Chosen:
    """A number from 0 to 1 → one of some patterns, by their shares."""

    values_in = ("patterns",)
    patterns: tuple[Any, ...]
    shares: tuple[Fraction, ...]  # cumulative, up to 1

    def __call__(self, value: Any) -> Pattern:
        last = len(self.patterns) - 1
        if not isinstance(value, (int, float, Fraction)):
            Numeric("the place of choose")(value)
        place = next((i for i, share in enumerate(self.shares) if value < share), last)
        return self.patterns[place]  # type: ignore[no-any-return]


def _chosen(patterns: Sequence[Any], weights: Sequence[Any], name: str) -> Chosen:
    if not patterns:
        raise PatternError(f'{name} takes what is chosen from, not nothing; as in {name}("a", "b")')
    exact = [number(w, f"a weight of {name}", "2") for w in weights]
    if min(exact) < 0 or not sum(exact):
        raise PatternError(f'{name} takes weights above 0, not {list(weights)!r}; as in ("a", 2)')
    shares = tuple(sum(exact[: i + 1], ZERO) / sum(exact, ZERO) for i in range(len(exact)))
    return Chosen(tuple(nodes.branch(reify(p), i) for i, p in enumerate(patterns)), shares)


@public
def choose(*patterns: Any) -> Pattern:
    """One of some patterns, new at every moment: a signal of choices.

    Raises PatternError where nothing is given to choose from.
    """
    return nodes.Bind(nodes.Rand("rand"), _chosen(patterns, [1] * len(patterns), "choose"), "outer")


@method('choose("flute", "oboe")', function=False)
def choose_with(pattern: Pattern, *patterns: Any) -> Pattern:
    """Choose one of some patterns by number, 0 (the first) to 1 (the last).

    Raises PatternError where nothing is given to choose from.
    """
    return nodes.Bind(pattern, _chosen(patterns, [1] * len(patterns), "choose"), "outer")


@word('wchoose(("cello", 3), ("flute", 1))')
def wchoose(*pairs: Any) -> Pattern:
    """One of some (pattern, weight) pairs, new at every moment, in proportion to the weights.

    Raises PatternError for what is no pair, and for a weight below 0.
    """
    for pair in pairs:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise wrong("wchoose", "(pattern, weight) pairs", pair, '("a", 3), ("b", 1)', PatternError)
    chosen = _chosen([p for p, _ in pairs], [w for _, w in pairs], "wchoose")
    return nodes.Bind(nodes.Rand("rand"), chosen, "outer")


@word('choose_cycles("cello", "flute")')
def choose_cycles(*patterns: Any) -> Pattern:
    """One of some patterns in every cycle, at random. Also `|` in mini-notation.

    Raises PatternError where nothing is given to choose from.
    """
    chosen = _chosen(patterns, [1] * len(patterns), "choose_cycles")
    return nodes.Bind(nodes.Rand("rand").segment(1), chosen, "inner")


@dataclass(frozen=True)
class Part:
    """A number → that part of the pattern, over and over."""

    values_in = ("pattern",)
    pattern: Any
    parts: int

    def __call__(self, value: Any) -> Pattern:
        piece = self.pattern.zoom(Fraction(value, self.parts), Fraction(value + 1, self.parts))
        return nodes.Cycles((piece,), self.parts).fast(self.parts)


@method("shuffle(4)")
@patternable
def shuffle(pattern: Pattern, parts: Whole) -> Pattern:
    """Play the parts (so many) of each cycle in a random order, each once."""
    total = count(parts, "the parts of shuffle")
    return nodes.Bind(nodes.Order(total), Part(pattern, total), "inner")


@method("scramble(4)")
@patternable
def scramble(pattern: Pattern, parts: Whole) -> Pattern:
    """Play parts (so many) of each cycle, each chosen at random."""
    total = count(parts, "the parts of scramble")
    return nodes.Bind(irand(total).segment(total), Part(pattern, total), "inner")


@patternable
def _run(nothing: Any, below: Whole) -> Pattern:
    return combine.seq(*range(count(below, "the number of run")))


@word("run(4)")
def run(below: Argument) -> Pattern:
    """The whole numbers from 0 up to, and without, `below`, in each cycle."""
    return _run(None, below)
