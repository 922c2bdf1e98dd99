"""Electronic drums in the manner of the analogue machines of 1980 and 1983.

Oscillators, noise and envelopes have the frequencies and times that service notes and measurements
of those machines give; the corpus varies them within RANGES. Each function makes samples in
float64 at RATE from its settings and a seed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from latentcode.arrays import Float64
from latentcode.models.corpus.waves import (
    RATE,
    coloured,
    driven,
    fall,
    filtered,
    pulse,
    resonance,
    rise,
    saw,
    times,
    turned,
    white,
)

METAL = (205.3, 304.4, 369.6, 522.7, 540.0, 800.0)  # Hz: the six oscillators of the 808's hats and cymbal


def _generator(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def _swept(seconds: float, hz: float, above: float, drop: float) -> Float64:
    """The phase of a wave that begins `above` times as high and falls to `hz`,
    with a time constant of `drop` seconds.
    """
    t = times(seconds)
    return turned(hz * (1 + (above - 1) * np.exp(-t / drop)), len(t))


def kick808(seed: int = 0, hz: float = 50.0, decay: float = 0.65, click: float = 0.15) -> Float64:
    """A ringing filter: nearly a sine, an octave and more higher for its first half turn."""
    seconds = decay * 1.2
    tone = np.sin(_swept(seconds, hz, 2.6, 0.006)) * fall(seconds, decay)
    noise = filtered(white(_generator(seed), len(tone)), "lowpass", 3000) * fall(seconds, 0.012)
    return tone * rise(len(tone), 0.0006) + click * noise


def kick909(
    seed: int = 0, hz: float = 47.0, decay: float = 0.42, sweep: float = 5.0, click: float = 0.35
) -> Float64:
    """A rounded triangle that falls from some 230 Hz, with the click of its attack."""
    seconds = decay * 1.15
    body = driven(np.sin(_swept(seconds, hz, sweep, 0.022)) * fall(seconds, decay), 1.7)
    noise = filtered(white(_generator(seed), len(body)), "bandpass", (700, 6500)) * fall(seconds, 0.018)
    return body * rise(len(body), 0.0004) + click * noise


def snare808(
    seed: int = 0, hz: float = 178.0, decay: float = 0.16, snappy: float = 0.55, noise_decay: float = 0.24
) -> Float64:
    """Two ringing filters, and noise above 1.8 kHz."""
    seconds = max(decay, noise_decay) * 1.15
    low, high = (np.sin(_swept(seconds, hz * ratio, 1.25, 0.008)) for ratio in (1.0, 1.86))
    tone = low * fall(seconds, decay) + 0.6 * high * fall(seconds, decay * 0.7)
    noise = filtered(white(_generator(seed), len(tone)), "highpass", 1800) * fall(seconds, noise_decay)
    return tone * rise(len(tone), 0.0005) + snappy * noise * rise(len(tone), 0.001)


def snare909(
    seed: int = 0, hz: float = 190.0, decay: float = 0.17, snappy: float = 0.6, noise_decay: float = 0.3
) -> Float64:
    """Two triangles that fall by a fifth, a short bright noise and a longer dark one."""
    seconds = max(decay, noise_decay) * 1.1
    body = sum(
        driven(np.sin(_swept(seconds, hz * ratio, 1.55, 0.014)), 1.5) * fall(seconds, decay * length)
        for ratio, length in ((1.0, 1.0), (1.6, 0.7))
    )
    noise = white(_generator(seed), len(times(seconds)))
    bright = filtered(noise, "bandpass", (2500, 13000)) * fall(seconds, noise_decay * 0.6)
    dark = filtered(noise, "bandpass", (900, 6500)) * fall(seconds, noise_decay)
    return np.asarray((body + snappy * (bright + dark)) * rise(len(noise), 0.0004))


def _clap(seed: int, seconds: float, gap: float, tail: float, hz: float, q: float) -> Float64:
    """Noise in a band: three short bursts, `gap` seconds apart,
    and a fourth with the room's tail.
    """
    t = times(seconds)
    bursts = sum(np.where(t >= n * gap, np.exp(-(t - n * gap) / 0.0035), 0.0) for n in range(3))
    room = np.where(t >= 3 * gap, 10 ** (-3 * (t - 3 * gap) / tail), 0.0)
    noise = white(_generator(seed), len(t))
    return resonance(noise, hz, q) * (bursts + 0.9 * room)


def clap808(
    seed: int = 0, hz: float = 1050.0, gap: float = 0.0105, tail: float = 0.26, q: float = 1.6
) -> Float64:
    return filtered(_clap(seed, 4 * gap + tail, gap, tail, hz, q), "highpass", 350)


def clap909(
    seed: int = 0, hz: float = 1250.0, gap: float = 0.0095, tail: float = 0.4, q: float = 0.9
) -> Float64:
    return filtered(_clap(seed, 4 * gap + tail, gap, tail, hz, q), "bandpass", (500, 9000))


def _metal(seed: int, count: int, tune: float, pitches: tuple[float, ...] = METAL) -> Float64:
    starts = _generator(seed).random(len(pitches))
    waves = [pulse(hz * tune, count, start=start) for hz, start in zip(pitches, starts, strict=True)]
    return np.asarray(np.sum(waves, axis=0))


def _hat808(seed: int, tune: float, decay: float) -> Float64:
    seconds = decay * 1.1
    metal = _metal(seed, len(times(seconds)), tune)
    high = filtered(resonance(metal, 7100, 1.2) + 0.7 * resonance(metal, 10500, 1.5), "highpass", 6000, 3)
    return high * fall(seconds, decay) * rise(len(high), 0.0008)


def hat808(seed: int = 0, tune: float = 1.0, decay: float = 0.09) -> Float64:
    return _hat808(seed, tune, decay)


def openhat808(seed: int = 0, tune: float = 1.0, decay: float = 0.55) -> Float64:
    return _hat808(seed, tune, decay)


def crash808(seed: int = 0, tune: float = 1.0, decay: float = 1.3) -> Float64:
    """The cymbal: the hats' oscillators in a low band that lasts, and a high one that does not."""
    seconds = decay * 1.05
    metal = _metal(seed, len(times(seconds)), tune)
    low = resonance(metal, 3440, 1.5) * fall(seconds, decay)
    high = filtered(resonance(metal, 7100, 1.0), "highpass", 5500) * fall(seconds, decay * 0.5)
    return (0.5 * low + high) * rise(len(low), 0.001)


