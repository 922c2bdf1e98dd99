"""A press of a key: its layers, which sound until it is let go, bent by the wheel of its channel."""

from __future__ import annotations

from dataclasses import dataclass, replace

from latentcode.arrays import Float32, Float64
from latentcode.engine.voices.bend import HALF, BentStream, Course, Wheel
from latentcode.engine.voices.clock import Clock, Rates
from latentcode.engine.voices.layer import Layer, Stage
from latentcode.engine.voices.stream import Stream
from latentcode.latent import noise
from latentcode.latent.moments import Moments
from latentcode.latent.note import Note, note_of
from latentcode.patterns import Controls

RELEASE = 0.05  # seconds of fall of a note that says nothing of its release


@dataclass(eq=False)
class Press:
    """One press of a key: what it plays, and since when; until when, once it is known."""

    pitch: float
    level: float
    sample: int
    wheel: Wheel
    let_go: int | None = None
    cut_at: int | None = None
    layers: list[KeyLayer] | None = None  # None: nothing was opened yet

    def release(self, sample: int) -> None:
        """The key, and the pedal, are let go."""
        if self.let_go is None:
            self.let_go = sample
            for layer in self.layers or ():
                layer.find_end()

    def cut(self, sample: int) -> None:
        """Something takes its place."""
        if self.cut_at is None:
            self.cut_at = sample
            for layer in self.layers or ():
                layer.cut(sample)

    def over(self, sample: int) -> bool:
        """Whether nothing of it sounds from `sample` on."""
        return self.layers is not None and all(layer.envelope.over(sample) for layer in self.layers)


class KeyLayer(Layer):
    """One sound of a press. Its curves spread over the cycle that begins with it, and hold their end."""

    def __init__(
        self, note: Note, press: Press, semitones: float, stage: Stage, seed: int, sibling: int = 0
    ) -> None:
        self._press, self._semitones = press, semitones
        self._course: Course | None = None
        self._bent = False
        seed = noise.key(noise.key(seed, round(press.pitch)), sibling)
        begin = stage.tempo.cycle_at(press.sample)
        super().__init__(note, press.sample, (begin, begin + 1), press.sample, stage, seed)

    def find_end(self) -> None:
        """Release where the key was let go, or where a sound that rings out, or is not encoded, is over."""
        ends = [end for end in (self._sounded_out(), self._let_go()) if end is not None]
        if ends:
            self.end_at(min(ends))

    def wanted(self, end: int) -> Float32 | None:
        if self._course is not None and not self._bent and self._course.bent(end - self.start):
            self._bent = True
            self._latents.wait()  # when they are heard is not known ahead any more
        return super().wanted(end)

    def _let_go(self) -> int | None:
        return None if self.note.ring else self._press.let_go

    def _sounded_out(self) -> int | None:
        reading, rates = self._reading, self.stage.rates
        if reading.take is not None:
            length = float(reading.take.length)
        elif self.note.ring and reading.natural:
            length = reading.natural * rates.hop * rates.device / rates.model
        else:
            return None
        return self.onset + round(float(length * 2.0 ** (abs(self._semitones) / 12.0)))

    def _open(self) -> Stream:
        stream = super()._open()
        if not self._semitones:
            return stream
        self._course = Course(self._press.wheel, self._semitones, self.start)
        self._clock = BentClock(self._clock, self._course, self.stage.rates, self._ahead())
        return BentStream(stream, self._course)

    def _ahead(self) -> float:
        return super()._ahead() + (HALF + 1 if self._semitones else 0)

    def _faded(self, gain: float | Float64, count: int) -> float | Float64:
        return super()._faded(gain, count) * self._press.level


@dataclass(frozen=True)
class BentClock:
    """A clock of a sound that is bent: its sources advance as it is read, all else is when it is heard."""

    clock: Clock
    course: Course
    rates: Rates
    ahead: float

    def moments(self, grains: Float64) -> Moments:
        moments = self.clock.moments(grains)
        places = self.rates.samples(grains * self.rates.hop)
        heard = self.course.when(places, self.ahead)
        if heard is places:
            return moments
        return replace(self.clock.moments(self.rates.grains(heard)), seconds=moments.seconds)


def keyed(value: object, pitch: float) -> Note | None:
    """The note of a pattern's value at the pitch of a key; None where it has nothing to sound."""
    controls = Controls.of(value)
    note = note_of(controls.with_("note", pitch))
    if note is None or controls.get("release") is not None:
        return note
    return replace(note, release=RELEASE)
