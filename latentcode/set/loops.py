"""Loops of what came in, as the set has them: what of it they hold, and where in it they are.

Pure in commands, tempo and what came in: the same live and in a replay.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.clock.tempo import TempoMap
from latentcode.inputs.history import InputHistory
from latentcode.latents.compile import Latents
from latentcode.latents.listening import LiveIn
from latentcode.latents.looping import LOOPS, index_of
from latentcode.models.family import FrameCodec
from latentcode.sounds.hearing import Hearing, levelled, rows

LONGEST = 36.0  # seconds: of what came in no more is kept
AROUND = 1 << 14  # samples on either side of a take that frames at its ends are made of
BEHIND = 2.0  # seconds after its end by which all of a take has come in
MOST_UNDONE = 32

Notice = Callable[[str], None]


@dataclass(frozen=True)
class Take:
    """What came in from a cycle on, for as long as the loop is."""

    begin: Fraction


@dataclass(frozen=True)
class Stretch:
    """From a cycle on: the takes that are heard together, the place in the loop, in cycles, and how
    many cycles it moves on in one; below 0 backwards.
    """

    since: Fraction
    takes: tuple[Take, ...] = ()
    place: Fraction = Fraction(0)
    pace: Fraction = Fraction(1)

    def at(self, cycle: Fraction) -> Fraction:
        """The place in the loop at a cycle, which may lie rounds further on."""
        return self.place + (cycle - self.since) * self.pace


@dataclass(eq=False)
class InputRound:
    """One loop, in phase with the cycles in which it was recorded; see `latents.looping.Round`.

    patient  whether it asks for nothing that has not come in yet: whoever did would hear silence
             there, and so would all rounds, and the recording
    """

    name: str
    source: LiveIn
    cycles: Fraction
    tempo: TempoMap
    hearing: Hearing
    patient: bool = False
    stretches: list[Stretch] = field(default_factory=list)
    before: list[tuple[Take, ...]] = field(default_factory=list)  # what undo comes back to
    kept: dict[Take, tuple[int, Float32]] = field(default_factory=dict)

    def told(self, what: str, cycle: Fraction) -> None:
        """Do something from a cycle on."""
        ACTIONS[what](self, cycle)

    def _now(self, cycle: Fraction) -> Stretch:
        """What is heard at a cycle, as if it began there."""
        place = bisect_right([one.since for one in self.stretches], cycle) - 1
        if place < 0:
            return Stretch(cycle, (), cycle % self.cycles)
        found = self.stretches[place]
        return replace(found, since=cycle, place=found.at(cycle) % self.cycles)

    def _from(self, *stretches: Stretch) -> None:
        """What is heard from here on; what was still to come is not."""
        earlier = [one for one in self.stretches if one.since < stretches[0].since]
        self.stretches = [*earlier, *stretches]

    @property
    def _latest(self) -> tuple[Take, ...]:
        """The takes that are heard when all that was asked is done."""
        return self.stretches[-1].takes if self.stretches else ()

    def _record(self, cycle: Fraction, beside: bool) -> None:
        now, below, place = self._now(cycle), self._latest, cycle % self.cycles
        self._remember()
        takes = (*(below if beside else ()), Take(cycle))
        self._from(Stretch(cycle, now.takes, place), Stretch(cycle + self.cycles, takes, place))

    def _undo(self, cycle: Fraction) -> None:
        if self.before:
            self._from(replace(self._now(cycle), takes=self.before.pop()))

    def _clear(self, cycle: Fraction) -> None:
        self._remember()
        self._from(replace(self._now(cycle), takes=()))

    def _remember(self) -> None:
        """Let undo come back to what is there now."""
        self.before = [*self.before[1 - MOST_UNDONE :], self._latest]

    def _half(self, cycle: Fraction) -> None:
        slow = abs(self._now(cycle).pace) < 1
        self._paced(cycle, Fraction(2) if slow else Fraction(1, 2))

    def _turn(self, cycle: Fraction) -> None:
        self._paced(cycle, Fraction(-1))

    def _paced(self, cycle: Fraction, factor: Fraction) -> None:
        """Go on from where it is at another pace, and so with what is still to come."""
        later = [one for one in self.stretches if one.since > cycle]
        paced = [replace(one, pace=one.pace * factor) for one in (self._now(cycle), *later)]
        self._from(*paced)

    def recording(self, cycle: float) -> float | None:
        """How many cycles of a take are done, below 0 before it begins; None without one."""
        takes = [take for one in self.stretches for take in one.takes]
        begun = max((float(take.begin) for take in takes), default=None)
        return None if begun is None or cycle >= begun + float(self.cycles) else cycle - begun

    def keep(self, position: int) -> None:
        """Keep what came in for takes that are over, before it is forgotten."""
        behind = position - BEHIND * self.hearing.rate
        takes = {*self._latest, *(take for takes in self.before for take in takes)}
        for take in takes - self.kept.keys():
            first, last = self._bounds(take)
            if last < behind:
                self.kept[take] = first - AROUND, self._came_in(first - AROUND, last - first + 2 * AROUND)
        self.kept = {take: samples for take, samples in self.kept.items() if take in takes}

    def latents(self, model: str, samples: Float64, place: Float64 | None, backwards: bool) -> Latents:
        codec = self.hearing.codec(model)
        cycles = self.tempo.cycles(samples)
        places = np.full(len(samples), np.nan) if place is None else np.broadcast_to(place, len(samples))
        found = [
            self._frame(codec, sample, cycle, where, backwards)
            for sample, cycle, where in zip(samples.tolist(), cycles.tolist(), places.tolist(), strict=True)
        ]
        return rows(found)

    def _frame(self, codec: FrameCodec, sample: float, cycle: float, where: float, backwards: bool) -> Any:
        number = bisect_right([float(one.since) for one in self.stretches], cycle + 1e-9) - 1
        stretch = self.stretches[number] if number >= 0 else Stretch(Fraction(0))
        if not stretch.takes:
            return self.hearing.silence(codec)
        moved = float(stretch.place) + (cycle - float(stretch.since)) * float(stretch.pace)
        phase = moved / float(self.cycles) % 1.0 if np.isnan(where) else min(where, 1 - 1e-9)
        count = self._frames(codec, stretch.takes[0])
        index = int(index_of(np.array([phase]), count)[0])
        index = count - 1 - index if backwards else index
        if self.patient and not self._whole(codec, stretch.takes, index, count, sample):
            index = (index + 1) % count  # the first of a round may lie before the begin of the take
            if not self._whole(codec, stretch.takes, index, count, sample):
                return self.hearing.silence(codec)
        key = (self.name, stretch.takes, index, count)
        return self.hearing.encoded(key, codec, lambda: self._samples(codec, stretch.takes, index, count))

    def _frames(self, codec: FrameCodec, take: Take) -> int:
        """Frames of a round."""
        first, last = self._bounds(take)
        hop = codec.card.advance * self.hearing.rate / codec.card.sample_rate
        return max(round((last - first) / hop), 1)

    def _samples(self, codec: FrameCodec, takes: tuple[Take, ...], index: int, count: int) -> Float32 | None:
        """What a frame is made of: what came in at its place in each take."""
        found = np.zeros(sum(codec.around), np.float32)
        for take in takes:
            moment = self._moment(take, index, count)
            found += self.hearing.around(codec, moment, partial(self._of, take))
        return levelled(found, self.source)

    def _moment(self, take: Take, index: int, count: int) -> int:
        """The sample of a take at which a frame of a round lies."""
        place = Fraction(index, count) * self.cycles
        return self.tempo.sample_of(take.begin + (place - take.begin) % self.cycles)

    def _whole(
        self, codec: FrameCodec, takes: tuple[Take, ...], index: int, count: int, sample: float
    ) -> bool:
        """Whether a frame that is heard at a sample has come in, in all takes."""
        moments = (self._moment(take, index, count) for take in takes if take not in self.kept)
        return all(self.hearing.whole(codec, moment, sample) for moment in moments)

    def _of(self, take: Take, first: int, count: int) -> Float32:
        if take not in self.kept:
            return self._came_in(first, count)
        begin, kept = self.kept[take]
        out = np.zeros(count, np.float32)
        low, high = max(first, begin), min(first + count, begin + len(kept))
        out[max(low - first, 0) : max(high - first, 0)] = kept[low - begin : max(high - begin, 0)]
        return out

    def _bounds(self, take: Take) -> tuple[int, int]:
        """The sample that a take begins with, and the one after its last."""
        return self.tempo.sample_of(take.begin), self.tempo.sample_of(take.begin + self.cycles)

    def _came_in(self, first: int, count: int) -> Float32:
        return self.hearing.samples(self.source.channels, first, count)


ACTIONS: dict[str, Callable[[InputRound, Fraction], None]] = {
    "record": lambda loop, cycle: loop._record(cycle, beside=False),
    "overdub": lambda loop, cycle: loop._record(cycle, beside=True),
    "half": InputRound._half,
    "turn": InputRound._turn,
    "undo": InputRound._undo,
    "clear": InputRound._clear,
}


class Loops:
    """All loops of a set; those who read patterns find them by name in `InputHistory.known`."""

    def __init__(
        self, inputs: Callable[[], InputHistory], tempo: TempoMap, notice: Notice, patient: bool
    ) -> None:
        self._inputs, self._tempo, self._notice, self._patient = inputs, tempo, notice, patient
        self._rounds: dict[str, InputRound] = {}

    def tell(
        self, hearing: Hearing | None, cycle: Fraction, name: str, source: LiveIn, cycles: Fraction, what: str
    ) -> None:
        """Let a loop do something from a cycle on."""
        if hearing is None:
            return
        if name not in self._rounds:
            made = InputRound(name, source, cycles, self._tempo, hearing, self._patient)
            self._rounds[name] = self._inputs().known[LOOPS + name] = made
        seconds = float(cycles / self._tempo.cps_at(self._tempo.sample_of(cycle)))
        if seconds > LONGEST:
            self._notice(f"✗ {seconds:.0f} s are too long for a loop: {LONGEST:.0f} s are the most")
        else:
            self._rounds[name].told(what, cycle)

    def keep(self, position: int) -> None:
        """See `InputRound`; to be called before each block."""
        for loop in self._rounds.values():
            loop.keep(position)

    def state(self, cycle: float) -> tuple[tuple[str, float, float], ...]:
        """What is being recorded at a cycle: an input, cycles done, cycles in all."""
        found = ((loop, loop.recording(cycle)) for loop in self._rounds.values())
        return tuple(
            (loop.source.ears[0].name, done, float(loop.cycles)) for loop, done in found if done is not None
        )
