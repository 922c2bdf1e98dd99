"""Joins: how the events of an inner pattern appear inside an event of the outer one."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from latentcode.patterns.event import Event, Hands
from latentcode.patterns.moving import event_through, overlap
from latentcode.patterns.rational import ONE, Map, affine, floor

Query = Callable[[Fraction, Fraction, Map, Hands], list[Event]]


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
