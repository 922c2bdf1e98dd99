"""Joins: for every value a pattern, whose events appear inside the event of the outer one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from fractions import Fraction
from typing import Any

from latentcode.errors import PatternError, RangeError
from latentcode.patterns import nodes
from latentcode.patterns.compile import Scope
from latentcode.patterns.event import Event, Hands, Query, event_through, overlap
from latentcode.patterns.rational import ONE, Map, affine, floor

BINDINGS = 64  # compiled inner patterns that a Bind keeps, by value


def _inner(outer: Event, inner: Query, m: Map, live: Hands) -> list[Event]:
    return inner(*outer.part, m, live)


def _outer(outer: Event, inner: Query, m: Map, live: Hands) -> list[Event]:
    found = inner(*outer.part, None, live)
    return [event_through(outer.whole, part, value, m) for _, part, value in found]


def _both(outer: Event, inner: Query, m: Map, live: Hands) -> list[Event]:
    events = []
    for whole, part, value in inner(*outer.part, None, live):
        both = None if whole is None or outer.whole is None else overlap(whole, outer.whole)
        events.append(event_through(both, part, value, m))
    return events


def _moved(outer: Event, inner: Query, m: Map, live: Hands, scale: Fraction, shift: Fraction) -> list[Event]:
    """Join events of an inner pattern whose time is outer · scale + shift,
    cut to the outer event.
    """
    if outer.whole is None:
        return []
    first, last = (affine(t, scale, shift) for t in outer.part)
    events = []
    for whole, part, value in inner(first, last, (1 / scale, -shift / scale), live):
        both = None if whole is None else overlap(whole, outer.whole)
        within = overlap(part, outer.part)
        if within is not None and (whole is None or both is not None):
            events.append(event_through(both, within, value, m))
    return events


def _squeeze(outer: Event, inner: Query, m: Map, live: Hands) -> list[Event]:
    begin, end = outer.active
    scale = 1 / (end - begin)
    return _moved(outer, inner, m, live, scale, floor(begin) - begin * scale)


def _reset(outer: Event, inner: Query, m: Map, live: Hands) -> list[Event]:
    return _moved(outer, inner, m, live, ONE, floor(outer.active[0]) - outer.active[0])


def _restart(outer: Event, inner: Query, m: Map, live: Hands) -> list[Event]:
    return _moved(outer, inner, m, live, ONE, -outer.active[0])


JOINS: dict[str, Callable[[Event, Query, Map, Hands], list[Event]]] = {
    "inner": _inner,
    "outer": _outer,
    "both": _both,
    "squeeze": _squeeze,
    "reset": _reset,
    "restart": _restart,
}


def bind(node: nodes.Bind, scope: Scope) -> Query:
    outer, inner, join = scope.query(node.child), bindings(node, scope), JOINS[node.join]

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        events: list[Event] = []
        for event in outer(begin, end, None, live):
            events += join(event, inner(event.value).through, m, live)
        return events

    return query


def bindings(node: nodes.Bind, scope: Scope) -> Callable[[Any], Any]:
    """Return value → compiled pattern; the last few are kept, for arguments come round again."""
    kept: OrderedDict[Any, Any] = OrderedDict()

    def inner(value: Any) -> Any:
        key = (type(value), value) if isinstance(value, Hashable) else None
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
        try:
            made = node.function(value)
        except RangeError:  # an argument that moves, and has come to where nothing can be played
            made = nodes.SILENCE
        if not isinstance(made, nodes.Pattern):
            raise PatternError(
                f"expected a pattern from {node.function!r}, received {made!r}; return a pattern"
            )
        compiled = scope.inside().compile(made)
        if key is not None:
            kept[key] = compiled
            if len(kept) > BINDINGS:
                kept.popitem(last=False)
        return compiled

    return inner
