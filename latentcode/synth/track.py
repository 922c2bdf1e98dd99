"""A track: one pattern as a voice plays it, its events as far as they are known, and its layers that sound."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from latentcode.clock.groove import Groove, Queried
from latentcode.errors import RangeError
from latentcode.latents import noise
from latentcode.latents.note import Note, note_of
from latentcode.patterns import Event, Pattern
from latentcode.patterns.digest import digest
from latentcode.patterns.event import LiveReader
from latentcode.sounds.store import NotEncodedError
from latentcode.synth.layer import FADE, Layer, RenderContext
from latentcode.synth.reading import Whole

if TYPE_CHECKING:
    from latentcode.latents.morph import Share
    from latentcode.synth.morph import Fade, LatentCrossfade

CHUNK = Fraction(1, 4)  # cycles queried at a time
MOST_EVENTS = 256  # in one chunk
GRID = 512  # samples of the session for which what is queried sees live inputs as they are
ALL = ""  # the name of all notes of a voice that begin at a sample
MOST_LAYERS = 8  # sounding at once; one more ends the oldest


@dataclass(frozen=True, eq=False)
class CompiledPattern:
    """A pattern as a voice plays it.

    `origin`: the sample from which its drones count their phase; `label`: what the musician typed for it; `live`:
    what it asks for live inputs.
    """

    pattern: Pattern
    compiled: Queried
    origin: int = 0
    label: str = ""
    live: LiveReader | None = None

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits by which the journal names the pattern."""
        return self.pattern.digest[:12]

    def query(self, begin: Fraction, end: Fraction, sample: int) -> list[Event]:
        """The events of a span; live inputs are as they were at the last multiple of GRID samples up to `sample`."""
        live = self.live
        if live is None:
            return self.compiled.query(begin, end)
        lag, live.lag, live.at = live.lag, 0, np.array([sample // GRID * GRID], np.float64)
        try:
            return self.compiled.query(begin, end)
        finally:
            live.lag = lag

    def events(self, begin: Fraction, end: Fraction, sample: int, stage: RenderContext) -> list[Event]:
        """The same of a chunk; none where there are more than can be played."""
        events = self.query(begin, end, sample)
        if len(events) <= MOST_EVENTS:
            return events
        stage.beyond(
            RangeError(
                f"{len(events)} events in a quarter of a cycle are more than a voice plays ({MOST_EVENTS}); "
                "slow the pattern down"
            )
        )
        return []


@dataclass
class Missed:
    """What was not encoded in time for its onset, by voice and sample, each by its name; a replay is given it.

    A note's name is the beginning of its digest, as others may begin at the same sample; ALL stands for all of them.
    """

    known: dict[tuple[int, int], set[str]] = field(default_factory=dict)
    report: Callable[[int, int, str, str], None] = lambda voice, sample, name, text: None

    def has(self, voice: int, sample: int, note: Note | None = None) -> bool:
        """Whether a note that begins at a sample was missed; any, where none is given."""
        names = self.known.get((voice, sample), set())
        return bool(names) and (note is None or ALL in names or named(note) in names)

    def add(self, voice: int, sample: int, note: Note | None, text: str) -> None:
        """It has been missed."""
        name = ALL if note is None else named(note)
        self.know(voice, sample, name)
        self.report(voice, sample, name, text)

    def know(self, voice: int, sample: int, name: str | None = None) -> None:
        """It was missed when the set was played; without a name all that begins there, as in journals of before."""
        self.known.setdefault((voice, sample), set()).add(name or ALL)


@dataclass(frozen=True)
class VoiceContext:
    """Which voice it is, and what its tracks have in common.

    `unread`: onsets of a pattern that a morph comes from, whose sounds were not encoded in time.
    """

    index: int
    stage: RenderContext
    seed: int
    missed: Missed
    groove: Groove = field(default_factory=Groove)
    unread: Missed = field(default_factory=Missed)


@dataclass
class Drone:
    """A drone that sounds, and the cycle up to which the pattern is known to hold it."""

    layer: Layer
    value: object
    until: Fraction


class Track:
    """Plays `part` from cycle `since` on; knows its events as far as `horizon`.

    `turn` mixes its latents with those of what played before, `fades` shape its gain (see `morph.py`).
    """

    def __init__(
        self, part: CompiledPattern, since: Fraction, place: VoiceContext, turn: LatentCrossfade | None = None
    ) -> None:
        self.part, self.since, self.horizon, self.turn = part, since, since, turn
        self.fades: list[Fade] = []
        self.share: Share | None = None  # how far it is on its way here
        self.coming_from = ""
        self.until: Fraction | None = None  # the cycle at which it leaves
        self.place, self._tempo = place, place.stage.tempo
        self._upcoming: deque[Event] = deque()
        self._drones: list[Drone] = []
        self.layers: list[Layer] = []
        self.playing, self._by_hand = True, False

    def begin(self) -> None:
        """Sound what has begun before and goes on."""
        start = self._tempo.sample_of(self.since)
        for event in self._events(self.since, next_chunk(self.since), start):
            if event.whole is not None and event.whole[0] < event.part[0] == self.since:
                self._sound(event, start)

    def follow(self, last: Track) -> None:
        """Go on with the morph of a track of the same pattern."""
        if last.part.pattern.digest == self.part.pattern.digest and last.turn is not None:
            self.turn, self.share, self.coming_from = last.turn, last.share, last.coming_from

    def advance(self, end: int) -> None:
        """Open the layers whose onsets lie before `end`, and end the drones that are over."""
        if self.playing and self.until is not None and (last := self._tempo.sample_of(self.until)) < end:
            self._advance(last)
            self.leave(last)
        self._advance(end)

    def _advance(self, end: int) -> None:
        while self.playing and self._tempo.sample_of(self.horizon) < end:
            self._look_ahead()
        while self._upcoming and self._tempo.sample_of(self._upcoming[0].part[0]) < end:
            self._open(self._upcoming.popleft())
        for drone in self._drones:
            if (ends := self._tempo.sample_of(drone.until)) < end:
                drone.layer.cut(ends)
        self._drones = [drone for drone in self._drones if not drone.layer.envelope.leaving]

    def next_change(self) -> Fraction | None:
        """The cycle of the next onset, of the end of a drone, or up to which the events are known."""
        cycles = [drone.until for drone in self._drones]
        cycles += [self.horizon] if self.playing else []
        cycles += [self._upcoming[0].part[0]] if self._upcoming else []
        cycles += [self.until] if self.playing and self.until is not None else []
        return min(cycles, default=None)

    def leave(self, sample: int, seconds: float = FADE, ringing: bool = False) -> None:
        """Fall silent from `sample` on; if `ringing`, but for plain sounds whose events are over."""
        for layer in self.layers:
            if not (ringing and layer.rings(sample)):
                layer.cut(sample, seconds)
        self._stop()

    def abandon(self, sample: int) -> None:
        """Fall silent from `sample` on without reading the pattern again."""
        for layer in self.layers:
            layer.abandon(sample)
        self._stop()

    def withdraw(self, sample: int) -> None:
        """The same, as if nothing had been read for the samples from `sample` on."""
        self.layers = [layer for layer in self.layers if layer.start < sample]
        for layer in self.layers:
            layer.withdraw(sample)
        self._stop()

    def sweep(self, sample: int) -> None:
        """Drop the layers of which nothing sounds from `sample` on."""
        self.layers = [layer for layer in self.layers if not layer.envelope.over(sample)]

    def keep_drones(self) -> None:
        """Drop all layers but the drones."""
        self.layers = [drone.layer for drone in self._drones]

    def tempo_changed(self) -> None:
        if self.turn is not None:
            self.turn.tempo_changed()
        for layer in self.layers:
            layer.tempo_changed()

    def _stop(self) -> None:
        self.playing, self._upcoming, self._drones = False, deque(), []

    def _look_ahead(self) -> None:
        until, events = self._chunk()
        found = [event for event in events if event.whole is None or event.has_onset]
        self._upcoming.extend(sorted(found, key=lambda event: event.part[0]))
        self.horizon = until

    def _chunk(self) -> tuple[Fraction, list[Event]]:
        """The events from the horizon on, and up to where; no further than what they depend on is known."""
        begin, until = self.horizon, next_chunk(self.horizon)
        start, live = self._tempo.sample_of(begin), self.part.live
        if live is not None and not live.foreseen:
            asked = live.asked
            if not self._by_hand:
                events = self._events(begin, until, start)
                self._by_hand = live.asked != asked
            if self._by_hand:
                until = min(until, self._tempo.cycle_at((start // GRID + 1) * GRID))
                events = self._events(begin, until, start)
            return until, events
        return until, self._events(begin, until, start)

    def _events(self, begin: Fraction, end: Fraction, sample: int) -> list[Event]:
        return self.part.events(begin, end, sample, self.place.stage)

    def _open(self, event: Event) -> None:
        if event.whole is not None:
            self._sound(event, self._tempo.sample_of(event.whole[0]))
            return
        known = next((drone for drone in self._drones if same(drone.value, event.value)), None)
        if known is not None and known.until >= event.part[0]:
            known.until = max(known.until, event.part[1])
        else:
            self._drone(event)

    def _drone(self, event: Event) -> None:
        note = note_of(event.value)
        if note is None:
            return
        layer = self._layer(note, self.part.origin, None, self._tempo.sample_of(event.part[0]))
        if layer is not None:
            self._drones.append(Drone(layer, event.value, event.part[1]))

    def _sound(self, event: Event, start: int) -> None:
        note = note_of(event.value)
        if note is None:
            return
        assert event.whole is not None
        onset = self._tempo.sample_of(event.whole[0])
        for layer in self.layers:
            if note.cut is not None and layer.note.cut == note.cut and layer.onset < onset:
                layer.cut(start)
        self._layer(note, onset, event.whole, start)

    def _layer(self, note: Note, onset: int, whole: Whole | None, start: int) -> Layer | None:
        """A new layer; None where its sound is not encoded yet, or was not when the set was played."""
        place = self.place
        sounding = [layer for layer in self.layers if not layer.envelope.over(start)]
        siblings = sum(layer.onset == onset for layer in sounding)
        if place.missed.has(place.index, start, note):
            return None
        try:
            seed = noise.key(place.seed, siblings)
            layer = Layer(note, onset, whole, start, place.stage, seed, self._turn_at(start), self.fades)
        except NotEncodedError as error:
            place.missed.add(place.index, start, note, str(error))
            return None
        except RangeError as error:
            place.stage.beyond(error)
            return None
        self.layers.append(layer)
        staying = [other for other in sounding if not other.envelope.leaving]
        for oldest in staying[: max(len(staying) + 1 - MOST_LAYERS, 0)]:
            oldest.cut(start, FADE)
        return layer

    def _turn_at(self, sample: int) -> LatentCrossfade | None:
        """What mixes the latents of a layer that starts here; None when the morph is over."""
        if self.turn is not None and self.turn.share.over(self._tempo.cycle_at(sample)):
            self.turn = None
        return self.turn


def named(note: Note) -> str:
    """The name that a note has in a journal."""
    return digest(note)[:8]


def next_chunk(cycle: Fraction) -> Fraction:
    """The end of the chunk that a cycle lies in."""
    return (cycle // CHUNK + 1) * CHUNK


def same(one: object, other: object) -> bool:
    """Whether two values are equal in content."""
    return one is other or digest(one) == digest(other)
