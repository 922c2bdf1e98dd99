"""A sound from far away: its waveform, its spectrum, and its voices, over time."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.parameters import VOICES

COLUMNS = 1200
WINDOW = 4096
BANDS = 160
LOWEST_HZ, HIGHEST_HZ = 30.0, 18000.0
FLOOR_DB = -90.0
LOOKS = 4  # spectra to a column


@dataclass
class Overview:
    """The samples from `first` up to `last` of a sound at a rate in Hz, gathered in COLUMNS.

    `add` takes what is heard, `add_voices` what it is made of, each with its first sample, in
    order.
    `cycles` are those that lie in it, with their samples; `marks` samples at which something was
    done.
    """

    rate: int
    first: int
    last: int
    title: str = ""
    cycles: list[tuple[int, Fraction]] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        count = min(COLUMNS, self.last - self.first)
        self.low, self.high = np.zeros((2, count, 2), np.float32)
        self.voices = np.zeros((VOICES, count), np.float32)
        self._power, self._looks = np.zeros((BANDS, count)), np.zeros(count)
        self._stride = max((self.last - self.first) // (LOOKS * COLUMNS), WINDOW // 4)
        self._recent, self._at = np.zeros((0, 2), np.float32), self.first
        self._next = self.first
        self._bands = _bands(self.rate)

    @property
    def levels(self) -> Float64:
        """The spectrum in dB, (bands, columns), from the lowest band up."""
        looks = np.maximum.accumulate(np.arange(len(self._looks)) * (self._looks > 0))  # the last there was
        power = self._power[:, looks] / np.maximum(self._looks[looks], 1)
        return np.asarray(10 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 10))))

    @property
    def sounding(self) -> list[int]:
        """The voices that are heard in it."""
        return [int(voice) for voice in np.flatnonzero(self.voices.any(axis=1))]

    def seconds(self, sample: int) -> float:
        """When a sample comes, from the beginning of the session on."""
        return sample / self.rate

    def add(self, first: int, block: Float32) -> None:
        """What is heard, (n, 2)."""
        block = block[max(self.first - first, 0) : max(self.last - first, 0)]
        if not len(block):
            return
        first = max(first, self.first)
        for column, piece in self._pieces(first, block):
            self.low[column] = np.minimum(self.low[column], piece.min(axis=0))
            self.high[column] = np.maximum(self.high[column], piece.max(axis=0))
        self._recent = np.concatenate([self._recent, block])
        self._at = first + len(block)
        self._look()

    def add_voices(self, first: int, voices: Float32) -> None:
        """What voices add to it, (voices, n, 2)."""
        loud = np.abs(voices).max(axis=2).T
        loud = loud[max(self.first - first, 0) : max(self.last - first, 0)]
        for column, piece in self._pieces(max(first, self.first), loud):
            self.voices[:, column] = np.maximum(self.voices[:, column], piece.max(axis=0))

    def _pieces(self, first: int, block: Float32) -> list[tuple[int, Float32]]:
        """Each column that a block lies in, with its part of it."""
        if not len(block):
            return []
        length, count = self.last - self.first, self.voices.shape[1]
        places = (np.arange(first, first + len(block)) - self.first) * count // length
        edges = np.flatnonzero(np.diff(places, prepend=-1))
        return [(int(places[at]), piece) for at, piece in zip(edges, np.split(block, edges[1:]), strict=True)]

    def _look(self) -> None:
        """Take the spectra whose samples are there."""
        count, begin = self.voices.shape[1], self._at - len(self._recent)
        while self._next + WINDOW <= self._at:
            window = self._recent[self._next - begin : self._next - begin + WINDOW].mean(axis=1)
            power = np.abs(np.fft.rfft(window * np.hanning(WINDOW)) / (WINDOW / 4)) ** 2
            column = (self._next + WINDOW // 2 - self.first) * count // (self.last - self.first)
            self._power[:, column] += np.maximum.reduceat(power, self._bands)
            self._looks[column] += 1
            self._next += self._stride
        self._recent = self._recent[max(self._next - begin, 0) :]


def edges_hz() -> Float64:
    """The lower edges of the bands, in Hz, and the upper one of the last."""
    return np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1)


def _bands(rate: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The bins at which bands begin."""
    return np.minimum(edges_hz()[:-1] * WINDOW / rate, WINDOW // 2 - 1).astype(np.intp)


def told_cycles(cycles: list[tuple[int, Fraction]], most: int = 16) -> list[tuple[int, Fraction]]:
    """Of whole cycles those that have room to be named."""
    step = 1
    while len(cycles) / step > most:
        step *= 2
    return [pair for pair in cycles if pair[1] % step == 0]
