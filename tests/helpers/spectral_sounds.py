"""Sounds as true spectra, what phases make of them, and what is heard in that."""

from __future__ import annotations

import math

import numpy as np
import torch

from latentcode.models.families.spectral.analysis import Analysis
from latentcode.models.families.spectral.heard import Heard
from latentcode.models.families.spectral.phases import Layer, Phases

RATE, WINDOW, HOP, FRAMES = 44100, 2048, 512, 60
ANALYSIS = Analysis(WINDOW, RATE)
PHASES = Phases(WINDOW, WINDOW, ANALYSIS.band.numpy())


def heard(sound: np.ndarray) -> Heard:
    """Frames of a sound, away from its ends."""
    frames = np.lib.stride_tricks.sliding_window_view(sound.astype(np.float32), WINDOW)[::HOP][:FRAMES]
    found = ANALYSIS(torch.from_numpy(np.ascontiguousarray(frames)))
    magnitudes = found.shape.exp() * found.level.exp()[:, None]
    parts = (magnitudes, found.tonality, found.delay, found.transience, found.deviation)
    return Heard(*(part.numpy() for part in parts))


def times() -> np.ndarray:
    return np.arange(FRAMES * HOP + WINDOW) / RATE


def tone(hertz: float, falling: float) -> np.ndarray:
    """Sixteen partials, each so much softer than the one before."""
    numbers = np.arange(1, 17)[:, None]
    return 0.2 * (np.sin(2 * np.pi * hertz * numbers * times() + numbers**2) * falling**numbers).sum(axis=0)


def noise(low: float, high: float) -> np.ndarray:
    spectrum = np.fft.rfft(np.random.default_rng(2).standard_normal(len(times())))
    bins = np.fft.rfftfreq(len(times()), 1 / RATE)
    return np.fft.irfft(spectrum * ((bins > low) & (bins < high)), len(times()))


def made(spectra: Heard) -> np.ndarray:
    frames = PHASES.frames(spectra, [Layer(1, PHASES.bins)], [0])
    out = np.zeros(len(frames) * HOP + WINDOW)
    for index, frame in enumerate(frames):
        out[index * HOP : index * HOP + WINDOW] += frame
    return out[WINDOW : len(frames) * HOP]


def pitch(sound: np.ndarray, near: float) -> float:
    """The frequency of the loudest partial within a fourth of one."""
    size = 1 << 19
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), size))
    first = int(near / 1.33 * size / RATE)
    top = first + int(np.argmax(spectrum[first : int(near * 1.33 * size / RATE)]))
    return top * RATE / size


def harmonic(sound: np.ndarray, hertz: float) -> float:
    """How far all else lies below the partials, in dB."""
    power = np.abs(np.fft.rfft(sound * np.blackman(len(sound)))) ** 2
    bins = np.fft.rfftfreq(len(sound), 1 / RATE)
    partial = np.abs(bins / hertz - np.rint(bins / hertz)) < 12 / hertz
    return 10 * math.log10(power[partial].sum() / power[~partial].sum())


def level(sound: np.ndarray) -> float:
    return 10 * math.log10(np.mean(np.square(sound)))
