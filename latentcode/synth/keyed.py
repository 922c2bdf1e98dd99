"""Notes that keys play, beside what a voice plays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial

from latentcode.arrays import Float64
from latentcode.clock.set_aside import ANY
from latentcode.inputs.keys import ANY as ANY_CHANNEL
from latentcode.inputs.keys import key
from latentcode.latents import noise
from latentcode.latents.drones import resolved
from latentcode.latents.moments import Moments
from latentcode.latents.morph import Morph
from latentcode.latents.note import Note, note_of
from latentcode.patterns import Controls
from latentcode.patterns.digest import digest
from latentcode.patterns.event import Hands
from latentcode.patterns.nodes import Live
from latentcode.patterns.tree import Tree, mapped
from latentcode.sounds.store import NotEncodedError
from latentcode.synth.bend import HALF, BendCurve, BentStream, Wheel
from latentcode.synth.budget import Budget, Unmetered
from latentcode.synth.clock import Clock, Rates
from latentcode.synth.compiled import CompiledPattern
from latentcode.synth.context import FADE, RenderContext
from latentcode.synth.decoding import Batch
from latentcode.synth.extras import Extra
from latentcode.synth.keyboard import Keyboard
from latentcode.synth.layer import Layer
from latentcode.synth.reading import sources
from latentcode.synth.stream import Stream, Wanted
from latentcode.synth.voice import Voice

RELEASE = 0.05  # seconds of fall of a note that says nothing of its release


@dataclass(eq=False)
class Press:
    """One press of a key: what it plays, and since when; until when, once it is known."""

    pitch: float
    level: float
    sample: int
    wheel: Wheel
    channel: str = ""  # whose pressure and controller 74 are its own, of MPE
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
    """One sound of a press.

    Its curves spread over the cycle that begins with it, and hold their end.
    """

    def __init__(
        self,
        note: Note,
        press: Press,
        semitones: float,
        rendering: RenderContext,
        seed: int,
        sibling: int = 0,
    ) -> None:
        self._press, self._semitones = press, semitones
        self._course: BendCurve | None = None
        self._bent = False
        seed = noise.key(noise.key(seed, round(press.pitch)), sibling)
        begin = rendering.tempo.cycle_at(press.sample)
        whole, sample = (begin, begin + 1), press.sample
        super().__init__(note, sample, whole, sample, rendering, seed, known=sample, struck=True)

    def find_end(self) -> None:
        """Release where the key was let go, or where a sound that rings out, or is not encoded,
        is over.
        """
        ends = [end for end in (self._sounded_out(), self._let_go()) if end is not None]
        if ends:
            self.end_at(min(ends))

    def wanted(self, end: int) -> Wanted | None:
        if self._course is not None and not self._bent and self._course.bent(end - self.start):
            self._bent = True
            self._latents.wait()  # when they are heard is not known ahead any more
        return super().wanted(end)

    def _let_go(self) -> int | None:
        let_go = self._press.let_go
        return None if self.note.ring or let_go is None else let_go + self.moved

    def _sounded_out(self) -> int | None:
        reading, rates = self._reading, self.rendering.rates
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
        self._course = BendCurve(self._press.wheel, self._semitones, self.start)
        self._clock = BentClock(self._clock, self._course, self.rendering.rates, self._ahead())
        return BentStream(stream, self._course)

    def _asked_ahead(self) -> int:
        return round(super()._asked_ahead() * float(2.0 ** (abs(self._semitones) / 12.0))) + HALF + 1

    def _ahead(self) -> float:
        return super()._ahead() + (HALF + 1 if self._semitones else 0)

    def _faded(self, gain: float | Float64, count: int) -> float | Float64:
        return super()._faded(gain, count) * self._press.level


@dataclass(frozen=True)
class BentClock:
    """A clock of a sound that is bent: its sources advance as it is read,
    all else is when it is heard.
    """

    clock: Clock
    course: BendCurve
    rates: Rates
    ahead: float

    def moments(self, grains: Float64, live: Hands = None) -> Moments:
        moments = self.clock.moments(grains, live)
        places = self.rates.samples(grains * self.rates.hop)
        heard = self.course.when(places, self.ahead)
        if heard is places:
            return moments
        return replace(self.clock.moments(self.rates.grains(heard), live), seconds=moments.seconds)


def keyed(value: object, pitch: float) -> Note | None:
    """The note of a pattern's value at the pitch of a key; None where it has nothing to sound."""
    controls = Controls.of(value)
    note = note_of(controls.with_("note", pitch))
    if note is None or controls.get("release") is not None:
        return note
    return replace(note, release=RELEASE)


