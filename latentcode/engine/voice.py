"""A voice: the pattern that plays, the one that is to take over, and the layers that sound."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from latentcode.engine.budget import Budget
from latentcode.engine.layer import FADE, Layer, Stage, Whole
from latentcode.engine.store import NotEncodedError
from latentcode.errors import EngineError
from latentcode.latent import noise
from latentcode.latent.note import Note, note_of
from latentcode.patterns import Compiled, Context, Event, Pattern, compile_pattern
from latentcode.patterns.digest import digest

CHUNK = Fraction(1, 4)  # cycles queried at a time
MOST_EVENTS = 256  # in one chunk of one voice
MOST_LAYERS = 8  # sounding at once in one voice; one more ends the oldest
MOST_PAST = 32  # past patterns that a voice remembers


@dataclass(frozen=True, eq=False)
class Part:
    """A pattern as a voice plays it.

    `origin`: the sample from which its drones count their phase; `label`: what the musician typed for it.
    """

    pattern: Pattern
    compiled: Compiled
    origin: int = 0
    label: str = ""


@dataclass
class Drone:
    """A drone that sounds, and the cycle up to which the pattern is known to hold it."""

    layer: Layer
    value: object
    until: Fraction


@dataclass
class Missed:
    """Onsets, as (voice, sample), whose sounds were not encoded in time; a replay is given them."""

    known: set[tuple[int, int]] = field(default_factory=set)
    report: Callable[[int, int, str], None] = lambda voice, sample, text: None


@dataclass
class Voice:
    """One of the voices of a renderer; knows its pattern's events as far as `horizon`."""

    index: int
    stage: Stage
    seed: int
    playing: Part | None = None
    pending: tuple[Part | None, Fraction] | None = None
    past: list[Part] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    drones: list[Drone] = field(default_factory=list)
    horizon: Fraction = Fraction(0)
    upcoming: deque[Event] = field(default_factory=deque)
    budget: Budget = field(default_factory=Budget)
    missed: Missed = field(default_factory=Missed)
    idle_until: int = 0  # no onset, takeover or end lies before this sample

    def part(self, pattern: Pattern, origin: int = 0, label: str = "") -> Part:
        """The pattern compiled for this voice, with this voice's random numbers."""
        return Part(pattern, compile_pattern(pattern, Context(seed=self.seed)), origin, label)

    def take_over(self, part: Part | None, cycle: Fraction) -> None:
        """Play `part` (None: nothing) from `cycle` on; what was pending is forgotten."""
        self.pending = (part, cycle)
        self.idle_until = 0

    def plan(self, begin: int, end: int) -> None:
        """Open the layers whose onsets lie in the samples from `begin` up to `end`."""
        if end <= self.idle_until:
            return
        if self.pending is not None and self.stage.tempo.sample_of(self.pending[1]) < end:
            cycle = max(self.pending[1], self.stage.tempo.cycle_at(begin))
            self._advance(self.stage.tempo.sample_of(cycle))
            (part, _), self.pending = self.pending, None
            self._switch(part, cycle)
        self._advance(end)
        self.idle_until = self._next_change(end)

    def _advance(self, end: int) -> None:
        """Open the layers of what plays whose onsets lie before `end`, and end the drones that are over."""
        tempo = self.stage.tempo
        while self.playing and tempo.sample_of(self.horizon) < end:
            self._look_ahead()
        while self.upcoming and tempo.sample_of(self.upcoming[0].part[0]) < end:
            self._open(self.upcoming.popleft())
        for drone in self.drones:
            if (ends := tempo.sample_of(drone.until)) < end:
                drone.layer.cut(ends)
        self.drones = [drone for drone in self.drones if not drone.layer.envelope.leaving]

    def fail(self, begin: int) -> None:
        """The pattern cannot go on: fade out what sounds, and go back to the last good pattern at once.

        What is pending stays so.
        """
        for layer in self.layers:
            layer.abandon(begin)
        self.playing, self.upcoming, self.drones = None, deque(), []
        if self.pending is None:
            self.take_over(self.past.pop() if self.past else None, self.stage.tempo.cycle_at(begin))

    def silence(self, sample: int, seconds: float) -> None:
        """Stop at once with a fade."""
        for layer in self.layers:
            layer.cut(sample, seconds)
        self._remember()
        self.playing, self.pending, self.upcoming, self.drones = None, None, deque(), []

    def sweep(self, sample: int) -> None:
        """Drop the layers of which nothing sounds from `sample` on."""
        self.layers = [layer for layer in self.layers if not layer.envelope.over(sample)]

    def tempo_changed(self) -> None:
        self.idle_until = 0
        for layer in self.layers:
            layer.tempo_changed()

    def _next_change(self, end: int) -> int:
        """The first sample, from `end` on, at which there is something to plan."""
        cycles = [drone.until for drone in self.drones]
        cycles += [self.horizon] if self.playing else []
        cycles += [self.upcoming[0].part[0]] if self.upcoming else []
        cycles += [self.pending[1]] if self.pending else []
        return self.stage.tempo.sample_of(min(cycles)) if cycles else end + self.stage.sample_rate

    def _switch(self, part: Part | None, cycle: Fraction) -> None:
        sample = self.stage.tempo.sample_of(cycle)
        for layer in self.layers:
            layer.cut(sample)
        self._remember()
        self.playing, self.horizon, self.upcoming, self.drones = part, cycle, deque(), []
        if part is not None:
            for event in self._events(cycle, _next_chunk(cycle)):
                if event.whole is not None and event.whole[0] < event.part[0] == cycle:
                    self._sound(event, sample)

    def _remember(self) -> None:
        if self.playing is not None:
            self.past = [*self.past[1 - MOST_PAST :], self.playing]

    def _events(self, begin: Fraction, end: Fraction) -> list[Event]:
        assert self.playing is not None
        events = self.playing.compiled.query(begin, end)
        if len(events) > MOST_EVENTS:
            raise EngineError(
                f"{len(events)} events in a quarter of a cycle are more than a voice plays ({MOST_EVENTS}); "
                "slow the pattern down"
            )
        return events

    def _look_ahead(self) -> None:
        until = _next_chunk(self.horizon)
        found = [
            event for event in self._events(self.horizon, until) if event.whole is None or event.has_onset
        ]
        self.upcoming.extend(sorted(found, key=lambda event: event.part[0]))
        self.horizon = until

    def _open(self, event: Event) -> None:
        if event.whole is not None:
            self._sound(event, self.stage.tempo.sample_of(event.whole[0]))
            return
        known = next((drone for drone in self.drones if _same(drone.value, event.value)), None)
        if known is not None and known.until >= event.part[0]:
            known.until = max(known.until, event.part[1])
        else:
            self._drone(event)

    def _drone(self, event: Event) -> None:
        note = note_of(event.value)
        if note is None or self.playing is None:
            return
        start = self.stage.tempo.sample_of(event.part[0])
        layer = self._layer(note, self.playing.origin, None, start)
        if layer is not None:
            self.drones.append(Drone(layer, event.value, event.part[1]))

    def _sound(self, event: Event, start: int) -> None:
        note = note_of(event.value)
        if note is None:
            return
        assert event.whole is not None
        onset = self.stage.tempo.sample_of(event.whole[0])
        for layer in self.layers:
            if note.cut is not None and layer.note.cut == note.cut and layer.onset < onset:
                layer.cut(start)
        self._layer(note, onset, event.whole, start)

    def _layer(self, note: Note, onset: int, whole: Whole | None, start: int) -> Layer | None:
        """A new layer; None where its sound is not encoded yet, or was not when the set was played."""
        sounding = [layer for layer in self.layers if not layer.envelope.over(start)]
        siblings = sum(layer.onset == onset for layer in sounding)
        if (self.index, start) in self.missed.known:
            return None
        try:
            layer = Layer(note, onset, whole, start, self.stage, noise.key(self.seed, siblings))
        except NotEncodedError as error:
            self.missed.report(self.index, start, str(error))
            return None
        self.layers.append(layer)
        staying = [other for other in sounding if not other.envelope.leaving]
        for oldest in staying[: max(len(staying) + 1 - MOST_LAYERS, 0)]:
            oldest.cut(start, FADE)
        return layer


def _next_chunk(cycle: Fraction) -> Fraction:
    return (cycle // CHUNK + 1) * CHUNK


def _same(one: object, other: object) -> bool:
    return one is other or digest(one) == digest(other)
