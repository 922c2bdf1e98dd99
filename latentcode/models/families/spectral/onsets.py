"""What begins within a frame: in which bands, when, and how it is put there.

The mean and the spread of the times of a band's energy tell when it begins. What is over at once is
put at its mean, by a slope of phases through all of its bins. What goes on from its begin keeps
phases of its own, each lobe around its mean; of the frame nothing is heard before that begin, and
what this takes away is made up for.

A begin is told best where the window has only just come to it, to half a millisecond, and within
some where it lies in the middle: so a layer remembers where the last one was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64
from latentcode.models.families.spectral.heard import TINY, Heard, Ints, smooth

STEADY = 0.283  # half windows: the spread in time of a steady sound under the Hann window
STRUCK = (-0.2, 0.1)  # half windows: bands that begin later than the second are put where they begin
SHORT = (0.4, 0.7)  # transience: so are those that are over at once, whenever they come
SINGLE = (0.85, 0.95)  # transience of what is over in a few samples, even where a band has few bins
BEGUN = (-0.5, -0.4)  # the same for whole frames, which are silent before; steady ones begin at −0.59
HEARD = 0.003  # of a frame's energy: the part that must begin in it, or nothing does
EDGE = 1 / 32  # of a window, over which a frame rises where it begins
LOW = (6, 12)  # bands: those below the first have a few bins, and are taken with those beside them
BESIDE = 2  # bands
MANY = (0.5, 0.8)  # of their energy: where less of it begins, it is single partials that lie close
SPREAD = 1.2  # of that of a steady sound, at the most, that bands which begin together have
SURE = -0.2  # half windows: a begin before that is not remembered, as steady sounds seem to have one
AGAIN = 0.35  # half windows between two begins that are one
AT_ONCE = 0.15  # half windows: an event that begins so soon begins at its sample
MOST = 2.0  # times: what is made up for at the most

Turns = NDArray[np.uint32]
Remembered = tuple[int, float]  # the number of a frame, and what began in it, in half windows
NOTHING: Remembered = (-1, -1.0)


class Struck(NamedTuple):
    """The S frames in which something begins, and those that are `gated` (G,), of which these are a
    part.

    `clicks` and `bursts` (S, bands) are the parts of each band's energy that come at once, and that
    go on from their begin; the times of these are in the mean `delays` (S, bands). What comes at
    once is in the `places` (C,) of the array (S, bins), flat, by `turns` (C,). `opens` (S, window)
    lets both in from `begins` (S,) on, `gate` (G, window) the rest. All times in half windows.
    Without `bursts` all comes at once.
    """

    rows: Ints  # (S,)
    clicks: Float32
    places: Ints
    turns: Turns
    opens: Float32
    begins: Float32
    delays: Float32
    gated: Ints  # (G,)
    gate: Float32
    bursts: Float32 | None = None


class Bands(NamedTuple):
    """What bands (R, bands) of all frames are like, and of the frames which have an onset."""

    rows: Ints  # (S,) those that have one
    spread: Float32  # of the times of their energy, 1 that of a steady sound
    begins: Float32  # half windows
    energy: Float32
    share: Float32  # of the energy, that begins in the frame
    whole: Float32  # (R,) when all of the frame begins
    gated: Float32  # (R,) whether it is silent before


class Onsets:
    """Onsets in frames of `window` samples, whose bins (bins,) are in the bands `band`."""

    def __init__(self, window: int, band: Ints, hop: int) -> None:
        self.widths = np.bincount(band)  # of the bands, in bins
        self._starts = np.flatnonzero(np.diff(band, prepend=-1))
        self._filled = band[self._starts]  # bands in which a bin lies: of a short window not all
        self._places = np.arange(window)
        self._times = (self._places / (window / 2) - 1).astype(np.float32)
        self._hop = hop / (window / 2)

    def struck(
        self, heard: Heard, before: Sequence[Remembered], firsts: Sequence[int]
    ) -> tuple[Struck | None, list[Remembered]]:
        """Where something begins in consecutive frames, ordered as in `Phases.frames`; `before` is
        what each layer remembers, and what it does afterwards.
        """
        bands, after = self._bands(heard), list(before)
        if bands is None:
            return None, after
        rows = bands.rows
        transience = heard.transience[rows]
        clicks = smooth((transience - SHORT[0]) / (SHORT[1] - SHORT[0]))
        energy = bands.energy[rows]
        share, low = _together(bands.share[rows], energy)
        single = smooth((transience - SINGLE[0]) / (SINGLE[1] - SINGLE[0]))
        clicks = np.minimum(clicks, share) * (1 - low * (1 - single))
        delays = heard.delay[rows]
        begins = _begins(delays, bands.spread[rows], share * energy)
        for place, (row, begin) in enumerate(zip(rows.tolist(), begins.tolist(), strict=True)):
            layer, number = row % len(after), firsts[row % len(after)] + row // len(after)
            begins[place], after[layer] = self._known(after[layer], number, begin)
        bursts = np.maximum(share - clicks, 0)
        some = (clicks + bursts).any(axis=1).nonzero()[0]  # in the others it is over, or too little
        clicks, delays, begins = clicks[some], delays[some], begins[some]
        made = *self._sloped(clicks, delays), self._opening(begins), begins, delays
        return Struck(rows[some], clicks, *made, rows, self._gate(bands), bursts[some]), after

    def former(self, heard: Heard) -> Struck | None:
        """The same as it was at first, where all that begins comes at once."""
        bands = self._bands(heard)
        if bands is None:
            return None
        rows = bands.rows
        share = bands.share[rows]
        weight = share * bands.energy[rows]
        begins = (weight * bands.begins[rows]).sum(axis=1) / (weight.sum(axis=1) + TINY)
        delays = heard.delay[rows]
        made = *self._sloped(share, delays), self._opening(begins), begins, delays
        return Struck(rows, share, *made, rows, self._gate(bands))

    def _bands(self, heard: Heard) -> Bands | None:
        """Mean and spread of the times of each band's energy tell when it begins; None: nothing
        does.
        """
        spread = 1 - heard.transience
        begins = _begin(heard.delay, spread)
        weight = np.full(heard.delay.shape, TINY, np.float32)
        weight[:, self._filled] += np.add.reduceat(heard.magnitudes, self._starts, axis=1)
        late = (begins - STRUCK[0]) / (STRUCK[1] - STRUCK[0])
        share = smooth(np.maximum(late, (heard.transience - SHORT[0]) / (SHORT[1] - SHORT[0])))
        whole = (np.clip(begins, -1, 1) * weight).sum(axis=1) / weight.sum(axis=1)
        gated = smooth((whole - BEGUN[0]) / (BEGUN[1] - BEGUN[0]))
        energy = weight * weight
        part = (share * energy).sum(axis=1) / energy.sum(axis=1)
        rows = np.flatnonzero((part > HEARD) | (gated > 0.2))
        return Bands(rows, spread, begins, energy, share, whole, gated) if len(rows) else None

    def _known(self, last: Remembered, number: int, begin: float) -> tuple[float, Remembered]:
        """When something begins in a frame, by what is remembered; and what is from now on."""
        was = last[1] - (number - last[0]) * self._hop
        if was > -1 and abs(begin - was) < AGAIN:
            return was, last
        if number == 0 and 0 < begin < AT_ONCE:
            begin = 0.0
        return begin, (number, begin) if begin > SURE else last

    def _gate(self, bands: Bands) -> Float32:
        gated, opening = bands.gated[bands.rows, None], self._opening(bands.whole[bands.rows])
        np.subtract(1, opening, out=opening)
        opening *= gated
        return np.subtract(1, opening, out=opening)

    def _opening(self, begins: Float32) -> Float32:
        """(S,) moments in half windows → (S, window): 0 before, 1 after."""
        window = len(self._places)
        first = np.floor((begins + (1 - 2 * EDGE)) * (window / 2)).astype(np.int64)[:, None] - 1
        some = np.clip(first + np.arange(window * EDGE + 4, dtype=np.int64), 0, window - 1)  # where it rises
        ramp: Float32 = self._times.take(some) - begins[:, None]
        ramp /= 2 * EDGE
        ramp += 1
        opening: Float32 = (self._places > first).astype(np.float32)
        opening[np.arange(len(begins))[:, None], some] = smooth(ramp)
        return opening

    def _sloped(self, clicks: Float32, delays: Float32) -> tuple[Ints, Turns]:
        """The places of bins of which a part comes at once, and turns by which the energy of each
        comes at its delay, and all bins with it.
        """
        some = (clicks != 0).any(axis=1).nonzero()[0]  # of the others nothing comes at once
        inside = (clicks[some] != 0).repeat(self.widths, axis=1).ravel().nonzero()[0]
        wide = torch.from_numpy(delays[some].repeat(self.widths, axis=1))
        summed = torch.cumsum(wide, 1, dtype=torch.float64)  # numpy takes 25 times as long
        turned: Float64 = summed.numpy().take(inside)
        turned *= -0.5 * (1 << 32)
        bins = wide.shape[1]
        places = inside + (some - np.arange(len(some))).take(inside // bins) * bins
        return places, turned.astype(np.int64).astype(np.uint32)


def made_up_for(onsets: Float32, energy: Float32) -> Float32:
    """(S, window) samples, in place, at their energies (S,), as far as may be."""
    found = np.square(onsets).sum(axis=1)
    onsets *= np.clip(np.sqrt(energy / (found + np.float32(TINY))), 1 / MOST, MOST)[:, None]
    return onsets


def _begin(mean: Float32, spread: Float32) -> Float32:
    """When begins what has its mean time and its spread, of a steady sound 1: see the tests."""
    return np.asarray(mean - STEADY * spread * (1 + 1.1 * spread * spread))


def _begins(delays: Float32, spreads: Float32, weights: Float32) -> Float32:
    """(S,) when all that bands (S, bands) have begins, by the moments of it together.

    A band may begin later than a sound does that sweeps into it.
    """
    total = weights.sum(axis=1) + np.float32(TINY)
    mean = (delays * weights).sum(axis=1) / total
    square = ((np.square(np.float32(STEADY) * spreads) + np.square(delays)) * weights).sum(axis=1) / total
    spread = np.sqrt(np.maximum(square - np.square(mean), 0)) / np.float32(STEADY)
    return _begin(mean, np.minimum(spread, np.float32(SPREAD)))


def _together(share: Float32, energy: Float32) -> tuple[Float32, Float32]:
    """The share of bands (S, bands) that begins, in the lowest ones as in those beside them; and
    for which of them, 0 to 1, that is so.

    A low partial lies across several bands, which would cancel one another, and their few bins make
    no click. Where less of the energy begins, it is single partials that lie close: they stay.
    """
    low = np.clip((LOW[1] - np.arange(share.shape[1], dtype=np.float32)) / (LOW[1] - LOW[0]), 0, 1)
    mean = _around(share * energy) / (_around(energy) + np.float32(TINY))
    low = low * smooth((mean - MANY[0]) / (MANY[1] - MANY[0]))
    return np.asarray(share + (mean - share) * low), np.asarray(low)


def _around(values: Float32) -> Float32:
    """(S, bands) → of each the sum of it and of those beside it."""
    count = values.shape[1]
    padded = np.zeros((len(values), count + 2 * BESIDE), np.float32)
    padded[:, BESIDE:-BESIDE] = values
    return np.asarray(sum(padded[:, first : first + count] for first in range(2 * BESIDE + 1)))
