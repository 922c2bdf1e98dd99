"""Events, the context of a query, values that contain signals; and how these are moved in time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from latentcode.patterns.rational import Map, affine, before, coprime, later, sooner
from latentcode.words import public

Span = tuple[Fraction, Fraction]
Float64 = NDArray[np.float64]
PLAIN = frozenset({str, int, float, bool, Fraction, tuple, type(None)})  # values without signals


@public
class Event(NamedTuple):
    """A value with its place in time, in cycles.

    `whole` is the whole extent (None for a signal or a drone), `part` the portion inside the query.
    """

    whole: Span | None
    part: Span
    value: Any

    @property
    def has_onset(self) -> bool:
        """True if the event begins inside the query that gave it."""
        return self.whole is not None and self.whole[0] == self.part[0]

    @property
    def active(self) -> Span:
        """The whole, or the part of an event that has no whole."""
        return self.part if self.whole is None else self.whole


class LiveReader(Protocol):
    """Looks live inputs up for one reading of a pattern,
    at the session samples (N,) of the moments that are read.

    A query takes the first of them as its now; None is the present. Whoever reads a pattern hands
    one over.
    """

    @property
    def samples(self) -> Float64 | None:
        """The session samples of the moments, (N,) or (1,)."""
        ...

    @property
    def seen(self) -> Float64 | None:
        """Those at which inputs are looked up; they may lie earlier."""
        ...

    @property
    def foreseen(self) -> bool:
        """Whether it is a trial, in which nothing is heard that is still to come."""
        ...

    def moved(self, samples: Float64 | None) -> LiveReader:
        """The same reading at other samples."""
        ...

    def only(self, there: Any) -> LiveReader:
        """The same reading at some of its samples, as moments are taken out of an array."""
        ...

    def __call__(self, name: str, glide: float, default: float) -> Float64:
        """The values of an input (N,), or (1,); made smooth with a time constant in ms."""
        ...

    def many(self, asked: tuple[tuple[str, float, float], ...]) -> Float64:
        """The values of many inputs, each (name, time constant in ms, default):
        (N, inputs) or (1, inputs).
        """
        ...

    def known(self, name: str) -> Any:
        """What the engine has of a name: a gesture ("gesture:12.1"), a space ("space:…"); None:
        nothing (yet).
        """
        ...


Hands = LiveReader | None
"""Where live inputs are looked up; None: every input is at its default."""
Query: TypeAlias = Callable[[Fraction, Fraction, Map, Hands], list[Event]]
Sample: TypeAlias = Callable[[Float64, Hands], Float64]


@dataclass(frozen=True)
class Context:
    """What a query may depend on besides time and hands: `seed` is the root of all random nodes."""

    seed: int = 0


DEFAULT = Context()


class Timed(ABC):
    """A value that contains signals, so that moving its event in time must move them too."""

    @abstractmethod
    def retimed(self, scale: Fraction, shift: Fraction) -> Timed:
        """Return the value seen through inner cycle = outer cycle · scale + shift."""

    def reseeded(self, index: int) -> Timed:
        """Return the value with the random nodes inside it given another seed (see `Seeded`)."""
        return self


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