def of_channel(note: Note, channel: str) -> Note:
    """A note whose wheel, pressure and controller 74 are those of a channel, where none is said."""

    def bound(tree: Tree) -> Tree:
        if not isinstance(tree, Live):
            return tree
        meant = key(tree.name)
        if meant.channel != ANY_CHANNEL or (meant.kind, meant.what) not in EXPRESSIVE:
            return tree
        return replace(tree, name=str(meant._replace(channel=channel)))

    made: Note = mapped(note, bound)
    return made


EXPRESSIVE = frozenset({("bend", ""), ("pressure", ""), ("cc", "74")})
MOST_NOTES = 16  # sounding at once; one more ends the first
MOST_VALUES = 32  # of a pattern that are tried
INSTANT = Fraction(1, 1 << 16)  # cycles in which the value of a pattern is looked for
MIDDLE = 60


@dataclass
class KeyVoice(Voice):
    """What keys play on a voice: `keyboard` says how (None: no more), `notes` sound."""

    keyboard: Keyboard | None = None
    notes: list[Press] = field(default_factory=list)
    budget: Budget = field(default_factory=Unmetered)
    _part: CompiledPattern | None = None
    _opening: Press | None = None
    _faults: set[str] = field(default_factory=set)  # that were told since the keyboard was set

    def set(self, keyboard: Keyboard | None) -> None:
        """Play otherwise from here on; what sounds goes on."""
        self.keyboard = keyboard
        self._faults.clear()
        self._part = None if keyboard is None else self.part(keyboard.pattern)

    def press(self, note: Press) -> None:
        """A note begins."""
        staying = [other for other in self.notes if other.let_go is None and other.cut_at is None]
        for oldest in staying[: max(len(staying) + 1 - MOST_NOTES, 0)]:
            oldest.cut(note.sample)
        self.notes.append(note)

    def rehearse_keys(self, cycle: Fraction, cycles: int) -> None:
        """Read a latent of every recording that the keys can reach in some cycles;
        raises what the pattern raises.
        """
        assert self._part is not None
        assert self.keyboard is not None
        events = self._part.query(cycle, cycle + cycles, 0)
        values = list({digest(event.value): event.value for event in events}.values())[:MOST_VALUES]
        sample, rendering = self.rendering.tempo.sample_of(cycle), self.rendering
        for value, pitch in recordings(self.keyboard, values, rendering):
            press = Press(pitch, 1.0, sample, Wheel(rendering.sample_rate))
            if (note := keyed(value, pitch)) is not None:
                layer = KeyLayer(note, press, self.keyboard.bend, rendering, self.context.seed)
                Budget().charge(partial(_read, layer, sample), 0.0)

    @property
    def layers(self) -> list[Layer]:
        return [layer for note in self.notes for layer in note.layers or ()]

    def plan(self, begin: int, end: int) -> None:
        for note in list(self.notes):
            if note.layers is None and note.sample < end:
                self._opening = note
                self._open(note)
        self._opening = None

    def foresee(self, begin: int, end: int) -> None:
        """Nobody knows what hands will do."""

    def fall_behind(self, sample: int) -> None:
        """What is decoded ahead is not there: it falls silent from `sample` on."""
        for layer in self.layers:
            if layer.rendering.ahead:
                layer.abandon(sample)

    def gather(self, end: int, batch: Batch) -> None:
        for layer in self.layers:
            if (wanted := layer.wanted(end)) is not None:
                batch[layer] = wanted

    def sweep(self, sample: int) -> None:
        self.notes = [note for note in self.notes if not note.over(sample)]
        for note in self.notes:
            note.layers = note.layers and [layer for layer in note.layers if not layer.envelope.over(sample)]

    def ring_out(self, sample: int) -> None:
        """Play no more from `sample` on."""
        self.silence(sample, FADE)

    def silence(self, sample: int, seconds: float) -> None:
        for layer in self.layers:
            layer.cut(sample, seconds)
        self.notes = [note for note in self.notes if note.layers is not None]

    def forget(self) -> None:
        self.notes = []

    def fail(self, begin: int) -> None:
        """A note that cannot be opened is left out; where one cannot go on, all end."""
        failed, self._opening = self._opening, None
        if failed is not None:
            self.notes.remove(failed)
            return
        for layer in self.layers:
            layer.abandon(begin)

    @property
    def blamed(self) -> str:
        return ANY if self._part is None else self._part.digest

    def set_aside(self, begin: int, end: int, blamed: str) -> bool:
        """What keys play took too long: they are silent until they are given something else to
        play.
        """
        self._opening = None
        if blamed == self.blamed:
            self._part, self.notes = None, []
        return False

    def tempo_changed(self) -> None:
        for layer in self.layers:
            layer.tempo_changed()

    def take_over(self, part: CompiledPattern | None, cycle: Fraction, morph: Morph | None = None) -> None:
        """Keys play whatever the voice plays."""

    def settle(self, sample: int) -> None:
        """Nothing is pending."""

    def _open(self, note: Press) -> None:
        """Let a note begin. Raises what the pattern raises, once; then the key is silent."""
        try:
            note.layers = self._opened(note)
        except Exception as error:
            if str(error) not in self._faults:
                self._faults.add(str(error))
                raise
            self.notes.remove(note)

    def _opened(self, press: Press) -> list[KeyLayer]:
        context, found = self.context, list[KeyLayer]()
        if self.keyboard is None or self._part is None or not context.heard:
            return found
        notes = list(self._notes(press))
        for note in notes:
            self._choke(note, press.sample)
        for sibling, note in enumerate(notes):
            if context.missed.has(context.index, press.sample, note):
                continue
            try:
                found.append(
                    KeyLayer(note, press, self.keyboard.bend, context.rendering, context.seed, sibling)
                )
            except NotEncodedError as error:
                context.missed.add(context.index, press.sample, note, str(error))
        for layer in found if press.cut_at is not None else ():
            layer.cut(press.cut_at or 0)
        return found

    def _notes(self, press: Press) -> Iterator[Note]:
        """What the pattern says at the press, at the pitch of the key."""
        assert self._part is not None
        cycle = self.rendering.tempo.cycle_at(press.sample)
        for event in self._part.query(cycle, cycle + INSTANT, press.sample):
            if event.part[0] == cycle and (note := keyed(event.value, press.pitch)) is not None:
                yield of_channel(note, press.channel) if press.channel else note

    def _choke(self, note: Note, sample: int) -> None:
        for layer in self.layers if note.cut is not None else ():
            if layer.note.cut == note.cut and layer.onset < sample:
                layer.cut(sample, FADE)


