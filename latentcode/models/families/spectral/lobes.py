"""Lobes: the parts of a spectrum that belong to its peaks, moved to other frequencies.

Each peak of a spectrum, with the bins that are nearest to it, is a lobe. A lobe that is moved by a
part of a bin is read between its bins; what is read is how it differs from the main lobe of a sine,
which a Hann window gives at any frequency, so that a sine stays one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64

Ints = NDArray[np.int64]

FINE = 256  # places in a bin for which the main lobe of a sine is known
WIDE = 2  # bins to either side of a sine that its main lobe has
FLAT = 0.05  # beside the main lobe: what lies beyond it is moved as it is
TINY = 1e-12


class Lobes(NamedTuple):
    """The lobes of R spectra, one spectrum after the other."""

    rows: Ints  # (P,)
    starts: Ints  # (P,) the first bin of each, in the array (R, bins), flat
    counts: Ints  # (P,) how many bins it has
    centres: Float64  # (P,) its frequency, in bins


class Moved(NamedTuple):
    """Lobes, or parts of them, at other frequencies."""

    which: Ints  # (N,) of the lobes
    centres: Float64  # (N,) where it comes to lie, in bins
    weights: Float64  # (N,) what it is multiplied by


def shapes(magnitudes: Float32, lobes: Lobes) -> Float64:
    """Magnitudes (R, bins) over what the sine of their lobe would have there, flat."""
    centres = np.repeat(lobes.centres, lobes.counts).reshape(magnitudes.shape)
    return np.asarray(magnitudes / sine_lobe(np.arange(magnitudes.shape[1]) - centres)).ravel()


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
    value = (here + (following - here) * part) * sine_lobe(place - centres) * moved.weights.take(of)
    place += row
    loud, turned = (np.bincount(place, what, shape[0] * bins) for what in (value, value * centres))
    return sums[0] + loud, sums[1] + turned


def sine_lobe(distance: Float64) -> Float64:
    """What a sine of amplitude 1 has so many bins from its frequency, `FLAT` added."""
    return LOBE.take(np.minimum(np.abs(distance) * FINE + 0.5, WIDE * FINE).astype(np.int64))


def _lobe() -> Float64:
    bins = np.arange(WIDE * FINE + 1) / FINE
    with np.errstate(divide="ignore", invalid="ignore"):
        lobe = np.sinc(bins) / (1 - bins * bins)
    lobe[FINE] = 0.5
    return np.maximum(lobe, 0) + FLAT


LOBE = _lobe()
