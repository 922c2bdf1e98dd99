"""Textures: sounds without beginning or end, made of noise and grains.

Each function makes so many seconds of samples in float64 at RATE from a seed, from which it takes
its settings as well.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from latentcode.arrays import Float64
from latentcode.models.corpus.waves import RATE, coloured, filtered, resonance, times, white

Texture = Callable[[int, float], Float64]


def _slow(rng: np.random.Generator, count: int, hz: float) -> Float64:
    """A smooth random movement about 0, of a standard deviation of 1, no faster than `hz`."""
    coarse = max(int(count / RATE * hz * 4) + 8, 16)
    walk = np.convolve(rng.standard_normal(coarse + 8), np.hanning(9), "valid")
    moved = np.interp(np.linspace(0, len(walk) - 1, count), np.arange(len(walk)), walk)
    return np.asarray(moved / (walk.std() + 1e-9))


def _drops(
    rng: np.random.Generator, count: int, rate: float, hz: tuple[float, float], decay: tuple[float, float]
) -> Float64:
    """Short decaying tones: `rate` a second, their pitches (Hz) and time constants (s) within
    bounds.
    """
    total = np.zeros(count)
    for at in rng.integers(0, count, max(round(rate * count / RATE), 1)):
        time = np.exp(rng.uniform(*np.log(decay)))
        t = np.arange(min(round(6 * time * RATE), count - at)) / RATE
        pitch = np.exp(rng.uniform(*np.log(hz)))
        total[at : at + len(t)] += rng.exponential() * np.sin(2 * np.pi * pitch * t) * np.exp(-t / time)
    return total


def _clicks(rng: np.random.Generator, count: int, rate: float) -> Float64:
    total = np.zeros(count)
    at = rng.integers(0, count, max(round(rate * count / RATE), 1))
    total[at] = rng.choice([-1.0, 1.0], len(at)) * rng.uniform(0.2, 1.0, len(at)) ** 2
    return total


def _unit(samples: Float64) -> Float64:
    return np.asarray(samples / (samples.std() + 1e-9))


def _limited(samples: Float64, crest: float) -> Float64:
    """With peaks of `crest` standard deviations at the most: what crackles is heard beside what
    does not.
    """
    for _ in range(3):
        most = crest * samples.std()
        samples = most * np.tanh(samples / most)
    return np.asarray(samples)


def rain(seed: int, seconds: float) -> Float64:
    """Many drops, and the hiss of those further away."""
    rng = np.random.default_rng(seed)
    count = len(times(seconds))
    near = _drops(rng, count, rng.uniform(120, 500), (1400, 9000), (0.0008, 0.004))
    far = filtered(white(rng, count), "bandpass", (rng.uniform(500, 1200), rng.uniform(7000, 13000)))
    return _unit(near) + rng.uniform(0.4, 1.1) * _unit(far) * (1 + 0.12 * _slow(rng, count, 1.0))


def wind(seed: int, seconds: float) -> Float64:
    """Noise in bands that drift and swell; a higher one whistles now and then."""
    rng = np.random.default_rng(seed)
    count = len(times(seconds))
    total = np.zeros(count)
    for hz, gain, q in (
        (rng.uniform(180, 320), 1.0, 1.2),
        (rng.uniform(420, 800), 0.7, 2.5),
        (1400, 0.2, 8.0),
    ):
        level = np.exp(0.5 * _slow(rng, count, rng.uniform(0.4, 1.2)))
        apart = (
            _unit(resonance(white(rng, count), hz * 0.8, q)),
            _unit(resonance(white(rng, count), hz * 1.25, q)),
        )
        lean = 0.5 + 0.5 * np.sin(_slow(rng, count, 0.5))
        total += gain * level * (apart[0] * lean + apart[1] * (1 - lean))
    return total


def crackle(seed: int, seconds: float) -> Float64:
    rng = np.random.default_rng(seed)
    count = len(times(seconds))
    clicks = _unit(
        filtered(_clicks(rng, count, rng.uniform(60, 200)), "bandpass", (150, rng.uniform(3000, 9000)))
    )
    return _limited(clicks, 9.0) + rng.uniform(0.1, 0.25) * _unit(coloured(rng, count, 2.0))


def water(seed: int, seconds: float) -> Float64:
    """A brook: bubbles, whose pitch rises as they come up, over a murmur."""
    rng = np.random.default_rng(seed)
    count = len(times(seconds))
    total = np.zeros(count)
    for at in rng.integers(0, count, round(rng.uniform(90, 180) * seconds)):
        time = np.exp(rng.uniform(np.log(0.006), np.log(0.035)))
        t = np.arange(min(round(6 * time * RATE), count - at)) / RATE
        hz = np.exp(rng.uniform(np.log(380), np.log(2600)))
        bubble = np.sin(2 * np.pi * hz * (t + rng.uniform(0.5, 3) * t**2 / 0.2)) * np.exp(-t / time)
        total[at : at + len(t)] += rng.exponential() * bubble * np.minimum(t / 0.002, 1)
    murmur = filtered(coloured(rng, count, 3.0), "bandpass", (250, 3500))
    return _unit(total) + rng.uniform(0.35, 0.6) * _unit(murmur)


def roomtone(seed: int, seconds: float) -> Float64:
    """The tone of a room: dark noise, a hum, and a little air."""
    rng = np.random.default_rng(seed)
    t = times(seconds)
    mains = rng.choice([50.0, 60.0])
    hum = sum(
        rng.exponential() / k * np.sin(2 * np.pi * (k * mains * t + rng.random())) for k in (1, 2, 3, 4, 6)
    )
    dark = coloured(rng, len(t), rng.uniform(4, 6), 35.0)
    air = filtered(white(rng, len(t)), "highpass", 2000)
    return np.asarray(dark + rng.uniform(0.05, 0.4) * hum + rng.uniform(0.01, 0.05) * air)


def fire(seed: int, seconds: float) -> Float64:
    """A low roar that flickers, with cracks of wood."""
    rng = np.random.default_rng(seed)
    count = len(times(seconds))
    roar = _unit(filtered(coloured(rng, count, 4.5), "bandpass", (60, 900)))
    roar *= 1 + 0.35 * _slow(rng, count, 7.0)
    small = filtered(_clicks(rng, count, rng.uniform(20, 70)), "highpass", 1200)
    large = _drops(rng, count, rng.uniform(4, 12), (600, 3500), (0.002, 0.012))
    cracks = rng.uniform(0.4, 0.9) * _unit(small) + rng.uniform(0.3, 0.7) * _unit(large)
    return roar + 0.8 * _limited(cracks, 8.0)


def surf(seed: int, seconds: float) -> Float64:
    """A wave that comes in, breaks and runs out over sand."""
    rng = np.random.default_rng(seed)
    t = times(seconds)
    crest = rng.uniform(0.3, 0.5) * seconds
    swell = np.where(
        t < crest, np.exp(-(crest - t) / (0.22 * seconds)), np.exp(-(t - crest) / (0.35 * seconds))
    )
    deep = filtered(coloured(rng, len(t), 5.0), "lowpass", 700)
    foam = filtered(white(rng, len(t)), "bandpass", (900, 9000))
    late = np.where(t < crest, swell**2, swell)
    return _unit(deep) * (0.25 + swell) + 0.8 * _unit(foam) * (0.08 + late) * (
        1 + 0.15 * _slow(rng, len(t), 9.0)
    )


def vinyl(seed: int, seconds: float) -> Float64:
    """A record's groove: rumble, hiss, small clicks and a few large ones, once a turn at that."""
    rng = np.random.default_rng(seed)
    count = len(times(seconds))
    rumble = filtered(coloured(rng, count, 6.0), "lowpass", 120)
    hiss = filtered(coloured(rng, count, 1.5), "highpass", 400)
    small = filtered(_clicks(rng, count, rng.uniform(20, 70)), "bandpass", (900, 7500))
    turn = np.zeros(count)
    turn[round(rng.uniform(0, 0.3) * RATE) :: round(RATE * 60 / 33.33)] = 1.0
    scratch = filtered(turn, "bandpass", (400, 4500))
    clicks = _limited(_unit(small) + 0.3 * _unit(scratch), 8.0)
    return 0.5 * _unit(rumble) + 0.35 * _unit(hiss) + clicks


