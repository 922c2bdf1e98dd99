"""What sounds beside the sixteen voices' patterns: one cycle of a pattern, what a pad strikes,
what fades away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from latentcode.clock.groove import Edge, Queried
from latentcode.patterns import Event
from latentcode.patterns.event import Hands
from latentcode.patterns.rational import exact
from latentcode.synth.budget import Budget, Unmetered
from latentcode.synth.envelope import Ramp
from latentcode.synth.planned import Beside
from latentcode.synth.voice import Voice


@dataclass(frozen=True)
class OneCycle:
    """A compiled pattern of which only the cycle from `first` on is played."""

    compiled: Queried
    first: Fraction

    def query(self, begin: Edge, end: Edge, live: Hands = None) -> list[Event]:
        low, high = max(exact(begin), self.first), min(exact(end), self.first + 1)
        found = self.compiled.query(low, high, live) if low < high else []
        return [event for event in found if event.whole is None or event.whole[0] >= self.first]


@dataclass
class Extra:
    """A voice beside the voice of the same index; gone when its `fade` or its one cycle (`until`)
    is over.
    """

    voice: Voice
    fade: Ramp | None = None
    until: Fraction | None = None
    level: float = 1.0

    @property
    def kind(self) -> str:
        """What it is to a musician."""
        if self.fade is not None:
            return "fading"
        return "pad" if isinstance(self.voice, StruckVoice) else "once"

    def over(self, sample: int) -> bool:
        """Whether nothing of it sounds from `sample` on."""
        voice = self.voice
        if self.fade is not None and sample >= self.fade.end:
            return True
        if voice.layers:
            return False
        if self.until is not None:
            return voice.rendering.tempo.sample_of(self.until) <= sample
        return voice.playing is None and voice.pending is None

    def lost(self, sample: int) -> bool:
        """Whether it is over at `sample` where all layers have been lost."""
        faded = self.fade is not None and sample >= self.fade.end
        played = self.until is not None and self.voice.rendering.tempo.sample_of(self.until) <= sample
        return faded or played or (self.voice.playing is None and self.voice.pending is None)

    def beside(self, begin: int, end: int) -> Beside:
        """What it adds to the samples from `begin` up to `end`."""
        return Beside(self.voice.index, self.voice.parts(begin, end), self.level, self.fade)


@dataclass
class StruckVoice(Voice):
    """A voice that a pad has struck; `chokes` are the groups (None: all) that end in it,
    each from a sample on.
    """

    budget: Budget = field(default_factory=Unmetered)
    struck: bool = True
    chokes: list[tuple[Any, int]] = field(default_factory=list)

    def plan(self, begin: int, end: int) -> None:
        super().plan(begin, end)
        for group, sample in self.chokes:
            for layer in self.layers:
                if layer.onset < sample and (group is None or layer.note.cut == group):
                    layer.cut(sample)


class StruckPad(NamedTuple):
    """What a pad has struck: its voice, the same as an extra, and the sample at which it begins."""

    voice: StruckVoice
    extra: Extra
    begin: int
