"""How a sound differs from another, as the ear would rather have it than a signal-to-noise ratio.

All take float32 samples (n,) of one sampling rate, the original first. A measure that means
nothing of a sound (its pitch is not known, nothing lies above a frequency) is NaN.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from latentcode.arrays import Float32, Float64

RESOLUTIONS = ((1024, 120, 600), (2048, 240, 1200), (512, 50, 240))  # transform, hop, window
MEL_BANDS, MEL_RANGE, MEL_FLOOR = 80, (30.0, 20_000.0), 1e-8  # Hz; −80 dB below the loudest band
AUDIBLE_PART = 1e-7  # of the power: less above a frequency is nothing
HARMONIC_SPAN, HIGHEST_HARMONIC = 8192, 8000.0  # samples, Hz
LOUDEST_PARTIALS = 6
TINY = 1e-20


def mrstft(original: Float32, copy: Float32) -> float:
    """The multi-resolution STFT distance: spectral convergence and the difference of log
    magnitudes.

    Source: Yamamoto, Song and Kim 2020, with the resolutions and floors that auraloss has as its
    defaults, so that figures can be compared with those of others.
    """
    return float(np.mean([_resolution(original, copy, *sizes) for sizes in RESOLUTIONS]))


def _resolution(original: Float32, copy: Float32, size: int, hop: int, span: int) -> float:
    wanted, found = (
        spectra(one, size, hop, span).abs().square().clamp_min(1e-8).sqrt() for one in (original, copy)
    )
    convergence = torch.linalg.norm(wanted - found) / torch.linalg.norm(wanted)
    return float(convergence + functional.l1_loss(found.log(), wanted.log()))


def mel_db(original: Float32, copy: Float32, sample_rate: int) -> float:
    """The mean difference of 80 mel bands in dB, all that lies 80 dB below the loudest left out."""
    bank = mel_bank(2048, sample_rate)
    wanted, found = (bank @ spectra(one, 2048, 512).abs().square() for one in (original, copy))
    floor = wanted.max().item() * MEL_FLOOR + TINY
    return float((10 * wanted.clamp_min(floor).log10() - 10 * found.clamp_min(floor).log10()).abs().mean())


def above_db(original: Float32, copy: Float32, sample_rate: int, edge: float) -> float:
    """How much more of the copy lies above `edge` Hz than of the original, in dB."""
    wanted, found = (_above(one, sample_rate, edge) for one in (original, copy))
    if wanted[1] <= AUDIBLE_PART * wanted[0]:
        return math.nan
    return 10 * math.log10((found[1] + TINY) / wanted[1])


def snr_db(original: Float32, copy: Float32) -> float:
    """How far the difference lies below the original, in dB; says nothing where phases are made."""
    return 10 * math.log10((_power(original) + TINY) / (_power(original - copy) + TINY))


def hnr_db(samples: Float32, sample_rate: int, frequency: float | None) -> float:
    """Harmonics of `frequency` (Hz) against all else below 8 kHz, in dB.

    NaN where the frequency is not known, or too low for the resolution of 8192 samples.
    """
    if frequency is None or frequency < 8 * sample_rate / HARMONIC_SPAN:
        return math.nan
    power, bins = _long_power(samples, sample_rate)
    heard = (bins > 40) & (bins < HIGHEST_HARMONIC)
    nearest = np.maximum(1, np.round(bins / frequency))
    width = np.maximum(3.5 * sample_rate / HARMONIC_SPAN, 0.004 * bins)
    harmonic = np.abs(bins - nearest * frequency) <= width
    ratio = (power[heard & harmonic].sum() + TINY) / (power[heard & ~harmonic].sum() + TINY)
    return float(10 * np.log10(ratio))


def cents_off(samples: Float32, sample_rate: int, frequency: float | None) -> float:
    """How far the loudest partials lie above those of `frequency` (Hz), in cents (their mean, by
    power).

    Partials within half a semitone of a multiple count; NaN where there is none.
    """
    if frequency is None:
        return math.nan
    power, bins = _long_power(samples, sample_rate)
    found = []
    for number in range(1, int(HIGHEST_HARMONIC / frequency) + 1):
        near = np.flatnonzero(np.abs(bins / (number * frequency) - 1) < 0.029)
        if len(near) >= 3 and 0 < (top := near[power[near].argmax()]) < len(power) - 1:
            below, peak, beyond = np.log(power[top - 1 : top + 2] + TINY)
            curve = below - 2 * peak + beyond
            aside = 0.5 * (below - beyond) / curve if curve < 0 else 0.0
            place = top + min(max(aside, -0.5), 0.5)  # what is no peak has none anywhere
            cents = 1200 * math.log2(place * bins[1] / (number * frequency))
            found.append((power[top], cents))
    loudest = sorted(found, reverse=True)[:LOUDEST_PARTIALS]
    if not loudest or loudest[0][0] <= TINY:
        return math.nan
    weights, cents = np.array(loudest).T
    return float(np.sum(weights * cents) / np.sum(weights))


def modulation(samples: Float32, hop: int) -> float:
    """How strongly the power of a sound rises and falls at the hop's rate and its multiples, from
    0 to 1.

    The root mean square of that part of the power, against its mean: what a steady noise has none
    of, whatever windows it was put together from.
    """
    whole = len(samples) // hop * hop
    if not whole:
        return math.nan
    course = np.square(samples[:whole], dtype=np.float64).reshape(-1, hop).mean(axis=0)
    parts = np.abs(np.fft.rfft(course)) / hop
    return float(math.sqrt(2) * np.sqrt(np.sum(parts[1:9] ** 2)) / (parts[0] + TINY))


def centroid(samples: Float32, sample_rate: int) -> float:
    """The middle of the magnitudes' spectrum, in Hz: how bright a sound is."""
    magnitudes = spectra(samples, 2048, 512).abs().sum(dim=1).double().numpy()
    bins = np.fft.rfftfreq(2048, 1 / sample_rate)
    return float((magnitudes * bins).sum() / (magnitudes.sum() + TINY))


