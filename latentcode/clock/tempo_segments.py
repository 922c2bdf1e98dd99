"""How cycles go by from a sample on: at one tempo, in a ramp, or as a pattern says.

All of it exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isqrt
from typing import Protocol

import numpy as np

from latentcode.arrays import Float64

GRID = 512  # samples, counted from the session's beginning, for which a signal holds one tempo
FINE = 2**32  # parts of a sample in which an onset lies, where tempos have no common measure
FINEST = 1000  # steps to a beat per minute in a pattern's tempo, so that sums of them stay whole numbers


class TempoSegment(Protocol):
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
class ConstantTempo:
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
        begin, each = self._line
        return np.asarray(begin + (samples - self.sample) * each)

    @cached_property
    def _line(self) -> tuple[float, float]:
        """The cycle at which it begins, and cycles in a sample: asked for all that is read, and
        fractions are slow.
        """
        return float(self.cycle), float(self.cps / self.rate)


@dataclass(frozen=True)
class TempoRamp:
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
        if sample - self.sample >= self.length:
            return self.to
        return self.cps + (self.to - self.cps) * (sample - self.sample) / self.length

    def cycle_at(self, sample: int) -> Fraction:
        return self.cycle + self._gone(sample - self.sample)

    def sample_of(self, cycle: Fraction) -> int:
        gone = cycle - self.cycle
        count = self._root(gone) if 0 < gone < self.over else self._linear(gone)
        if self._least is not None and gone <= self._least:  # as if it had come at the pace it begins with
            return self.sample + count
        while self._gone(count) < gone:
            count += 1
        while self._gone(count - 1) >= gone:
            count -= 1
        return self.sample + count

    def cycles(self, samples: Float64) -> Float64:
        count = samples - self.sample
        begin, each, bend, over, length, then = self._bent
        inside = count * (each + count * bend)
        after = over + (count - length) * then
        return np.asarray(begin + np.where(count < length, inside, after))

    @cached_property
    def _least(self) -> Fraction | None:
        """Cycles, from its beginning, below which its parabola does not come; None: no such."""
        if self.to <= self.cps:
            return None
        lowest = _up(-self.cps * self.length / (self.to - self.cps))
        return min(self._gone(lowest), self._gone(lowest - 1))

    @cached_property
    def _bent(self) -> tuple[float, ...]:
        """The cycle at which it begins, cycles in a sample there, and by how much there are more in
        the next; cycles and samples that it takes, and cycles in a sample from then on.
        """
        bend = (self.to - self.cps) / (2 * self.length * self.rate)
        each, then = self.cps / self.rate, self.to / self.rate
        return tuple(map(float, (self.cycle, each, bend, self.over, self.length, then)))

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
        """Where the parabola reaches `gone`, to within a sample or two:
        a·n² + b·n = c in whole numbers.
        """
        parts = self.to - self.cps, 2 * self.length * self.cps, 2 * self.length * self.rate * gone
        scale = 1
        for part in parts:
            scale *= part.denominator
        a, b, c = (int(part * scale) for part in parts)
        return 2 * c // (b + isqrt(max(b * b + 4 * a * c, 0)))


class Tempos(Protocol):
    """What gives a tempo by itself, as whole numbers."""

    @property
    def gliding(self) -> bool:
        """Whether it may change at any time, as signals and hands do:
        it is read at every GRID samples, too.
        """
        ...

    def __call__(self, cycle: Fraction, sample: int) -> tuple[int, Fraction]:
        """The tempo at a cycle, which is at that sample,
        and the first cycle after it at which another may begin.
        """
        ...


class SteppedTempo:
    """A tempo that a pattern gives: anew at its onsets, and of signals at every GRID samples.

    `read` gives the tempo in cycles per second times `unit`. What it gives last is taken to go on.
    An onset lies between two samples, and its tempo holds from there on, so that nothing is lost in
    rounding, however long it goes.
    """

    def __init__(self, sample: int, cycle: Fraction, rate: int, unit: Fraction, read: Tempos) -> None:
        self.sample, self.cycle = sample, cycle
        self._rate, self._unit, self._read = rate, unit, read
        self._each = 1 / (unit * rate)  # cycles in a sample at tempo 1
        self._count = 0
        self._edges = np.zeros(256, np.int64)  # the first samples of the steps
        self._tempos = np.zeros(256, np.int64)
        self._sums = np.zeros(256, np.int64)  # tempo times samples, from the beginning to each step
        self.next_step = sample  # at which the pattern is to be read next
        self._onset: Fraction | None = None  # the cycle that is read there, where it is not the sample's own
        self._begun = (
            Fraction(sample),
            Fraction(0),
        )  # where the last step begins, in samples, and what was gone there
        self._take(cycle, *self._begun)

    def advance(self, sample: int) -> bool:
        """Read the pattern up to a sample; whether the tempo is another there than it was."""
        before = self._tempos[self._count - 1]
        while self.next_step <= sample:
            if self._onset is None:
                gone = Fraction(self._gone(self.next_step))
                self._take(self.cycle + gone * self._each, Fraction(self.next_step), gone)
            else:
                gone = (self._onset - self.cycle) / self._each
                self._take(self._onset, self._place(gone), gone)
        return bool(self._tempos[self._count - 1] != before)

    def cps_at(self, sample: int) -> Fraction:
        return int(self._tempos[self._step(sample)]) / self._unit

    def cycle_at(self, sample: int) -> Fraction:
        return self.cycle + self._gone(sample) * self._each

    def sample_of(self, cycle: Fraction) -> int:
        gone = _up((cycle - self.cycle) / self._each)
        step = max(int(np.searchsorted(self._sums[: self._count], gone, side="right")) - 1, 0)
        left = gone - int(self._sums[step])
        found = int(self._edges[step]) + _up(Fraction(left, int(self._tempos[step])))
        return found if step + 1 == self._count else min(found, int(self._edges[step + 1]))

    def cycles(self, samples: Float64) -> Float64:
        found = np.searchsorted(self._edges[: self._count], samples, side="right") - 1
        step = np.maximum(found, 0)
        gone = self._sums[step] + self._tempos[step] * (samples - self._edges[step])
        return np.asarray(float(self.cycle) + gone * float(self._each))

    def _take(self, cycle: Fraction, place: Fraction, gone: Fraction) -> None:
        """Begin the next step at a cycle, at a place in samples, and find where it ends."""
        step = self.next_step
        tempo, change = self._read(cycle, step)
        self._append(step, tempo, _up(gone + tempo * (step - place)))
        self._begun = place, gone
        self.next_step, self._onset = (step // GRID + 1) * GRID, None
        if not self._read.gliding or self.cycle_at(self.next_step) >= change:
            self.next_step, self._onset = self.sample_of(change), change

    def _place(self, gone: Fraction) -> Fraction:
        """Where the last step has brought so much, in samples."""
        place, before = self._begun
        found = place + (gone - before) / int(self._tempos[self._count - 1])
        return found if found.denominator < FINE**2 else Fraction(round(found * FINE), FINE)

    def _append(self, edge: int, tempo: int, gone: int) -> None:
        if self._count and self._edges[self._count - 1] == edge:  # two onsets before one sample
            self._count -= 1
        if self._count == len(self._sums):
            grown = (np.resize(a, 2 * len(a)) for a in (self._edges, self._tempos, self._sums))
            self._edges, self._tempos, self._sums = grown
        self._edges[self._count], self._tempos[self._count], self._sums[self._count] = edge, tempo, gone
        self._count += 1

    def _gone(self, sample: int) -> int:
        step = self._step(sample)
        return int(self._sums[step]) + int(self._tempos[step]) * (sample - int(self._edges[step]))

    def _step(self, sample: int) -> int:
        last = self._count - 1
        if sample >= int(self._edges[last]):
            return last
        return max(int(np.searchsorted(self._edges[:last], sample, side="right")) - 1, 0)


def _up(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)
