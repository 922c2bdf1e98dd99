"""The partials of low notes: rows of them so close that the magnitudes of one are spoilt by others.

Where partials lie fewer bins apart than the main lobe of a window is wide, where the peaks of a
spectrum seem to be says little of any one of them, and some have no peak. All of them together say
much: they are multiples of one frequency, which is looked for by a comb (as in Hermes, "Measurement
of pitch by subharmonic summation", 1988, but over the peaks alone) and then fitted to them.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from latentcode.arrays import Float32, Float64
from latentcode.models.families.spectral.heard import Heard, Ints

LEAST, MOST = 1.7, 3.4  # bins from one partial to the next: closer ones are mistaken, wider ones do without
TRIED = (1.4, 12.0)  # bins: what lies beyond has to lose against what is there
SPAN = 64  # bins in which peaks count
STEPS = 256  # of a comb's density, teeth a bin: four to the width of what it finds in `SPAN`
FINE = 16  # places in a bin
PLAIN = 0.65  # of all that counts: a comb that has less is no note
ROUGH = 1e-3  # of it: far more than sums differ by that are made in another order
SURE = 0.03  # of it: of combs that are as good the one with the fewest teeth counts
NEAR = 0.3  # bins from a tooth: what is further away is none of its partials
WHERE = 24  # bins below which teeth are counted that have a peak
SHOWN, BESIDES = 0.2, -0.12  # the part that is needed of them: so much for a bin apart, and besides
OTHERS = 0.12  # of what counts on teeth, on those that no row twice or thrice as wide has
ROUNDS = 2
LOUD = 0.1  # of the loudest of a frame, by the root: two such peaks that lie close may be in a row
TOP = 33  # bins below which partials are put where their row has them
FURTHEST = 1.2, 6.0  # bins from one to the next, where a row is moved
TINY = 1e-12


class Harmonics:
    """Finds rows of partials in spectra, and what they are multiples of."""

    def __init__(self) -> None:
        densities = np.arange(np.ceil(STEPS / TRIED[1]), STEPS / TRIED[0]) / STEPS
        self._apart = 1 / densities
        places = np.arange(-2 * FINE, (SPAN + 2) * FINE)[:, None] / FINE
        self._combs = np.cos(2 * np.pi * places * densities).astype(np.float32)
        self._rough = torch.from_numpy(self._combs)

    def apart(self, heard: Heard, above: Float32) -> Float32:
        """(R, 1): how many bins the partials of each frame lie apart; 0 where they are no such row.
        `above` (R, `SPAN` or more): bins to the frequency of a peak, where none is told.
        """
        rows, centres, weights = self._likely(*_close(*_peaks(heard, above)))
        found = np.zeros((len(heard.magnitudes), 1), np.float32)
        if not len(rows):
            return found
        starts = _starts(rows)
        which = rows.take(starts)
        combs = self._combs.take(_fine(centres), axis=0)
        combs *= weights[:, None]
        scores = np.add.reduceat(combs, starts)
        scores /= np.add.reduceat(weights, starts)[:, None] + np.float32(TINY)
        best = scores.max(axis=1)
        widest = (scores >= best[:, None] - SURE).argmax(axis=1)
        step = _crest(scores, widest)
        apart, shown = _fitted(self._apart.take(step), starts, centres, weights.astype(np.float64))
        good = (best > PLAIN) & (shown > SHOWN * apart + BESIDES) & (apart > LEAST) & (apart < MOST)
        found[which, 0] = np.where(good, apart, 0)
        return found

    def _likely(self, rows: Ints, centres: Float64, weights: Float32) -> tuple[Ints, Float64, Float32]:
        """The peaks of frames that may be a note: most are none, which a rough sum tells in a
        tenth of the time.
        """
        if not len(rows):
            return rows, centres, weights
        starts = _starts(rows)
        where, each = torch.from_numpy(_fine(centres)), torch.from_numpy(weights)
        scores = functional.embedding_bag(
            where, self._rough, torch.from_numpy(starts), mode="sum", per_sample_weights=each
        )
        least = np.add.reduceat(weights, starts) * np.float32(PLAIN - ROUGH)
        return _of(rows.take(starts[scores.amax(1).numpy() >= least]), rows, centres, weights)


def moved(apart: Float32, ratio: Float64) -> Float32:
    """Rows of partials (R, 1) whose frequencies are `ratio` (R, 1) times as high."""
    wide = apart * ratio
    return np.where((wide > FURTHEST[0]) & (wide < FURTHEST[1]), wide, 0).astype(np.float32)


def put_in_rows(apart: Float32, high: NDArray[np.bool_], deviations: Float32) -> None:
    """Have the peaks `high` (R, bins), and the `deviations` (R, bins) of their frequencies, where
    rows of partials (R, 1) have them, and none between.
    """
    which = apart[:, 0].nonzero()[0]
    wide = apart[which]
    centres = wide * np.arange(1, int(TOP / FURTHEST[0]) + 1, dtype=np.float32)
    inside = centres < min(TOP, high.shape[1] - 3)
    last = centres.max(axis=1, where=inside, initial=0)[:, None]
    low = np.arange(min(TOP + 3, high.shape[1])) < last + wide / 2
    high[which, : low.shape[1]] &= ~low
    place, number = inside.nonzero()
    centre = centres[place, number]
    bins = np.maximum(np.rint(centre), 2).astype(np.int64)
    high[which[place], bins] = True
    deviations[which[place], bins] = centre - bins


def _crest(scores: Float32, places: Ints) -> Ints:
    """From places (R,) in rows of scores up to the top of the hill."""
    count = scores.shape[1]
    flat, begins = scores.ravel(), np.arange(len(scores)) * count
    here, last = begins + places, begins + (count - 1)
    for _ in range(4):
        after = np.minimum(here + 1, last)
        here = np.where(flat.take(after) > flat.take(here), after, here)
    return np.asarray(here - begins)


def _fitted(apart: Float64, starts: Ints, centres: Float64, weights: Float64) -> tuple[Float64, Float64]:
    """The distance (R,) of which the peaks near its multiples are best the multiples, and which
    part of the lowest have one: 0 where it is but a part of the true one.
    """
    counts = np.diff(starts, append=len(centres))
    for _ in range(ROUNDS):
        wide = apart.repeat(counts)
        number = np.rint(centres / wide)
        near = (np.abs(centres - number * wide) < NEAR) & (number > 0)
        part = weights * near
        total = np.add.reduceat(part * number * number, starts)
        fitted = np.add.reduceat(part * number * centres, starts) / np.maximum(total, TINY)
        apart = np.where(total > 0, fitted, apart)
    whole = np.add.reduceat(part, starts) * OTHERS
    own = [np.add.reduceat(part * (number % times != 0), starts) > whole for times in (2, 3)]
    shown = np.add.reduceat((near & (number * wide < WHERE)).astype(np.float64), starts)
    return apart, shown / np.maximum(WHERE // apart, 1) * (own[0] & own[1])


def _close(rows: Ints, centres: Float64, weights: Float32) -> tuple[Ints, Float64, Float32]:
    """The peaks of frames in which two loud ones lie close: of others no comb has to be tried."""
    if not len(rows):
        return rows, centres, weights
    starts = _starts(rows)
    counts = np.diff(starts, append=len(rows))
    loud = (weights > LOUD * np.maximum.reduceat(weights, starts).repeat(counts)).nonzero()[0]
    place, row = centres.take(loud), rows.take(loud)
    near = (place[1:] - place[:-1] < MOST + NEAR) & (row[1:] == row[:-1])
    return _of(row[1:][near], rows, centres, weights)


def _of(chosen: Ints, rows: Ints, centres: Float64, weights: Float32) -> tuple[Ints, Float64, Float32]:
    """The peaks of chosen rows."""
    inside = np.zeros(int(rows[-1]) + 1, bool)
    inside[chosen] = True
    kept = inside.take(rows).nonzero()[0]
    return rows.take(kept), centres.take(kept), weights.take(kept)


def _starts(rows: Ints) -> Ints:
    """Where in rows of peaks, which ascend, the peaks of each begin."""
    begins = np.ones(len(rows), bool)
    np.not_equal(rows[1:], rows[:-1], out=begins[1:])
    starts: Ints = begins.nonzero()[0]
    return starts


def _fine(centres: Float64) -> Ints:
    """Where in combs frequencies lie."""
    return np.asarray(np.rint(centres * FINE).astype(np.int64) + 2 * FINE)


def _peaks(heard: Heard, above: Float32) -> tuple[Ints, Float64, Float32]:
    """Rows of peaks, where they are, in bins, and how much they count."""
    width = min(heard.magnitudes.shape[1], SPAN + 1)
    flat = heard.magnitudes[:, :width].ravel()
    rises = flat[1:] > flat[:-1]
    top = np.zeros(heard.magnitudes[:, :width].shape, bool)
    np.greater(rises[:-1], rises[1:], out=top.ravel()[1:-1])  # up to it, and not beyond
    top[:, 0] = top[:, -1] = False
    places = top.ravel().nonzero()[0]
    rows = places // width
    away = above[:, :width].copy()
    if heard.deviation is not None:
        low = min(width - 1, heard.deviation.shape[1])
        away[:, :low] = heard.deviation[:, :low]
    return rows, (places - rows * width) + away.take(places).astype(np.float64), np.sqrt(flat.take(places))
