"""Glide: from one spectrum to another by moving what is in it, instead of fading it.

Where both have a pitch each partial becomes the one of the same number, and all that lies beside
it goes with it. Elsewhere what spectra hold is moved as earth would be with the least effort, which
along one axis is in its order: the lowest part of the one becomes the lowest of the other. What is
half-way has half of its way behind it, in octaves.

Source: Henderson and Solomon, "Audio transport: a generalized portamento via optimal transport"
(DAFx 2019). There phases are moved, too; here they are made afterwards. Transport alone pairs
partials of different numbers wherever two spectra are not of one form: half-way between two notes
of a trumpet no tone was left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.models.families.spectral.harmonics import MOST as CLOSE
from latentcode.models.families.spectral.heard import Heard, smooth
from latentcode.models.families.spectral.lobes import Ints, Lobes, Moved, laid, lobes_of, shapes
from latentcode.models.families.spectral.phases import Layer, Phases
from latentcode.models.families.spectral.pitch import CLEAR, VAGUE, Tones

WHOLE = 1 << 40  # what each spectrum holds in all, in whole numbers: sums of them are exact
GRAIN = 1 << 30  # what the loudest bin of one holds, at first
LEAST = WHOLE >> 20  # a smaller part is left out
LOWEST = 0.5  # bins: below it there are no octaves
KEPT = 0.8  # of what was known of a pitch a frame ago
SURE = 12  # partials by which a pitch is found exactly
NEAR = 0.25  # of the distance of two partials, within which a lobe is one
MOST = 512  # partials
KNOWN = 0.5  # how clear a pitch is to be of which partials are multiples
BESIDE = 0.75  # bins from a lobe's top to its frequency, at the most
QUIET = 3e-5  # the norm of a frame that has nothing to be moved
TINY = 1e-12


class End(NamedTuple):
    """One of two spectra (R, bins) between which there is a glide."""

    magnitudes: Float32
    lobes: Lobes


class Glides:
    """Makes spectra between others."""

    def __init__(self, phases: Phases, sample_rate: int) -> None:
        self._phases = phases
        self._tones = Tones(phases.bins, sample_rate)

    def between(
        self, a: Heard, b: Heard, share: Float64, layers: Sequence[Layer], numbers: Sequence[int]
    ) -> Heard:
        """Frames (R) on their way from `a` to `b`, of which `share` (R,) is behind them, 0 to 1.

        Each is the frame of a layer (R,) that has a number (R,); those of one are in their order.
        """
        levels = [_norms(end.magnitudes) for end in (a, b)]
        a, b = (_instead(one, other, level) for one, other, level in zip((a, b), (b, a), levels, strict=True))
        coarse, clear = self._pitches((a.magnitudes, b.magnitudes), layers, numbers)
        ends = [End(end.magnitudes, lobes_of(self._phases, end)) for end in (a, b)]
        exact = [_exact(end, pitch) for end, pitch in zip(ends, coarse, strict=True)]
        ways = [_by_number(ends, exact, share, clear)] if clear.any() else []
        ways += [_by_order(ends, share, 1 - clear)] if (clear < 1).any() else []
        sums = np.zeros(a.magnitudes.size), np.zeros(a.magnitudes.size)
        for end, *moved in zip(ends, *ways, strict=True):
            shape = shapes(end.magnitudes, end.lobes)
            for lobes in moved:
                sums = laid(a.magnitudes.shape, end.lobes, shape, lobes, sums)
        loud, turned = (found.reshape(a.magnitudes.shape) for found in sums)
        told = turned / np.maximum(loud, TINY) - np.arange(self._phases.bins)
        told[~(np.abs(told) < BESIDE)] = np.nan
        loud *= (_between(levels[0], levels[1], share) / (_norms(loud) + TINY))[:, None]
        return _framed(a, b, share, loud, told, _rows((a, b), exact, share, clear, layers))

    def _pitches(
        self, ends: tuple[Float32, Float32], layers: Sequence[Layer], numbers: Sequence[int]
    ) -> tuple[Float64, Float64]:
        """Of each end the pitch (2, R), in bins, and how clear both of a row are (R,), 0 to 1."""
        known = np.stack([self._tones.salience(end) for end in ends], axis=1)  # (R, 2, tones)
        for row, layer, number in zip(known, layers, numbers, strict=True):
            following, before = layer.pitches
            if following == number:
                row += KEPT * (before - row)
            layer.pitches = number + 1, row.copy()
        salience = known.max(axis=2).min(axis=1)
        clear = smooth(((salience - VAGUE) / (CLEAR - VAGUE)).astype(np.float32)).astype(np.float64)
        return self._tones.frequencies.take(known.argmax(axis=2)).T, clear


def _by_number(
    ends: Sequence[End], pitches: Sequence[Float64], share: Float64, clear: Float64
) -> tuple[Moved, ...]:
    """The lobes of both ends, moved as the partials are that they belong to."""
    found = [_partials(end, pitch) for end, pitch in zip(ends, pitches, strict=True)]
    way = found[1][0] - found[0][0]  # (R, MOST): octaves, in e's
    moved = []
    for end, (_, numbers), behind, part in zip(
        ends, found, (share, share - 1), (1 - share, share), strict=True
    ):
        rows = end.lobes.rows
        weights = (part * clear).take(rows)
        which = np.flatnonzero(weights > 0)
        step = (way * behind[:, None])[rows.take(which), numbers.take(which)]
        moved.append(Moved(which, end.lobes.centres.take(which) * np.exp(step), weights.take(which)))
    return tuple(moved)


def _exact(end: End, pitch: Float64) -> Float64:
    """A pitch (R,) by the partials that lie near it."""
    numbers, near = _numbered(end, pitch)
    weights = end.lobes.tops * (near & (numbers <= SURE)) * numbers
    rows, count = end.lobes.rows, len(pitch)
    sums = np.bincount(rows, weights * end.lobes.centres, count), np.bincount(rows, weights * numbers, count)
    return np.where(sums[1] > 0, sums[0] / np.maximum(sums[1], TINY), pitch)


def _partials(end: End, pitch: Float64) -> tuple[Float64, Ints]:
    """Where partials lie, (R, MOST), as logarithms; and of each lobe (P,) the number."""
    numbers, near = _numbered(end, pitch)
    found = np.log(np.maximum(pitch[:, None] * np.maximum(np.arange(MOST), 1), TINY))
    order = np.argsort(end.lobes.tops, kind="stable")  # the loudest comes last, and stays
    order = order[near[order]]
    found[end.lobes.rows[order], numbers[order]] = np.log(end.lobes.centres[order])
    return found, numbers


def _numbered(end: End, pitch: Float64) -> tuple[Ints, np.ndarray]:
    """Of each lobe (P,) which partial it is nearest to, and whether it is one."""
    place = end.lobes.centres / pitch.take(end.lobes.rows)
    numbers = np.clip(np.rint(place), 0, MOST - 1).astype(np.int64)
    return numbers, (np.abs(place - numbers) < NEAR) & (numbers > 0)


def _by_order(ends: Sequence[End], share: Float64, weight: Float64) -> tuple[Moved, ...]:
    """The lobes of both ends in parts that become one another, the lowest first."""
    chosen = [np.flatnonzero(weight.take(end.lobes.rows) > 0) for end in ends]
    upto = [_held(end, which) for end, which in zip(ends, chosen, strict=True)]
    last = np.sort(np.concatenate(upto))
    size = np.diff(last, prepend=0)
    kept = np.flatnonzero(size > LEAST)
    last, size = last.take(kept), size.take(kept)
    parts = [which.take(np.searchsorted(one, last)) for one, which in zip(upto, chosen, strict=True)]
    behind, whole = (values.take(ends[0].lobes.rows.take(parts[0])) for values in (share, weight))
    logs = [
        np.log(np.maximum(e.lobes.centres.take(part), LOWEST)) for e, part in zip(ends, parts, strict=True)
    ]
    centres = np.exp(_between(logs[0], logs[1], behind))
    moved = []
    for one, which, part, its in zip(upto, chosen, parts, (1 - behind, behind), strict=True):
        held = np.diff(one, prepend=0).take(np.searchsorted(which, part))
        moved.append(Moved(part, centres, its * whole * size / held))
    return tuple(moved)


def _held(end: End, which: Ints) -> Ints:
    """What chosen lobes hold with all before them; a row holds `WHOLE`."""
    magnitudes = end.magnitudes / (end.magnitudes.max(axis=1, keepdims=True) + np.float32(TINY))
    whole = (magnitudes * np.float32(GRAIN)).astype(np.int64) + 1
    sums = np.cumsum(np.add.reduceat(whole.ravel(), end.lobes.starts).take(which))
    rows = end.lobes.rows.take(which)
    row = np.cumsum(np.diff(rows, prepend=rows[0]) > 0)  # of the chosen ones
    upto = sums[np.flatnonzero(np.diff(rows, append=-1))]
    before = np.concatenate([[0], upto[:-1]])
    inside = (sums - before.take(row)) / (upto - before).take(row)
    return np.asarray(np.rint(inside * WHOLE).astype(np.int64) + row * WHOLE)


def _between(a: Float64, b: Float64, share: Float64) -> Float64:
    return a + (b - a) * share


def _norms(magnitudes: Float32 | Float64) -> Float64:
    return np.asarray(np.sqrt(np.square(magnitudes, dtype=np.float64).sum(axis=1)))


def _instead(one: Heard, other: Heard, level: Float64) -> Heard:
    """`one`, and where it is silent the other."""
    silent = (level < QUIET)[:, None]
    return one.each(lambda own, others: np.asarray(np.where(silent, others, own)), other)


def _rows(
    heard: Sequence[Heard],
    pitches: Sequence[Float64],
    share: Float64,
    clear: Float64,
    layers: Sequence[Layer],
) -> Float32:
    """(R, 1): how many bins the partials of low notes lie apart on their way; 0 where they are far
    enough from one another, or where what moves has no pitch.

    What each bin is told there is the mean of what comes to lie in it: of partials that lie close
    that is what their magnitudes say, and each would beat with the next.
    """
    own = [np.zeros(len(share)) if one.apart is None else one.apart[:, 0] for one in heard]
    logs = [np.log(np.where(row > 0, row, pitch) + TINY) for row, pitch in zip(own, pitches, strict=True)]
    apart = np.exp(_between(logs[0], logs[1], share))
    close = (np.maximum(*own) > 0) & (apart < CLOSE) & (clear > KNOWN)
    close &= np.array([layer.slides for layer in layers])
    return np.where(close, apart, 0).astype(np.float32)[:, None]


def _framed(a: Heard, b: Heard, share: Float64, loud: Float64, told: Float64, apart: Float32) -> Heard:
    """What lies between, and at the ends these themselves."""
    part = share.astype(np.float32)[:, None]
    mixed = a.each(lambda one, other: (1 - part) * one + part * other, b)
    at_end = (part == 0) | (part == 1)
    magnitudes = np.where(at_end, mixed.magnitudes, loud).astype(np.float32)
    mixed = mixed._replace(magnitudes=magnitudes, told=np.where(at_end, np.nan, told).astype(np.float32))
    return mixed if mixed.apart is None else mixed._replace(apart=np.where(at_end, mixed.apart, apart))
