"""From positions on a layer's grain grid to the moments at which its trajectory is read."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Protocol

import numpy as np

from latentcode.arrays import Float64
from latentcode.clock.tempo import TempoMap
from latentcode.latents.moments import Moments
from latentcode.patterns.event import Hands


@dataclass(frozen=True)
class Rates:
    """The device's and the model's sampling rates in Hz,
    and samples of the model between two grains.
    """

    device: int
    model: int
    hop: int

    def samples(self, grid: Float64) -> Float64:
        """Positions on the grain grid (model samples) as device samples."""
        return grid if self.device == self.model else grid * (self.device / self.model)

    def grains(self, samples: Float64) -> Float64:
        """Device samples since the onset as numbers of grains."""
        return samples * (self.model / self.device) / self.hop

    def pace(self, cps: float) -> float:
        """Cycles in which a grain goes by, at so many a second."""
        return cps * self.hop / self.model

    def position(self, samples: int) -> int:
        """Device samples since the grid's origin as the nearest position on the grain grid."""
        return round(Fraction(samples * self.model, self.device))


def numbers(first: int, count: int) -> Float64:
    """The numbers of `count` grains from grain `first` on."""
    return np.arange(first, first + count, dtype=np.float64)


class Clock(Protocol):
    def moments(self, grains: Float64, live: Hands = None) -> Moments:
        """The moments of grains, by their numbers from the onset on;
        those in between have fractions.

        `live` is to look live inputs up there.
        """
        ...


@dataclass(frozen=True)
class EventClock:
    """Seconds run from the onset; the position is counted in cycles,
    so a change of tempo does not jump.
    """

    tempo: TempoMap
    rates: Rates
    onset: int
    whole: tuple[Fraction, Fraction]

    def moments(self, grains: Float64, live: Hands = None) -> Moments:
        grid = self.rates.hop * grains
        begin, length = self._span
        sample = self.onset + self.rates.samples(grid)
        cycle = self.tempo.cycles(sample)
        cps = float(self.tempo.cps_at(self.onset))
        seconds = length / cps
        frames = seconds * self.rates.model / self.rates.hop
        return Moments(
            grid / self.rates.model,
            (cycle - begin) / length,
            cycle,
            frames,
            live=_moved(live, sample),
            pace=self.rates.pace(cps),
        )

    @cached_property
    def _span(self) -> tuple[float, float]:
        """The cycle at which the whole begins, and its length."""
        return float(self.whole[0]), float(self.whole[1] - self.whole[0])


@dataclass(frozen=True)
class DroneClock:
    """The phase is the time since the origin, modulo the natural length of `frames` latent frames.

    `wraps`: whether the seconds in which sources advance are so, too; loops have lengths of their
    own.
    """

    tempo: TempoMap
    rates: Rates
    origin: int
    frames: int
    wraps: bool = True

    def moments(self, grains: Float64, live: Hands = None) -> Moments:
        sample = self.origin + self.rates.samples(grains * self.rates.hop)
        phase = grains % self.frames
        seconds = (phase if self.wraps else grains) * (self.rates.hop / self.rates.model)
        cycle = self.tempo.cycles(sample)
        return Moments(
            seconds,
            phase / self.frames,
            cycle,
            float(self.frames),
            live=_moved(live, sample),
            turns=grains // self.frames,
            pace=self.rates.pace(float(self.tempo.cps_at(self.origin))),
        )


def _moved(live: Hands, samples: Float64) -> Hands:
    return None if live is None else live.moved(samples)
