"""The tempo map: which sample a cycle falls on, exactly."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from latentcode.arrays import Float64
from latentcode.checks import as_fraction, wrong
from latentcode.clock.set_aside import Aside
from latentcode.clock.tempo_segments import (
    FINEST,
    ConstantTempo,
    SteppedTempo,
    TempoRamp,
    Tempos,
    TempoSegment,
)
from latentcode.clock.watchdog import TooSlowError
from latentcode.errors import EngineError
from latentcode.patterns import Context, Pattern, compile_pattern
from latentcode.patterns.digest import digest
from latentcode.patterns.event import LiveReader
from latentcode.patterns.samples import numeric

SLOWEST_BPM, FASTEST_BPM = 1, 2000
MOST_TEMPOS = 256  # in a cycle: what plays is cut at each
PLACE = "tempo"  # as the journal names what the clock sets aside
FOLLOWING = "following"  # what was asked of a tempo that others give
BEGIN = 10**6  # steps to a beat per minute at which a ramp begins that is asked for in the middle of another

Tempo = float | str | Fraction
Asked = tuple[
    object, ...
]  # (text,) or (text, text of cycles) or (pattern,): the arguments of a tempo command


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


class TempoReader:
    """A pattern's tempo at a cycle, in 1/FINEST beats per minute, and the first cycle at which another may begin.

    Raises EngineError for what is no tempo. A rest holds the tempo before it for a cycle at most. Live inputs are
    looked up at the sample that is given; None: as they are now.
    """

    def __init__(self, pattern: Pattern, seed: int = 0, live: LiveReader | None = None) -> None:
        self._compiled, self._live = compile_pattern(pattern, Context(seed, live)), live
        self._by_hand = bool(pattern.live_inputs)
        self.gliding = self._compiled.continuous or self._by_hand
        self._bar: int | None = None  # whose edges these are
        self._edges: list[Fraction] = []  # from its beginning on, and beyond its end
        self._values: list[float] = []  # of what does not glide: from each edge on

    def __call__(self, cycle: Fraction, sample: int | None) -> tuple[int, Fraction]:
        if self._live is not None:
            self._live.at = None if sample is None else np.array([sample], np.float64)
        place = self._place(cycle)
        value = self._at(cycle, place)
        if not SLOWEST_BPM <= value <= FASTEST_BPM:
            raise EngineError(
                f"the tempo at cycle {float(cycle):g} is {value:g} beats per minute; it must lie between "
                f"{SLOWEST_BPM} and {FASTEST_BPM}, as in bpm(sine.slow(8).range(100, 140))"
            )
        return round(value * FINEST), self._edges[place]

    def _at(self, cycle: Fraction, place: int) -> float:
        if not self.gliding:
            return self._values[place - 1]
        if len(self._edges) > 2:  # at an onset counts what begins there, whatever floats make of the moment
            held = [event for event in self._compiled.query(cycle, cycle) if event.whole is not None]
            if held:
                return numeric(held[-1].value)
        return float(self._compiled.sample(np.array([float(cycle)]))[0])

    def _place(self, cycle: Fraction) -> int:
        """How many of the edges of its bar do not lie after a cycle."""
        bar = cycle // 1
        if bar != self._bar or self._by_hand:
            events = self._compiled.query(bar - 1, bar + 2)
            parts = [event.part for event in events if event.whole is not None]
            found = {edge for begin, end in parts for edge in (begin, end, end + 1) if bar < edge <= bar + 1}
            if len(found) > MOST_TEMPOS:
                raise EngineError(
                    f"{len(found)} changes of tempo in a cycle are more than {MOST_TEMPOS}; slow the pattern down, "
                    "or type a signal"
                )
            # what glides has no edge where a bar begins; it is read again long before two have gone by
            last = Fraction(bar + 2 if self.gliding else bar + 1)
            self._edges, self._bar = [Fraction(bar), *sorted(found - {last}), last], bar
            if not self.gliding:
                self._values = self._compiled.sample(np.array(self._edges[:-1], np.float64)).tolist()
        return bisect_right(self._edges, cycle)


class Guarded:
    """A pattern's tempo as it is read in a set from sample `born` on. Raises TooSlowError where it takes too long."""

    def __init__(self, pattern: Pattern, seed: int, live: LiveReader | None, born: int, aside: Aside) -> None:
        self._read, self._born, self._aside = TempoReader(pattern, seed, live), born, aside
        self.gliding = self._read.gliding

    def __call__(self, cycle: Fraction, sample: int) -> tuple[int, Fraction]:
        if self._aside.since(PLACE, self._born, sample):
            raise TooSlowError("it took too long when the set was played")
        return self._aside.run(lambda: self._read(cycle, sample), PLACE, sample)


