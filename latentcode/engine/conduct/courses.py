"""How cycles go by from a sample on: at one tempo, in a ramp, or as a pattern says. All of it exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isqrt
from typing import Protocol

import numpy as np

from latentcode.arrays import Float64

GRID = 512  # samples, counted from the session's beginning, for which a pattern holds one tempo
FINEST = 1000  # steps to a beat per minute in a pattern's tempo, so that sums of them stay whole numbers


class Course(Protocol):
    """From `sample` on, which is `cycle`."""

    @property
    def sample(self) -> int: ...
    @property
    def cycle(self) -> Fraction: ...
    def cps_at(self, sample: int) -> Fraction:
        """Cycles per second at a sample."""
        ...

    def cycle_at(self, sample: int) -> Fraction: ...
    def sample_of(self, cycle: Fraction) -> int:
        """The first sample that does not lie before `cycle`."""
        ...

    def cycles(self, samples: Float64) -> Float64: ...


@dataclass(frozen=True)
class Even:
    """One tempo, in cycles per second."""

    sample: int
    cycle: Fraction
    cps: Fraction
    rate: int

    def cps_at(self, sample: int) -> Fraction:
        return self.cps

    def cycle_at(self, sample: int) -> Fraction:
        return self.cycle + (sample - self.sample) * self.cps / self.rate

    def sample_of(self, cycle: Fraction) -> int:
        return self.sample + _up((cycle - self.cycle) * self.rate / self.cps)

    def cycles(self, samples: Float64) -> Float64:
        return np.asarray(float(self.cycle) + (samples - self.sample) * float(self.cps / self.rate))


@dataclass(frozen=True)
class Glide:
    """From one tempo to another, linear in time, within `over` cycles; then the other."""

    sample: int
    cycle: Fraction
    cps: Fraction
    to: Fraction
    over: Fraction
    rate: int

    @cached_property
    def length(self) -> Fraction:
        """Samples that it takes: its cycles go by at the mean of both tempos."""
        return 2 * self.over * self.rate / (self.cps + self.to)

    def cps_at(self, sample: int) -> Fraction:
        return self.cps + (self.to - self.cps) * min((sample - self.sample) / self.length, Fraction(1))

    def cycle_at(self, sample: int) -> Fraction:
        return self.cycle + self._gone(sample - self.sample)

    def sample_of(self, cycle: Fraction) -> int:
        gone = cycle - self.cycle
        count = self._root(gone) if 0 < gone < self.over else self._linear(gone)
        while self._gone(count) < gone:
            count += 1
        while self._gone(count - 1) >= gone:
            count -= 1
        return self.sample + count

    def cycles(self, samples: Float64) -> Float64:
        count = samples - self.sample
        bend = float((self.to - self.cps) / (2 * self.length * self.rate))
        inside = count * (float(self.cps / self.rate) + count * bend)
        after = float(self.over) + (count - float(self.length)) * float(self.to / self.rate)
        return np.asarray(float(self.cycle) + np.where(count < float(self.length), inside, after))

    def _gone(self, count: int) -> Fraction:
        """Cycles after so many samples."""
        if count >= self.length:
            return self.over + (count - self.length) * self.to / self.rate
        return count * (self.cps + (self.to - self.cps) * count / (2 * self.length)) / self.rate

    def _linear(self, gone: Fraction) -> int:
        if gone <= 0:
            return _up(gone * self.rate / self.cps)
        return _up(self.length + (gone - self.over) * self.rate / self.to)

    def _root(self, gone: Fraction) -> int:
        """Where the parabola reaches `gone`, to within a sample or two: a·n² + b·n = c in whole numbers."""
        parts = self.to - self.cps, 2 * self.length * self.cps, 2 * self.length * self.rate * gone
        scale = 1
        for part in parts:
            scale *= part.denominator
        a, b, c = (int(part * scale) for part in parts)
        return 2 * c // (b + isqrt(max(b * b + 4 * a * c, 0)))


class Stairs:
    """A tempo that a pattern gives anew at every GRID samples; what it gives next is taken to be the same.

    `read` gives the tempo at a cycle and its sample, in cycles per second times `unit`, as a whole number.
    """

    def __init__(
        self, sample: int, cycle: Fraction, rate: int, unit: Fraction, read: Callable[[Fraction, int], int]
    ) -> None:
        self.sample, self.cycle = sample, cycle
        self._rate, self._unit, self._read = rate, unit, read
        self._each = 1 / (unit * rate)  # cycles in a sample at tempo 1
        self._first = sample // GRID
        self._count = 1
        self._tempos = np.zeros(256, np.int64)
        self._sums = np.zeros(256, np.int64)  # tempo times samples, from the beginning to each step
        self._tempos[0] = read(cycle, sample)

    def advance(self, sample: int) -> bool:
        """Read the pattern up to a sample; whether the tempo is another there than it was."""
        before = self._tempos[self._count - 1]
        while self.next_step <= sample:
            step = self.next_step
            tempo, gone = self._read(self.cycle_at(step), step), self._gone(step)
            if self._count == len(self._sums):
                self._tempos, self._sums = (np.resize(a, 2 * len(a)) for a in (self._tempos, self._sums))
            self._tempos[self._count], self._sums[self._count] = tempo, gone
            self._count += 1
        return bool(self._tempos[self._count - 1] != before)

    @property
    def next_step(self) -> int:
        """The sample at which the pattern is to be read next."""
        return (self._first + self._count) * GRID

    def cps_at(self, sample: int) -> Fraction:
        return int(self._tempos[self._step(sample)]) / self._unit

    def cycle_at(self, sample: int) -> Fraction:
        return self.cycle + self._gone(sample) * self._each

    def sample_of(self, cycle: Fraction) -> int:
        gone = _up((cycle - self.cycle) / self._each)
        step = max(int(np.searchsorted(self._sums[: self._count], gone, side="right")) - 1, 0)
        left = gone - int(self._sums[step])
        return self._edge(step) + _up(Fraction(left, int(self._tempos[step])))

    def cycles(self, samples: Float64) -> Float64:
        step = np.clip(samples // GRID - self._first, 0, self._count - 1).astype(np.int64)
        edge = np.where(step == 0, self.sample, (self._first + step) * GRID)
        gone = self._sums[step] + self._tempos[step] * (samples - edge)
        return np.asarray(float(self.cycle) + gone * float(self._each))

    def _gone(self, sample: int) -> int:
        step = self._step(sample)
        return int(self._sums[step]) + int(self._tempos[step]) * (sample - self._edge(step))

    def _step(self, sample: int) -> int:
        return min(max(sample // GRID - self._first, 0), self._count - 1)

    def _edge(self, step: int) -> int:
        return self.sample if step == 0 else (self._first + step) * GRID


def _up(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)
