"""Portions of sounds: events cut in pieces, and pieces played by number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from latentcode.checks import wrong
from latentcode.errors import PatternError
from latentcode.patterns import hashing, nodes, setters
from latentcode.patterns.arguments import (
    Alone,
    Argument,
    Whole,
    count,
    number,
    patternable,
    positive,
    reify,
)
from latentcode.patterns.compile import QUERIES, Scope
from latentcode.patterns.controls import AddsControls, Controls
from latentcode.patterns.event import Event, Hands, Query, Span, event_through, overlap
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.rational import Map, cycles, floor
from latentcode.patterns.words import method


@dataclass(frozen=True)
class Portion(AddsControls):
    """A value → its controls, with begin and end at a portion of the portion that they had."""

    begin: float
    end: float

    def __call__(self, value: Any) -> Controls:
        controls = Controls.of(value)
        first, last = (_place(controls, name, default) for name, default in (("begin", 0.0), ("end", 1.0)))
        width = last - first
        made = controls.with_("begin", first + width * self.begin)
        return made.with_("end", first + width * self.end)


def _place(controls: Controls, name: str, default: float) -> float:
    return float(number(controls.get(name, default), name, ".25"))


@dataclass(frozen=True)
class Sliced:
    """(the number of a piece, a sound) → the sound's controls, with begin and end of that piece."""

    cuts: tuple[float, ...]

    def __call__(self, pair: tuple[Any, Any]) -> Controls:
        index, value = pair
        if isinstance(index, Controls):
            index = index.get("n", index)
        place = number(index, "the number of a piece", '"0 3 1"') % (len(self.cuts) - 1)
        piece = floor(place)
        begin, end = self.cuts[piece], self.cuts[piece + 1]
        if place != piece and self.cuts == _even(len(self.cuts) - 1):
            later = float(place - piece) * (
                end - begin
            )  # what begins between two pieces is as long as they are
            begin, end = begin + later, min(end + later, 1.0)
        return Portion(begin, end)(value)


@method("chop(4)")
@patternable
def chop(pattern: Pattern, parts: Whole) -> Pattern:
    """Cut every event into so many pieces, each with its portion of the sound (a drone: every
    cycle).
    """
    return nodes.Chop(pattern, count(parts, "the parts of chop"))


@method("striate(4)")
@patternable
def striate(pattern: Pattern, parts: Whole) -> Pattern:
    """Play so many portions of every sound one after the other,
    the whole pattern once with each.
    """
    total = count(parts, "the parts of striate")
    turns = tuple(nodes.Map(pattern, Portion(i / total, (i + 1) / total)) for i in range(total))
    return nodes.Cycles(turns, 1).fast(total)


@patternable
def _pieces(both: Any, parts: Whole) -> Pattern:
    pattern, indices = both
    pairs = nodes.Apply(nodes.Map(indices, Alone()), pattern, "pair", "left")
    return nodes.Map(pairs, Sliced(_cuts(parts)))


def _cuts(parts: Any) -> tuple[float, ...]:
    if not isinstance(parts, (list, tuple)):
        total = count(parts, "the parts of slice", "8")
        return _even(total)
    cuts = tuple(float(number(place, "a cut of slice", "[0, .3, .8]")) for place in parts)
    if not cuts or not all(0 <= place <= 1 for place in cuts):
        raise wrong("slice", "places from 0 to 1", parts, "[0, .3, .8]", PatternError)
    return (*cuts, 1.0)


@lru_cache(maxsize=64)
def _even(parts: int) -> tuple[float, ...]:
    return tuple(place / parts for place in range(parts + 1))


@method('slice(8, "0 3 7")', function=False)
def slice_(pattern: Pattern, parts: Any, indices: Argument) -> Pattern:
    """Play pieces of a sound by number, from 0; the onsets are those of the numbers.

    `parts`: how many pieces, or the places (0 to 1) at which they begin. Beyond the last piece it
    goes round.

    Raises PatternError for parts that are no count and no places from 0 to 1.
    """
    chosen = nodes.branch(reify(indices, "the numbers of pieces"), hashing.number_of("slice"))
    return _pieces((pattern, chosen), parts)


@method('splice(8, "0 3 7")')
def splice(pattern: Pattern, parts: Any, indices: Argument) -> Pattern:
    """Play pieces of a sound by number, each spread over its event."""
    return setters.fit(slice_(pattern, parts, indices))


@method("loop_at(2)")
@patternable
def loop_at(pattern: Pattern, cycles: Argument) -> Pattern:
    """Let sounds last so many cycles, whatever the tempo: slower,
    and each spread over its event.
    """
    return setters.fit(pattern.slow(positive(cycles, "the cycles of loop_at")))


def piece_numbers(whole: tuple[Fraction, Fraction], part: tuple[Fraction, Fraction], parts: int) -> range:
    """The numbers of the pieces of a whole that a part of it touches."""
    width = (whole[1] - whole[0]) / parts
    first, last = (floor((edge - whole[0]) / width) for edge in part)
    return range(max(first, 0), min(last + 1, parts))


def _chop(node: nodes.Chop, scope: Scope) -> Query:
    return chopped(node, scope, [Portion(i / node.parts, (i + 1) / node.parts) for i in range(node.parts)])


def chopped(node: nodes.Chop, scope: Scope, portions: Sequence[Callable[[Any], Any]]) -> Query:
    """Each event as its portions; the pieces' signals go on as those of the event did."""
    inside, parts = scope.query(node.child), node.parts

    def pieces(whole: Span, part: Span, value: object, m: Map) -> list[Event]:
        width, found = (whole[1] - whole[0]) / parts, []
        for index in piece_numbers(whole, part, parts):
            first = whole[0] + width * index
            piece = (first, first + width)
            shared = overlap(piece, part)
            if shared is not None:
                found.append(event_through(piece, shared, portions[index](value), m))
        return found

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        events: list[Event] = []
        for whole, part, value in inside(begin, end, None, live):
            for around in _by_cycle(part) if whole is None else [whole]:
                shared = overlap(around, part)
                if shared is not None:
                    events += pieces(around, shared, value, m)
        return events

    return query


def _by_cycle(part: Span) -> list[Span]:
    """The cycles that a drone is heard in."""
    return [(Fraction(cycle), Fraction(cycle + 1)) for cycle in cycles(*part)]


QUERIES[nodes.Chop] = _chop