class TempoMap:
    """One course after the other, from sample 0 on."""

    def __init__(self, sample_rate: int, cps: Fraction) -> None:
        self.sample_rate = sample_rate
        self._courses: list[TempoSegment] = []
        self._samples: list[int] = []
        self._cycles: list[Fraction] = []
        self._starts = np.zeros(64)  # of which the first len(_courses) count
        self._add(ConstantTempo(0, Fraction(0), cps, sample_rate))

    def set(self, sample: int, cps: Fraction) -> None:
        """Change the tempo from `sample` on; what was to come later is dropped."""
        self._add(ConstantTempo(sample, self.cycle_at(sample), cps, self.sample_rate))

    def steer(self, sample: int, cps: Fraction, jump: Fraction = Fraction(0)) -> None:
        """Change the tempo from `sample` on, and leave `jump` cycles out there."""
        self._add(ConstantTempo(sample, self.cycle_at(sample) + jump, cps, self.sample_rate))

    def glide(self, sample: int, cps: Fraction, over: Fraction) -> None:
        """Reach a tempo within `over` cycles from `sample` on, linear in time."""
        begin = Fraction(round(self.cps_at(sample) * 240 * BEGIN), 240 * BEGIN)
        if begin == cps:
            self.set(sample, cps)
        else:
            self._add(TempoRamp(sample, self.cycle_at(sample), begin, cps, over, self.sample_rate))

    def follow(self, sample: int, read: Tempos, beats: int = 4) -> None:
        """Let a pattern give the tempo from `sample` on (see `TempoReader`). Raises what `read` raises at once."""
        unit = Fraction(60 * beats * FINEST)
        self._add(SteppedTempo(sample, self.cycle_at(sample), self.sample_rate, unit, read))

    def advance(self, sample: int) -> bool:
        """Read a pattern's tempo up to `sample`, which comes next; whether it has changed there."""
        course = self._courses[-1]
        return isinstance(course, SteppedTempo) and course.advance(sample)

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

    def _course_of(self, sample: int) -> TempoSegment:
        return self._courses[max(bisect_right(self._samples, sample) - 1, 0)]

    def _add(self, course: TempoSegment) -> None:
        while self._samples and self._samples[-1] >= course.sample:
            del self._courses[-1], self._samples[-1], self._cycles[-1]
        count = len(self._courses)
        if count == len(self._starts):
            self._starts = np.resize(self._starts, 2 * count)
        self._starts[count] = course.sample
        self._courses.append(course)
        self._samples.append(course.sample)
        self._cycles.append(course.cycle)


@dataclass(frozen=True)
class Pace:
    """What was asked of the tempo; of a ramp in its middle also where it is, and the cycles that are left."""

    asked: Asked
    bpm: Fraction = Fraction(0)
    left: Fraction = Fraction(0)


class Conductor:
    """What was asked of the tempo last, and what the tempo map makes of it.

    `beats` to the cycle; `trouble` is told once when a tempo pattern fails: the tempo stays where it is then.
    While others give the tempo it is `led`: numbers are still taken, and left in `wish` for them.
    """

    def __init__(
        self,
        tempo: TempoMap,
        asked: Asked,
        beats: int,
        seed: int,
        live: LiveReader | None = None,
        aside: Aside | None = None,
    ) -> None:
        self.asked = asked
        self.trouble: Callable[[str], None] = lambda text: None
        self.led, self.wish = False, list[Fraction]()
        self.refusal, self.takes = (
            "another's",
            False,
        )  # whose tempo it is while led; whether numbers are taken
        self._map, self._beats, self._seed, self._live = tempo, beats, seed, live
        self._aside = aside or Aside()

    def ask(self, asked: Asked, sample: int) -> bool:
        """Change the tempo from `sample` on; whether that changes anything."""
        if digest(asked) == digest(self.asked):
            return False
        wanted, *over = asked
        if self.led:
            return self._wish(wanted, sample)
        if isinstance(wanted, Pattern):
            return self._follow(asked, wanted, sample)
        cps = cycles_per_second(wanted, self._beats)  # type: ignore[arg-type]
        self.asked = asked
        if self._map.even(sample) == cps:
            return False
        if over:
            self._map.glide(sample, cps, Fraction(str(over[0])))
        else:
            self._map.set(sample, cps)
        return True

    def lead(self, cps: Fraction, jump: Fraction, sample: int) -> None:
        """Let others give the tempo, in cycles per second, from `sample` on."""
        self.led, self.asked = True, (FOLLOWING,)
        self._map.steer(sample, cps, jump)

    def leave(self, sample: int) -> None:
        """Others give it no longer: it stays where it is."""
        if self.led:
            self.led, self.asked = False, (str(self._map.cps_at(sample) * 60 * self._beats),)

    def _wish(self, wanted: object, sample: int) -> bool:
        if wanted == FOLLOWING or isinstance(wanted, Pattern):
            return False
        cps = cycles_per_second(wanted, self._beats)  # type: ignore[arg-type]
        self.wish.append(cps)
        self._map.set(sample, cps)
        return True

    def pace(self, sample: int) -> Pace:
        """What holds at a sample, to come back to."""
        left = self._map.left(sample)
        return (
            Pace(self.asked, self._map.cps_at(sample) * 60 * self._beats, left) if left else Pace(self.asked)
        )

    def restore(self, pace: Pace, sample: int) -> bool:
        """Let the tempo be what it was: a ramp goes on from where it was. One that others give is left to them."""
        if self.led or pace.asked == (FOLLOWING,):
            return False
        if digest(pace.asked) == digest(self.asked):
            return False
        if len(pace.asked) == 1:
            return self.ask(pace.asked, sample)
        if pace.left:
            self.ask((str(pace.bpm),), sample)
            return self.ask((pace.asked[0], str(pace.left)), sample)
        return self.ask(pace.asked[:1], sample)

    def advance(self, sample: int) -> bool:
        """What is to be done when `sample` comes next; whether the tempo has changed there."""
        try:
            return self._map.advance(sample)
        except Exception as error:  # whatever a pattern raises, the tempo stays
            self._stay(sample, error)
            return True

    def _follow(self, asked: Asked, pattern: Pattern, sample: int) -> bool:
        try:
            self._map.follow(
                sample, Guarded(pattern, self._seed, self._live, sample, self._aside), self._beats
            )
        except Exception as error:  # the same
            self._stay(sample, error)
        self.asked = asked
        return True

    def _stay(self, sample: int, error: Exception) -> None:
        self._map.set(sample, self._map.cps_at(sample))
        self.trouble(f"the tempo pattern failed, the tempo stays where it is: {error}")