def _sampled_metal(seed: int, seconds: float, tune: float, partials: int, low: float, high: float) -> Float64:
    """The dense metal of the 909's recorded cymbals: partials at random, logarithmically, and
    noise.
    """
    rng, t = _generator(seed), times(seconds)
    hz = tune * np.exp(rng.uniform(np.log(low), np.log(high), partials))
    parts = [
        rng.exponential() * np.sin(2 * np.pi * (f * t + rng.random())) * 10 ** (-3 * t / (seconds * slow))
        for f, slow in zip(np.minimum(hz, 17500), rng.uniform(1.0, 5.0, partials), strict=True)
    ]
    noise = filtered(white(rng, len(t)), "highpass", low * 1.5)
    return np.asarray(np.sum(parts, axis=0) / np.sqrt(partials) + 0.8 * noise * fall(seconds, seconds * 2))


def hat909(seed: int = 0, tune: float = 1.0, decay: float = 0.11) -> Float64:
    metal = _sampled_metal(9 + seed, decay * 1.1, tune, 60, 4500, 15000)
    return filtered(metal, "highpass", 5500, 3) * fall(decay * 1.1, decay) * rise(len(metal), 0.0005)


def openhat909(seed: int = 0, tune: float = 1.0, decay: float = 0.85) -> Float64:
    metal = _sampled_metal(9 + seed, decay * 1.1, tune, 60, 4500, 15000)
    return filtered(metal, "highpass", 5500, 3) * fall(decay * 1.1, decay) * rise(len(metal), 0.0005)


def crash909(seed: int = 0, tune: float = 1.0, decay: float = 2.4) -> Float64:
    metal = _sampled_metal(90 + seed, decay * 1.1, tune, 140, 900, 15000)
    return metal * fall(decay * 1.1, decay) * rise(len(metal), 0.002)


def ride909(seed: int = 0, tune: float = 1.0, decay: float = 2.0) -> Float64:
    """A cymbal's shimmer under the clear partials of its bell."""
    seconds = decay * 1.1
    shimmer = _sampled_metal(91 + seed, seconds, tune, 100, 2500, 14000) * fall(seconds, decay)
    t = times(seconds)
    bell = sum(np.sin(2 * np.pi * hz * tune * t) for hz in (1870, 2790, 3960, 5210, 6630)) * fall(
        seconds, decay * 0.8
    )
    return np.asarray((shimmer + 0.35 * bell) * rise(len(t), 0.0006))