def leaves(seed: int, seconds: float) -> Float64:
    """Dry leaves: grains of noise, thick and thin by turns."""
    rng = np.random.default_rng(seed)
    count = len(times(seconds))
    thick = np.exp(0.3 * _slow(rng, count, 2.5))
    grains = filtered(_clicks(rng, count, 3000) * thick, "bandpass", (2000, 11000))
    return (
        _limited(_unit(grains), 7.0)
        + 0.2 * _unit(filtered(white(rng, count), "bandpass", (1500, 8000))) * thick
    )


def crowd(seed: int, seconds: float) -> Float64:
    """A murmur of many: bands of noise about the formants, each with its own syllables."""
    rng = np.random.default_rng(seed)
    count = len(times(seconds))
    total: Float64 = np.zeros(count)
    for _ in range(14):
        hz = np.exp(rng.uniform(np.log(250), np.log(2600)))
        total += (
            _unit(resonance(white(rng, count), hz, rng.uniform(3, 9)))
            * np.exp(0.8 * _slow(rng, count, 4.0))
            * (300 / hz) ** 0.4
        )
    return total


TEXTURES: dict[str, Texture] = {
    "rain": rain, "wind": wind, "crackle": crackle, "water": water, "roomtone": roomtone, "fire": fire, "surf": surf,
    "vinyl": vinyl, "leaves": leaves, "crowd": crowd,
}  # fmt: skip
