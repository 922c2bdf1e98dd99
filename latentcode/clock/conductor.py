"""Who conducts the tempo map: what was asked of the tempo last, a pattern that gives it,
or others.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from latentcode.clock.set_aside import Aside
from latentcode.clock.tempo import FASTEST_BPM, SLOWEST_BPM, TempoMap, cycles_per_second
from latentcode.clock.tempo_segments import FINEST
from latentcode.clock.watchdog import TooSlowError
from latentcode.errors import EngineError
from latentcode.inputs.reader import Reader
from latentcode.patterns import Context, Pattern, compile_pattern
from latentcode.patterns.compile import numeric
from latentcode.patterns.digest import digest
from latentcode.patterns.event import Hands

MOST_TEMPOS = 256  # in a cycle: what plays is cut at each
PLACE = "tempo"  # as the journal names what the clock sets aside
FOLLOWING = "following"  # what was asked of a tempo that others give

Asked = tuple[object, ...]
"""(text,) or (text, text of cycles) or (pattern,): the arguments of a tempo command."""


class TempoReader:
    """A pattern's tempo at a cycle, in 1/FINEST beats per minute,
    and the first cycle at which another may begin.

    Raises EngineError for what is no tempo. A rest holds the tempo before it for a cycle at most.
    Live inputs are looked up at the sample that is given; None: as they are now.
    """

    def __init__(self, pattern: Pattern, seed: int = 0, live: Reader | None = None) -> None:
        self._compiled, self._live = compile_pattern(pattern, Context(seed)), live
        self._by_hand = bool(pattern.live_inputs)
        self.gliding = self._compiled.continuous or self._by_hand
        self._bar: int | None = None  # whose edges these are
        self._edges: list[Fraction] = []  # from its beginning on, and beyond its end
        self._values: list[float] = []  # of what does not glide: from each edge on

    def __call__(self, cycle: Fraction, sample: int | None) -> tuple[int, Fraction]:
        live = self._live and self._live.at(None if sample is None else np.array([sample], np.float64))
        place = self._place(cycle, live)
        value = self._at(cycle, place, live)
        if not SLOWEST_BPM <= value <= FASTEST_BPM:
            raise EngineError(
                f"the tempo at cycle {float(cycle):g} is {value:g} beats per minute; it must lie between "
                f"{SLOWEST_BPM} and {FASTEST_BPM}, as in bpm(sine.slow(8).range(100, 140))"
            )
        return round(value * FINEST), self._edges[place]

    def _at(self, cycle: Fraction, place: int, live: Hands) -> float:
        if not self.gliding:
            return self._values[place - 1]
        if len(self._edges) > 2:  # at an onset counts what begins there, whatever floats make of the moment
            held = [event for event in self._compiled.query(cycle, cycle, live) if event.whole is not None]
            if held:
                return numeric(held[-1].value)
        return float(self._compiled.sample(np.array([float(cycle)]), live)[0])

    def _place(self, cycle: Fraction, live: Hands) -> int:
        """How many of the edges of its bar do not lie after a cycle."""
        bar = cycle // 1
        if bar != self._bar or self._by_hand:
            events = self._compiled.query(bar - 1, bar + 2, live)
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
                self._values = self._compiled.sample(np.array(self._edges[:-1], np.float64), live).tolist()
        return bisect_right(self._edges, cycle)


class Guarded:
    """A pattern's tempo as it is read in a set from sample `born` on.

    Raises TooSlowError where it takes too long.
    """

    def __init__(self, pattern: Pattern, seed: int, live: Reader | None, born: int, aside: Aside) -> None:
        self._read, self._born, self._aside = TempoReader(pattern, seed, live), born, aside
        self.gliding = self._read.gliding

    def __call__(self, cycle: Fraction, sample: int) -> tuple[int, Fraction]:
        if self._aside.since(PLACE, self._born, sample) is not None:
            raise TooSlowError("it took too long when the set was played")
        return self._aside.run(lambda: self._read(cycle, sample), PLACE, sample)


@dataclass(frozen=True)
class Pace:
    """What was asked of the tempo; of a ramp in its middle also where it is,
    and the cycles that are left.
    """

    asked: Asked
    bpm: Fraction = Fraction(0)
    left: Fraction = Fraction(0)


class Conductor:
    """What was asked of the tempo last, and what the tempo map makes of it.

    `beats` to the cycle; `trouble` is told once when a tempo pattern fails: the tempo stays where
    it is then. While others give the tempo it is `led`: numbers are still taken, and left in `wish`
    for them.
    """

    def __init__(
        self,
        tempo: TempoMap,
        asked: Asked,
        beats: int,
        seed: int,
        live: Reader | None = None,
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
        """Let the tempo be what it was: a ramp goes on from where it was.

        One that others give is left to them.
        """
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
            step = self._map.next_step  # which may lie before, where time has passed unheard
            self._stay(sample if step is None else min(step, sample), error)
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
