"""Notes that keys play, beside what a voice plays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

from latentcode.actions import Keyboard
from latentcode.engine.aside import ANY
from latentcode.engine.sounds.store import NotEncodedError
from latentcode.engine.voices.bend import Wheel
from latentcode.engine.voices.budget import Budget, Unmetered
from latentcode.engine.voices.extras import Extra
from latentcode.engine.voices.layer import FADE, Layer, Stage
from latentcode.engine.voices.press import KeyLayer, Press, keyed
from latentcode.engine.voices.reading import sources
from latentcode.engine.voices.track import Part
from latentcode.engine.voices.voice import Batch, Voice
from latentcode.latent.drones import resolved
from latentcode.latent.morph import Morph
from latentcode.latent.note import Note
from latentcode.patterns.digest import digest

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
    _part: Part | None = None
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
        """Read a latent of every recording that the keys can reach in some cycles; raises what the pattern raises."""
        assert self._part is not None
        assert self.keyboard is not None
        events = self._part.query(cycle, cycle + cycles, 0)
        values = list({digest(event.value): event.value for event in events}.values())[:MOST_VALUES]
        sample, stage = self.stage.tempo.sample_of(cycle), self.stage
        for value, pitch in recordings(self.keyboard, values, stage):
            press = Press(pitch, 1.0, sample, Wheel(stage.sample_rate))
            if (note := keyed(value, pitch)) is not None:
                layer = KeyLayer(note, press, self.keyboard.bend, stage, self.place.seed)
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

    def gather(self, end: int, batch: Batch) -> None:
        for layer in self.layers:
            if (latents := layer.wanted(end)) is not None:
                batch[layer] = latents

    def sweep(self, sample: int) -> None:
        self.notes = [note for note in self.notes if not note.over(sample)]
        for note in self.notes:
            note.layers = note.layers and [layer for layer in note.layers if not layer.envelope.over(sample)]

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
        """What keys play took too long: they are silent until they are given something else to play."""
        self._opening = None
        if blamed == self.blamed:
            self._part, self.notes = None, []
        return False

    def tempo_changed(self) -> None:
        for layer in self.layers:
            layer.tempo_changed()

    def take_over(self, part: Part | None, cycle: Fraction, morph: Morph | None = None) -> None:
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
        place, found = self.place, list[KeyLayer]()
        if self.keyboard is None or self._part is None:
            return found
        notes = list(self._notes(press))
        for note in notes:
            self._choke(note, press.sample)
        for sibling, note in enumerate(notes):
            if place.missed.has(place.index, press.sample, note):
                continue
            try:
                found.append(KeyLayer(note, press, self.keyboard.bend, place.stage, place.seed, sibling))
            except NotEncodedError as error:
                place.missed.add(place.index, press.sample, note, str(error))
        for layer in found if press.cut_at is not None else ():
            layer.cut(press.cut_at or 0)
        return found

    def _notes(self, press: Press) -> Iterator[Note]:
        """What the pattern says at the press, at the pitch of the key."""
        assert self._part is not None
        cycle = self.stage.tempo.cycle_at(press.sample)
        for event in self._part.query(cycle, cycle + INSTANT, press.sample):
            if event.part[0] == cycle and (note := keyed(event.value, press.pitch)) is not None:
                yield note

    def _choke(self, note: Note, sample: int) -> None:
        for layer in self.layers if note.cut is not None else ():
            if layer.note.cut == note.cut and layer.onset < sample:
                layer.cut(sample, FADE)


class Manual(Extra):
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


def recordings(keyboard: Keyboard, values: list[object], stage: Stage) -> Iterator[tuple[object, float]]:
    """Values and pitches that lead to all recordings that a keyboard can play, those nearest to its middle."""
    known = set[tuple[object, ...]]()
    pitches = {pitch for key in range(128) if (pitch := keyboard.pitch(key)) is not None}
    for number, value in enumerate(values):
        for pitch in sorted(pitches, key=lambda pitch: (abs(pitch - MIDDLE), pitch)):
            if (note := keyed(value, pitch)) is None:
                continue
            found = resolved(note.trajectory, stage.find)
            sounds = number, *(path.sound for path in sources(found))
            if sounds not in known:
                known.add(sounds)
                yield value, pitch
