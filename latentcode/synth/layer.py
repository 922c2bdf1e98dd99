"""A layer: one sounding event (or drone), from its trajectory to stereo samples at the device's
rate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.errors import RangeError
from latentcode.inputs.reader import Reader
from latentcode.latents import noise
from latentcode.latents.compile import values
from latentcode.latents.drones import endless
from latentcode.latents.glide import without_glide
from latentcode.latents.improvising import NotMadeError
from latentcode.latents.note import Note
from latentcode.latents.tuning import SHIFT
from latentcode.models.family import Attributes
from latentcode.synth.attributes import NoteAttributes
from latentcode.synth.clock import numbers
from latentcode.synth.context import FADE, RenderContext
from latentcode.synth.crossfade import Fade, LatentCrossfade
from latentcode.synth.envelope import Envelope, Ramp
from latentcode.synth.level import AHEAD, LOUDEST, ReadAhead, level
from latentcode.synth.plain import PlainStream
from latentcode.synth.planned import Part
from latentcode.synth.reading import Reading, Whole, modelled
from latentcode.synth.shift import LONGEST_AHEAD, LongerStream
from latentcode.synth.stream import (
    FrameSource,
    ResampledStream,
    Sides,
    Stream,
    Wanted,
    frame_source,
    look_ahead,
    unasked,
)
from latentcode.synth.synthesis import STREAM


class Layer:
    """One sounding event from sample `start` on; a drone where `whole` is None.

    `onset` is the sample of the whole's begin (of a drone: its origin); an event that is taken over
    in its middle starts later than its onset. `crossfade` mixes its latents with others, `fades`
    shape its gain: see `crossfade.py`.

    What is decoded ahead begins where that can be done: `known` is the sample since which the layer
    is known, None for long before. Then it starts in its middle; what a hand has `struck` begins
    late, and is `moved` by so many samples.
    """

    def __init__(
        self,
        note: Note,
        onset: int,
        whole: Whole | None,
        start: int,
        rendering: RenderContext,
        seed: int,
        crossfade: LatentCrossfade | None = None,
        fades: Sequence[Fade] = (),
        known: int | None = None,
        struck: bool = False,
    ) -> None:
        late = 0 if known is None else max(known + modelled(rendering, note).ahead - start, 0)
        self.moved = late if struck else 0
        start, onset = start + late, onset + self.moved
        self.note, self.onset, self.whole, self.start = note, onset, whole, start
        mixed = crossfade is not None and crossfade.live
        amount = rendering.noise if note.noise is None else note.noise
        self._reading = Reading(
            note, onset, whole, rendering, mixed, not isinstance(amount, float) or amount != 0
        )
        self.rendering = rendering = self._reading.rendering
        improvised = endless(note.trajectory)
        rendering.check(improvised)
        told = SHIFT in rendering.can  # what decodes is told the shift; else what is decoded is shifted
        self.shift: float | Float32 = self._reading.shift if told else 0.0
        self._resampled = 0.0 if told else self._reading.shift
        crossfade = crossfade if crossfade is not None and crossfade.model == rendering.model else None
        self._crossfade, self._fades = crossfade, fades
        self._clock, self._read = self._reading.clock, self._reading.read
        self._abandoned, self._given = False, start
        self._begun = False  # whether anything was decoded
        self.finite = True  # whether all its latents were, so far
        self.due: int | None = None  # the sample at which is heard what a prior is still making
        self._levels: tuple[float | Float64, float | Float64] = (0.0, 0.5)
        self._heard: tuple[float | Float64, float | Float64] = self._levels  # those of what was given last
        self._attributes = NoteAttributes(note, rendering) if note.attributes else None
        self._noise = values(amount, rendering.latents)
        self.seed = noise.key(seed, onset)
        by_hand = self._reading.by_hand  # then they are read again when a hand has moved
        once = mixed or improvised
        self._latents = ReadAhead(self._frames, rendering.live, 1 if once else AHEAD, by_hand)
        grid = (self._clock, onset, rendering.rates, rendering.latents, rendering.live)
        self._gain, self._pan = level(note.gain, *grid, LOUDEST), level(note.pan, *grid)
        self._beyond = 0  # samples that are asked for beyond what is known to be needed
        self._stream = self._open()
        self.at_once = self._stream.at_once or self.rendering.synthesis.kind == STREAM
        self._lag = math.ceil(self._ahead()) if by_hand else 0
        self.envelope = self._edges()
        self.find_end()

    def _open(self) -> Stream:
        rates, take, shift = self.rendering.rates, self._reading.take, self._resampled
        if take is not None:
            return PlainStream(take, self.start - self.onset)
        left, right = self._frame_sources()
        self._beyond = left.beyond if self.rendering.spans else 0
        if not shift and rates.model == rates.device:
            return left if right is None else Sides(left, right)
        factor = 2.0 ** (shift / 12.0)
        first = LongerStream(left, factor, rates.model) if shift else left
        one = ResampledStream(first, rates.model * factor, rates.device)
        if right is None:
            return one
        other = LongerStream(right, factor, rates.model, first) if isinstance(first, LongerStream) else right
        return Sides(one, ResampledStream(other, rates.model * factor, rates.device))

    def _frame_sources(self) -> tuple[FrameSource, FrameSource | None]:
        """What lays the frames that are decoded; of two channels the second as well."""
        rates, shape, grains = self.rendering.rates, self.rendering.synthesis, self.rendering.grains
        start, origin = rates.position(self.start - self.onset), rates.position(self.onset)
        aligned = grains == "aligned" or (grains == "auto" and self._reading.still)
        ahead = self._asked_ahead() if self.rendering.ahead else 0
        left = frame_source(self._latents, shape, start, aligned, origin, ahead)
        return left, frame_source(unasked, shape, start, aligned, origin, ahead) if self._wide else None

    @property
    def _wide(self) -> bool:
        return self.rendering.wide and self.rendering.synthesis.channels == 2

    def _asked_ahead(self) -> int:
        """Samples of the model that frames are asked for before they are needed, and a few more:
        a shift takes them in steps.
        """
        rates = self.rendering.rates
        steps = LONGEST_AHEAD * rates.model if self._resampled else 0.0
        return math.ceil(self.rendering.ahead * rates.model / rates.device + steps) + 2

    def _ahead(self) -> float:
        """How far ahead of what is heard latents are wanted, at the most, in device samples.

        What hands do there is not known yet: latents take it so much later.
        """
        rates, shift = self.rendering.rates, self._resampled
        ratio = rates.model * 2.0 ** (shift / 12.0) / rates.device
        resampled = (look_ahead(ratio) + 2) / ratio if shift or rates.model != rates.device else 0.0
        shape = self.rendering.synthesis
        before = float(shape.before / ratio) + self.rendering.ahead
        if shape.kind == STREAM:
            before += (shape.late + shape.together * shape.hop + max(self._beyond, shape.hop) + 2) / ratio
        return before + resampled + (LONGEST_AHEAD * rates.device if shift else 0.0)

    def _edges(self) -> Envelope:
        rate = self.rendering.sample_rate
        attack = self.rendering.synthesis.attack if self.note.attack is None else self.note.attack
        takeover = FADE if self.start > self.onset else 0.0
        return Envelope(
            Ramp(self.onset, round(attack * rate), True), Ramp(self.start, round(takeover * rate), True)
        )

    def find_end(self) -> None:
        """Set the release by the tempo map as it is; asked again when the tempo changes."""
        if (end := self._reading.end) is not None:
            self.end_at(end + self.moved)

    def end_at(self, sample: int) -> None:
        """Release from `sample` on."""
        self.envelope.release(sample, round(self.note.release * self.rendering.sample_rate))

    def tempo_changed(self) -> None:
        """The end moves, and what was read ahead is read again."""
        self.find_end()
        for ahead in (self._latents, self._gain, self._pan):
            ahead.forget()

    def rings(self, sample: int) -> bool:
        """Whether it is a plain sound that rings on although its event is over at `sample`."""
        if self._reading.take is None or self.whole is None:
            return False
        return self.rendering.tempo.sample_of(self.whole[1]) <= sample

    def cut(self, sample: int, seconds: float = FADE) -> None:
        """Fall silent from `sample` on."""
        self.envelope.cut(sample, round(seconds * self.rendering.sample_rate))

    def abandon(self, sample: int) -> None:
        """Fall silent from `sample` on without reading the trajectory again."""
        self.cut(sample)
        self._abandoned = True

    @property
    def abandoned(self) -> bool:
        return self._abandoned

    def withdraw(self, sample: int) -> None:
        """The same, as if nothing had been read for the samples from `sample` on."""
        self.abandon(sample)
        self._levels = (_last(self._heard[0]), _last(self._heard[1]))
        # A resampler holds samples from beyond `sample`, which were never to be: it may not fade with them.
        if self._stream.foresees:
            self.envelope.cut(sample, 0)

    @property
    def latest(self) -> Float32 | None:
        """The latents (n, D) that were read last, the newest at the end; None before the first."""
        ready = self._latents.ready
        return self._shown(np.asarray(ready, np.float32)) if len(ready) else None

    def latent_at(self, sample: int) -> Float32 | None:
        """Of the latents (D,) that were read last the one that sounds at a sample;
        None before the first.
        """
        grain = int(self._reading.grains(np.array([float(sample)]))[0])
        found = self._latents.near(grain)
        return None if found is None else self._shown(np.asarray(found, np.float32)[None])[0]

    def parted(self, rows: Float32) -> tuple[Float32, Attributes | None]:
        """Rows that it wants decoded: their latents, and what is set in its model meanwhile."""
        return (rows, None) if self._attributes is None else self._attributes.parted(rows)

    def _shown(self, latents: Float32) -> Float32:
        rows = without_glide(self.parted(latents)[0], self.rendering.width)
        return rows[:, :-1] if self.rendering.tuned else rows

    def wanted(self, end: int) -> Wanted | None:
        """The latents (n, D) that must be decoded before samples up to `end` can be taken;
        none for silence, nor while a prior makes them.
        """
        try:
            found = self._wanted(end)
        except NotMadeError:
            if self.due is None:
                self.due = self._given + self.rendering.ahead if self._begun else self.start
            return None
        due, self.due = self.due, None
        self._begun = self._begun or found is not None
        return found if found is None or due is None else found._replace(due=due)

    def late(self, end: int) -> bool:
        """Whether what is heard before sample `end` is still being made."""
        return self.due is not None and self.due < end and not self._abandoned

    def _wanted(self, end: int) -> Wanted | None:
        last = min(end, self.envelope.end)
        if self._abandoned or last <= self._given:
            soon = self._given == self.start < min(end + self.rendering.ahead, self.envelope.end)
            return self._stream.wanted(0) if soon and not self._abandoned else None
        span = (self._given - self.onset, last - self._given)
        self._levels = (self._faded(self._gain.over(*span), last - self._given), self._pan.over(*span))
        return self._stream.wanted(last - self.start)

    def _faded(self, gain: float | Float64, count: int) -> float | Float64:
        for fade in self._fades:
            if (factor := fade.gain(self._given, count)) is not None:
                gain = gain * factor
        return gain

    def place(self, windows: Float32) -> None:
        """Lay down the decoded windows of what was wanted."""
        self._stream.place(windows if windows.ndim == 2 or self._wide else windows.mean(1))

    def promised(self, count: int) -> None:
        """So many of the windows that were wanted will be laid down, and more may be wanted."""
        self._stream.promised(count)

    def part(self, end: int) -> Part:
        """What it adds to the samples up to `end`, which were wanted."""
        begin, self._given, self._heard = self._given, end, self._levels
        count = end - begin
        gain, pan = (_fitting(level, count) for level in self._levels)
        ramps = self.envelope.over_span(begin, count)
        return Part(self._stream, self._stream.reach, begin, count, ramps, gain, pan)

    def _frames(self, first: int, count: int, live: Reader) -> Float32:
        with np.errstate(all="ignore"):  # what overflows is found below
            latents = np.ascontiguousarray(self._sampled(first, count, live), np.float32)
        if not np.isfinite(latents).all():
            self.finite = False
            self.rendering.beyond(
                RangeError(
                    "the latents are not finite; is there a division by zero, or a scale without bounds?"
                )
            )
        return latents

    def _sampled(self, first: int, count: int, live: Reader) -> Float32 | Float64:
        grains, live = np.minimum(numbers(first, count), self._reading.last), live.earlier(self._lag)
        moments = self._clock.moments(grains, live)
        mean, logvar = self._read(moments)
        if self._crossfade is not None:
            mean, logvar = self._crossfade.mixed((mean, logvar), self._reading.samples(grains), live)
        amount = self._noise(moments)
        if logvar is not None and (amount.any() if isinstance(amount, np.ndarray) else amount):
            # Noise is counted by onset and place: neither the size of the blocks nor what else sounds changes it.
            places = np.arange(first, first + count) * self.rendering.synthesis.hop
            spread = np.exp(0.5 * logvar) * noise.normal(self.seed, places, mean.shape[1])
            mean = mean + np.reshape(amount, (-1, 1)) * spread
        return mean if self._attributes is None else self._attributes.behind(mean, moments)


def _fitting(level: float | Float64, count: int) -> float | Float64:
    """A level for `count` samples; of an abandoned layer, whose level was not read again,
    its last value.
    """
    return _last(level) if isinstance(level, np.ndarray) and len(level) != count else level


def _last(level: float | Float64) -> float:
    return float(level[-1]) if isinstance(level, np.ndarray) else level
