"""The pitch of spectra: which tone has the loudest harmonics, and how clear that is.

Magnitudes at the harmonics of each possible tone are summed, and what lies half-way between them
taken away, without which every tone an octave below would be as good.

Source: Hermes, "Measurement of pitch by subharmonic summation" (1988), on a grid of tones.
"""

from __future__ import annotations

import numpy as np

from latentcode.arrays import Float32, Float64

LOWEST, HIGHEST = 45.0, 2200.0  # Hz
STEPS = 48  # tones to an octave
HARMONICS, FALLING, BETWEEN = 10, 0.86, 0.6  # how many; each counts so much less; what lies between
VAGUE, CLEAR = 0.45, 0.6  # salience below which there is no pitch, above which there is one
TINY = 1e-12


class Tones:
    """The tones that a spectrum of `bins` may have at `sample_rate` (Hz): `frequencies` in bins."""

    def __init__(self, bins: int, sample_rate: int) -> None:
        count = int(np.log2(HIGHEST / LOWEST) * STEPS)
        self.frequencies = LOWEST * 2.0 ** (np.arange(count) / STEPS) * (2 * (bins - 1) / sample_rate)
        places = np.arange(0.5, HARMONICS + 0.25, 0.5)[:, None] * self.frequencies  # half-way, a harmonic, …
        weights = np.repeat(FALLING ** np.arange(HARMONICS), 2)
        weights[::2] *= -BETWEEN
        self._bins = np.minimum(places, bins - 2).astype(np.int64)
        part = np.clip(places - self._bins, 0, 1)
        inside = weights[:, None] * (places < bins - 1)
        self._here, self._next = ((1 - part) * inside, part * inside)

    def salience(self, magnitudes: Float32) -> Float64:
        """How much of (R, bins) magnitudes each tone has, (R, tones): 1 is much, whatever the
        level.
        """
        exact = magnitudes.astype(np.float64)
        roots, power = np.ascontiguousarray(np.sqrt(exact).T), exact.sum(axis=1)  # (bins, R): a bin is a row
        found = np.zeros((len(self.frequencies), len(magnitudes)))
        for place, here, following in zip(self._bins, self._here, self._next, strict=True):
            found += roots[place] * here[:, None]
            found += roots[place + 1] * following[:, None]
        return np.asarray(found.T / np.sqrt(power + TINY)[:, None])
