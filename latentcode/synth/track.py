"""A track: one pattern as a voice plays it, its events as far as they are known,
and its layers that sound.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from fractions import Fraction

from latentcode.errors import LatentcodeError, RangeError
from latentcode.latents import noise
from latentcode.latents.morph import Share
from latentcode.latents.note import Note, note_of
from latentcode.patterns import Event
from latentcode.sounds.store import NotEncodedError
from latentcode.synth.compiled import GRID, CompiledPattern, next_chunk, same
from latentcode.synth.context import FADE, VoiceContext
from latentcode.synth.crossfade import Fade, LatentCrossfade
from latentcode.synth.layer import Layer
from latentcode.synth.reading import Whole, modelled

MOST_LAYERS = 8  # sounding at once; one more ends the oldest


@dataclass
class Drone:
    """A drone that sounds, and the cycle up to which the pattern is known to hold it."""

    layer: Layer
    value: object
    until: Fraction


class Track:
    """Plays `part` from cycle `since` on; knows its events as far as `horizon`.

    `crossfade` mixes its latents with those of what played before, `fades` shape its gain (see
    `crossfade.py`). `known` is the sample since which it is known that it plays: what is decoded
    ahead begins where that can be done; all of it so much later, where a hand has `struck` it.
    """

    def __init__(
        self,
        part: CompiledPattern,
        since: Fraction,
        voice: VoiceContext,
        crossfade: LatentCrossfade | None = None,
        known: int | None = None,
        struck: bool = False,
    ) -> None:
        self.part, self.since, self.horizon, self.crossfade = part, since, since, crossfade
        self.fades: list[Fade] = []
        self.share: Share | None = None  # how far it is on its way here
        self.coming_from = ""
        self.until: Fraction | None = None  # the cycle at which it leaves
        self.voice, self._tempo = voice, voice.rendering.tempo
        self._upcoming: deque[Event] = deque()
        self._drones: list[Drone] = []
        self.layers: list[Layer] = []
        self.playing, self._by_hand = True, False
        self.known = self._tempo.sample_of(since) if known is None else known
        self.streams = False  # whether something of it is decoded ahead
        self._struck, self._foreseeing = struck, False

    def begin(self) -> None:
        """Sound what has begun before and goes on."""
        if not self.voice.heard:
            return
        start = self._tempo.sample_of(self.since)
        events, _ = self._events(self.since, next_chunk(self.since), start)
        for event in events:
            if event.whole is not None and event.whole[0] < event.part[0] == self.since:
                self._sound(event, start)

    def follow(self, last: Track) -> None:
        """Go on with the morph of a track of the same pattern."""
        if last.part.pattern.digest == self.part.pattern.digest and last.crossfade is not None:
            self.crossfade, self.share, self.coming_from = last.crossfade, last.share, last.coming_from

    def advance(self, end: int) -> None:
        """Open the layers whose onsets lie before `end`, and end the drones that are over."""
        if self.playing and self.until is not None and (last := self._tempo.sample_of(self.until)) < end:
            self._advance(last)
            self.leave(last)
        self._advance(end)

    def foresee(self, until: int) -> None:
        """Open what is decoded ahead and has its onset before sample `until`."""
        while self.playing and not self._by_hand and self._tempo.sample_of(self.horizon) < until:
            if not self._look_ahead(foreseen=True):
                break
        later = deque[Event]()
        while self.streams and self._upcoming and self._onset(self._upcoming[0]) < until:
            event = self._upcoming.popleft()
            if self._is_stream(event):
                self._foreseeing = True
                self._open(event)
                self._foreseeing = False
            else:
                later.append(event)
        self._upcoming.extendleft(reversed(later))

    def _onset(self, event: Event) -> int:
        return self._tempo.sample_of(event.part[0])

    def _is_stream(self, event: Event) -> bool:
        note = note_of(event.value)
        if note is None or note.plain:
            return False
        try:
            return modelled(self.voice.rendering, note).ahead > 0
        except NotEncodedError as error:  # a replay has it loaded, and is to do the same
            return error.streams
        except LatentcodeError:  # that is told where it is played
            return False

    def _advance(self, end: int) -> None:
        if not self.voice.heard:
            return
        while self.playing and self._tempo.sample_of(self.horizon) < end:
            self._look_ahead()
        while self._upcoming and (start := self._tempo.sample_of(self._upcoming[0].part[0])) < end:
            self._end_drones(start)  # first, as a layer is told by those that sound when it begins
            self._open(self._upcoming.popleft())
        self._end_drones(end)

    def _end_drones(self, before: int) -> None:
        for drone in self._drones:
            if (ends := self._tempo.sample_of(drone.until)) < before:
                drone.layer.cut(ends)
        self._drones = [drone for drone in self._drones if not drone.layer.envelope.leaving]

    def next_change(self) -> Fraction | None:
        """The cycle of the next onset, of the end of a drone,
        or up to which the events are known.
        """
        cycles = [drone.until for drone in self._drones]
        cycles += [self.horizon] if self.playing and self.voice.heard else []
        cycles += [self._upcoming[0].part[0]] if self._upcoming else []
        cycles += [self.until] if self.playing and self.until is not None else []
        return min(cycles, default=None)

    def leave(self, sample: int, seconds: float = FADE, ringing: bool = False) -> None:
        """Fall silent from `sample` on; if `ringing`,
        but for plain sounds whose events are over.
        """
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
        if self.crossfade is not None:
            self.crossfade.tempo_changed()
        for layer in self.layers:
            layer.tempo_changed()

    def _stop(self) -> None:
        self.playing, self._upcoming, self._drones = False, deque(), []

    def _look_ahead(self, foreseen: bool = False) -> bool:
        """Know the events of another chunk; False where it is `foreseen`, and hands decide it."""
        until, events = self._chunk(foreseen)
        if foreseen and self._by_hand:
            return False
        found = [event for event in events if event.whole is None or event.has_onset]
        self._upcoming.extend(sorted(found, key=lambda event: event.part[0]))
        self.horizon = until
        if self.voice.rendering.streams and not self.streams:
            self.streams = any(map(self._is_stream, found))
        return True

    def _chunk(self, foreseen: bool) -> tuple[Fraction, list[Event]]:
        """The events from the horizon on, and up to where;
        no further than what they depend on is known.
        """
        begin, until = self.horizon, next_chunk(self.horizon)
        start = self._tempo.sample_of(begin)
        if not self._by_hand:
            events, self._by_hand = self._events(begin, until, start)
        if self._by_hand and not foreseen:
            until = min(until, self._tempo.cycle_at((start // GRID + 1) * GRID))
            events, _ = self._events(begin, until, start)
        return until, events

    def _events(self, begin: Fraction, end: Fraction, sample: int) -> tuple[list[Event], bool]:
        return self.part.events(begin, end, sample, self.voice.rendering)

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
        """A new layer; None where its sound is not encoded yet,
        or was not when the set was played.
        """
        voice = self.voice
        sounding = [layer for layer in self.layers if not layer.envelope.over(start)]
        siblings = sum(layer.onset == onset for layer in sounding)
        if voice.missed.has(voice.index, start, note):
            return None
        try:
            seed = noise.key(voice.seed, siblings)
            by_hand = (self._by_hand or self._struck) and whole is not None and start == onset
            soon = self._foreseeing or start < self.known + voice.rendering.streams
            known = self.known if soon and not by_hand else start
            mixed = self._crossfade_at(start), self.fades
            layer = Layer(note, onset, whole, start, voice.rendering, seed, *mixed, known, by_hand)
        except NotEncodedError as error:
            voice.missed.add(voice.index, start, note, str(error))
            return None
        except RangeError as error:
            voice.rendering.beyond(error)
            return None
        self.layers.append(layer)
        staying = [other for other in sounding if not other.envelope.leaving]
        for oldest in staying[: max(len(staying) + 1 - MOST_LAYERS, 0)]:
            oldest.cut(start, FADE)
        return layer

    def _crossfade_at(self, sample: int) -> LatentCrossfade | None:
        """What mixes the latents of a layer that starts here; None when the morph is over."""
        if self.crossfade is not None and self.crossfade.share.over(self._tempo.cycle_at(sample)):
            self.crossfade = None
        return self.crossfade
