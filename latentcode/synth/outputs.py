"""What voices gave of late, for those that are fed with it (see `latents/feedback.py`)."""

from __future__ import annotations

import numpy as np

from latentcode.arrays import Float32
from latentcode.parameters import VOICES

KEPT = 1 << 15  # samples


class VoiceOutputs:
    """The last samples of each voice, the mean of both sides; nothing before somebody has asked."""

    def __init__(self) -> None:
        self._kept: Float32 | None = None
        self.begin = self._end = 0

    @property
    def asked(self) -> bool:
        """Whether anybody is fed with them."""
        return self._kept is not None

    def write(self, block: Float32, begin: int) -> None:
        """Keep a block of all voices, (32, n), the first sample of which is `begin`."""
        if self._kept is None:
            return
        mono = block.reshape(VOICES, 2, -1).mean(axis=1, dtype=np.float32)[:, -KEPT:]
        self._end = begin + block.shape[1]
        self._kept[:, np.arange(self._end - mono.shape[1], self._end) % KEPT] = mono

    def forget(self, position: int) -> None:
        """Time was lost: what was before is no music any more."""
        self.begin = position

    def close(self) -> None:
        """Another engine goes on, which nobody has asked yet."""
        self._kept = None

    def samples(self, voice: int, first: int, count: int) -> Float32:
        """See `latents.feedback.Outputs`."""
        out = np.zeros(count, np.float32)
        if self._kept is None:
            self._kept, self.begin = np.zeros((VOICES, KEPT), np.float32), first + count
        low = max(first, self.begin, self._end - KEPT)
        high = min(first + count, self._end)
        if low < high:
            out[low - first : high - first] = self._kept[voice, np.arange(low, high) % KEPT]
        return out
