"""How loud a sound is, and the gain that brings it to the loudness of the others.

Source: ITU-R BS.1770-4 (K-weighting, gated blocks of 400 ms), with the filters' analogue prototypes
as published for libebur128, so that any sampling rate is measured alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

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
    hop = round(BLOCK_SECONDS / OVERLAP * sample_rate)
    energy = np.concatenate(list(_energies(samples, sample_rate, hop)))
    if len(energy) > OVERLAP:
        energy = energy[:-1]  # less than a whole step
    energy = np.pad(energy, (0, max(OVERLAP - len(energy), 0)))
    blocks = np.convolve(energy, np.ones(OVERLAP), "valid") / (OVERLAP * hop)
    heard = blocks[_lufs(blocks) > SILENT]
    if not len(heard):
        return -math.inf
    return float(_lufs(heard[_lufs(heard) > _lufs(heard.mean()) + RELATIVE].mean()))


def _lufs(power: Float64 | np.floating) -> Float64:
    with np.errstate(divide="ignore"):
        return np.asarray(10.0 * np.log10(power) - 0.691, np.float64)


def _energies(samples: Float32, sample_rate: int, hop: int) -> Iterator[Float64]:
    """The sums of the weighted squares of every `hop` samples, the last of them padded."""
    rest = np.zeros(0)
    for piece in _weighted(samples, sample_rate):
        squares = np.concatenate([rest, piece * piece])
        whole = len(squares) // hop * hop
        yield squares[:whole].reshape(-1, hop).sum(axis=1)
        rest = squares[whole:]
    yield np.array([rest.sum()])


def _weighted(samples: Float32, sample_rate: int) -> Iterator[Float64]:
    """The K-weighted samples, piece by piece: filtered in frequency,
    each piece with the ring of the last.
    """
    response = weighting(CHUNK, sample_rate)
    ring = np.zeros(DECAY)
    for first in range(0, len(samples), CHUNK - DECAY):
        piece = samples[first : first + CHUNK - DECAY]
        filtered = np.fft.irfft(np.fft.rfft(piece, CHUNK) * response, CHUNK)
        filtered[:DECAY] += ring
        ring = filtered[CHUNK - DECAY :].copy()
        yield filtered[: len(piece)]


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
