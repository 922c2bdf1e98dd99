"""What is told and shown of a span that is played again and again: its first pass, kept for those
that follow, in which nothing is rendered any more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import TypeAlias

from msgspec.structs import replace

from latentcode.clock.tempo import TempoMap
from latentcode.protocol.messages import State

Latents: TypeAlias = tuple[tuple[int, bytes], ...]  # where voices are
Note: TypeAlias = tuple[int, int, float | None, str]  # voice, first sample, pitch, name

NOW = (
    *("sample", "playhead", "lead", "load", "player_load", "dry", "xruns", "peak", "held", "over"),
    *("voice_peaks", "recording", "outputs", "timing", "midi", "device"),
)
"""What a state says of the machine, and of what is heard: it is that of now in each pass."""


class Rounds:
    """The first pass from sample `first` up to `last`, and where the set stands in each later one.

    Samples of passes go on and on; their place is the sample of the first pass that they repeat.
    """

    def __init__(self, first: int, last: int, tempo: TempoMap) -> None:
        self.first, self.last = first, last
        self._tempo = tempo
        self._states: list[State] = []
        self._moments: list[float] = []
        self._latents: list[Latents] = []
        self._ends: dict[Note, int] = {}

    def passed(self, sample: float) -> tuple[int, float]:
        """How many passes lie before a sample, and its place."""
        passes, place = divmod(sample - self.first, self.last - self.first)
        return int(passes), self.first + place

    def state(self, now: State) -> State:
        """The state to be told: in a later pass that of the first, but for the machine's."""
        if now.playhead < self.last:
            if now.playhead >= self.first:
                self._states.append(now)
            return now
        _, place = self.passed(now.playhead)
        at = bisect_right(self._states, place, key=lambda one: one.playhead)
        then = self._states[max(at - 1, 0)] if self._states else now
        own = {name: getattr(now, name) for name in NOW}
        return replace(then, cycle=float(self._tempo.cycle_at(int(place))), **own)

    def saw(self, heard: float, latents: Latents, notes: Iterator[tuple[Note, int]]) -> None:
        """What was seen at a sample of the first pass; notes, each with the sample of its end."""
        self._moments.append(heard)
        self._latents.append(latents)
        self._ends.update(notes)

    def latents(self, heard: float) -> Latents:
        """Where voices are at a sample of a later pass."""
        at = bisect_right(self._moments, self.passed(heard)[1])
        return self._latents[at - 1] if at else ()

    def notes(self, begin: float, end: float) -> Iterator[tuple[Note, int]]:
        """The notes that begin from one sample of later passes on up to another, as they lie there;
        one that lasts for ever ends with its pass.
        """
        length = self.last - self.first
        for passes in range(max(self.passed(begin)[0], 1), self.passed(end)[0] + 1):
            later = passes * length
            for (voice, first, pitch, name), over in list(self._ends.items()):
                if begin <= first + later < end:
                    yield (voice, first + later, pitch, name), later + (self.last if over < 0 else over)
