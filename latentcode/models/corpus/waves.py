"""What electronic sounds and textures are made of: waves without aliases, envelopes, noises,
filters. All are pure functions, in float64, at RATE.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import signal

from latentcode.arrays import Float32, Float64

RATE = 44100  # Hz
TOP = 18000.0  # Hz; no wave has a harmonic above it

Weight = Callable[[int], "Float64 | float"]  # of the k-th harmonic, from 1, at each sample or throughout


def times(seconds: float) -> Float64:
    """The moments of the samples of a sound, in seconds."""
    return np.arange(max(round(seconds * RATE), 1)) / RATE


def turned(hz: Float64 | float, count: int, start: float = 0.0) -> Float64:
    """The phase, in radians, of a wave of `hz` (throughout, or (count,)); it begins `start` turns
    on.
    """
    steps = np.broadcast_to(np.asarray(hz, np.float64), count) / RATE
    return 2 * np.pi * (start + np.cumsum(steps) - steps)


def summed(phase: Float64, highest_hz: float, weight: Weight, top: float = TOP) -> Float64:
    """The sum of all harmonics of a wave below `top`, as sines, each at its weight."""
    turn = np.exp(1j * phase)
    harmonic, total = np.ones_like(turn), np.zeros(len(phase))
    for k in range(1, max(int(top / highest_hz), 1) + 1):
        harmonic = harmonic * turn
        total += weight(k) * harmonic.imag
    return total


def saw(hz: float, count: int, start: float = 0.0) -> Float64:
    return summed(turned(hz, count, start), hz, lambda k: 2 / (np.pi * k))


def pulse(hz: float, count: int, width: float = 0.5, start: float = 0.0) -> Float64:
    """A pulse that is up for `width` of its period: the difference of two saws."""
    return saw(hz, count, start) - saw(hz, count, start - width)


def fall(seconds: float, t60: float) -> Float64:
    """An envelope of so many seconds that falls by 60 dB within `t60`."""
    return np.asarray(10 ** (-3 * times(seconds) / t60))


def rise(count: int, seconds: float) -> Float64:
    """From 0 up to 1 within so many seconds, and 1 from then on."""
    return np.asarray(np.minimum(np.arange(count) / max(seconds * RATE, 1), 1))


def white(rng: np.random.Generator, count: int) -> Float64:
    return rng.standard_normal(count)


def coloured(rng: np.random.Generator, count: int, db_per_octave: float, low_hz: float = 20.0) -> Float64:
    """Noise whose power falls so many dB an octave (3: pink, 6: brown) from `low_hz` on;
    its standard deviation is 1.
    """
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hz = np.maximum(np.fft.rfftfreq(count, 1 / RATE), low_hz)
    noise = np.fft.irfft(spectrum * (hz / low_hz) ** (-db_per_octave / 6.0206), count)
    return np.asarray(noise / noise.std())


def filtered(samples: Float64, kind: str, hz: float | tuple[float, float], order: int = 2) -> Float64:
    """Through a Butterworth filter: "lowpass", "highpass" or "bandpass"."""
    return np.asarray(signal.sosfilt(signal.butter(order, hz, kind, fs=RATE, output="sos"), samples))


def resonance(samples: Float64, hz: float, q: float) -> Float64:
    """Through a band of a quality `q`, whose middle has a gain of 1."""
    return np.asarray(signal.lfilter(*signal.iirpeak(hz, q, fs=RATE), samples))


def ladder(ratio: Float64, resonance: float) -> Float64:
    """What a lowpass of four poles lets through of a harmonic at `ratio` times its cutoff;
    `resonance` is 0 to 4, where it would sing by itself.
    """
    return np.asarray(np.abs((1 + resonance) / ((1 + 1j * ratio) ** 4 + resonance)))


def driven(samples: Float64, amount: float) -> Float64:
    """Saturated; at `amount` 1 hardly, at 10 hard. At four times the rate, so that nothing folds
    back.
    """
    peak = np.abs(samples).max(initial=1e-9)
    high = np.tanh(signal.resample_poly(samples / peak, 4, 1) * amount) / np.tanh(amount)
    return np.asarray(signal.resample_poly(high, 1, 4)[: len(samples)])


def circular(samples: Float64, period: int, around: int) -> Float32:
    """`samples` (period + around,) made to repeat after `period`: their end goes over into their
    beginning at equal power, and then so much of the beginning comes again.
    """
    turn = np.linspace(0, np.pi / 2, around)
    first = samples[:around] * np.sin(turn) + samples[period : period + around] * np.cos(turn)
    return np.concatenate([first, samples[around:period], first]).astype(np.float32)
