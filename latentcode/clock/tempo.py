"""The tempo map: which sample a cycle falls on, exactly."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction

import numpy as np

from latentcode.arrays import Float64
from latentcode.checks import as_fraction, wrong
from latentcode.clock.tempo_segments import (
    FINEST,
    ConstantTempo,
    SteppedTempo,
    TempoRamp,
    Tempos,
    TempoSegment,
)

SLOWEST_BPM, FASTEST_BPM = 1, 2000
EXACT = 10**40  # the longest denominator that a cycle keeps from which a tempo counts
NEAR = 10**30  # parts of a cycle to which longer ones are rounded
REMEMBERED = 1024  # cycles whose sample is known
BEGIN = 10**6  # steps to a beat per minute at which a ramp begins that is asked for in the middle of another

Tempo = float | str | Fraction


def beats_per_minute(bpm: Tempo) -> Fraction:
    """A tempo, exactly: a float stands for its decimal text. Raises EngineError."""
    exact = as_fraction(bpm)
    if exact is None or not SLOWEST_BPM <= exact <= FASTEST_BPM:
        allowed = f"beats per minute from {SLOWEST_BPM} to {FASTEST_BPM}"
        raise wrong("a tempo", allowed, bpm, "bpm(120)")
    return exact


def cycles_per_second(bpm: Tempo, beats: int = 4) -> Fraction:
    """Cycles per second of a tempo, exactly."""
    return beats_per_minute(bpm) / 60 / beats


class TempoMap:
    """One course after the other, from sample 0 on."""

    def __init__(self, sample_rate: int, cps: Fraction) -> None:
        self.sample_rate = sample_rate
        self._courses: list[TempoSegment] = []
        self._samples: list[int] = []
        self._cycles: list[Fraction] = []
        self._found: dict[Fraction, int] = {}  # samples of cycles, as long as the tempo is what it is
        self._starts = np.zeros(64)  # of which the first len(_courses) count
        self._add(ConstantTempo(0, Fraction(0), cps, sample_rate))

    def set(self, sample: int, cps: Fraction) -> None:
        """Change the tempo from `sample` on; what was to come later is dropped."""
        self._add(ConstantTempo(sample, self._from(sample), cps, self.sample_rate))

    def steer(self, sample: int, cps: Fraction, jump: Fraction = Fraction(0)) -> None:
        """Change the tempo from `sample` on, and leave `jump` cycles out there."""
        self._add(ConstantTempo(sample, self._from(sample) + jump, cps, self.sample_rate))

    def glide(self, sample: int, cps: Fraction, over: Fraction) -> None:
        """Reach a tempo within `over` cycles from `sample` on, linear in time."""
        begin = Fraction(round(self.cps_at(sample) * 240 * BEGIN), 240 * BEGIN)
        if begin == cps:
            self.set(sample, cps)
        else:
            self._add(TempoRamp(sample, self._from(sample), begin, cps, over, self.sample_rate))

    def follow(self, sample: int, read: Tempos, beats: int = 4) -> None:
        """Let a pattern give the tempo from `sample` on (see `TempoReader`).

        Raises what `read` raises at once.
        """
        unit = Fraction(60 * beats * FINEST)
        self._add(SteppedTempo(sample, self._from(sample), self.sample_rate, unit, read))

    def advance(self, sample: int) -> bool:
        """Read a pattern's tempo up to `sample`, which comes next; whether it has changed there."""
        course = self._courses[-1]
        return isinstance(course, SteppedTempo) and course.advance(sample)

    @property
    def changes(self) -> tuple[int, ...]:
        """The samples at which it was given anew."""
        return tuple(self._samples)

    @property
    def next_step(self) -> int | None:
        """The sample at which `advance` is due; None where no pattern gives the tempo."""
        course = self._courses[-1]
        return course.next_step if isinstance(course, SteppedTempo) else None

    def even(self, sample: int) -> Fraction | None:
        """The cycles per second from `sample` on, where they will not change by themselves."""
        course = self._course_of(sample)
        if course is not self._courses[-1] or isinstance(course, SteppedTempo):
            return None
        if self.left(sample):
            return None
        return course.cps_at(sample)

    def left(self, sample: int) -> Fraction:
        """The cycles from `sample` on until a ramp ends; 0 where there is none."""
        course = self._course_of(sample)
        if not isinstance(course, TempoRamp) or sample - course.sample >= course.length:
            return Fraction(0)
        return course.over - (course.cycle_at(sample) - course.cycle)

    def cps_at(self, sample: int) -> Fraction:
        return self._course_of(sample).cps_at(sample)

    def cycle_at(self, sample: int) -> Fraction:
        """The cycle at a sample, exactly."""
        return self._course_of(sample).cycle_at(sample)

    def sample_of(self, cycle: Fraction) -> int:
        """The first sample that does not lie before `cycle`."""
        found = self._found.get(cycle)
        if found is None:
            found = self._sample_of(cycle)
            if not isinstance(self._courses[-1], SteppedTempo):  # whose last step may yet be another
                self._remember(cycle, found)
        return found

    def _sample_of(self, cycle: Fraction) -> int:
        place = max(bisect_right(self._cycles, cycle) - 1, 0)
        found = self._courses[place].sample_of(cycle)
        return min([found, *self._samples[place + 1 : place + 2]])  # in a jump: where it lands

    def cycles(self, samples: Float64) -> Float64:
        """The cycles at many samples, in floating point."""
        starts = self._starts[: len(self._courses)]
        index = np.maximum(np.searchsorted(starts, samples, side="right") - 1, 0)
        if len(index) and index[0] == index[-1] and (index == index[0]).all():
            return self._courses[int(index[0])].cycles(samples)
        made = np.empty(len(samples))
        for one in np.unique(index):
            made[index == one] = self._courses[int(one)].cycles(samples[index == one])
        return made

    def _remember(self, cycle: Fraction, sample: int) -> None:
        """Voices ask for the same few cycles in each block, and fractions are slow."""
        if len(self._found) == REMEMBERED:
            self._found.clear()
        self._found[cycle] = sample

    def _from(self, sample: int) -> Fraction:
        """The cycle from which another tempo counts at a sample.

        Each ramp that is cut off gives it a longer denominator; an evening of them would have
        thousands of digits. Cycles at which something begins are seldom so long; rounded up, by far
        less than any sample, the exact one still lies on this sample.
        """
        cycle = self.cycle_at(sample)
        if cycle.denominator <= EXACT:
            return cycle
        return Fraction(-(-cycle.numerator * NEAR // cycle.denominator), NEAR)

    def _course_of(self, sample: int) -> TempoSegment:
        return self._courses[max(bisect_right(self._samples, sample) - 1, 0)]

    def _add(self, course: TempoSegment) -> None:
        self._found.clear()
        while self._samples and self._samples[-1] >= course.sample:
            del self._courses[-1], self._samples[-1], self._cycles[-1]
        count = len(self._courses)
        if count == len(self._starts):
            self._starts = np.resize(self._starts, 2 * count)
        self._starts[count] = course.sample
        self._courses.append(course)
        self._samples.append(course.sample)
        self._cycles.append(course.cycle)
