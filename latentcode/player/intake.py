"""What goes from the ring into the graph: sanitised samples,
and fades where samples are missing.
"""

from __future__ import annotations

import numpy as np

from latentcode.arrays import Float32

CEILING = 8.0
"""Samples beyond this (18 dB over full scale) are clipped: something is wrong with them."""
FADE_SECONDS = 0.005


class Intake:
    """Turns ring samples into the next buffer of the graph,
    deterministic given which buffers are dry.

    `block` (channels, buffer) is the graph's own memory: filled in place, and still holding the
    buffer before when samples are missing. A buffer without samples is a linear fade from what
    sounded last; the first one with samples again fades in.
    """

    def __init__(self, block: Float32, rate: float, dry: bool = False) -> None:
        self.block = block
        self.dry = dry
        self._flat = block.reshape(-1)
        buffer = block.shape[1]
        length = min(buffer, max(1, round(FADE_SECONDS * rate)))
        self._rise = np.arange(1, length + 1, dtype=np.float32) / np.float32(length)
        self._fall = np.zeros(buffer, np.float32)
        self._fall[:length] = self._rise[::-1] - self._rise[0]

    def take(self) -> list[tuple[int, int]]:
        """Sanitise `block`, which has just been filled;
        returns (channel, samples mended) of the bad ones.
        """
        # The sum of squares is the cheapest proof that no sample is beyond the ceiling, infinite or NaN.
        mended = [] if self._flat.dot(self._flat) <= CEILING**2 else self._mend()
        if self.dry:
            self.block[:, : len(self._rise)] *= self._rise
            self.dry = False
        return mended

    def miss(self) -> None:
        """There are no samples for this buffer: fade out what sounded last."""
        np.multiply(self.block[:, -1:].copy(), self._fall, out=self.block)
        self.dry = True

    def peaks(self) -> Float32:
        """The largest magnitude in each channel of `block`."""
        peaks: Float32 = np.abs(self.block).max(axis=1)
        return peaks

    def _mend(self) -> list[tuple[int, int]]:
        bad = ~(np.abs(self.block) <= CEILING)
        if not bad.any():
            return []
        np.nan_to_num(self.block, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        np.clip(self.block, -CEILING, CEILING, out=self.block)
        counts = bad.sum(axis=1)
        return [(int(channel), int(counts[channel])) for channel in np.flatnonzero(counts)]
