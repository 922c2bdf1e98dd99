"""Log magnitudes of a window, and a window of them: its phases are found by Griffin and Lim's
algorithm.

Sources: Griffin and Lim, "Signal estimation from modified short-time Fourier transform" (1984);
Perraudin, Balazs and Søndergaard, "A fast Griffin-Lim algorithm" (2013).
"""

from __future__ import annotations

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from latentcode.arrays import Float32
from latentcode.models.families.baseline.sizes import BINS, FFT, HOP

RANGE_DB = 120.0  # below a sine of full scale: what is there is 0, the sine 1
ITERATIONS = 64
MOMENTUM = 0.99  # with which as many do what some hundreds do without
OVERLAP = FFT // HOP
HANN = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT) / FFT)).astype(np.float32)
EDGE = (
    FFT - HOP
) // 2  # samples that the first spectrum begins before the window, and the last ends after it

Spectrum = NDArray[np.complex64]


def analysed(windows: Float32) -> Float32:
    """Samples (n, window) → log magnitudes (n, 1, BINS, window / HOP), 0 to 1."""
    padded = np.pad(windows, ((0, 0), (EDGE, EDGE)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT, axis=1)[:, ::HOP]
    magnitudes = np.abs(scipy.fft.rfft(frames * HANN, axis=2)[:, :, :BINS]) / (FFT / 4)
    levels = 20 * np.log10(np.maximum(magnitudes, 1e-9)) / RANGE_DB + 1
    found: Float32 = np.clip(levels, 0, 1).transpose(0, 2, 1)[:, None].astype(np.float32)
    return found


def sounding(levels: Float32) -> Float32:
    """Log magnitudes (BINS, frames), 0 to 1 → the samples (frames · HOP,) of a window."""
    magnitudes = np.zeros((levels.shape[1], BINS + 1), np.float32)
    magnitudes[:, :BINS] = (10 ** ((levels - 1) * RANGE_DB / 20) * (levels > 0)).T * (FFT / 4)
    chance = np.random.default_rng(0).random(magnitudes.shape, np.float32)  # the same for every window
    spectra = (magnitudes * np.exp(2j * np.pi * chance)).astype(np.complex64)
    before = np.zeros_like(spectra)
    for _ in range(ITERATIONS):
        agreed = transformed(overlapped(spectra))
        moved = agreed + MOMENTUM * (agreed - before)
        spectra = magnitudes * moved / np.maximum(np.abs(moved), 1e-9)
        before = agreed
    return overlapped(spectra)[EDGE:-EDGE]


def transformed(samples: Float32) -> Spectrum:
    """The spectra (frames, BINS + 1) of all samples, EDGE on either side among them."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, FFT)[::HOP]
    found: Spectrum = scipy.fft.rfft(frames * HANN, axis=1)
    return found


def overlapped(spectra: Spectrum) -> Float32:
    """The samples whose spectra are nearest to these."""
    frames = scipy.fft.irfft(spectra, axis=1).astype(np.float32, copy=False) * HANN
    samples = laid(frames.reshape(len(frames), OVERLAP, HOP))
    weight = laid(np.broadcast_to((HANN**2).reshape(1, OVERLAP, HOP), (len(frames), OVERLAP, HOP)))
    found: Float32 = samples / np.maximum(weight, np.float32(1e-3))
    return found


def laid(frames: Float32) -> Float32:
    """Frames (n, OVERLAP, HOP) over one another, a hop apart."""
    samples = np.zeros((len(frames) + OVERLAP - 1, HOP), np.float32)
    for part in range(OVERLAP):
        samples[part : part + len(frames)] += frames[:, part]
    return samples.ravel()
