"""Transposition: spectra whose frequencies are all multiplied by a number.

Peaks of tones are moved as they are, since a window gives a sine the same width at any frequency;
what is noise is stretched with the axis. Where formants are kept, what was moved takes the envelope
of where it comes to lie.

Sources: Laroche and Dolson, "New phase-vocoder techniques for pitch-shifting" (1999), for peaks
that are moved; Röbel and Rodet, "Efficient spectral envelope estimation and its application to
pitch shifting and envelope preservation" (DAFx 2005), for the true envelope.
"""

from __future__ import annotations

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64
from latentcode.models.families.spectral.harmonics import moved
from latentcode.models.families.spectral.heard import Heard, Ints
from latentcode.models.families.spectral.lobes import WIDE, lobes_of, shapes, tone
from latentcode.models.families.spectral.phases import Phases
from latentcode.models.families.spectral.pitch import VAGUE, Tones

POOL = 4  # bins of which the loudest counts, where the envelope is looked for
ORDER, ORDERS, ROUNDS = 40, (30, 60), 12  # of its cepstrum, without a pitch; how often it is raised
FLOOR = 1e-9
LOUDEST = 4.0  # of a frame's norm: 12 dB above a sine of full scale
MOST = 0.5  # bins from a bin to the frequency of what lies there


class Scales:
    """Transposes spectra, of which `band` (bins,) says which band each bin is in."""

    def __init__(self, phases: Phases, band: Ints, sample_rate: int) -> None:
        self._phases, self._band = phases, band
        self._tones = Tones(phases.bins, sample_rate)
        self._bins = np.arange(phases.bins, dtype=np.float64)
        filled = np.unique(band)  # of a short window not all
        middles = [np.flatnonzero(band == one).mean() for one in filled]
        self._middles = np.interp(np.arange(band[-1] + 1), filled, middles)

    def scaled(self, heard: Heard, ratios: Float64, formants: NDArray[np.bool_]) -> Heard:
        """Frames (R) whose frequencies are `ratios` (R,) times as high; `formants` (R,): whether
        the envelope of their magnitudes stays.
        """
        lobes, last = lobes_of(self._phases, heard), self._phases.bins - 1
        ratio, row = ratios[:, None], np.arange(len(ratios))[:, None] * (last + 1)
        there = self._bins / ratio  # what comes to lie in each bin
        nearest = row + np.minimum(np.rint(there), last).astype(np.int64)
        which = np.repeat(np.arange(len(lobes.rows)), lobes.counts).take(nearest)
        first, count = lobes.starts.take(which) - row, lobes.counts.take(which)
        top, tones = lobes.centres.take(which), lobes.tones.take(which)
        away = self._bins - top * ratio
        beside = away * (tones + (1 - tones) / ratio)
        source = np.clip(top + beside, first, first + count - 1)
        found = _read(shapes(heard.magnitudes, lobes), row, source, last) * tone(source - top, tones)
        sines = tones * (np.abs(away) < WIDE)
        found *= (sines + (1 - sines) / np.sqrt(ratio)) * (there <= last)  # noise as strong as it was in all
        found *= 1 - tones * (1 - np.exp(-np.abs(top + beside - source)))  # between tones that move apart
        if formants.any():
            found *= np.where(formants[:, None], self._kept(heard.magnitudes, row, source), 1)
        norm = np.sqrt(np.square(found).sum(axis=1, keepdims=True))
        found *= LOUDEST / np.maximum(norm, LOUDEST)
        bands = self._band.take(np.minimum(np.rint(self._middles / ratio), last).astype(np.int64))
        tonality, delay, transience = (
            np.take_along_axis(part, bands, axis=1)
            for part in (heard.tonality, heard.delay, heard.transience)
        )
        told = np.clip(top * ratio - self._bins, -MOST, MOST).astype(np.float32)
        untold = None if heard.deviation is None else np.zeros_like(heard.deviation)
        apart = None if heard.apart is None else moved(heard.apart, ratio)
        return Heard(found.astype(np.float32), tonality, delay, transience, untold, told, apart)

    def _kept(self, magnitudes: Float32, row: Ints, source: Float64) -> Float64:
        """What moved magnitudes are multiplied by, so that their envelope stays."""
        last = self._phases.bins - 1
        salience = self._tones.salience(magnitudes)
        pitches = self._tones.frequencies.take(salience.argmax(axis=1))
        orders = np.where(salience.max(axis=1) > VAGUE, (0.7 * last / pitches).astype(np.int64), ORDER)
        orders = np.clip(orders, *ORDERS)
        envelope = self._envelopes(magnitudes, orders)
        here = np.minimum(np.rint(source), last).astype(np.int64) + row
        return np.asarray(np.exp(envelope - envelope.take(here)))

    def _envelopes(self, magnitudes: Float32, orders: Ints) -> Float64:
        """The logarithms (R, bins) of the smooth curves on which the peaks of frames lie."""
        pools = np.arange(0, magnitudes.shape[1], POOL)
        loudest = np.maximum.reduceat(magnitudes, pools, axis=1).astype(np.float64)
        wanted = np.log(np.maximum(loudest, loudest.max(axis=1, keepdims=True) * FLOOR + FLOOR))
        times = np.arange(2 * len(pools) - 2)
        fine = np.minimum(times, len(times) - times) >= orders[:, None]  # of the cepstrum
        curves = wanted
        for _ in range(ROUNDS):
            cepstra = scipy.fft.irfft(np.maximum(wanted, curves), axis=1)
            cepstra[fine] = 0
            curves = scipy.fft.rfft(cepstra, axis=1).real
        middles = pools + (POOL - 1) / 2
        return np.stack([np.interp(self._bins, middles, curve) for curve in curves])


def _read(flat: Float64, row: Ints, place: Float64, last: int) -> Float64:
    """Between the bins of rows that lie one after the other."""
    low = np.minimum(place.astype(np.int64), last - 1)
    here, following = flat.take(row + low), flat.take(row + low + 1)
    return np.asarray(here + (following - here) * (place - low))
