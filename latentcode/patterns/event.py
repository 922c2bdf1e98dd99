"""Events, the context of a query, and values that contain signals."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from latentcode.words import public

Span = tuple[Fraction, Fraction]
Float64 = NDArray[np.float64]


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
