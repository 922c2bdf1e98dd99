"""Streams: from latents to consecutive samples, in three steps so that all layers share one decode.

`wanted(end)` gives the latents that must be decoded before `end` samples from the start on can be
taken, `place` lays the decoded windows down, `take` gives the next samples (silence where nothing
was laid).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy as np

from latentcode.arrays import Float32
from latentcode.synth.synthesis import Synthesis

Latents = Callable[[int, int], Float32]  # (first grain, count) → (count, D)


class Stream(ABC):
    """One that wants nothing is given nothing: its samples are there already."""

    def wanted(self, end: int) -> Float32 | None:
        """The latents that must be decoded before samples up to `end` can be taken;
        None when none must.
        """
        return None

    def place(self, windows: Float32) -> None:  # noqa: B027
        """Lay down the decoded windows of what was wanted."""

    @abstractmethod
    def take(self, count: int) -> Float32:
        """The next samples (count,)."""


class GrainStream(Stream):
    """Grains every hop from grain `first` on; gives samples from position `start` of the grain grid
    on.
    """

    def __init__(self, latents: Latents, shape: Synthesis, start: int) -> None:
        self._latents, self._shape = latents, shape
        self._first = self._next = start // shape.hop
        self._base = self._first * shape.hop  # the position of the accumulator's first sample
        self._sum = np.zeros(2 * shape.window, np.float32)
        self._discard = start - self._base
        self._start = start

    def wanted(self, end: int) -> Float32 | None:
        """The latents of the grains that begin before `end` samples after the start; None:
        nothing is missing.
        """
        count = -(-(self._start + end) // self._shape.hop) - self._next
        return self._latents(self._next, count) if count > 0 else None

    def place(self, windows: Float32) -> None:
        window, hop = self._shape.window, self._shape.hop
        self._reserve((self._next + len(windows) - 1) * hop + window - self._base)
        for row in windows:
            offset = self._next * hop - self._base
            fade = self._shape.first if self._next == self._first else self._shape.shape
            self._sum[offset : offset + window] += row * fade
            self._next += 1

    def take(self, count: int) -> Float32:
        begin, self._discard = self._discard, 0
        end = begin + count
        self._reserve(end)
        taken: Float32 = self._sum[begin:end].copy()
        self._sum[: len(self._sum) - end] = self._sum[end:]
        self._sum[len(self._sum) - end :] = 0.0
        self._base += end
        return taken

    def _reserve(self, length: int) -> None:
        if length > len(self._sum):
            self._sum = np.concatenate([self._sum, np.zeros(length - len(self._sum), np.float32)])


class ResampledStream(Stream):
    """A stream at another rate, brought to the device's rate; starts at the onset."""

    def __init__(self, inner: Stream, model_rate: float, rate: int) -> None:
        self._inner = inner
        self._ratio = model_rate / rate
        self._resample = _resampler(model_rate, rate)
        self._behind = look_ahead(self._ratio)
        self._fed = 0
        self._ready = np.zeros(0, np.float32)

    def wanted(self, end: int) -> Float32 | None:
        self._needed = math.ceil(end * self._ratio) + self._behind
        latents = self._inner.wanted(self._needed)
        if latents is None:
            self._feed()
        return latents

    def place(self, windows: Float32) -> None:
        self._inner.place(windows)
        self._feed()

    def take(self, count: int) -> Float32:
        taken, self._ready = self._ready[:count], self._ready[count:]
        return taken if len(taken) == count else np.pad(taken, (0, count - len(taken)))

    def _feed(self) -> None:
        if self._needed > self._fed:
            chunk = self._inner.take(self._needed - self._fed)
            self._fed = self._needed
            self._ready = np.concatenate([self._ready, self._resample(chunk)])


Resample = Callable[[Float32], Float32]


def _resampler(model_rate: float, rate: int) -> Resample:
    import soxr

    resample: Resample = soxr.ResampleStream(
        model_rate, rate, 1, dtype="float32", quality="HQ"
    ).resample_chunk
    return resample


def look_ahead(ratio: float) -> int:
    """Samples that a resampler must be given beyond those that come out;
    `ratio` of them make one that does.

    A bound: it works in blocks, of 1900 samples at most below an octave up, and twice as many for
    each octave.
    """
    return 2048 << max(0, math.ceil(math.log2(ratio)))
