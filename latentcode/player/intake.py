"""What goes from the ring into the graph: sanitised samples, and fades where samples are missing."""

from __future__ import annotations

import numpy as np

from latentcode.arrays import Float32

CEILING = 8.0
"""Samples beyond this (18 dB over full scale) are clipped: something is wrong with them."""
FADE_SECONDS = 0.005


class Intake:
    """Turns ring samples into the next buffer of the graph, deterministic given which buffers are dry.

    A buffer without samples is a linear fade from what sounded last; the first one with samples again
    fades in. `block` (channels, buffer) is what to play; `peaks` (channels,) its largest magnitudes.
    """

    def __init__(self, channels: int, buffer: int, rate: float, dry: bool = False) -> None:
        self.block: Float32 = np.zeros((channels, buffer), np.float32)
        self.peaks: Float32 = np.zeros(channels, np.float32)
        self.dry = dry
        self._last = np.zeros((channels, 1), np.float32)
        self._magnitude = np.zeros_like(self.block)
        length = min(buffer, max(1, round(FADE_SECONDS * rate)))
        self._rise = np.arange(1, length + 1, dtype=np.float32) / np.float32(length)
        self._fall = np.zeros(buffer, np.float32)
        self._fall[:length] = self._rise[::-1] - self._rise[0]

    def take(self) -> list[tuple[int, int]]:
        """Sanitise `block`, which has just been filled; returns (channel, samples mended) of the bad ones."""
        self._measure()
        mended = [] if self.peaks.max() <= CEILING else self._mend()
        if self.dry:
            self.block[:, : len(self._rise)] *= self._rise
            self.dry = False
        self._last[:, 0] = self.block[:, -1]
        return mended

    def miss(self) -> None:
        """There are no samples for this buffer: fade out what sounded last."""
        np.multiply(self._last, self._fall, out=self.block)
        self._last[:] = 0.0
        self.peaks[:] = 0.0
        self.dry = True

    def _measure(self) -> None:
        np.abs(self.block, out=self._magnitude)
        self._magnitude.max(axis=1, out=self.peaks)  # a NaN is its row's maximum

    def _mend(self) -> list[tuple[int, int]]:
        bad = ~(self._magnitude <= CEILING)
        np.nan_to_num(self.block, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        np.clip(self.block, -CEILING, CEILING, out=self.block)
        self._measure()
        counts = bad.sum(axis=1)
        return [(int(channel), int(counts[channel])) for channel in np.flatnonzero(counts)]
