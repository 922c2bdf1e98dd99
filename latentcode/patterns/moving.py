"""Moving events: spans, values and events seen through maps of time."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from latentcode.patterns.event import Event, Span, Timed
from latentcode.patterns.rational import Map, affine, before, coprime, later, sooner

PLAIN = frozenset({str, int, float, bool, Fraction, tuple, type(None)})


def shifted(time: Any, cycle: int) -> Fraction:
    """Return time + a whole number of cycles."""
    return coprime(time._numerator + cycle * time._denominator, time._denominator)


def span_through(span: Span, m: Map) -> Span:
    """Return a span seen through a map; a negative one swaps its ends."""
    if m is None:
        return span
    scale, shift = m
    begin, end = affine(span[0], scale, shift), affine(span[1], scale, shift)
    return (begin, end) if scale._numerator > 0 else (end, begin)  # type: ignore[attr-defined]


def value_through(value: Any, m: Map) -> Any:
    """Return a value with the signals inside it moved along."""
    if m is None or type(value) in PLAIN or not isinstance(value, Timed):
        return value
    return value.retimed(1 / m[0], -m[1] / m[0])


def event_through(whole: Span | None, part: Span, value: Any, m: Map) -> Event:
    """Return an event seen through a map."""
    moved = span_through(part, m)
    whole = moved if whole is part else None if whole is None else span_through(whole, m)
    return Event(whole, moved, value_through(value, m))


def through(events: list[Event], m: Map) -> list[Event]:
    """Return events seen through a map."""
    if m is None:
        return events
    return [event_through(whole, part, value, m) for whole, part, value in events]


def overlap(a: Span, b: Span) -> Span | None:
    """Return what two spans share; None if nothing, a point only if one of them is a point."""
    begin, end = later(a[0], b[0]), sooner(a[1], b[1])
    if before(begin, end):
        return (begin, end)
    if before(end, begin):
        return None
    touching = (begin == a[1] and a[0] != a[1]) or (begin == b[1] and b[0] != b[1])
    return None if touching else (begin, end)