def cowbell808(seed: int = 0, hz: float = 540.0, ratio: float = 1.481, decay: float = 0.35) -> Float64:
    """Two square waves, 540 and 800 Hz, struck hard and ringing softly."""
    seconds = decay * 1.15
    starts, count = _generator(seed).random(2), len(times(seconds))
    waves = pulse(hz, count, start=starts[0]) + pulse(hz * ratio, count, start=starts[1])
    envelope = 0.4 * fall(seconds, 0.05) + 0.6 * fall(seconds, decay)
    return resonance(filtered(waves, "highpass", 500), 2640, 0.45) * envelope * rise(count, 0.0006)


def tom808(
    seed: int = 0, hz: float = 120.0, decay: float = 0.38, bend: float = 1.35, breath: float = 0.08
) -> Float64:
    """A ringing filter that falls a little, with a breath of dark noise."""
    seconds = decay * 1.15
    tone = np.sin(_swept(seconds, hz, bend, 0.05)) * fall(seconds, decay)
    noise = filtered(coloured(_generator(seed), len(tone), 3.0), "lowpass", 900) * fall(seconds, decay * 0.8)
    return tone * rise(len(tone), 0.0006) + breath * noise


def tom909(
    seed: int = 0, hz: float = 110.0, decay: float = 0.45, bend: float = 2.0, breath: float = 0.2
) -> Float64:
    """Three triangles that fall, with noise at their attack."""
    seconds = decay * 1.1
    body = sum(
        gain * driven(np.sin(_swept(seconds, hz * ratio, bend, 0.03)), 1.3) * fall(seconds, decay * length)
        for ratio, gain, length in ((1.0, 1.0, 1.0), (1.5, 0.4, 0.6), (2.75, 0.2, 0.3))
    )
    noise = filtered(white(_generator(seed), len(times(seconds))), "bandpass", (300, 5000)) * fall(
        seconds, 0.06
    )
    return np.asarray(body * rise(len(noise), 0.0004) + breath * noise)


def conga808(seed: int = 0, hz: float = 230.0, decay: float = 0.2) -> Float64:
    return tom808(seed, hz, decay, 1.15, 0.0)


def rim808(seed: int = 0, hz: float = 1667.0, low: float = 455.0, decay: float = 0.045) -> Float64:
    """Two short tones, driven hard, without their lows."""
    seconds = decay * 1.2
    t = times(seconds)
    tones = np.sin(2 * np.pi * hz * t) + 0.8 * np.sin(2 * np.pi * low * t + seed)
    return filtered(driven(tones * fall(seconds, decay), 4.0), "highpass", 400) * rise(len(t), 0.0003)


def rim909(seed: int = 0, hz: float = 500.0, decay: float = 0.05) -> Float64:
    """Three tones and a breath of noise, driven hard."""
    seconds = decay * 1.3
    t = times(seconds)
    tones = sum(np.sin(2 * np.pi * hz * ratio * t) for ratio in (0.44, 1.0, 2.0))
    noise = filtered(white(_generator(seed), len(t)), "highpass", 2500) * fall(seconds, decay * 0.4)
    return filtered(driven(tones * fall(seconds, decay) + 0.3 * noise, 5.0), "highpass", 180) * rise(
        len(t), 0.0003
    )


def clave(seed: int = 0, hz: float = 2500.0, decay: float = 0.07) -> Float64:
    t = times(decay * 1.2)
    return np.sin(2 * np.pi * hz * t + 0.1 * seed) * fall(decay * 1.2, decay) * rise(len(t), 0.0004)


def maracas(seed: int = 0, hz: float = 5000.0, swell: float = 0.018, decay: float = 0.07) -> Float64:
    """Noise above 5 kHz that swells for some 20 ms, and is gone after as many again."""
    seconds = swell + decay
    noise = filtered(white(_generator(seed), len(times(seconds))), "highpass", hz)
    after = np.maximum(times(seconds) - swell, 0)
    return noise * rise(len(noise), swell) ** 2 * 10 ** (-3 * after / decay)


def zap(
    seed: int = 0, hz: float = 60.0, above: float = 60.0, drop: float = 0.035, decay: float = 0.25
) -> Float64:
    """A wave that falls over several octaves at once."""
    seconds = decay * 1.1
    t = times(seconds)
    hertz = hz * (1 + (above - 1) * np.exp(-t / drop))
    wave = np.sin(turned(hertz, len(t), 0.1 * seed))
    return driven(wave, 1.5) * fall(seconds, decay) * rise(len(t), 0.0005)


