"""Patterns that are sent to other instruments: their events go out at their samples,
as those of voices sound.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

import numpy as np

from latentcode.clock.groove import Groove, Queried
from latentcode.clock.set_aside import ANY, Aside
from latentcode.clock.tempo import TempoMap
from latentcode.clock.watchdog import TooSlowError
from latentcode.errors import EngineError, LatentcodeError
from latentcode.inputs.history import InputHistory
from latentcode.inputs.reader import Reader
from latentcode.latents import noise
from latentcode.patterns import Context, Event, Pattern, compile_pattern
from latentcode.patterns.compile import Compiled
from latentcode.set.event_encoder import Destination, OutgoingEvent

GRID = 512  # samples: signals are read at multiples of it, and no query is longer
MOST_EVENTS = 64  # in one query
TRIED, MOST_TRIED = 8, 256  # cycles that are tried, and events in a quarter of one


@dataclass(frozen=True, eq=False)
class SentPattern:
    """A pattern as it is sent; `options`: what whoever sends needs besides (nudge in ms, …)."""

    pattern: Pattern
    live: Reader
    context: Context
    compiled: Compiled
    events: Queried  # the same in the set's groove
    options: tuple[Any, ...] = ()
    label: str = ""

    def at(self, sample: int) -> Reader:
        """What looks live inputs up as they are at a sample."""
        return self.live.at(np.array([sample], np.float64))

    @property
    def key(self) -> Hashable:
        """Equal where nothing else is sent."""
        return (self.pattern.digest, self.options)


class PendingLine(NamedTuple):
    """What is to take over (None: silence), and from which cycle on."""

    part: SentPattern | None
    cycle: Fraction


class LineClock(Protocol):
    """What lines need of a renderer."""

    tempo: TempoMap
    groove: Groove
    position: int
    inputs: InputHistory
    aside: Aside


@dataclass
class SoundingNote:
    """A note that sounds, the cycle at which it is let go,
    and the sample at which it was struck.
    """

    value: Any
    end: Fraction
    options: tuple[Any, ...]
    began: int


@dataclass
class OutgoingLine:
    """What is sent to one place."""

    where: Destination
    clock: LineClock
    playing: SentPattern | None = None
    pending: PendingLine | None = None
    before: SentPattern | None = None  # that played without trouble
    horizon: Fraction = Fraction(0)
    held: dict[Hashable, SoundingNote] = field(default_factory=dict)
    _upcoming: deque[Event] = field(default_factory=deque)
    _last: Any = None  # what was sent last, of a place that hears of changes alone
    _out: list[OutgoingEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._speech = self.where.speech

    @property
    def expected(self) -> SentPattern | None:
        """What is meant to be sent in the end."""
        return self.pending.part if self.pending else self.playing

    @property
    def idle(self) -> bool:
        return self.playing is None and self.pending is None and not self.held

    def take_over(self, part: SentPattern | None, cycle: Fraction) -> None:
        """Send `part` (None: nothing) from `cycle` on,
        unless that is what is sent or expected already.
        """
        if _key(part) == _key(self.playing):
            self.pending = None
        elif self.pending is None or _key(part) != _key(self.pending.part):
            self.pending = PendingLine(part, cycle)

    def advance(self, until: int) -> list[OutgoingEvent]:
        """What goes out before sample `until`, in its order. Raises whatever the pattern raises.

        EngineError where that are too many events.
        """
        tempo = self.clock.tempo
        if self.pending is not None and tempo.sample_of(self.pending.cycle) < until:
            cycle = max(self.pending.cycle, tempo.cycle_at(self.clock.position))
            self._send_until(tempo.sample_of(cycle))
            self._switch(cycle)
        self._send_until(until)
        found, self._out = self._out, []
        return found

    @property
    def blamed(self) -> str:
        """The digest of what is sent, as the journal names it."""
        return ANY if self.playing is None else self.playing.pattern.digest[:12]

    def begins(self, digest: str, until: int) -> None:
        """Let what is to take over before sample `until` have done so, unread,
        where it is of a digest.
        """
        part, cycle = self.pending or (None, Fraction(0))
        if part and part.pattern.digest[:12] == digest and self.clock.tempo.sample_of(cycle) < until:
            self.before, self.playing, self.pending = self.playing or self.before, part, None

    def silence(self, sample: int) -> list[OutgoingEvent]:
        """Nothing is sent any more, and nothing expected; what is held is let go."""
        self.playing, self.pending = None, None
        return self.let_go(sample)

    def let_go(self, sample: int) -> list[OutgoingEvent]:
        """Let go of all that is held, and forget what is known to come."""
        self._upcoming.clear()
        held, self.held = self.held, {}
        for note in held.values():
            self._let(note, sample)
        found, self._out = self._out, []
        return found

    def restart(self, sample: int) -> list[OutgoingEvent]:
        """Time was lost: go on from here."""
        self._last = None
        self.horizon = self.clock.tempo.cycle_at(sample)
        return self.let_go(sample)

    def settle(self, sample: int) -> None:
        """Let what was to take over before `sample` have done so, unsent."""
        if self.pending is not None and self.clock.tempo.sample_of(self.pending.cycle) <= sample:
            self.playing, self.pending = self.pending.part, None

    # the pattern that plays

    def _send_until(self, until: int) -> None:
        tempo, part = self.clock.tempo, self.playing
        while part is not None and tempo.sample_of(self.horizon) < until:
            self._look_ahead(part)
        while True:
            end, key = min(
                ((self._end_sample(note), key) for key, note in self.held.items()), default=(until, None)
            )
            onset = tempo.sample_of(self._upcoming[0].part[0]) if self._upcoming else until
            if min(end, onset) >= until:
                return
            if end <= onset:
                self._let(self.held.pop(key), end)
            elif part is None:
                return
            else:
                self._due(part, self._upcoming.popleft(), onset)

    def _look_ahead(self, part: SentPattern) -> None:
        tempo = self.clock.tempo
        first = tempo.sample_of(self.horizon) // GRID
        edge = next(
            cycle for step in (1, 2) if (cycle := tempo.cycle_at((first + step) * GRID)) > self.horizon
        )
        events = self._queried(part, self.horizon, edge)
        if any(event.whole is None for event in events) and not self._speech.holds:
            self._upcoming.append(Event(None, (self.horizon, edge), None))
        onsets = [event for event in events if event.has_onset]
        self._upcoming.extend(sorted(onsets, key=lambda event: event.part[0]))
        self.horizon = edge

    def _queried(self, part: SentPattern, begin: Fraction, end: Fraction) -> list[Event]:
        events = part.events.query(begin, end, part.at(self.clock.tempo.sample_of(begin) // GRID * GRID))
        if len(events) > MOST_EVENTS:
            raise EngineError(f"{len(events)} events in {GRID} samples cannot be sent; slow the pattern down")
        return events

    def _due(self, part: SentPattern, event: Event, sample: int) -> None:
        if event.whole is None:
            self._read(part, sample)
        else:
            self._begin(part, event, sample)

    def _read(self, part: SentPattern, sample: int) -> None:
        live = part.at(sample)
        found = part.compiled.sample(self.clock.tempo.cycles(np.array([sample], np.float64)), live)
        cycle = self.clock.tempo.cycle_at(sample)
        value = self._speech.spoken(self.where.what, float(found[0]), cycle, part.context, live)
        if value is not None:
            self._put(part, value, sample)

    def _switch(self, cycle: Fraction) -> None:
        assert self.pending is not None
        part, self.pending = self.pending.part, None
        sample = self.clock.tempo.sample_of(cycle)
        self.before, self.playing = self.playing or self.before, part
        self._upcoming.clear()
        self.horizon, before, self.held = cycle, self.held, {}
        if part is not None:
            self._go_on(part, cycle, before)
        for note in before.values():
            self._let(note, sample)

    def _go_on(self, part: SentPattern, cycle: Fraction, before: dict[Hashable, SoundingNote]) -> None:
        """Begin what has begun before and goes on; a key that is held on is not struck again."""
        edge = self.clock.tempo.cycle_at(self.clock.tempo.sample_of(cycle) + GRID)
        for event in self._queried(part, cycle, edge):
            begun = event.whole is not None and event.whole[0] < event.part[0] == cycle
            if begun and not self._holds_on(part, event, cycle, before):
                self._begin(part, event, self.clock.tempo.sample_of(cycle))

    def _holds_on(
        self, part: SentPattern, event: Event, cycle: Fraction, before: dict[Hashable, SoundingNote]
    ) -> bool:
        """Whether nothing is struck for an event that began before a cycle: its key is down,
        or it is over.
        """
        if not self._speech.holds or event.whole is None:
            return False
        live = part.at(self.clock.tempo.sample_of(cycle) // GRID * GRID)
        value = self._spoken(part, event, event.whole[0], live)
        if value is None or (end := self._end_of(event, value)) <= cycle:
            return True
        key = self._speech.key(value)
        if key in before:
            note = before.pop(key)
            self.held[key] = SoundingNote(note.value, end, part.options, note.began)
        elif key in self.held:
            self.held[key].end = max(self.held[key].end, end)
        return key in self.held

    # events

    def _begin(self, part: SentPattern, event: Event, sample: int) -> None:
        assert event.whole is not None
        value = self._spoken(part, event, event.whole[0], part.at(sample))
        if value is None:
            return
        if not self._speech.holds:
            self._put(part, value, sample)
            return
        key, end = self._speech.key(value), self._end_of(event, value)
        note = self.held.pop(key, None)
        if note is not None and note.began == sample:  # both are one, with the longer end
            end, value = max(end, note.end), self._speech.joined(note.value, value)
            struck = self._going(sample, note.value, False, note.options)
            self._out = [going for going in self._out if going != struck]
        elif note is not None:
            self._let(note, sample)
        self.held[key] = SoundingNote(value, end, part.options, sample)
        self._out.append(self._going(sample, value, False, part.options))

    def _end_sample(self, note: SoundingNote) -> int:
        """The sample at which a note is let go; it lasts a sample at least,
        however short its event.
        """
        return max(self.clock.tempo.sample_of(note.end), note.began + 1)

    def _let(self, note: SoundingNote, sample: int) -> None:
        """Let go of a note, not before it is there."""
        self._out.append(self._going(max(sample, note.began + 1), note.value, True, note.options))

    def _going(self, sample: int, value: Any, ends: bool, options: tuple[Any, ...]) -> OutgoingEvent:
        data = self._speech.coded(self.where.what, self.where.channel, value, ends)
        return OutgoingEvent(sample, self.where, value, ends, options, data)

    def _end_of(self, event: Event, value: Any) -> Fraction:
        assert event.whole is not None
        begin, end = event.whole
        return begin + (end - begin) * self._speech.length(value)

    def _spoken(self, part: SentPattern, event: Event, cycle: Fraction, live: Reader) -> Any:
        return self._speech.spoken(self.where.what, event.value, cycle, part.context, live)

    def _put(self, part: SentPattern, value: Any, sample: int) -> None:
        if self._speech.every or value != self._last:
            self._last = value
            self._out.append(self._going(sample, value, False, part.options))


class Outgoing:
    """All that is sent.

    `send` is given what goes out, in the order of its samples; `trouble` what went wrong.
    """

    def __init__(self, clock: LineClock, seed: int) -> None:
        self.clock, self._seed = clock, seed
        self.send: Callable[[OutgoingEvent], None] = lambda going: None
        self.trouble: Callable[[str], None] = lambda text: None
        self.lines: dict[Destination, OutgoingLine] = {}

    def part(
        self, where: Destination, pattern: Pattern, options: tuple[Any, ...] = (), label: str = ""
    ) -> SentPattern:
        """The pattern compiled for a place, with random numbers of its own."""
        live, context = Reader(self.clock.inputs), Context(noise.key(self._seed, where.code))
        compiled = compile_pattern(pattern, context)
        return SentPattern(pattern, live, context, compiled, self.clock.groove.over(compiled), options, label)

    def take_over(self, where: Destination, part: SentPattern | None, cycle: Fraction) -> None:
        """Send `part` there from `cycle` on; None: nothing, to all that `where` means."""
        if part is not None:
            self.lines.setdefault(where, OutgoingLine(where, self.clock)).take_over(part, cycle)
            return
        for line in self.lines.values():
            if where.means(line.where):
                line.take_over(None, cycle)

    def advance(self, until: int) -> None:
        """Send what goes out before sample `until`."""
        if not self.lines:
            return
        found: list[OutgoingEvent] = []
        for line in self.lines.values():
            found += self._advanced(line, until)
        self._give(found)
        self.lines = {where: line for where, line in self.lines.items() if not line.idle}

    def silence(self, sample: int) -> None:
        """Nothing is sent any more."""
        self._give([going for line in self.lines.values() for going in line.silence(sample)])

    def stop_all(self, cycle: Fraction) -> None:
        """Let all be silent from `cycle` on."""
        for line in self.lines.values():
            line.take_over(None, cycle)

    def cancel(self) -> None:
        """Forget what is pending."""
        for line in self.lines.values():
            line.pending = None

    def restart(self, sample: int) -> None:
        """Time was lost: what is held is let go, and all goes on from here."""
        self._give([going for line in self.lines.values() for going in line.restart(sample)])

    def settle(self, sample: int) -> None:
        """Let time pass unsent up to `sample`."""
        for line in self.lines.values():
            line.settle(sample)

    def stand(self) -> tuple[tuple[Destination, SentPattern], ...]:
        """What is sent, or is to be, to come back to."""
        found = ((where, line.expected) for where, line in self.lines.items())
        return tuple(sorted((pair for pair in found if pair[1]), key=lambda pair: pair[0]))  # type: ignore[misc]

    def recall(self, stand: tuple[tuple[Destination, SentPattern], ...], cycle: Fraction) -> None:
        """Send from `cycle` on what was sent then."""
        then = dict(stand)
        for where in {**self.lines, **then}:
            self.lines.setdefault(where, OutgoingLine(where, self.clock)).take_over(then.get(where), cycle)

    def set_aside(self, place: str, digest: str, until: int) -> list[OutgoingEvent]:
        """Let what took too long, by its digest, be gone before sample `until`."""
        found: list[OutgoingEvent] = []
        for line in [line for where, line in self.lines.items() if where.place == place]:
            line.begins(digest, until)
            if line.blamed == digest:
                found += self._set_aside(line, TooSlowError("it took too long when the set was played"))
        return found

    def suspect(self, place: str) -> str | None:
        """The digest of what a line of that name is sent, or will be soon."""
        parts = (line.expected for where, line in self.lines.items() if where.place == place)
        return next((part.pattern.digest[:12] for part in parts if part), None)

    def _advanced(self, line: OutgoingLine, until: int) -> list[OutgoingEvent]:
        aside, place, found = self.clock.aside, line.where.place, list[OutgoingEvent]()
        while (decided := aside.next(place, until)) is not None:
            found += self.set_aside(place, decided, until)
        try:
            return found + aside.run(
                lambda: line.advance(until), place, self.clock.position, lambda: line.blamed
            )
        except Exception as error:  # whatever a pattern raises: it is set aside, what sounds goes on
            return found + self._set_aside(line, error)

    def _set_aside(self, line: OutgoingLine, error: Exception) -> list[OutgoingEvent]:
        here = self.clock.position
        before, line.before = line.before, None
        after = "the pattern before it goes on" if before else "nothing is sent there now"
        text = str(error) if isinstance(error, LatentcodeError) else f"{type(error).__name__}: {error}"
        self.trouble(f"✗ {line.where.spoken}: {text}; {after}")
        found = line.silence(here)
        if before is not None:
            line.pending = PendingLine(before, self.clock.tempo.cycle_at(here))
        return found

    def _give(self, found: list[OutgoingEvent]) -> None:
        """Hand over what goes out; a line that whoever sends does not take is set aside alone."""
        order = sorted(found, key=lambda going: (going.sample, not going.ends, going.where.speech.holds))
        failed: dict[Destination, Exception] = {}
        for going in order:
            if going.ends or going.where not in failed:
                self._handed(going, failed)
        for where, error in list(failed.items()):
            if where in self.lines:
                for going in self._set_aside(self.lines[where], error):
                    self._handed(going, failed)

    def _handed(self, going: OutgoingEvent, failed: dict[Destination, Exception]) -> None:
        try:
            self.send(going)
        except Exception as error:  # whatever a service raises: nothing else stops for it
            failed.setdefault(going.where, error)


def rehearse(where: Destination, pattern: Pattern, cycles: int = TRIED) -> None:
    """Raise what sending a pattern would raise: EngineError for what cannot be sent,
    or the pattern's own.
    """
    speech, compiled, context = where.speech, compile_pattern(pattern), Context()
    for quarter in range(4 * cycles):
        begin, end = Fraction(quarter, 4), Fraction(quarter + 1, 4)
        events = compiled.query(begin, end)
        if len(events) > MOST_TRIED:
            raise EngineError(
                f"{len(events)} events in a quarter of a cycle are more than can be sent ({MOST_TRIED}); slow it down"
            )
        for event in events:
            value, cycle = event.value, begin if event.whole is None else event.whole[0]
            if event.whole is None and speech.holds:
                raise EngineError('notes need a beginning and an end, and this has none; as in n("0 3 7")')
            if event.whole is None:
                value = float(compiled.sample(np.array([float(begin)]))[0])
            said = speech.spoken(where.what, value, cycle, context, None)
            if said is not None:
                speech.coded(where.what, where.channel, said, False)


def _key(part: SentPattern | None) -> Hashable:
    return None if part is None else part.key
