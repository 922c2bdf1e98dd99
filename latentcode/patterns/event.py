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
    """Looks live inputs up. `at`: the session samples (N,) of the moments that are sampled, set by whoever samples.

    A query takes the first of them as its now; None is the present. They are looked up `lag` samples earlier.
    `asked` counts how often it was asked, `expected` what was made ready that will ask. `foreseen`: what hands will
    do is taken to be what they did last.
    """

    at: Float64 | None
    lag: int
    asked: int
    expected: int
    foreseen: bool

    def __call__(self, name: str, glide: float, default: float) -> Float64:
        """The values of an input (N,), or (1,); made smooth with a time constant in ms."""
        ...

    @property
    def seen(self) -> Float64 | None:
        """The session samples that are looked up, (N,) or (1,); None: the present."""
        ...

    def known(self, name: str) -> Any:
        """What the engine has of a name: a gesture ("gesture:12.1"), a space ("space:…"); None: nothing (yet)."""
        ...


@dataclass(frozen=True)
class Context:
    """What a query may depend on besides time.

    `seed` is the root of all random nodes. `live` looks live inputs up; None: every input is at its default.
    """

    seed: int = 0
    live: LiveReader | None = None


DEFAULT = Context()


class Timed(ABC):
    """A value that contains signals, so that moving its event in time must move them too."""

    @abstractmethod
    def retimed(self, scale: Fraction, shift: Fraction) -> Timed:
        """Return the value seen through inner cycle = outer cycle · scale + shift."""

    def reseeded(self, index: int) -> Timed:
        """Return the value with the random nodes inside it given another seed (see `Seeded`)."""
        return self
