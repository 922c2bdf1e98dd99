"""The one limiter: what player and renderer give never exceeds its ceiling,
and is a pure delay below it.

    samples ─┬─ delay by `latency` ──────────────────────────────────────────────── × gain → out
             └─ how far over the ceiling → falls slowly → largest to come → smoothed ─┘

The reductions are whole numbers of 2⁻²⁴, and sums of whole numbers do not depend on their order: so
an output sample depends on the samples around it and never on the size of the blocks that they came
in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64

Int64 = NDArray[np.int64]

LOOKAHEAD_SECONDS = 0.0015
RELEASE_SECONDS = 0.3  # in which a gain that has fallen from 1 to 0 has risen again, in a straight line
CEILING = 10.0 ** (-1.0 / 20.0)
"""No sample exceeds it: −1 dBFS."""
BETWEEN = 10.0 ** (-0.05 / 20.0)
"""What a converter draws between two samples, as it is measured here, does not: full scale."""
HEADROOM = 6
"""dB by which a set is turned down before the limiter, so that several voices have room under it."""

_UNITS = 1 << 24
_MOST = 32.0  # 30 dB over full scale: what is louder is clipped before anything is measured
_SIDE = 6  # samples to each side of a place between two samples that tell how loud it is there
_PHASES = (0.25, 0.5, 0.75)
"""Three places between two samples and twelve samples for each, as in ITU-R BS.1770-4. By the
filters that are printed there, which are up to 0.2 dB too loud at half the band, noise comes out up
to 0.4 dB over full scale, and what lies below half the band not at all. Either misses what lies
above four fifths of the band (17.6 kHz of 44.1), of which noise has up to 1 dB more, and what
alternates from sample to sample up to 4 dB."""
_SHORTEST = 10  # samples of look-ahead that the measuring leaves something of


def _interpolation() -> Float64:
    """(phases, 2 · _SIDE): a windowed sinc for each place between two samples; each sums to 1."""
    steps = np.arange(1 - _SIDE, _SIDE + 1) - np.array(_PHASES)[:, None]
    taps = np.sinc(steps) * np.i0(5.0 * np.sqrt(1.0 - (steps / (_SIDE + 1)) ** 2))
    return np.asarray(taps / taps.sum(axis=1, keepdims=True))


_TAPS = _interpolation().astype(np.float32)
_OVERSHOOT = float(np.abs(_TAPS).sum(axis=1).max())


def headroom_gain(decibels: float) -> float:
    """The factor of a headroom: a halving for every 6 dB, so that floats keep all their bits."""
    return float(2.0 ** (-decibels / 6.0))


class Limiter:
    """A limiter of `channels` channels, two by two under one gain; `latency` samples late.

    rate      Hz
    channels  an even number: pairs (left, right)
    ceiling   that no sample exceeds
    between   that the sound between two samples does not exceed

    Of the block that was processed last `peak` is the largest magnitude that came out, and `over`
    the factor by which the loudest that went in was above the ceiling, 1 or more.
    """

    def __init__(
        self, rate: int, channels: int = 2, ceiling: float = CEILING, between: float = BETWEEN
    ) -> None:
        self.latency = max(round(LOOKAHEAD_SECONDS * rate), _SHORTEST)
        self._half = (self.latency - _SIDE + 2) // 2  # two averages of so many samples are the attack
        self._reach = 2 * self._half - 2  # samples that the gain begins to fall before a peak
        self._ceiling, self._between = np.float32(ceiling), np.float32(between)
        self._harmless = float(min(self._ceiling, self._between / np.float32(_OVERSHOOT)))
        self._fall = max(round(_UNITS / (RELEASE_SECONDS * rate)), 1)
        self._late: Float32 = np.zeros((channels, self.latency), np.float32)
        slack = self.latency - _SIDE - self._reach
        self._held: Int64 = np.zeros((channels // 2, 2 * self._reach + slack), np.int64)
        self._last: Int64 = np.zeros((channels // 2, 1), np.int64)
        self.over, self.peak = 1.0, 0.0

    def process(self, samples: Float32) -> Float32:
        """The next block, (channels, n) → (channels, n): what came `latency` samples before,
        held in.
        """
        samples = cleaned(samples)
        count = samples.shape[1]
        known = np.concatenate([self._late, samples], axis=1)
        self._late = known[:, count:]
        recent = known[:, self.latency - 2 * _SIDE :]
        self.over, reduced = 1.0, None
        if float(np.abs(recent).max()) > self._harmless:
            reduced = self._reductions(recent, count)
        if reduced is None and not self._held.any():
            made = known[:, :count].copy()
        else:
            reduced = np.zeros((len(self._held), count), np.int64) if reduced is None else reduced
            made = known[:, :count] * self._gain(self._falling(reduced))
        self.peak = float(np.abs(made).max(initial=0.0))
        return np.asarray(made)

    def _reductions(self, recent: Float32, count: int) -> Int64 | None:
        """By how much the gain must be below 1 at each of `count` samples,
        which lie _SIDE before the end.
        """
        last = recent.shape[1] - _SIDE
        here = _linked(np.abs(recent[:, last - count : last])) / self._ceiling
        between = _linked(_between(recent)) / self._between  # before each sample, and after the last
        over = np.maximum(here, np.maximum(between[:, :-1], between[:, 1:])).astype(np.float64)
        self.over = float(over.max(initial=1.0))
        if self.over <= 1.0:
            return None
        lacking = np.floor((1.0 - 1.0 / np.maximum(over, 1.0)) * _UNITS).astype(np.int64)
        return np.asarray(np.where(over > 1.0, lacking + 2, 0))  # rounded to the safe side

    def _falling(self, reduced: Int64) -> Int64:
        """The reductions, each of them falling in a straight line where nothing larger comes."""
        slope = self._fall * np.arange(1, reduced.shape[1] + 1, dtype=np.int64)
        line = np.maximum.accumulate(np.concatenate([self._last, reduced + slope], axis=1), axis=1)
        falling = np.maximum(line[:, 1:] - slope, 0)
        self._last = falling[:, -1:]
        return np.asarray(falling)

    def _gain(self, falling: Int64) -> Float32:
        """(channels, n): 1 less the largest reduction to come, averaged twice."""
        known = np.concatenate([self._held, falling], axis=1)
        count = falling.shape[1]
        self._held = known[:, count:]
        if not known.any():
            return np.ones((1, count), np.float32)
        smooth = _sums(_sums(_largest(known, self._reach + 1), self._half), self._half)[:, :count]
        gain = (1.0 - smooth / float(_UNITS * self._half**2)).astype(np.float32)
        return np.repeat(gain, 2, axis=0)


def limited(blocks: Iterable[Float32], limiter: Limiter) -> Iterator[Float32]:
    """What a limiter makes of blocks (channels, n), in time: as many samples as were given,
    none of them late.
    """
    late = limiter.latency
    for block in blocks:
        made = limiter.process(block)
        yield made[:, min(late, made.shape[1]) :]
        late -= min(late, made.shape[1])
    rest = np.zeros((len(limiter._late), limiter.latency), np.float32)
    yield limiter.process(rest)[:, late:]


def cleaned(samples: Float32) -> Float32:
    """Samples without what is no number, clipped far above full scale;
    themselves where there is nothing to do.
    """
    flat = samples.reshape(-1)
    with np.errstate(over="ignore", invalid="ignore"):
        if flat.dot(flat) <= _MOST**2:  # the cheapest proof
            return samples
    return np.clip(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), -_MOST, _MOST)


def _linked(levels: Float32) -> Float32:
    """(channels, n) → (pairs, n): the louder of the two sides."""
    return np.maximum(levels[::2], levels[1::2])


def _between(recent: Float32) -> Float32:
    """(channels, n − 2 · _SIDE + 1): the largest magnitude between each two neighbours,
    as sinc draws it.
    """
    count = recent.shape[1] - 2 * _SIDE + 1
    taps = _TAPS[:, None, :, None]  # (phases, 1, places, 1)
    drawn = taps[:, :, 0] * recent[:, :count]
    for place in range(1, 2 * _SIDE):  # one after another: the order of additions never depends on the block
        drawn += taps[:, :, place] * recent[:, place : place + count]
    return np.asarray(np.abs(drawn).max(axis=0))


def _largest(values: Int64, width: int) -> Int64:
    """The largest of each `width` neighbours, (…, n − width + 1)."""
    span = 1
    while span < width:
        step = min(span, width - span)
        values, span = np.maximum(values[:, :-step], values[:, step:]), span + step
    return values


def _sums(values: Int64, width: int) -> Int64:
    """The sums of each `width` neighbours, (…, n − width + 1)."""
    run = np.cumsum(values, axis=1)
    run[:, width:] -= run[:, :-width].copy()
    return run[:, width - 1 :]
