"""A session as a MIDI file: what its patterns sent, and the notes that they gave to voices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from latentcode.checks import is_number
from latentcode.clock.tempo import TempoMap
from latentcode.errors import SessionError
from latentcode.files import atomic
from latentcode.latents.drones import resolved
from latentcode.set.event_encoder import MIDDLE_C, VELOCITY, OutgoingEvent
from latentcode.set.performance import Performance
from latentcode.synth.layer import Layer
from latentcode.synth.reading import sources

BEATS, TICKS = 4, 480  # to the cycle, to the beat
LOOK = Fraction(1, 16)  # cycles between two looks at a tempo that moves
KEYS = range(128)


@dataclass(frozen=True)
class VoiceNote:
    """A note that sounded on a voice (from 0), from one session sample to another."""

    voice: int
    begin: int
    end: int
    key: int
    velocity: int


@dataclass
class MidiScore:
    """What a performance plays and sends, as it is rendered; `write` makes a file of a part."""

    notes: list[VoiceNote] = field(default_factory=list)
    sent: list[OutgoingEvent] = field(default_factory=list)
    _sounding: dict[int, tuple[int, Layer]] = field(default_factory=dict)

    def begin(self, performance: Performance) -> None:
        """Listen to a performance, before its first sample; what another one did is forgotten."""
        self._performance = performance
        self.notes, self.sent, self._sounding = [], [], {}
        performance.outgoing.send = self.sent.append
        performance.renderer.watch = self._look

    def write(self, path: Path, first: int, last: int) -> None:
        """Write what lies between two session samples, the first of them at tick 0.

        Each voice is a track, with its number as its channel; a note's key is its pitch, or that at
        which its sound was recorded, or middle C; its velocity comes of its gain. What was sent has
        a track for each port. Raises OSError.
        """
        import mido  # type: ignore[import-untyped, unused-ignore]

        for number in list(self._sounding):
            self._ended(number)
        ruler = _Ruler(self._performance.renderer.tempo, first, last)
        file = mido.MidiFile(type=1, ticks_per_beat=TICKS)
        file.tracks.append(_track("tempo", ruler.tempo(), ruler.end))
        for voice in sorted({note.voice for note in self.notes}):
            found = _separate([note for note in self.notes if note.voice == voice], first, last)
            if events := list(_played(found, ruler)):
                file.tracks.append(_track(f"d{voice + 1}", events, ruler.end))
        for port in sorted({one.where.port for one in self.sent if one.where.service == "midi"}):
            if events := list(_sent([one for one in self.sent if one.where.port == port], ruler)):
                file.tracks.append(_track(port, events, ruler.end))
        with atomic.replacing(path) as part:
            file.save(str(part))

    def _look(self) -> None:
        """A block has been planned: what is new sounds, and what is gone has ended."""
        found = {
            id(layer): (voice.index, layer)
            for voice in self._performance.renderer.sounding
            for layer in voice.layers
        }
        for number in [number for number in self._sounding if number not in found]:
            self._ended(number)
        self._sounding.update(found)

    def _ended(self, number: int) -> None:
        voice, layer = self._sounding.pop(number)
        key, gain = _key(layer), layer.note.gain
        level = VELOCITY * float(gain) if is_number(gain) else VELOCITY
        velocity = min(max(round(127 * level), 1), 127)
        if key in KEYS and level > 0:
            self.notes.append(VoiceNote(voice, layer.start, layer.envelope.falls, key, velocity))


def check_mido() -> None:
    """Raise SessionError where a MIDI file cannot be written."""
    try:
        import mido  # noqa: F401
    except ImportError:
        raise SessionError("a MIDI file needs mido, which is not installed; type pip install mido") from None


def _key(layer: Layer) -> int:
    first = next(sources(resolved(layer.note.trajectory, layer.rendering.find)), None)
    own = None if first is None else first.pitch if first.wanted is None else first.wanted
    pitch = own if layer.note.pitch is None else layer.note.pitch
    return MIDDLE_C if pitch is None else int(pitch + 0.5)


class _Ruler:
    """From session samples to ticks."""

    def __init__(self, tempo: TempoMap, first: int, last: int) -> None:
        self._tempo, self.first, self.last = tempo, first, last
        self._begin = tempo.cycle_at(first)
        self.end = self.tick(last)

    def tick(self, sample: int) -> int:
        cycles = self._tempo.cycle_at(min(max(sample, self.first), self.last)) - self._begin
        return max(round(cycles * BEATS * TICKS), 0)

    def tempo(self) -> list[tuple[int, Any]]:
        """The tempo at its changes, and where it moves, again and again."""
        import mido

        signature = mido.MetaMessage("time_signature", numerator=BEATS, denominator=4)
        found, before = [(0, signature)], None
        for begin, end in pairwise([*self._looks(), self.last]):
            if (bpm := self._bpm(begin, end)) != before:
                found.append((self.tick(begin), mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm))))
            before = bpm
        return found

    def _bpm(self, begin: int, end: int) -> float:
        """The tempo between two samples; where it moves the mean, so that the second is in time."""
        cps, tempo = self._tempo.cps_at(begin), self._tempo
        if cps != tempo.cps_at(end - 1):
            cps = (tempo.cycle_at(end) - tempo.cycle_at(begin)) * tempo.sample_rate / (end - begin)
        return float(cps * 60 * BEATS)

    def _looks(self) -> list[int]:
        end = self._tempo.cycle_at(self.last)
        steps = range(int((end - self._begin) / LOOK) + 1)
        grid = {self._tempo.sample_of(self._begin + step * LOOK) for step in steps}
        return sorted(at for at in {*grid, *self._tempo.changes, self.first} if self.first <= at < self.last)


def _separate(notes: list[VoiceNote], first: int, last: int) -> Iterator[VoiceNote]:
    """The notes of a part, none of them over another on the same key."""
    following: dict[int, int] = {}
    for note in sorted(notes, key=lambda note: note.begin, reverse=True):
        end = min(note.end, following.get(note.key, last), last)
        begin = max(note.begin, first)
        following[note.key] = note.begin
        if begin < end:
            yield VoiceNote(note.voice, begin, end, note.key, note.velocity)


def _played(notes: Iterator[VoiceNote], ruler: _Ruler) -> Iterator[tuple[int, Any]]:
    import mido

    for note in notes:
        begin = ruler.tick(note.begin)
        whom = {"channel": note.voice % 16, "note": note.key}
        yield begin, mido.Message("note_on", velocity=note.velocity, **whom)
        yield max(ruler.tick(note.end), begin + 1), mido.Message("note_off", **whom)


def _sent(events: list[OutgoingEvent], ruler: _Ruler) -> Iterator[tuple[int, Any]]:
    """What was sent in a part; notes that are held at its end are let go there."""
    import mido

    held = {}
    for event in events:
        if event.where.service != "midi" or not ruler.first <= event.sample < ruler.last:
            continue
        for data in event.data:
            message = mido.Message.from_bytes(data)
            if message.type in ("note_on", "note_off"):
                key = message.channel, message.note
                if message.type == "note_on" and message.velocity:
                    held[key] = message
                elif held.pop(key, None) is None:
                    continue  # it began before
            yield ruler.tick(event.sample), message
    for channel, note in held:
        yield ruler.end, mido.Message("note_off", channel=channel, note=note)


def _track(name: str, events: list[tuple[int, Any]], end: int) -> Any:
    import mido

    track, at = mido.MidiTrack([mido.MetaMessage("track_name", name=name)]), 0
    for tick, message in sorted(events, key=lambda event: (event[0], event[1].type == "note_on")):
        track.append(message.copy(time=tick - at))
        at = tick
    track.append(mido.MetaMessage("end_of_track", time=max(end - at, 0)))
    return track