def spectra(samples: Float32, size: int, hop: int, span: int | None = None) -> Tensor:
    """The short-time spectra, complex (bins, frames), under a periodic Hann window of `span`."""
    row = torch.from_numpy(np.ascontiguousarray(samples, np.float32))
    row = functional.pad(row, (0, max(0, size - len(row))))
    window = torch.hann_window(span or size)
    with torch.inference_mode():
        return torch.stft(
            row, size, hop, span or size, window, center=True, pad_mode="reflect", return_complex=True
        )


@lru_cache(maxsize=4)
def mel_bank(size: int, sample_rate: int) -> Tensor:
    """(80, bins) triangles, evenly spaced in mel from 30 Hz to 20 kHz or half the rate."""
    low, high = MEL_RANGE[0], min(MEL_RANGE[1], sample_rate / 2)
    first, last = (2595 * math.log10(1 + edge / 700) for edge in (low, high))
    mels = np.linspace(first, last, MEL_BANDS + 2)
    edges = 700 * (10 ** (mels / 2595) - 1)
    bins = np.fft.rfftfreq(size, 1 / sample_rate)[None]
    begin, middle, end = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.minimum((bins - begin) / (middle - begin), (end - bins) / (end - middle))
    return torch.from_numpy(np.maximum(0, triangles).astype(np.float32))


def _above(samples: Float32, sample_rate: int, edge: float) -> tuple[float, float]:
    power = spectra(samples, 4096, 2048).abs().square().double().sum(dim=1).numpy()
    bins = np.fft.rfftfreq(4096, 1 / sample_rate)
    return float(power.sum()), float(power[bins >= edge].sum())


def _long_power(samples: Float32, sample_rate: int) -> tuple[Float64, Float64]:
    padded = np.pad(np.asarray(samples, np.float64), (0, max(0, HARMONIC_SPAN - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, HARMONIC_SPAN)[:: HARMONIC_SPAN // 4]
    power = (np.abs(np.fft.rfft(frames * np.blackman(HARMONIC_SPAN), axis=1)) ** 2).sum(axis=0)
    return power, np.asarray(np.fft.rfftfreq(HARMONIC_SPAN, 1 / sample_rate), np.float64)


def _power(samples: Float32) -> float:
    return float(np.sum(np.square(samples, dtype=np.float64)))
