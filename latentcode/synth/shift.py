"""A shift in pitch that leaves time as it is: a stream made longer without another pitch,
then resampled.

Source: Verhelst and Roelands, "An overlap-add technique based on waveform similarity (WSOLA) for
high quality time-scale modification of speech" (ICASSP 1993). Windows that were only resampled
would not fit one another any more: where they overlap their waves would cancel, and the pitch would
be a noise.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.synth.stream import Stream, Wanted, energies

STEP_SECONDS = 0.012  # from one segment to the next, half their length
REACH_SECONDS = 0.018  # how far from its due time a segment may be taken: the deepest tones have 27 Hz
LONGEST_AHEAD = 2 * REACH_SECONDS + 4 * STEP_SECONDS  # seconds that it is given ahead, at the most


class LongerStream(Stream):
    """A stream that takes `factor` times as long at the same pitch; its first sample is the first.

    It plays on as it is for as long as it is no further than the reach from where it should be;
    then it jumps to where the wave goes on best, and cross-fades. `beside`: the other channel,
    whose
    places it takes, so that both stay in step.
    """

    foresees = True

    def __init__(self, inner: Stream, factor: float, rate: int, beside: LongerStream | None = None) -> None:
        self._inner, self._factor = inner, factor
        self._chosen: deque[int] = deque() if beside is None else beside._chosen
        self._follows, self._followed = beside is not None, False
        if beside is not None:
            beside._followed = True
        self._step, self._reach = round(STEP_SECONDS * rate), round(REACH_SECONDS * rate)
        self._fade = (np.sin(0.5 * np.pi * np.arange(self._step) / self._step) ** 2).astype(np.float32)
        self._heard = np.zeros(0, np.float32)  # of the inner stream, from sample `_base` on
        self._base = self._segments = self._place = 0
        self._tail = np.zeros(0, np.float32)  # what the last segment goes on with
        self._ready = np.zeros(0, np.float32)
        self._given = 0

    def wanted(self, end: int) -> Wanted | None:
        """The latents without which there are no samples up to `end` after the start; None:
        nothing is missing.
        """
        return self._inner.wanted(self._needed(-(-end // self._step)))

    def promised(self, count: int) -> None:
        self._inner.promised(count)

    def place(self, windows: Float32) -> None:
        self._inner.place(windows)

    def take(self, count: int, reach: int | None = None) -> Float32:
        """The next samples (count,)."""
        pieces = [self._ready]
        while sum(map(len, pieces)) < count:
            pieces.append(self._next())
        ready = np.concatenate(pieces)
        taken, self._ready = ready[:count], ready[count:]
        return taken

    def _needed(self, segments: int) -> int:
        """Samples of the inner stream that so many segments are made from at the most."""
        return math.ceil(max(segments - 1, 0) * self._step / self._factor) + 2 * self._reach + 3 * self._step

    def _next(self) -> Float32:
        """The first half of the next segment, cross-faded with the second of the one before."""
        due = self._segments * self._step / self._factor
        self._segments += 1
        self._hear(self._needed(self._segments))
        first = self._segments == 1
        if self._follows:
            self._place = self._chosen.popleft()
        else:
            self._place = 0 if first else self._best(self._place + self._step, due)
            if self._followed:
                self._chosen.append(self._place)
        half = self._piece(self._place)
        piece = half if first else self._tail + (half - self._tail) * self._fade
        self._tail = self._piece(self._place + self._step)
        return piece

    def _best(self, onward: int, due: float) -> int:
        """Where the next segment begins: it goes on, or jumps to where the wave is most alike."""
        if abs(onward - due) <= self._reach:
            return onward
        low = max(math.ceil(due) - self._reach, 0)
        count = math.floor(due) + self._reach + 1 - low
        template = self._piece(onward).astype(np.float64)
        field = self._cut(low, count + self._step - 1).astype(np.float64)
        return low + int(np.argmax(_likeness(field, template)))

    def _piece(self, place: int) -> Float32:
        return self._cut(place, self._step)

    def _cut(self, place: int, count: int) -> Float32:
        return self._heard[place - self._base : place - self._base + count]

    def _hear(self, end: int) -> None:
        """Take the inner stream up to sample `end`, and forget what is not needed again."""
        if end > self._given:
            self._heard = np.concatenate([self._heard, self._inner.take(end - self._given)])
            self._given = end
        old = self._place - 2 * self._reach - 2 * self._step - self._base
        if old > 0:
            self._heard, self._base = self._heard[old:], self._base + old


def _likeness(field: Float64, template: Float64) -> Float64:
    """The normalised correlation of a template with every place of a field that it fits in."""
    size = 1 << (len(field) + len(template) - 1).bit_length()
    product = np.fft.rfft(field, size) * np.conj(np.fft.rfft(template, size))
    places = len(field) - len(template) + 1
    correlation = np.fft.irfft(product, size)[:places]
    return np.asarray(correlation / np.sqrt(np.maximum(energies(field, len(template)), 1e-9)))
