"""The latents of a pattern whose sound has gone, at any sample: those of its latest event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64
from latentcode.errors import RangeError
from latentcode.inputs.reader import Reader
from latentcode.latents.compile import Latents, between_levels
from latentcode.latents.glide import is_joined, joined
from latentcode.latents.note import note_of
from latentcode.patterns import Event
from latentcode.sounds.store import NotEncodedError
from latentcode.synth.compiled import CHUNK, GRID, CompiledPattern, same
from latentcode.synth.context import VoiceContext
from latentcode.synth.reading import Reading, models_of

LOOK = 32  # cycles that are searched before and after the beginning
KEPT = 64  # chunks whose events are kept


Begun = tuple[int, Event]  # an event and the sample from which it sounds


class MaskedLatents(NamedTuple):
    """Latents where there are any: mean (N, D), log-variance (N, D) or None,
    and which are there (N,).
    """

    mean: Float32 | Float64
    logvar: Float32 | Float64 | None
    there: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PastEvent:
    """An event (or a piece of a drone) that sounds from `start` up to `end`;
    before and after it is held.
    """

    reading: Reading
    start: int
    end: int

    def latents(self, samples: Float64, live: Reader) -> Latents:
        """Its latents at each sample, (N,) → (N, D)."""
        grains = self.reading.grains(samples)
        first, last = np.floor(self.reading.grains(np.array([self.start, max(self.end - 1.0, self.start)])))
        grains = np.where(samples < self.start, max(first, 0.0), grains)
        grains = np.where(samples < self.end, grains, np.minimum(grains, max(last, 0.0)))
        return self.reading.read(self.reading.clock.moments(grains, live))


@dataclass
class PatternHistory:
    """The latents of `part`, which has played since cycle `since`, around and after cycle `begin`.

    A function of time: what is kept here is only there to be quick.
    """

    part: CompiledPattern
    since: Fraction
    begin: Fraction
    voice: VoiceContext
    lag: int = 0  # samples by which it looks live inputs up earlier
    model: str = ""  # the name of the one whose latents they are; events of others do not count
    _chunks: dict[int, list[Begun]] = field(default_factory=dict)
    _known: dict[int, Fraction] = field(default_factory=dict)  # up to where, in chunks that hands shape
    _latest: float = 0.0  # the last sample that was asked for
    _by_hand: bool = False
    _others: dict[int, PatternHistory] = field(default_factory=dict)  # by their lag
    _earlier: dict[int, int | None] = field(default_factory=dict)
    _heards: dict[int, PastEvent | None] = field(default_factory=dict)
    _opening: list[Begun] | None = None
    _drone: tuple[object, Reading] | None = None

    def __post_init__(self) -> None:
        self._floor = max(self.since, self.begin - LOOK)
        self._tempo = self.voice.rendering.tempo

    def at(self, samples: Float64, live: Reader) -> MaskedLatents | None:
        """The latents at samples (N,); None where there is nothing at all."""
        # A stream that is given ahead sees hands so much earlier, so other events may lie in its past.
        if live.lag != self.lag:
            if live.lag not in self._others:
                self._others[live.lag] = PatternHistory(
                    self.part, self.since, self.begin, self.voice, live.lag, self.model
                )
            return self._others[live.lag].at(samples, live)
        self._latest = float(samples.max())
        # A sample is the first not before its cycle; as a float that may fall just short of the chunk it opens.
        chunks = np.floor(self._tempo.cycles(samples) / float(CHUNK) + 1e-9).astype(int).tolist()
        found = [self._heard(chunk, sample) for chunk, sample in zip(chunks, samples.tolist(), strict=True)]
        events = list(dict.fromkeys(heard for heard in found if heard is not None))
        if not events:
            return None
        which = np.array([-1 if heard is None else events.index(heard) for heard in found])
        return _joined(
            which, [heard.latents(samples[which == place], live) for place, heard in enumerate(events)]
        )

    def tempo_changed(self) -> None:
        """Events lie elsewhere now."""
        self._chunks, self._earlier, self._heards, self._opening = {}, {}, {}, None
        self._known = {}
        for other in self._others.values():
            other.tempo_changed()

    def _heard(self, chunk: int, sample: float) -> PastEvent | None:
        """The latest event that can be read; before the first of all, that."""
        for start, event in self._backwards(chunk):
            if start <= sample + 1e-6 and (heard := self._read(start, event)) is not None:
                return heard
        return next((heard for begun in self._first() if (heard := self._read(*begun)) is not None), None)

    def _backwards(self, chunk: int) -> Iterator[Begun]:
        """The events of a chunk and of those before it, the last first."""
        at: int | None = chunk
        while at is not None:
            yield from reversed(self._events(at))
            at = self._filled(at)

    def _filled(self, chunk: int) -> int | None:
        """The last chunk before one in which something begins.

        Kept for each chunk that was passed, or a long rest would be walked through for every grain.
        """
        first, at, walked = self._chunk_of(self._floor), chunk, []
        found = None
        while at > first and found is None:
            walked.append(at)
            at -= 1
            if self._events(at):
                found = at
            elif at in self._earlier:
                found = self._earlier[at]
                break
        self._earlier |= dict.fromkeys(walked, found)
        return found

    def _first(self) -> list[Begun]:
        """The first event of all, in a list, which is empty where nothing begins in time."""
        if self._opening is None:
            first = self._chunk_of(self._floor)
            chunks = range(first, first + int(2 * LOOK / CHUNK))
            found = next((events[:1] for chunk in chunks if (events := self._events(chunk))), [])
            if self._by_hand and not found:
                return found  # nothing yet; what hands do may still begin something
            self._opening = found
        return self._opening

    def _events(self, chunk: int) -> list[Begun]:
        """The events that begin in a chunk, by their beginnings."""
        if chunk not in self._chunks:
            if len(self._chunks) >= KEPT:
                self._chunks.clear()
                self._known.clear()
            self._chunks[chunk] = [] if self._by_hand else self._queried(chunk)
        if self._by_hand:
            self._go_on(chunk)
        return self._chunks[chunk]

    def _queried(self, chunk: int) -> list[Begun]:
        begin, end = max(chunk * CHUNK, self._floor), (chunk + 1) * CHUNK
        found, by_hand = self._between(begin, end) if begin < end else ([], False)
        # Where the query has asked for hands, the chunk may not be known at once: they will move in it.
        self._by_hand = self._by_hand or by_hand
        return [] if by_hand else found

    def _go_on(self, chunk: int) -> None:
        """Know the events of a chunk up to the last sample that was asked for:
        what hands do later shapes others.
        """
        begin, end = self._known.get(chunk, max(chunk * CHUNK, self._floor)), (chunk + 1) * CHUNK
        while begin < end and (start := self._tempo.sample_of(begin)) <= self._latest:
            until = min(end, self._tempo.cycle_at((start // GRID + 1) * GRID))
            self._chunks[chunk] = [*self._chunks[chunk], *self._between(begin, until)[0]]
            begin = until
        self._known[chunk] = begin

    def _between(self, begin: Fraction, end: Fraction) -> tuple[list[Begun], bool]:
        start = self._tempo.sample_of(begin) - self.lag
        events, by_hand = self.part.events(begin, end, start, self.voice.rendering)
        # A fragment without its onset belongs to the event before; at the floor there is none before.
        begun = [e for e in events if e.whole is None or e.has_onset or e.part[0] == begin == self._floor]
        found = [(self._tempo.sample_of(e.part[0]), e) for e in begun if note_of(e.value) is not None]
        return sorted(found, key=lambda pair: pair[0]), by_hand

    def _read(self, start: int, event: Event) -> PastEvent | None:
        """An event ready to be read; None where its sound is not encoded,
        or was not when the set was played.
        """
        if start not in self._heards:
            if len(self._heards) >= KEPT:
                self._heards.clear()
            self._heards[start] = self._made(start, event)
        return self._heards[start]

    def _made(self, start: int, event: Event) -> PastEvent | None:
        tempo, voice = self._tempo, self.voice
        if voice.unread.has(voice.index, start):
            return None
        try:
            if event.whole is None:
                reading, end = self._of_drone(event.value), tempo.sample_of(event.part[1])
                return PastEvent(reading, start, end) if reading.rendering.model == self.model else None
            note, onset = note_of(event.value), tempo.sample_of(event.whole[0])
            assert note is not None
            reading = Reading(note, onset, event.whole, voice.rendering)
        except NotEncodedError as error:
            voice.unread.add(voice.index, start, None, str(error))
            return None
        except RangeError as error:
            voice.rendering.beyond(error)
            return None
        return (
            PastEvent(reading, start, reading.end or start) if reading.rendering.model == self.model else None
        )

    def _of_drone(self, value: object) -> Reading:
        if self._drone is None or not same(self._drone[0], value):
            note = note_of(value)
            assert note is not None
            self._drone = (value, Reading(note, self.part.origin, None, self.voice.rendering))
        return self._drone[1]

    @staticmethod
    def _chunk_of(cycle: Fraction) -> int:
        return int(cycle // CHUNK)


def alone(part: CompiledPattern, cycle: Fraction, sample: int, cycles: int = 4) -> str | None:
    """The name of the model that plays a pattern which is one line of latents from `cycle`, which
    is `sample`, on; "" for the set's, None for a pattern that is no such line.

    One that is sounds, and never two of its events at once, all of them by one model.
    """
    end, models = cycle, set[str]()
    for first in range(cycles):
        events = part.query(cycle + first, cycle + first + 1, sample)
        new = [e for e in events if e.whole is None or e.has_onset or first == 0]
        for event in sorted(new, key=lambda event: event.active[0]):
            note = note_of(event.value)
            if note is None:
                continue
            if (models and event.active[0] < end) or note.plain is not None:
                return None
            models |= models_of(note) or {""}
            if len(models) > 1:
                return None
            end = event.active[1]
    return next(iter(models), None)


def mixed(
    old: MaskedLatents | None,
    new: MaskedLatents,
    share: Float64,
    dimensions: int = 0,
    glide: bool = False,
    powers: bool = False,
) -> MaskedLatents:
    """(1 − m)·old + m·new in mean and log-variance, moment by moment;
    what is not there does not count.

    `glide`: rows of both, where neither glides already; then they are mixed as they are. `powers`:
    see `between_levels`.
    """
    if old is None:
        return new
    m = np.where(new.there, np.where(old.there, share, 1.0), 0.0)
    old, new = alike(old, new, dimensions)
    if glide and not is_joined(new.mean, dimensions):
        return MaskedLatents(*joined(old[:2], new[:2], np.clip(m, 0, 1)), old.there | new.there)
    share, m = m, m[:, None]
    mean = (1 - m) * old.mean + m * new.mean
    levels = [0, dimensions] if is_joined(new.mean, dimensions) else [0]
    for level in levels if powers else ():
        mean[:, level] = between_levels(old.mean[:, level], new.mean[:, level], share, mean[:, level])
    return MaskedLatents(mean, _variances(old, new, m), old.there | new.there)


def alike(old: MaskedLatents, new: MaskedLatents, dimensions: int) -> tuple[MaskedLatents, MaskedLatents]:
    """Both as rows of glides where one of them is: the other has two ends that are the same."""
    rows = [is_joined(side.mean, dimensions) for side in (old, new)]
    if rows[0] == rows[1]:
        return old, new
    if rows[0]:
        return old, _doubled(new, old.mean[:, -1])
    return _doubled(old, new.mean[:, -1]), new


def _doubled(side: MaskedLatents, share: Float32 | Float64) -> MaskedLatents:
    return MaskedLatents(*joined(side[:2], side[:2], share), side.there)


def _variances(old: MaskedLatents, new: MaskedLatents, m: Float64) -> Float64 | None:
    if old.logvar is None and new.logvar is None:
        return None
    none = np.full(new.mean.shape, -np.inf)
    before = none if old.logvar is None else old.logvar
    after = none if new.logvar is None else new.logvar
    with np.errstate(invalid="ignore"):
        both = np.where(np.isfinite(before) & np.isfinite(after), (1 - m) * before + m * after, after)
    return np.where(m == 1.0, after, np.where(np.isfinite(after), both, before))


def _joined(which: NDArray[np.int_], pieces: list[Latents]) -> MaskedLatents:
    """One row of latents from the pieces; `which` (N,) says from which piece, −1 from none."""
    widest = max(mean.shape[1] for mean, _ in pieces)
    pieces = [one if one[0].shape[1] == widest else joined(one, one, np.zeros(len(one[0]))) for one in pieces]
    size = (len(which), widest)
    mean, logvar = np.zeros(size), np.full(size, -np.inf)
    for place, (middle, spread) in enumerate(pieces):
        mean[which == place] = middle
        if spread is not None:
            logvar[which == place] = spread
    known = any(spread is not None for _, spread in pieces)
    return MaskedLatents(mean, logvar if known else None, which >= 0)
