"""Bending: a note's samples read at a rate that a hand changes, as a tape is.

The rate is known at every 64th sample of the session and glides between these, so where a sample is
read is a function of what the hand has done and of nothing else. Between samples the sound is read
by a windowed sinc (Smith, "Digital Audio Resampling", 2002): 64 taps, Kaiser; where it is read
faster, its cut-off follows the rate.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from latentcode.arrays import Float32, Float64
from latentcode.inputs.line import Line
from latentcode.synth.stream import Stream, Wanted

CELL = 64  # samples of the session between two rates
HALF = 32  # samples that are read on either side of a place
PHASES = 512  # places between two samples for which the sinc is known; between these it is linear
BETA = 9.0
EASE = 0.004  # seconds in which the rate follows a wheel
REMEMBERED = 10.0  # seconds that a wheel looks back
MOST_CELLS = 256  # of which a course knows when they were read
MOST_MOVES = 256  # that a wheel remembers


class Wheel:
    """One channel's pitch wheel: −1 to 1 by sample of the session;
    in the middle before anything is known.
    """

    def __init__(self, rate: int) -> None:
        self._line, self._tau, self._kept = Line(), EASE * rate, round(REMEMBERED * rate)
        self._moved: list[int] = []  # samples at which it was not put into the middle

    def put(self, sample: int, value: float) -> None:
        """It stands at `value` from `sample` on."""
        self._line.put(sample, min(max(value, -1.0), 1.0))
        if value != 0.0:
            self._moved = [*self._moved[1 - MOST_MOVES :], sample]
        if self._line.count % 512 == 0:
            self._line.forget(sample - self._kept)

    def at(self, cells: Float64) -> Float64:
        """Where it stands at the beginnings of cells (N,), eased."""
        return self._line.at(cells * CELL, self._tau, 0.0) if self._line.count else np.zeros(len(cells))

    def moved_after(self, sample: int) -> int | None:
        """The first sample not before `sample` at which it is not put into the middle; None:
        not yet.
        """
        place = bisect_left(self._moved, sample)
        return self._moved[place] if place < len(self._moved) else None


class BendCurve:
    """Where a sound that begins at sample `start` of the session is read,
    `semitones` higher with the wheel fully up.

    Samples are counted from the start, and places are those of the sound when nothing bends it.
    """

    def __init__(self, wheel: Wheel, semitones: float, start: int) -> None:
        self._wheel, self._semitones, self._start = wheel, semitones, start
        self._first = 0  # the number of the first cell that is known
        self._begins: list[float] = []  # where the cells begin, and the last one ends
        self._rates: list[float] = []  # how fast it is read there
        self._began_still: bool | None = None  # None: nothing of it was heard yet
        self._still = True

    def bent(self, end: int) -> bool:
        """Whether it is read otherwise than sample by sample before `end`."""
        if self._began_still is None:
            self._began_still = self._still = self._starts_still()
        # Once bent it stays so: even with the wheel at rest it is read at other places than its samples.
        if self._still:
            moved = self._wheel.moved_after(self._start)
            self._still = moved is None or moved >= self._start + end
        return not self._still

    def at(self, begin: int, end: int) -> tuple[Float64, Float64]:
        """Where the samples from `begin` up to `end` are read,
        and how much faster than it was recorded, at most.
        """
        samples = np.arange(self._start + begin, self._start + end)
        numbers = samples // CELL
        self._go_to(int(numbers[-1]))
        low = max(int(numbers[0]) - self._first, 0)
        begins, rates = np.array(self._begins[low:]), np.array(self._rates[low:])
        index = numbers - (self._first + low)
        cell = np.maximum(index, 0)
        before, after = rates[cell], rates[cell + 1]
        read = begins[cell] + _within(samples - numbers * CELL, before, after)
        fastest = np.maximum(before, after)
        # Before the first cell nothing was bent, and a place is its sample exactly.
        if index[0] >= 0:
            return read, fastest
        return np.where(index < 0, samples - self._start, read), np.where(index < 0, 1.0, fastest)

    def forget(self, end: int) -> None:
        """Forget when what lies long before sample `end` after the start was read."""
        gone = (self._start + end) // CELL - MOST_CELLS - self._first
        if gone > 0:
            del self._begins[:gone], self._rates[:gone]
            self._first += gone

    def when(self, places: Float64, ahead: float) -> Float64:
        """The samples at which places (N,), asked for when what lies `ahead` of them was read,
        will be read.
        """
        # Latents are asked for ahead of the sound, and how that will be bent is not known yet: the curve
        # is inverted where it is known, and goes on from there as if nothing bent it.
        early = places - ahead
        if not self._begins or early[-1] < max(self._begins[0], 0.0):
            return places
        low = max(bisect_right(self._begins, float(early[0])) - 1, 0)
        read = np.array(self._begins[low:])
        samples = np.arange(self._first + low, self._first + low + len(read)) * float(CELL) - self._start
        bent = early >= max(self._begins[0], 0.0)
        return np.where(bent, np.interp(early, read, samples) + ahead, places)

    def _at(self, first: int, count: int) -> list[float]:
        """How fast it is read at the beginnings of cells."""
        cells = np.arange(first, first + count, dtype=np.float64)
        rates: list[float] = np.exp2(self._wheel.at(cells) * (self._semitones / 12.0)).tolist()
        return rates

    def _go_to(self, last: int) -> None:
        """Know the cells up to number `last`, whose begin has been heard of."""
        if not self._begins:
            self._begin()
        known = self._first + len(self._begins) - 2
        for after in self._at(known + 1, last - known) if last > known else ():
            self._begins.append(self._begins[-1] + _within(CELL, self._rates[-1], after))
            self._rates.append(after)

    def _begin(self) -> None:
        """Know where the first cell begins from which on it may be bent."""
        # A note that is held long before the wheel moves need not count its cells up to there.
        moved, own = self._wheel.moved_after(self._start), self._start // CELL
        self._first = max(moved // CELL - 1, own) if self._began_still and moved is not None else own
        before, after = self._at(self._first - 1, 2)
        inside = self._start - self._first * CELL
        begin = -_within(inside, before, after) if inside > 0 else float(-inside)
        self._begins = [begin, begin + _within(CELL, before, after)]
        self._rates = [before, after]

    def _starts_still(self) -> bool:
        return self._at(self._start // CELL - 1, 2) == [1.0, 1.0]


def _within(inside: Any, before: Any, after: Any) -> Any:
    """How far is read within a cell after `inside` samples, while the rate glides."""
    return inside * before + (after - before) * (inside * inside) / (2.0 * CELL)


class BentStream(Stream):
    """A stream that is read along a course, which a hand draws until it is taken."""

    at_once = True

    def __init__(self, inner: Stream, course: BendCurve) -> None:
        self._inner, self._course = inner, course
        self._sound = np.zeros(HALF, np.float32)  # of the inner stream, from sample `_base` on
        self._base, self._fed, self._given = -HALF, 0, 0
        self._planned: tuple[int, Float64, Float64] = (
            0,
            np.zeros(0),
            np.zeros(0),
        )  # up to where, and its course

    def wanted(self, end: int) -> Wanted | None:
        """The latents without which there are no samples up to `end` after the start; None:
        nothing is missing.
        """
        return self._inner.wanted(self._plan(end))

    def place(self, windows: Float32) -> None:
        self._inner.place(windows)

    def take(self, count: int, reach: int | None = None) -> Float32:
        """The next samples (count,)."""
        end = self._given + count
        self._feed(self._plan(end))
        # Unbent samples are copied: a wheel that was never touched leaves the sound as it is, to the bit.
        if not self._course.bent(end):
            taken: Float32 = self._sound[self._given - self._base :][:count].copy()
            last = end
        else:
            _, places, rates = self._planned
            taken, last = self._read(places, rates), int(places[-1])
            self._course.forget(end)
        self._given = end
        self._forget(last)
        return taken

    def _plan(self, end: int) -> int:
        """Find where what is given next is read; returns how many samples of the inner stream that
        takes.
        """
        if not self._course.bent(end):
            return end
        if self._planned[0] != end:  # `wanted` and `take` speak of the same places
            self._planned = (end, *self._course.at(self._given, end))
        return max(math.floor(float(self._planned[1][-1])) + HALF + 1, self._fed)

    def _read(self, places: Float64, rates: Float64) -> Float32:
        whole = np.floor(places)
        first = whole.astype(np.int64) - HALF + 1 - self._base
        # A table for each semitone: the cut-off follows the rate by steps, and no table is made for a glide.
        lowered = np.ceil(np.log2(rates) * 12.0 - 1e-9)
        taken: Float32 = np.empty(len(places), np.float32)
        for semitones in np.unique(lowered):
            chosen = lowered == semitones
            table = sinc_table(max(int(semitones), 0))
            taken[chosen] = _interpolated(self._sound, first[chosen], (places - whole)[chosen], table)
        return taken

    def _feed(self, end: int) -> None:
        if end > self._fed:
            self._sound = np.concatenate([self._sound, self._inner.take(end - self._fed)])
            self._fed = end

    def _forget(self, place: int) -> None:
        """Forget what lies too far before a place to be read again."""
        old = place - 2 * HALF - self._base
        if old > 0:
            self._sound, self._base = self._sound[old:], self._base + old


def _interpolated(sound: Float32, first: np.ndarray, inside: Float64, table: Float32) -> Float32:
    """The samples of a sound whose taps begin at `first` (N,),
    `inside` (N,) 0 to 1 after the middle ones.
    """
    phase = inside * PHASES
    low = phase.astype(np.int64)
    taken = sliding_window_view(sound, 2 * HALF)[first]
    before, after = (np.einsum("nt,nt->n", table[row], taken) for row in (low, low + 1))
    return np.asarray(before + (phase - low).astype(np.float32) * (after - before), np.float32)


@lru_cache(maxsize=64)
def sinc_table(semitones: int) -> Float32:
    """Taps (PHASES + 2, 2 · HALF) for reading up to so many semitones faster;
    with 0 a whole place is its sample.
    """
    cutoff = 2.0 ** (-semitones / 12.0)
    places = np.arange(PHASES + 2)[:, None] / PHASES
    distance = np.arange(-HALF + 1, HALF + 1)[None, :] - places
    window = np.i0(BETA * np.sqrt(np.clip(1.0 - (distance / HALF) ** 2, 0.0, None))) / np.i0(BETA)
    taps = cutoff * np.sinc(cutoff * distance) * window * (np.abs(distance) < HALF)
    taps /= taps.sum(axis=1, keepdims=True)
    if semitones == 0:  # else rounding would change a sample that lies on its place
        taps[0], taps[PHASES] = np.eye(2 * HALF)[HALF - 1], np.eye(2 * HALF)[HALF]
    return np.ascontiguousarray(taps, np.float32)
