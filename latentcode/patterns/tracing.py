"""From events back to the mini-notation that they come from, so that what sounds can be shown
there.

The tree is compiled once more, with leaves that say where they stand; whatever makes a value of
others makes one of all their places. The way that renders knows nothing of it.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from latentcode.patterns import joins, nodes, queries, slicing
from latentcode.patterns.compile import QUERIES, Scope
from latentcode.patterns.controls import reseed, retime
from latentcode.patterns.event import DEFAULT, Context, Event, Hands, Query, Timed
from latentcode.patterns.operators import DROP, OPERATORS
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.rational import Map, allowance, exact

Place = tuple[str, int, int]
"""A text of mini-notation, and from where to where in it."""


@dataclass(frozen=True)
class Traced(Timed):
    """A value, and the places that it comes from."""

    value: Any
    places: tuple[Place, ...]

    def retimed(self, scale: Fraction, shift: Fraction) -> Traced:
        """Return the value with the signals inside it moved along."""
        return Traced(retime(self.value, scale, shift), self.places)

    def reseeded(self, index: int) -> Traced:
        """Return the value with the random nodes inside it given another seed."""
        return Traced(reseed(self.value, index) if isinstance(self.value, Timed) else self.value, self.places)


class TracingScope(Scope):
    """What compiling hands down when events are to say where they come from."""

    def leaf(self, pure: nodes.Pure) -> Any:
        return pure.value if pure.place is None else Traced(pure.value, (pure.place,))

    @property
    def plain(self) -> Scope:
        return Scope(self.context, self.seed, {})


def traced(
    pattern: Pattern, begin: float | Fraction, end: float | Fraction, context: Context = DEFAULT
) -> list[tuple[Event, tuple[Place, ...]]]:
    """The events of a span of cycles, each with the places in mini-notation that it comes from.

    Live inputs are at their defaults.
    """
    first, last = exact(begin), exact(end)
    allowance.renew(last - first)
    found = TracingScope(context, context.seed, {}).compile(pattern).through(first, last, None, None)
    return [(event._replace(value=_bare(event.value)), _places(event.value)) for event in found]


def _bare(value: Any) -> Any:
    return value.value if isinstance(value, Traced) else value


def _places(*values: Any) -> tuple[Place, ...]:
    return tuple(
        dict.fromkeys(place for value in values if isinstance(value, Traced) for place in value.places)
    )


def _with(value: Any, places: tuple[Place, ...]) -> Any:
    return Traced(_bare(value), (*_places(value), *places)) if places and value is not DROP else value


def _lifted(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of values as one of what they come with."""
    return lambda *values: _with(function(*map(_bare, values)), _places(*values))


def _map(node: nodes.Map, scope: Scope) -> Query:
    return queries.map_values(replace(node, function=_lifted(node.function)), scope)


def _where(node: nodes.Where, scope: Scope) -> Query:
    return queries.where(
        replace(node, test=lambda event: node.test(event._replace(value=_bare(event.value)))), scope
    )


def _apply(node: nodes.Apply, scope: Scope) -> Query:
    return queries.applied(node, scope, _lifted(OPERATORS[node.operator]))


def _chop(node: nodes.Chop, scope: Scope) -> Query:
    parts = node.parts
    return slicing.chopped(
        node, scope, [_lifted(slicing.Portion(part / parts, (part + 1) / parts)) for part in range(parts)]
    )


def _bind(node: nodes.Bind, scope: Scope) -> Query:
    outer, inner, join = scope.query(node.child), joins.bindings(node, scope), joins.JOINS[node.join]

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        return [
            made._replace(value=_with(made.value, _places(event.value)))
            for event in outer(begin, end, None, live)
            for made in join(event, inner(_bare(event.value)).through, m, live)
        ]

    return query


TracingScope.queries = ChainMap(
    {nodes.Map: _map, nodes.Where: _where, nodes.Apply: _apply, nodes.Bind: _bind, nodes.Chop: _chop}, QUERIES
)