def blip(seed: int = 0, hz: float = 880.0, decay: float = 0.09) -> Float64:
    seconds = decay * 1.1
    count = len(times(seconds))
    return filtered(saw(hz, count) + pulse(hz * 2.01, count, 0.3, 0.1 * seed), "lowpass", 6000) * fall(
        seconds, decay
    )


def glitch(seed: int = 0, hz: float = 3000.0, decay: float = 0.12) -> Float64:
    """A handful of clicks in a band, each at its own moment."""
    rng = _generator(seed)
    clicks = np.zeros(round(decay * RATE * 1.2))
    clicks[rng.integers(0, round(decay * RATE), 12)] = rng.standard_normal(12)
    clicks[0] = 1.0
    return driven(resonance(clicks, hz, 9), 3.0) * fall(len(clicks) / RATE, decay * 1.5)


Ranges = dict[str, tuple[float, float]]
DRUMS: dict[str, tuple[Callable[..., Float64], Ranges]] = {
    "kick808": (kick808, {"hz": (42, 66), "decay": (0.18, 1.6), "click": (0.02, 0.4)}),
    "kick909": (kick909, {"hz": (40, 62), "decay": (0.2, 0.8), "sweep": (3, 8), "click": (0.05, 0.8)}),
    "snare808": (
        snare808,
        {"hz": (150, 230), "decay": (0.08, 0.3), "snappy": (0.2, 1.2), "noise_decay": (0.1, 0.45)},
    ),
    "snare909": (
        snare909,
        {"hz": (150, 250), "decay": (0.1, 0.3), "snappy": (0.2, 1.2), "noise_decay": (0.12, 0.5)},
    ),
    "clap808": (clap808, {"hz": (800, 1500), "gap": (0.008, 0.014), "tail": (0.12, 0.5), "q": (0.8, 2.5)}),
    "clap909": (clap909, {"hz": (900, 1800), "gap": (0.007, 0.013), "tail": (0.15, 0.6), "q": (0.5, 1.5)}),
    "hat808": (hat808, {"tune": (0.8, 1.3), "decay": (0.04, 0.16)}),
    "openhat808": (openhat808, {"tune": (0.8, 1.3), "decay": (0.25, 1.0)}),
    "crash808": (crash808, {"tune": (0.8, 1.3), "decay": (0.7, 2.2)}),
    "hat909": (hat909, {"tune": (0.8, 1.2), "decay": (0.05, 0.18)}),
    "openhat909": (openhat909, {"tune": (0.8, 1.2), "decay": (0.3, 1.0)}),
    "crash909": (crash909, {"tune": (0.7, 1.3), "decay": (0.8, 2.2)}),
    "ride909": (ride909, {"tune": (0.8, 1.25), "decay": (0.6, 2.0)}),
    "cowbell808": (cowbell808, {"hz": (400, 720), "ratio": (1.4, 1.56), "decay": (0.2, 0.6)}),
    "tom808": (tom808, {"hz": (75, 240), "decay": (0.2, 0.7), "bend": (1.1, 1.6), "breath": (0.02, 0.2)}),
    "tom909": (tom909, {"hz": (70, 210), "decay": (0.25, 0.8), "bend": (1.4, 2.6), "breath": (0.05, 0.4)}),
    "conga808": (conga808, {"hz": (160, 470), "decay": (0.1, 0.35)}),
    "rim808": (rim808, {"hz": (1300, 2000), "low": (380, 560), "decay": (0.025, 0.08)}),
    "rim909": (rim909, {"hz": (380, 650), "decay": (0.03, 0.09)}),
    "clave": (clave, {"hz": (1800, 3200), "decay": (0.04, 0.12)}),
    "maracas": (maracas, {"hz": (3500, 7500), "swell": (0.008, 0.035), "decay": (0.04, 0.14)}),
    "zap": (zap, {"hz": (40, 160), "above": (15, 90), "drop": (0.015, 0.08), "decay": (0.12, 0.5)}),
    "blip": (blip, {"hz": (300, 2600), "decay": (0.05, 0.2)}),
    "glitch": (glitch, {"hz": (900, 9000), "decay": (0.06, 0.25)}),
}
