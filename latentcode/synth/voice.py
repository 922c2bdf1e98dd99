"""A voice: the pattern that plays, what is left of those before it,
and the one that is to take over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from latentcode.latents.morph import Morph, Share
from latentcode.patterns import Pattern, compile_pattern
from latentcode.synth.budget import Budget
from latentcode.synth.compiled import CompiledPattern
from latentcode.synth.context import FADE, RenderContext, VoiceContext
from latentcode.synth.decoding import Batch
from latentcode.synth.layer import Layer
from latentcode.synth.morph import morphed
from latentcode.synth.planned import Part
from latentcode.synth.track import Track

MOST_PAST = 32  # past patterns that a voice remembers


class Pending(NamedTuple):
    """What is to take over (None: silence), from which cycle on, and how it morphs."""

    part: CompiledPattern | None
    cycle: Fraction
    morph: Morph | None = None


@dataclass
class Voice:
    """One of the voices of a renderer.

    `current` is the track that plays, `leaving` those before it as long as anything of them sounds.
    """

    context: VoiceContext
    current: Track | None = None
    leaving: list[Track] = field(default_factory=list)
    pending: Pending | None = None
    past: list[CompiledPattern] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)
    struck: bool = False  # whether a hand has begun it
    idle_until: int = 0  # no onset, takeover or end lies before this sample
    coming: Track | None = None  # what is to take over, where it is decoded ahead
    _busy: Track | None = None  # whose pattern is being read
    _taking: CompiledPattern | None = None  # what is taking over

    @property
    def index(self) -> int:
        return self.context.index

    @property
    def rendering(self) -> RenderContext:
        return self.context.rendering

    @property
    def playing(self) -> CompiledPattern | None:
        """The part that plays."""
        return self.current.part if self.current else None

    @property
    def layers(self) -> list[Layer]:
        """All that sounds."""
        current = [] if self.current is None else self.current.layers
        if not self.leaving and self.coming is None:  # as nearly always, and asked in each block
            return current[:]
        leaving = [layer for track in self.leaving for layer in track.layers]
        return [*leaving, *current, *([] if self.coming is None else self.coming.layers)]

    @property
    def _tracks(self) -> list[Track]:
        return [*self.leaving, *([self.current] if self.current else [])]

    def part(self, pattern: Pattern, origin: int = 0, label: str = "") -> CompiledPattern:
        """The pattern compiled for this voice, with this voice's random numbers."""
        compiled = self.context.groove.over(compile_pattern(pattern, self.rendering.latents.context))
        return CompiledPattern(pattern, compiled, self.rendering.live, origin, label)

    def morphing(self, cycle: Fraction) -> Share | None:
        """How far the pattern is that plays; None where it does not morph, or has arrived."""
        share = None if self.current is None else self.current.share
        return None if share is None or share.over(cycle) else share

    def take_over(self, part: CompiledPattern | None, cycle: Fraction, morph: Morph | None = None) -> None:
        """Play `part` (None: nothing) from `cycle` on, at once or by a morph;
        what was pending is forgotten.
        """
        self.pending = Pending(part, cycle, morph)
        self.idle_until = 0

    def start(self, part: CompiledPattern, cycle: Fraction) -> None:
        """Play at once, as if it had been so from `cycle` on."""
        self.current = Track(part, cycle, self.context)

    def plays(self, pattern: Pattern, morph: Morph | None, cycle: Fraction) -> bool:
        """Whether a pattern plays already; and if it is asked to morph in another way,
        has arrived by `cycle`.
        """
        if self.playing is None or self.playing.pattern.digest != pattern.digest:
            return False
        share = self.morphing(cycle)
        return morph is None or share is None or share.morph.digest == morph.digest

    def expects(self, pattern: Pattern, morph: Morph | None) -> bool:
        """Whether a pattern is pending already, with the same morph."""
        part = self.pending.part if self.pending else None
        if self.pending is None or part is None or part.pattern.digest != pattern.digest:
            return False
        return _name(self.pending.morph) == _name(morph)

    def plan(self, begin: int, end: int) -> None:
        """Open the layers whose onsets lie in the samples from `begin` up to `end`."""
        if end <= self.idle_until:
            return
        tempo = self.rendering.tempo
        if self.pending is not None and tempo.sample_of(self.pending.cycle) < end:
            cycle = max(self.pending.cycle, tempo.cycle_at(begin))
            self._advance(tempo.sample_of(cycle))
            pending, self.pending = self.pending, None
            self._taking = pending.part
            self._switch(pending, cycle)
            self._taking = None
        self._advance(end)
        self.idle_until = self._next_change(end)

    def rests(self, end: int) -> bool:
        """Whether nothing sounds, and nothing begins before sample `end`: so nothing is read."""
        return end <= self.idle_until and not self.layers

    def foresee(self, begin: int, end: int) -> None:
        """Open what is decoded ahead of the samples from `begin` up to `end`; of the pattern that
        is
        to take over as well, unless it morphs.
        """
        until = end + self.rendering.streams
        for track in self._tracks:
            self._busy = track
            track.foresee(until)
        self._busy = None
        pending, tempo = self.pending, self.rendering.tempo
        expected = None if pending is None else (pending.part, pending.cycle)
        if self.coming is not None and expected != (self.coming.part, self.coming.since):
            self.coming = None
        if pending is None or pending.part is None or pending.morph is not None:
            return
        if tempo.sample_of(pending.cycle) < until:
            self._taking, first = pending.part, self.coming is None
            if self.coming is None:
                self.coming = Track(
                    pending.part, pending.cycle, self.context, known=begin, struck=self.struck
                )
            self.coming.foresee(until)
            if first and self.coming.streams:
                self.coming.begin()
            self._taking = None

    def settle(self, sample: int) -> None:
        """Let what was to take over before `sample` have done so, unheard."""
        if self.pending is not None and self.rendering.tempo.sample_of(self.pending.cycle) < sample:
            self._remember()
            part, cycle = self.pending.part, self.pending.cycle
            self.current = None if part is None else Track(part, cycle, self.context)
            self.pending = None

    def fail(self, begin: int) -> None:
        """The pattern cannot go on: fade out what sounds,
        and go back to the last good pattern at once.

        What is pending stays so. Where only what a morph comes from has failed, the new pattern
        goes on without it.
        """
        if self._forsaken(begin):
            return
        for track in self._tracks:
            track.abandon(begin)
        self._retire()
        if self.pending is None:
            self.take_over(self.past.pop() if self.past else None, self.rendering.tempo.cycle_at(begin))

    def blame(self, layer: Layer) -> None:
        """It is the pattern of this layer that cannot go on."""
        if self.coming is not None and layer in self.coming.layers:
            self._taking = self.coming.part
        self._busy = next((track for track in self._tracks if layer in track.layers), None)

    @property
    def blamed(self) -> str | None:
        """The digest of the pattern that was being read when the reading was ended; None where none
        was: the machine stood still.
        """
        busy, crossfade = self._busy or self.current, self.current.crossfade if self.current else None
        if self._taking is not None:
            return self._taking.digest
        if crossfade is not None and crossfade.reading and not crossfade.gone and busy is self.current:
            return crossfade.old.part.digest
        return None if busy is None else busy.part.digest

    def suspect(self, end: int) -> str | None:
        """The digest of what takes over before sample `end`, or else of what plays."""
        part = self.pending.part if self.pending else None
        if part is not None and self._expects(part.digest, end):
            return part.digest
        return self.playing.digest if self.playing else None

    def set_aside(self, begin: int, end: int, blamed: str) -> bool:
        """The clock has decided that a pattern, by its digest, cannot go on;
        whether another takes its place.

        It may still be pending, or have begun in these samples: the samples after it are the same.
        One that is only decoded ahead yet does not take over at all.
        """
        taking = self._taking is not None and self.pending is None
        self._taking = self._busy = None
        if not taking and self._expects(blamed, end):
            taking, self.pending = True, None
            self._remember()
        elif self._expects(blamed, end + self.rendering.streams):
            self.pending = self.coming = None
        crossfade = self.current.crossfade if self.current else None
        if taking or (self.playing is not None and self.playing.digest == blamed):
            self._withdraw(begin)
        elif crossfade is not None and crossfade.old.part.digest == blamed:
            crossfade.gone = True
        for track in self.leaving:
            if track.part.digest == blamed:
                track.withdraw(begin)
        return self.playing is not None or bool(self.pending and self.pending.part)

    def ended(self, layers: Sequence[Layer]) -> list[Layer]:
        """Those of its layers that ended as a pattern was set aside; the others sound on, and what
        they have asked for is not asked again.
        """
        sounding = set(self.layers)
        return [layer for layer in layers if layer.abandoned or layer not in sounding]

    def _expects(self, digest: str, end: int) -> bool:
        """Whether a pattern takes over before sample `end`."""
        pending = self.pending
        if pending is None or pending.part is None or pending.part.digest != digest:
            return False
        return self.rendering.tempo.sample_of(pending.cycle) < end

    def _withdraw(self, begin: int) -> None:
        """Nothing of what was read for the samples from `begin` on counts;
        the pattern before plays again.
        """
        for track in self._tracks:
            track.withdraw(begin)
        self._retire()
        if self.pending is None:
            self.take_over(self.past.pop() if self.past else None, self.rendering.tempo.cycle_at(begin))
        self.idle_until = 0

    def gather(self, end: int, batch: Batch) -> None:
        """Put into `batch` what must be decoded before samples up to `end` can be taken."""
        for track in [*self._tracks, *([self.coming] if self.coming is not None else [])]:
            self._busy = track
            for layer in track.layers:
                if (wanted := layer.wanted(end)) is not None:
                    batch[layer] = wanted
        self._busy = None

    def parts(self, begin: int, end: int) -> list[Part]:
        """What its layers add to the samples from `begin` up to `end`; those that are over by then
        are dropped.
        """
        found = []
        for layer in self.layers:
            last = min(layer.envelope.end, end)
            if max(layer.start, begin) < last:
                found.append(layer.part(last))
        self.sweep(end)
        return found

    def fall_behind(self, sample: int) -> None:
        """What is decoded ahead is not there: it falls silent from `sample` on."""
        for layer in self.layers:
            if layer.rendering.ahead:
                layer.abandon(sample)

    def silence(self, sample: int, seconds: float) -> None:
        """Stop at once with a fade."""
        self._remember()
        self._end(sample, seconds)
        self.pending = None

    def ring_out(self, sample: int) -> None:
        """Play no more from `sample` on; what rings on where another takes over, does so here."""
        self._end(sample, ringing=True)
        self.pending = None

    def forget(self) -> None:
        """All layers are gone, and nothing plays."""
        self.current, self.leaving, self.coming = None, [], None

    def sweep(self, sample: int) -> None:
        """Drop the layers of which nothing sounds from `sample` on."""
        for track in self._tracks:
            track.sweep(sample)
        if self.leaving:
            self.leaving = [track for track in self.leaving if track.playing or track.layers]

    def tempo_changed(self) -> None:
        self.idle_until = 0
        for track in self._tracks:
            track.tempo_changed()

    def rehearse(self, begin: int, end: int, between: Callable[[], None]) -> None:
        """Plan, and read a latent of every layer, without a sound; `between` is called before
        each.
        """
        self.plan(begin, end)
        for layer in self.layers:
            between()
            layer.wanted(layer.start + 1)
        for track in self._tracks:
            track.keep_drones()

    def _advance(self, end: int) -> None:
        for track in self._tracks:
            self._busy = track
            track.advance(end)
        self._busy = None

    def _forsaken(self, sample: int) -> bool:
        """Whether it was an older pattern that could not go on; it is left behind."""
        busy, self._busy = self._busy, None
        if busy is not None and busy is not self.current:
            busy.abandon(sample)
            return True
        crossfade = None if self.current is None else self.current.crossfade
        if crossfade is None or crossfade.gone or not crossfade.reading:
            return False
        crossfade.gone = True
        return True

    def _next_change(self, end: int) -> int:
        """The first sample, from `end` on, at which there is something to plan."""
        cycles = [cycle for track in self._tracks if (cycle := track.next_change()) is not None]
        cycles += [self.pending.cycle] if self.pending else []
        return self.rendering.tempo.sample_of(min(cycles)) if cycles else end + self.rendering.sample_rate

    def _switch(self, pending: Pending, cycle: Fraction) -> None:
        self._remember()
        part, before, last = pending.part, self._tracks, self.current
        if pending.morph is not None:
            self.current = morphed(self.context, before, part, cycle, pending.morph)
            self.leaving = before
        else:
            self._end(self.rendering.tempo.sample_of(cycle), ringing=part is not None)
            coming, self.coming = self.coming, None
            if coming is not None and coming.streams and (coming.part, coming.since) == (part, cycle):
                self.current = coming
                return
            self.current = None if part is None else Track(part, cycle, self.context, struck=self.struck)
            if last is not None and self.current is not None:
                self.current.follow(last)
        if self.current is not None:
            self.current.begin()

    def _end(self, sample: int, seconds: float = FADE, ringing: bool = False) -> None:
        """What plays leaves."""
        for track in self._tracks:
            track.leave(sample, seconds, ringing)
        self._retire()

    def _retire(self) -> None:
        self.leaving, self.current = self._tracks, None

    def _remember(self) -> None:
        if self.playing is not None:
            self.past = [*self.past[1 - MOST_PAST :], self.playing]


def _name(morph: Morph | None) -> str | None:
    return None if morph is None else morph.digest
