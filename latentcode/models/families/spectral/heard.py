"""What is known of frames that are to be given phases."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32

Ints = NDArray[np.int64]

TINY = 1e-12  # beside magnitudes that may be 0


class Heard(NamedTuple):
    """What is known of n frames.

    magnitudes   (n, bins), of a sine of amplitude 1 at a bin: 1
    tonality     (n, bands), 0 noise … 1 steady sines
    delay        (n, bands), half windows from its middle: the mean time of the band's energy
    transience   (n, bands), 0 … 1: 1 − the spread of that time, over what a steady sound has
    deviation    (n, peaks), bins from each of the lowest ones to the frequency of a peak there
    told         (n, bins), the same of all bins, where lobes were moved; NaN: not told
    apart        (n, 1), bins from one partial of a low note to the next; 0 where there is none
    """

    magnitudes: Float32
    tonality: Float32
    delay: Float32
    transience: Float32
    deviation: Float32 | None = None
    told: Float32 | None = None
    apart: Float32 | None = None

    def each(self, change: Callable[..., Float32], *others: Heard) -> Heard:
        """Each part changed, with the same part of others."""
        parts = zip(self, *others, strict=True)
        return Heard(*(None if part[0] is None else change(*part) for part in parts))  # type: ignore[arg-type]

    def at(self, rows: Ints | slice) -> Heard:
        """Some of the frames."""
        return self.each(lambda part: part[rows])


def smooth(ramp: Float32) -> Float32:
    """From 0 to 1 where `ramp` goes from 0 to 1, without edges; `ramp` is used up."""
    held = within(ramp, 0, 1)
    over = 2 * held
    np.subtract(3, over, out=over)
    held *= held
    held *= over
    return held


def within(values: Float32, least: float, most: float) -> Float32:
    """What lies outside is put at the border, in place."""
    return np.clip(values, least, most, out=values)
