"""Fades: gains per sample, on the session's sample counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from latentcode.arrays import Float32

NEVER = 1 << 62  # a sample that no set reaches
HUSH, PANIC = 0.3, 0.005  # seconds of fade
SOON = 512  # samples, a block: within them what took too long is looked for


@dataclass(frozen=True)
class Ramp:
    """A linear fade over `length` samples from sample `begin` on."""

    begin: int
    length: int
    rising: bool

    def gain(self, begin: int, count: int) -> Float32 | None:
        """The gain of `count` samples from `begin` on; None where it is one throughout."""
        done = begin + 1 - self.begin
        if (done >= self.length) if self.rising else (done + count <= 1):
            return None
        slope = np.clip(np.arange(done, done + count, dtype=np.float32) / self.length, 0.0, 1.0)
        return np.asarray(slope if self.rising else 1.0 - slope, np.float32)

    @property
    def end(self) -> int:
        return self.begin + self.length


class Envelope:
    """The rises, the release and the early fades of one layer."""

    def __init__(self, *rises: Ramp) -> None:
        self._ramps = [ramp for ramp in rises if ramp.length > 0]
        self._release: Ramp | None = None
        self._cut: Ramp | None = None
        self.falls = self.end = NEVER  # asked for each layer in each block
        """Where it begins to fall silent, and from where on all is silent, as far as is known."""

    def release(self, begin: int, length: int) -> None:
        """Fall silent from the end of the whole on; said again when the end moves."""
        self._release = Ramp(begin, max(length, 1), False)
        self._find_end()

    def cut(self, begin: int, length: int) -> None:
        """Fall silent before the end; the earliest cut counts."""
        ramp = Ramp(begin, max(length, 1), False)
        if self._cut is None or ramp.end < self._cut.end:
            self._cut = ramp
            self._find_end()

    def _find_end(self) -> None:
        falls = [ramp for ramp in (self._release, self._cut) if ramp is not None]
        self.falls, self.end = min(ramp.begin for ramp in falls), min(ramp.end for ramp in falls)

    @property
    def leaving(self) -> bool:
        """Whether it has been cut."""
        return self._cut is not None

    def over(self, sample: int) -> bool:
        """Whether all from `sample` on is silent."""
        return sample >= self.end

    def over_span(self, begin: int, count: int) -> Sequence[Ramp]:
        """The ramps that may shape `count` samples from `begin` on, in their order; those before
        are forgotten.
        """
        end = begin + count
        if not self._ramps and end <= self.falls:
            return ()
        falls = [ramp for ramp in (self._release, self._cut) if ramp and ramp.begin < end]
        found = [*self._ramps, *falls]
        self._ramps = [ramp for ramp in self._ramps if end < ramp.end]
        return found