class KeysExtra(Extra):
    """A voice that keys play; there as long as it has a keyboard, or something of it sounds."""

    def __init__(self, voice: KeyVoice) -> None:
        super().__init__(voice)
        self.keys = voice

    @property
    def kind(self) -> str:
        return "keys"

    def over(self, sample: int) -> bool:
        return self.keys.keyboard is None and not self.keys.notes

    def lost(self, sample: int) -> bool:
        return self.keys.keyboard is None


def _read(layer: KeyLayer, sample: int) -> None:
    layer.wanted(sample + 1)


def recordings(
    keyboard: Keyboard, values: list[object], rendering: RenderContext
) -> Iterator[tuple[object, float]]:
    """Values and pitches that lead to all recordings that a keyboard can play,
    those nearest to its middle.
    """
    known = set[tuple[object, ...]]()
    pitches = {pitch for key in range(128) if (pitch := keyboard.pitch(key)) is not None}
    for number, value in enumerate(values):
        for pitch in sorted(pitches, key=lambda pitch: (abs(pitch - MIDDLE), pitch)):
            if (note := keyed(value, pitch)) is None:
                continue
            found = resolved(note.trajectory, rendering.find)
            sounds = number, *(path.sound for path in sources(found))
            if sounds not in known:
                known.add(sounds)
                yield value, pitch
