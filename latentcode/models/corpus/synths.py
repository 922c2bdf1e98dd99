"""Electronic instruments: plain waves, frequency modulation, filtered saws, noises.

Each function makes samples in float64 at RATE from a pitch in Hz, a length in seconds, its settings
and a seed; the corpus varies the settings within RANGES. A filter is what it does to each harmonic:
so there is no alias, however far it opens.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import signal

from latentcode.arrays import Float64
from latentcode.models.corpus.drums import Ranges
from latentcode.models.corpus.waves import (
    RATE,
    coloured,
    driven,
    filtered,
    ladder,
    pulse,
    rise,
    saw,
    summed,
    times,
    turned,
    white,
)

COARSE = 64  # samples between the moments at which filters move


def _moved(samples: Float64, count: int) -> Float64:
    """What was made for every COARSE-th moment, at each sample."""
    return np.interp(np.arange(count), np.arange(len(samples)) * COARSE, samples)


def _subtractive(
    hz: float,
    cutoff: Float64,
    emphasis: float,
    detune: tuple[float, ...] = (0.0,),
    seed: int = 0,
    odd: bool = False,
) -> Float64:
    """Saws (or squares) around `hz`, detuned by cents, through a lowpass of four poles whose
    `cutoff` (n,) moves, in Hz; `emphasis` is its resonance, 0 to 4.
    """
    count, rng = len(cutoff), np.random.default_rng(seed)
    coarse, total = cutoff[::COARSE], np.zeros(len(cutoff))
    for cents in detune:
        own = hz * 2 ** (cents / 1200)

        def weight(k: int, own: float = own) -> Float64 | float:
            if odd and k % 2 == 0:
                return 0.0
            return _moved(ladder(k * own / coarse, emphasis), count) * (2 / (np.pi * k))

        start = rng.random() if len(detune) > 1 else 0.0
        total += summed(turned(own, count, start), own, weight, min(18000.0, float(coarse.max()) * 6 + own))
    return total


def sine(hz: float, seconds: float, seed: int = 0) -> Float64:
    return np.sin(turned(hz, len(times(seconds))))


def triangle(hz: float, seconds: float, seed: int = 0) -> Float64:
    phase = turned(hz, len(times(seconds)))
    return summed(phase, hz, lambda k: (-1) ** (k // 2) * 0.8 / k**2 if k % 2 else 0.0)


def sawtooth(hz: float, seconds: float, seed: int = 0) -> Float64:
    return saw(hz, len(times(seconds)))


def square(hz: float, seconds: float, seed: int = 0) -> Float64:
    return pulse(hz, len(times(seconds)))


def narrow(hz: float, seconds: float, seed: int = 0, width: float = 0.2) -> Float64:
    return pulse(hz, len(times(seconds)), width)


def supersaw(hz: float, seconds: float, seed: int = 0, detune: float = 22.0) -> Float64:
    """Seven saws, spread over `detune` cents either way, each from its own phase."""
    rng, count = np.random.default_rng(7 + seed), len(times(seconds))
    spread = detune * np.array([-1.0, -0.57, -0.18, 0.0, 0.18, 0.57, 1.0])
    starts = rng.random(len(spread))
    waves = [saw(hz * 2 ** (c / 1200), count, at) for c, at in zip(spread, starts, strict=True)]
    return filtered(np.sum(waves, axis=0), "highpass", max(hz * 0.7, 30))


def _modulated(hz: float, seconds: float, ratio: float, index: Float64 | float) -> Float64:
    count = len(times(seconds))
    return np.sin(turned(hz, count) + index * np.sin(turned(hz * ratio, count)))


def _struck(seconds: float, t60: float, attack: float = 0.002) -> Float64:
    t = times(seconds)
    return np.asarray(10 ** (-3 * t / t60) * rise(len(t), attack))


def fmbell(
    hz: float, seconds: float, seed: int = 0, ratio: float = 3.5, index: float = 5.0, decay: float = 3.0
) -> Float64:
    """Two waves whose ratio is no whole number; the index falls faster than the level."""
    t = times(seconds)
    main = _modulated(hz, seconds, ratio, index * 10 ** (-3 * t / (decay * 0.9)))
    return (main + 0.3 * _modulated(hz * 2.001, seconds, ratio * 0.4, index * 0.3)) * _struck(seconds, decay)


def fmbass(
    hz: float, seconds: float, seed: int = 0, index: float = 4.5, decay: float = 1.6, ratio: float = 1.0
) -> Float64:
    t = times(seconds)
    return _modulated(hz, seconds, ratio, 0.6 + index * np.exp(-t / 0.09)) * _struck(seconds, decay, 0.003)


def fmpiano(hz: float, seconds: float, seed: int = 0, tine: float = 0.5, decay: float = 2.6) -> Float64:
    """A soft body, 1:1, and the tine of its attack, 1:14."""
    t = times(seconds)
    body = _modulated(hz, seconds, 1.0, 1.2 * np.exp(-t / 0.7))
    high = 14.0 if hz * 15 < 17000 else 5.0
    tines = _modulated(hz, seconds, high, tine * np.exp(-t / 0.12)) - np.sin(turned(hz, len(t)))
    return (body + tines) * _struck(seconds, decay)


def acid(
    hz: float,
    seconds: float,
    seed: int = 0,
    cutoff: float = 250.0,
    sweep: float = 3.2,
    drop: float = 0.12,
    emphasis: float = 3.3,
    drive: float = 3.0,
) -> Float64:
    """A saw through a singing lowpass that falls from `sweep` octaves above its cutoff, driven."""
    t = times(seconds)
    moving = np.minimum(max(cutoff, hz) * 2 ** (sweep * np.exp(-t / drop)), 9000)
    body = _subtractive(hz, moving, emphasis)
    return driven(body, drive) * _struck(seconds, max(seconds * 1.6, 0.3))


def sub(hz: float, seconds: float, seed: int = 0, drive: float = 1.6) -> Float64:
    """A sine, warmed a little."""
    return driven(np.sin(turned(hz, len(times(seconds)))), drive) * rise(len(times(seconds)), 0.004)


def reese(hz: float, seconds: float, seed: int = 0, detune: float = 18.0, cutoff: float = 900.0) -> Float64:
    """Two saws that beat, darkened."""
    t = times(seconds)
    return _subtractive(hz, np.full(len(t), max(cutoff, hz * 3)), 0.4, (-detune, 0.0, detune), 3 + seed)


def pad(
    hz: float,
    seconds: float,
    seed: int = 0,
    cutoff: float = 1400.0,
    detune: float = 12.0,
    swell: float = 0.25,
) -> Float64:
    """Five saws through a lowpass that opens slowly."""
    t = times(seconds)
    moving = (
        max(cutoff, 1.5 * hz)
        * (0.5 + 0.5 * np.minimum(t / (2 * swell), 1))
        * (1 + 0.1 * np.sin(2 * np.pi * 0.31 * t))
    )
    cents = tuple(detune * share for share in (-1.0, -0.45, 0.0, 0.5, 0.9))
    return _subtractive(hz, moving, 0.5, cents, 11 + seed) * rise(len(t), swell)


def pluck(
    hz: float, seconds: float, seed: int = 0, bright: float = 4.5, drop: float = 0.09, decay: float = 0.9
) -> Float64:
    """Two saws through a lowpass that closes at once."""
    t = times(seconds)
    moving = np.minimum(hz * 1.2 * 2 ** (bright * np.exp(-t / drop)), 14000)
    return _subtractive(hz, moving, 0.8, (-6.0, 7.0), 5 + seed) * _struck(seconds, decay)


def lead(hz: float, seconds: float, seed: int = 0, ratio: float = 2.7, drop: float = 0.25) -> Float64:
    """A wave that is begun anew `hz` times a second (hard sync), its own pitch falling to the
    root's.
    """
    count = len(times(seconds)) * 4
    own = 1.0 + (ratio - 1.0) * np.exp(-np.arange(count) / (4 * RATE * drop))
    turn = np.mod(np.arange(count) * hz / (4 * RATE), 1.0)
    wave = 2 * np.mod(turn * own, 1.0) - 1
    return np.asarray(signal.resample_poly(wave - wave.mean(), 1, 4)) * rise(count // 4, 0.004)


def stab(hz: float, seconds: float, seed: int = 0, cutoff: float = 2600.0, decay: float = 0.7) -> Float64:
    """A minor chord of saws, short."""
    t = times(seconds)
    moving = np.minimum(cutoff * (0.35 + np.exp(-t / 0.12)), 15000)
    chord = (0.0, 306.0, 697.0, 1204.0, -5.0, 312.0, 706.0)
    return _subtractive(hz, moving, 1.0, chord, 2 + seed) * _struck(seconds, decay)


def chip(hz: float, seconds: float, seed: int = 0, width: float = 0.125, rate: float = 6.0) -> Float64:
    """A narrow pulse whose pitch trembles, as of an old games console."""
    t = times(seconds)
    phase = turned(hz * (1 + 0.006 * np.sin(2 * np.pi * rate * t)), len(t))
    return summed(phase, hz * 1.01, lambda k: np.sin(np.pi * k * width) * 2 / (np.pi * k))


def hollow(hz: float, seconds: float, seed: int = 0, cutoff: float = 1800.0) -> Float64:
    """Squares a few cents apart, darkened: a soft organ."""
    t = times(seconds)
    return _subtractive(hz, np.full(len(t), max(cutoff, hz * 3)), 0.2, (-5.0, 0.0, 3.5), 1 + seed, odd=True)


def vowel(hz: float, seconds: float, seed: int = 0, mouth: float = 1.0) -> Float64:
    """A saw through the formants of an ah, trembling as a voice does."""
    t = times(seconds)
    phase = turned(hz * (1 + 0.007 * np.sin(2 * np.pi * 5.3 * t + seed)), len(t))

    def weight(k: int) -> float:
        return sum(
            gain / (1 + ((k * hz - centre * mouth) / width) ** 2)
            for centre, width, gain in ((700, 70, 1.0), (1150, 90, 0.6), (2700, 150, 0.25), (3400, 200, 0.12))
        )

    return summed(phase, hz * 1.01, weight) * rise(len(t), 0.05)


def noise(hz: float, seconds: float, seed: int = 0) -> Float64:
    return white(np.random.default_rng(seed), len(times(seconds)))


def pink(hz: float, seconds: float, seed: int = 0) -> Float64:
    return coloured(np.random.default_rng(seed), len(times(seconds)), 3.0)


def brown(hz: float, seconds: float, seed: int = 0) -> Float64:
    return coloured(np.random.default_rng(seed), len(times(seconds)), 6.0, 40.0)


def hiss(hz: float, seconds: float, seed: int = 0, low: float = 3000.0) -> Float64:
    return filtered(white(np.random.default_rng(seed), len(times(seconds))), "highpass", low)


def band(hz: float, seconds: float, seed: int = 0, width: float = 0.6) -> Float64:
    """Noise in a band around `hz`, `width` of it wide."""
    edges = (hz * (1 - width / 2), min(hz * (1 + width / 2), 20000.0))
    return filtered(white(np.random.default_rng(seed), len(times(seconds))), "bandpass", edges)


# name: what makes it, what the corpus varies, its lowest and highest pitch (MIDI)
SYNTHS: dict[str, tuple[Callable[..., Float64], Ranges, int, int]] = {
    "sine": (sine, {}, 33, 100),
    "soft": (triangle, {}, 33, 96),
    "saw": (sawtooth, {}, 28, 91),
    "square": (square, {}, 28, 91),
    "pulse": (narrow, {"width": (0.06, 0.4)}, 28, 88),
    "supersaw": (supersaw, {"detune": (8, 45)}, 36, 84),
    "fmbell": (fmbell, {"ratio": (1.3, 4.7), "index": (1.5, 7), "decay": (1.5, 5)}, 50, 91),
    "fmbass": (fmbass, {"index": (2, 8), "decay": (0.8, 2.5), "ratio": (0.999, 1.001)}, 26, 55),
    "fmpiano": (fmpiano, {"tine": (0.2, 1.0), "decay": (1.5, 4)}, 36, 86),
    "acid": (
        acid,
        {
            "cutoff": (120, 700),
            "sweep": (1.5, 4.5),
            "drop": (0.05, 0.4),
            "emphasis": (2, 3.7),
            "drive": (1, 6),
        },
        28,
        60,
    ),
    "sub": (sub, {"drive": (0.7, 4)}, 24, 50),
    "reese": (reese, {"detune": (7, 35), "cutoff": (400, 2500)}, 26, 52),
    "pad": (pad, {"cutoff": (500, 4000), "detune": (5, 25), "swell": (0.08, 0.5)}, 40, 79),
    "pluck": (pluck, {"bright": (2.5, 6), "drop": (0.04, 0.25), "decay": (0.4, 1.8)}, 40, 88),
    "lead": (lead, {"ratio": (1.5, 5), "drop": (0.08, 0.8)}, 45, 84),
    "stab": (stab, {"cutoff": (1000, 6000), "decay": (0.3, 1.2)}, 45, 69),
    "chip": (chip, {"width": (0.08, 0.5), "rate": (4, 8)}, 48, 91),
    "hollow": (hollow, {"cutoff": (700, 4000)}, 36, 79),
    "vowel": (vowel, {"mouth": (0.8, 1.25)}, 40, 76),
    "noise": (noise, {}, 60, 60),
    "pink": (pink, {}, 60, 60),
    "brown": (brown, {}, 60, 60),
    "hiss": (hiss, {"low": (1500, 8000)}, 60, 60),
    "band": (band, {"width": (0.1, 1.2)}, 48, 108),
}
