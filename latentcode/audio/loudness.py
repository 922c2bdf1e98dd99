"""How loud a sound is, and the gain that brings it to the loudness of the others.

Source: ITU-R BS.1770-4 (K-weighting, gated blocks of 400 ms), with the filters' analogue prototypes
as published for libebur128, so that any sampling rate is measured alike.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64

Complex = NDArray[np.complex128]

TARGET = -18.0  # LUFS
PEAK = -1.0  # dBFS that no sample may exceed
MOST = 20.0  # dB of gain, up or down
VERSION = 1  # of what is done to a sound; a change makes frames that were encoded with it unknown

BLOCK_SECONDS, OVERLAP = 0.4, 4
SILENT, RELATIVE = -70.0, -10.0  # gates, in LUFS and LU
CHUNK, DECAY = 1 << 16, 1 << 14  # samples filtered at a time, and how long a filter rings on
PIECE = CHUNK - DECAY


def gain(samples: Float32, sample_rate: int) -> float:
    """The factor that brings a sound (n,) to TARGET, no more than MOST,
    and its peak to PEAK at the highest.
    """
    peak = max(float(samples.max(initial=0.0)), -float(samples.min(initial=0.0)))
    measured = loudness(samples, sample_rate)
    if not math.isfinite(measured) or peak == 0.0:
        return 1.0
    wanted = min(max(TARGET - measured, -MOST), MOST)
    return float(10.0 ** (min(wanted, PEAK - 20.0 * math.log10(peak)) / 20.0))


def loudness(samples: Float32, sample_rate: int) -> float:
    """The gated loudness of a sound (n,) in LUFS; of less than a block, as if silence followed.

    −inf: silence.
    """
    meter = Loudness(sample_rate, 1)
    meter.add(samples[:, None])
    return meter.integrated()


class Loudness:
    """The integrated loudness of a sound that comes block by block, in EBU R128's way: the channels
    of a pair count alike, and what is silent or far below the rest does not count.

    What comes in is kept until there is a CHUNK of it; 80 bytes a second are kept of the rest.
    """

    def __init__(self, sample_rate: int, channels: int = 2) -> None:
        self._hop = round(BLOCK_SECONDS / OVERLAP * sample_rate)
        self._filters = [_Weighted(sample_rate) for _ in range(channels)]
        self._waiting: list[Float32] = []
        self._count = 0
        self._rest, self._energies = np.zeros(0), list[Float64]()

    def add(self, block: Float32) -> None:
        """The next samples, (n, channels)."""
        self._waiting.append(block)
        self._count += len(block)
        if self._count < PIECE:
            return
        whole = np.concatenate(self._waiting)
        for first in range(0, len(whole) - PIECE + 1, PIECE):
            self._measure(whole[first : first + PIECE])
        self._waiting = [whole[len(whole) // PIECE * PIECE :]]
        self._count = len(self._waiting[0])

    def integrated(self) -> float:
        """The loudness of all that came, in LUFS, with which it ends; −inf: silence."""
        if self._count:
            self._measure(np.concatenate(self._waiting))
        self._waiting, self._count = [], 0
        energy = np.concatenate([*self._energies, [self._rest.sum()]])
        if len(energy) > OVERLAP:
            energy = energy[:-1]  # less than a whole step
        energy = np.pad(energy, (0, max(OVERLAP - len(energy), 0)))
        blocks = np.convolve(energy, np.ones(OVERLAP), "valid") / (OVERLAP * self._hop)
        heard = blocks[_lufs(blocks) > SILENT]
        if not len(heard):
            return -math.inf
        return float(_lufs(heard[_lufs(heard) > _lufs(heard.mean()) + RELATIVE].mean()))

    def _measure(self, piece: Float32) -> None:
        """The sums of the weighted squares of every hop."""
        power = np.zeros(len(piece))
        for channel, weighted in enumerate(self._filters):
            filtered = weighted.process(piece[:, channel])
            power += filtered * filtered
        squares = np.concatenate([self._rest, power])
        whole = len(squares) // self._hop * self._hop
        self._energies.append(squares[:whole].reshape(-1, self._hop).sum(axis=1))
        self._rest = squares[whole:]


class TruePeak:
    """The largest magnitude of a sound (n, channels), between its samples as well: of four times as
    many (ITU-R BS.1770, annex 2).
    """

    def __init__(self, sample_rate: int, channels: int = 2) -> None:
        import soxr

        self._stream = soxr.ResampleStream(sample_rate, 4 * sample_rate, channels, dtype="float32")
        self._channels, self._peak = channels, 0.0

    def add(self, block: Float32, last: bool = False) -> None:
        """The next samples, (n, channels)."""
        made = self._stream.resample_chunk(np.ascontiguousarray(block, np.float32), last)
        highest = max((float(np.abs(one).max(initial=0.0)) for one in (made, block)), default=0.0)
        self._peak = max(self._peak, highest)

    def highest(self) -> float:
        """Of all that came, with which it ends: a factor of full scale."""
        self.add(np.zeros((0, self._channels), np.float32), last=True)
        return self._peak


def _lufs(power: Float64 | np.floating) -> Float64:
    with np.errstate(divide="ignore"):
        return np.asarray(10.0 * np.log10(power) - 0.691, np.float64)


class _Weighted:
    """One channel through the K-weighting, piece by piece: filtered in frequency, each piece with
    the
    ring of the last.
    """

    def __init__(self, sample_rate: int) -> None:
        self._response, self._ring = weighting(CHUNK, sample_rate), np.zeros(DECAY)

    def process(self, piece: Float32) -> Float64:
        """The next samples (n,), PIECE at most."""
        filtered = np.fft.irfft(np.fft.rfft(piece, CHUNK) * self._response, CHUNK)
        filtered[:DECAY] += self._ring
        self._ring = filtered[PIECE:].copy()
        return np.asarray(filtered[: len(piece)])


def weighting(count: int, sample_rate: int) -> Complex:
    """The K-weighting filter at the frequencies of a real transform of `count` samples:
    (count // 2 + 1,).
    """
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(count))
    return np.asarray(_shelf(z, sample_rate) * _high_pass(z, sample_rate))


def _shelf(z: Complex, sample_rate: int) -> Complex:
    frequency, quality, boost = 1681.974450955533, 0.7071752369554196, 3.999843853973347
    k, high = math.tan(math.pi * frequency / sample_rate), 10.0 ** (boost / 20.0)
    band = high**0.4996667741545416
    above = (high + band * k / quality + k * k, 2 * (k * k - high), high - band * k / quality + k * k)
    below = (1 + k / quality + k * k, 2 * (k * k - 1), 1 - k / quality + k * k)
    return _ratio(above, below, z)


def _high_pass(z: Complex, sample_rate: int) -> Complex:
    frequency, quality = 38.13547087602444, 0.5003270373238773
    k = math.tan(math.pi * frequency / sample_rate)
    below = (1 + k / quality + k * k, 2 * (k * k - 1), 1 - k / quality + k * k)
    return _ratio((below[0], -2.0 * below[0], below[0]), below, z)


def _ratio(above: tuple[float, ...], below: tuple[float, ...], z: Complex) -> Complex:
    return np.asarray(np.polyval(above[::-1], z) / np.polyval(below[::-1], z))
