"""Lobes: the parts of a spectrum that belong to its peaks, moved to other frequencies.

Each peak of a spectrum, with the bins that are nearest to it, is a lobe. A lobe that is moved by a
part of a bin is read between its bins; of a tone what is read is how it differs from the main lobe
of a sine, which a Hann window gives at any frequency, so that a sine stays one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64
from latentcode.models.families.spectral.heard import Heard, smooth
from latentcode.models.families.spectral.phases import Phases

Ints = NDArray[np.int64]

FINE = 256  # places in a bin for which the main lobe of a sine is known
WIDE = 2  # bins to either side of a sine that its main lobe has
FLAT = 0.05  # beside the main lobe: what lies beyond it is moved as it is
BLOCK = 8  # bins; a lobe is compared with the loudest of its block and those beside it
FAINT, PLAIN = 0.05, 0.15  # of that: a lobe that is no louder is noise, one that is louder what its band is
TINY = 1e-12


class Lobes(NamedTuple):
    """The lobes of R spectra, one spectrum after the other."""

    rows: Ints  # (P,)
    starts: Ints  # (P,) the first bin of each, in the array (R, bins), flat
    counts: Ints  # (P,) how many bins it has
    centres: Float64  # (P,) its frequency, in bins
    tones: Float64  # (P,) 1 a tone … 0 noise
    tops: Float64  # (P,) the magnitude of its peak


class Moved(NamedTuple):
    """Lobes, or parts of them, at other frequencies."""

    which: Ints  # (N,) of the lobes
    centres: Float64  # (N,) where it comes to lie, in bins
    weights: Float64  # (N,) what it is multiplied by


def lobes_of(phases: Phases, heard: Heard) -> Lobes:
    """The lobes of frames. What lies far below something near is noise, whatever its band is."""
    places, rows, counts, centres, tonal = phases.lobes(heard)
    tops = heard.magnitudes.take(places)
    loudest = np.maximum.reduceat(heard.magnitudes, np.arange(0, phases.bins, BLOCK), axis=1)
    near = loudest.copy()
    near[:, 1:] = np.maximum(near[:, 1:], loudest[:, :-1])
    near[:, :-1] = np.maximum(near[:, :-1], loudest[:, 1:])
    bins = places - rows * phases.bins
    part = tops / (near.take(rows * near.shape[1] + bins // BLOCK) + np.float32(TINY))
    tones = tonal * smooth((part - FAINT) / (PLAIN - FAINT))
    starts = np.cumsum(counts) - counts
    return Lobes(rows, starts, counts, centres, tones.astype(np.float64), tops.astype(np.float64))


def shapes(magnitudes: Float32, lobes: Lobes) -> Float64:
    """Magnitudes (R, bins) over what the tone of their lobe would have there, flat."""
    centres, tones = (np.repeat(part, lobes.counts).reshape(magnitudes.shape) for part in lobes[3:5])
    return np.asarray(magnitudes / tone(np.arange(magnitudes.shape[1]) - centres, tones)).ravel()


def laid(
    shape: tuple[int, int], lobes: Lobes, shapes: Float64, moved: Moved, sums: tuple[Float64, Float64]
) -> tuple[Float64, Float64]:
    """`sums` (R · bins,) with moved lobes added: magnitudes, and these times their centres."""
    bins = shape[1]
    rows, starts, counts = (part.take(moved.which) for part in lobes[:3])
    begins = starts - rows * bins + (moved.centres - lobes.centres.take(moved.which))
    firsts = np.ceil(begins)
    along = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    place = np.repeat(firsts.astype(np.int64), counts) + along  # in the row
    inside = np.flatnonzero((place >= 0) & (place < bins))
    of = np.repeat(np.arange(len(counts)), counts).take(inside)  # which of the moved ones
    place, row = place.take(inside), rows.take(of) * bins
    source = starts.take(of) + along.take(inside)
    here, following = shapes.take(source), shapes.take(np.minimum(source + 1, row + bins - 1))
    part, centres = (firsts - begins).take(of), moved.centres.take(of)
    value = (here + (following - here) * part) * moved.weights.take(of)
    value *= tone(place - centres, lobes.tones.take(moved.which).take(of))
    place += row
    loud, turned = (np.bincount(place, what, shape[0] * bins) for what in (value, value * centres))
    return sums[0] + loud, sums[1] + turned


def tone(distance: Float64, tones: Float64) -> Float64:
    """What a sine of amplitude 1 has so many bins from its frequency, `FLAT` added; of noise 1."""
    place = np.minimum(np.abs(distance) * FINE + 0.5, WIDE * FINE).astype(np.int64)
    return np.asarray(1 + tones * LESS.take(place))


def _lobe() -> Float64:
    bins = np.arange(WIDE * FINE + 1) / FINE
    with np.errstate(divide="ignore", invalid="ignore"):
        lobe = np.sinc(bins) / (1 - bins * bins)
    lobe[FINE] = 0.5
    return np.maximum(lobe, 0) + FLAT - 1


LESS = _lobe()
