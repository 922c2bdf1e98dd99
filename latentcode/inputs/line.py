"""The values of one input over time, and the same made smooth."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float64

FADED = 80.0  # time constants after which nothing is left of what smoothing came from


class Newest(NamedTuple):
    """A value from `sample` on, where smoothing stood there, and the first value that there was."""

    sample: float
    value: float
    stand: float
    begin: float
    first: float


class Line:
    """The values of one input, each from its sample on; put in the order of their samples."""

    def __init__(self) -> None:
        self.count = self.puts = 0
        self._samples, self._values = np.zeros(64), np.zeros(64)
        self._turns = np.zeros(64)  # which of all inputs each was: several may come at one sample
        self._eased: dict[float, Float64] = {}  # for each τ, where smoothing stood when each value came
        self._first: tuple[float, float] | None = None

    @property
    def present(self) -> float | None:
        """The last value; None while there is none."""
        return float(self._values[self.count - 1]) if self.count else None

    def known(self) -> list[tuple[int, int, float]]:
        """All that is known, as (sample, turn, value)."""
        columns = (array[: self.count].tolist() for array in (self._samples, self._turns, self._values))
        return [(int(sample), int(turn), value) for sample, turn, value in zip(*columns, strict=True)]

    def put(self, sample: int, value: float, turn: int = 0) -> None:
        """The value from `sample` on, which does not lie before those that are known."""
        self.puts += 1
        if self.count and self._samples[self.count - 1] == sample:
            self._values[self.count - 1], self._turns[self.count - 1] = value, turn
            return
        if self.count == len(self._samples):
            self._grow()
        index, self.count = self.count, self.count + 1
        self._samples[index], self._values[index], self._turns[index] = sample, value, turn
        self._first = self._first or (float(sample), value)
        for tau, stands in self._eased.items():
            stands[index] = self._stand(tau, stands, index)

    def at(self, samples: Float64, tau: float = 0.0, default: float | None = None) -> Float64:
        """The values at samples (N,); made smooth with the time constant `tau`, in samples,
        where it is above 0.

        Before the first value `default` holds, from which smoothing comes; where it is None, the
        first.
        """
        last = self._samples[self.count - 1]
        if tau <= 0 and len(samples) and samples.min() >= last:
            return np.full(len(samples), self._values[self.count - 1])
        place = np.searchsorted(self._samples[: self.count], samples, side="right") - 1
        known: NDArray[np.intp] = np.maximum(place, 0)
        found: Float64 = self._values[known]
        if tau > 0:
            since = np.maximum(samples - self._samples[known], 0.0)
            found = found + (self._stands(tau)[known] - found) * np.exp(-since / tau)
        if default is None or self._first is None:
            return found
        begin, first = self._first
        if tau > 0:
            found = found + (default - first) * np.exp(-np.maximum(samples - begin, 0.0) / tau)
        return np.where(samples < begin, default, found)

    def newest(self, tau: float) -> Newest | None:
        """The last value, and what `at` needs to know of it; None while there is none."""
        if self._first is None:
            return None
        last = self.count - 1
        stand = self._stands(tau)[last] if tau > 0 else 0.0
        return Newest(self._samples[last], self._values[last], stand, *self._first)

    def forget(self, before: int) -> None:
        """Forget what cannot be looked up any more."""
        gone = int(np.searchsorted(self._samples[: self.count], before, side="right")) - 1
        if gone > 0:
            self.count -= gone
            for array in (self._samples, self._values, self._turns, *self._eased.values()):
                array[: self.count] = array[gone : gone + self.count]

    def _grow(self) -> None:
        self._samples, self._values = _doubled(self._samples), _doubled(self._values)
        self._turns = _doubled(self._turns)
        self._eased = {tau: _doubled(stands) for tau, stands in self._eased.items()}

    def _stands(self, tau: float) -> Float64:
        if tau not in self._eased:
            stands = self._eased[tau] = self._values.copy()
            long_ago = self._samples[self.count - 1] - FADED * tau
            begin = int(np.searchsorted(self._samples[: self.count], long_ago))
            for index in range(max(begin, 1), self.count):
                stands[index] = self._stand(tau, stands, index)
        return self._eased[tau]

    def _stand(self, tau: float, stands: Float64, index: int) -> float:
        """Where smoothing stands when value `index` comes: from where it stood,
        on the way to the value before.
        """
        if index == 0:
            return float(self._values[0])
        before = self._values[index - 1]
        span = self._samples[index] - self._samples[index - 1]
        return float(before + (stands[index - 1] - before) * np.exp(-span / tau))


def _doubled(array: Float64) -> Float64:
    return np.concatenate([array, np.zeros(len(array))])


Asked: TypeAlias = tuple[tuple[str, float, float], ...]  # (name, time constant in samples, default) of each


def together(lines: list[Line], asked: Asked, samples: Float64) -> Float64:
    """The values of lines at samples (N,), each as `Line.at` gives it, or its default: (N, lines).

    Nearly always only the newest value of each counts. Where an older one does, its line is asked.
    """
    known = [
        line.newest(tau) or Newest(-np.inf, default, default, -np.inf, default)
        for line, (_, tau, default) in zip(lines, asked, strict=True)
    ]
    sample, value, stand, begin, first = np.array(known).T
    taus, defaults = np.array([(tau, default) for _, tau, default in asked]).T
    moments = samples[:, None]
    found = np.broadcast_to(value, (len(samples), len(lines)))
    gliding = taus > 0
    if gliding.any():
        with np.errstate(divide="ignore", invalid="ignore"):
            eased = found + (stand - found) * np.exp(-np.maximum(moments - sample, 0.0) / taus)
            eased = eased + (defaults - first) * np.exp(-np.maximum(moments - begin, 0.0) / taus)
        found = np.where(gliding & np.isfinite(sample), eased, found)
    found = np.where(moments < begin, defaults, found)
    for column in np.flatnonzero((moments < sample).any(axis=0)).tolist():
        found[:, column] = lines[column].at(samples, taus[column], defaults[column])
    return np.asarray(found)
