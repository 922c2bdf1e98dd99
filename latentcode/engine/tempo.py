"""The tempo map: which sample a cycle falls on, exactly."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from latentcode.arrays import Float64
from latentcode.errors import EngineError

SLOWEST_BPM, FASTEST_BPM = 1, 2000


@dataclass(frozen=True)
class Anchor:
    """From this sample, which is this cycle, time goes at this many cycles per second."""

    sample: int
    cycle: Fraction
    cps: Fraction


def cycles_per_second(bpm: float | str | Fraction, beats: int = 4) -> Fraction:
    """Cycles per second of a tempo, exactly: a float stands for its decimal text."""
    try:
        exact = Fraction(str(bpm)) if isinstance(bpm, float) else Fraction(bpm)
    except (TypeError, ValueError) as error:
        raise EngineError(f"a tempo is a number of beats per minute, not {bpm!r}; as in bpm(120)") from error
    if not SLOWEST_BPM <= exact <= FASTEST_BPM:
        raise EngineError(f"a tempo lies between {SLOWEST_BPM} and {FASTEST_BPM} beats per minute, not {bpm}")
    return exact / 60 / beats


class TempoMap:
    """Anchors on the sample counter; between two of them cycles are linear in samples."""

    def __init__(self, sample_rate: int, cps: Fraction) -> None:
        self.sample_rate = sample_rate
        self.anchors = [Anchor(0, Fraction(0), cps)]
        self._table()

    def set(self, sample: int, cps: Fraction) -> None:
        """Change the tempo from `sample` on; later anchors are dropped."""
        cycle = self.cycle_at(sample)
        self.anchors = [anchor for anchor in self.anchors if anchor.sample < sample]
        self.anchors.append(Anchor(sample, cycle, cps))
        self._table()

    def cps_at(self, sample: int) -> Fraction:
        return self._anchor_of(sample).cps

    def cycle_at(self, sample: int) -> Fraction:
        """The cycle at a sample, exactly."""
        anchor = self._anchor_of(sample)
        return anchor.cycle + (sample - anchor.sample) * anchor.cps / self.sample_rate

    def sample_of(self, cycle: Fraction) -> int:
        """The first sample that does not lie before `cycle`."""
        anchor = self.anchors[max(bisect_right(self._cycles, cycle) - 1, 0)]
        span = (cycle - anchor.cycle) * self.sample_rate / anchor.cps
        return anchor.sample - (-span.numerator // span.denominator)

    def cycles(self, samples: Float64) -> Float64:
        """The cycles at many samples, in floating point."""
        index = np.searchsorted(self._starts, samples, side="right") - 1
        index = np.maximum(index, 0)
        return np.asarray(self._offsets[index] + (samples - self._starts[index]) * self._rates[index])

    def _anchor_of(self, sample: int) -> Anchor:
        return self.anchors[max(bisect_right(self._samples, sample) - 1, 0)]

    def _table(self) -> None:
        self._samples = [anchor.sample for anchor in self.anchors]
        self._cycles = [anchor.cycle for anchor in self.anchors]
        self._starts = np.array(self._samples, np.float64)
        self._offsets = np.array([float(anchor.cycle) for anchor in self.anchors])
        self._rates = np.array([float(anchor.cps / self.sample_rate) for anchor in self.anchors])
