"""The query of `Chop`: events cut in pieces."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from latentcode.patterns import nodes
from latentcode.patterns.event import Event, Hands, Span
from latentcode.patterns.joins import Query
from latentcode.patterns.moving import event_through, overlap
from latentcode.patterns.rational import Map, cycles
from latentcode.patterns.slicing import Portion, piece_numbers

if TYPE_CHECKING:
    from latentcode.patterns.compile import Scope


def chop(node: nodes.Chop, scope: Scope) -> Query:
    """The pieces' signals go on as those of the event did."""
    inside, parts = scope.query(node.child), node.parts
    portions = [Portion(i / parts, (i + 1) / parts) for i in range(parts)]

    def pieces(whole: Span, part: Span, value: object, m: Map) -> list[Event]:
        width, found = (whole[1] - whole[0]) / parts, []
        for number in piece_numbers(whole, part, parts):
            first = whole[0] + width * number
            piece = (first, first + width)
            shared = overlap(piece, part)
            if shared is not None:
                found.append(event_through(piece, shared, portions[number](value), m))
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
