"""What hands have done: a history by input, in which the value at any sample can be looked up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from latentcode.arrays import Float64
from latentcode.control.keys import Key, key

KEPT = 120  # seconds of the past that can be looked up


class Input(NamedTuple):
    """Something that a hand, a phone or another machine did: an exact key, and its value (0 to 1; bend −1 to 1)."""

    key: str
    value: float


@dataclass
class Line:
    """The values of one input, each from its sample on; `eased` holds, for each τ, where smoothing stood there."""

    samples: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    eased: dict[float, list[float]] = field(default_factory=dict)

    def put(self, sample: int, value: float) -> None:
        """The value from `sample` on, which does not lie before those that are known."""
        if self.samples and self.samples[-1] == sample:
            self.values[-1] = value
            return
        self.samples.append(sample)
        self.values.append(value)
        for tau, stands in self.eased.items():
            stands.append(self._stand(tau, stands, len(stands)))

    def at(self, samples: Float64, tau: float) -> Float64:
        """The values at samples (N,); smoothed with the time constant `tau`, in samples, where it is above 0.

        Before the first the first holds.
        """
        place = np.maximum(np.searchsorted(self.samples, samples, side="right") - 1, 0)
        found: Float64 = np.asarray(self.values)[place]
        if tau <= 0:
            return found
        since = np.maximum(samples - np.asarray(self.samples)[place], 0.0)
        return np.asarray(found + (np.asarray(self._stands(tau))[place] - found) * np.exp(-since / tau))

    def forget(self, before: int) -> None:
        """Forget what cannot be looked up any more."""
        gone = max(bisect_right(self.samples, before) - 1, 0)
        if gone:
            del self.samples[:gone], self.values[:gone]
            for stands in self.eased.values():
                del stands[:gone]

    def _stands(self, tau: float) -> list[float]:
        if tau not in self.eased:
            stands = self.eased[tau] = list[float]()
            for index in range(len(self.values)):
                stands.append(self._stand(tau, stands, index))
        return self.eased[tau]

    def _stand(self, tau: float, stands: list[float], index: int) -> float:
        """Where smoothing stands when value `index` comes: from where it stood, on the way to the value before."""
        if index == 0:
            return self.values[0]
        before, span = self.values[index - 1], self.samples[index] - self.samples[index - 1]
        return float(before + (stands[index - 1] - before) * np.exp(-span / tau))


class Inputs:
    """All live inputs of a set. Inputs are put in the order of their samples; looking up changes nothing."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._lines: dict[str, Line] = {}  # by exact key
        self._wanted: dict[str, Line] = {}  # by name as it was asked for
        self._meant: dict[str, Key] = {}
        self._bound: dict[str, Key] = {}  # live:… → what it is bound to

    def put(self, given: Input, sample: int) -> None:
        """An input has this value from `sample` on."""
        exact = key(given.key)
        for line in [self._lines.setdefault(given.key, Line()), *self._lines_meaning(exact)]:
            line.put(sample, given.value)
            if len(line.samples) % 1024 == 0:
                line.forget(sample - KEPT * self.rate)

    def bind(self, name: str, to: str, sample: int) -> None:
        """Let `live:name` be another input from `sample` on."""
        self._bound[name] = key(to)
        present = self._merged(key(to))
        if present.values:
            self._line(name).put(sample, present.values[-1])

    def read(self, name: str, samples: Float64, tau: float = 0.0) -> Float64 | None:
        """Its values at samples (N,), smoothed with time constant `tau` in samples; None while nothing is known."""
        line = self._line(name)
        return line.at(samples, tau) if line.values else None

    def latest(self) -> Mapping[str, float]:
        """The last value of every input, by exact key."""
        return {name: line.values[-1] for name, line in self._lines.items() if line.values}

    def _line(self, name: str) -> Line:
        if name not in self._wanted:
            self._meant[name] = key(name)
            self._wanted[name] = self._merged(self._meaning(name))
        return self._wanted[name]

    def _lines_meaning(self, exact: Key) -> list[Line]:
        return [line for name, line in self._wanted.items() if self._meaning(name).matches(exact)]

    def _meaning(self, name: str) -> Key:
        return self._bound.get(name) or self._meant[name]

    def _merged(self, meant: Key) -> Line:
        """The history of all inputs that are meant, as one."""
        lines = [line for name, line in self._lines.items() if meant.matches(key(name))]
        pairs = sorted(
            (pair for line in lines for pair in zip(line.samples, line.values, strict=True)),
            key=lambda pair: pair[0],
        )
        merged = Line()
        for sample, value in pairs:
            merged.put(sample, value)
        return merged
