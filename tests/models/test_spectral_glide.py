"""Glides: what lies between two spectra, by partials where both have a pitch and by order where not."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from latentcode.models.families.spectral.analysis import Analysis
from latentcode.models.families.spectral.phases import Heard, Layer, Phases
from latentcode.models.families.spectral.transport import Glides

RATE, WINDOW, HOP, FRAMES = 44100, 2048, 512, 60
ANALYSIS = Analysis(WINDOW, RATE)
PHASES = Phases(WINDOW, WINDOW, ANALYSIS.band.numpy())
GLIDES = Glides(PHASES, RATE)


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


def between(a: Heard, b: Heard, share: float | np.ndarray) -> Heard:
    layer, shares = Layer(1, PHASES.bins), np.broadcast_to(np.float64(share), len(a.magnitudes))
    return GLIDES.between(a, b, shares, [layer] * len(shares), range(len(shares)))


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


@pytest.mark.parametrize(("low", "high"), [(220.0, 330.0), (220.0, 440.0), (98.0, 740.0), (600.0, 150.0)])
def test_a_pitch_is_as_far_as_its_share_in_octaves(low: float, high: float) -> None:
    a, b = heard(tone(low, 0.9)), heard(tone(high, 0.6))
    for share in (0.1, 0.35, 0.5, 0.8):
        wanted = low * (high / low) ** share
        sound = made(between(a, b, share))
        assert abs(1200 * math.log2(pitch(sound, wanted) / wanted)) < 5, share
        assert harmonic(sound, wanted) > 15, share
        expected = (1 - share) * level(tone(low, 0.9)) + share * level(tone(high, 0.6))
        assert level(sound) == pytest.approx(expected, abs=1), share


def test_at_its_ends_it_is_what_it_comes_from_and_goes_to() -> None:
    a, b = heard(tone(220, 0.8)), heard(noise(2000, 8000))
    for share, end in ((0, a), (1, b)):
        found = between(a, b, share)
        for part, own in zip(found[:5], end[:5], strict=True):
            assert np.array_equal(part, own)
        assert found.told is not None
        assert np.isnan(found.told).all()


def test_near_its_ends_it_is_nearly_that() -> None:
    a, b = heard(tone(220, 0.8)), heard(tone(330, 0.8))
    near = between(a, b, 1e-6)
    assert near.magnitudes == pytest.approx(a.magnitudes, abs=1e-4)


def test_what_has_no_pitch_moves_in_its_order() -> None:
    a, b = heard(noise(400, 1000)), heard(noise(4000, 10000))
    found = between(a, b, 0.5).magnitudes[20]
    bins = np.arange(len(found)) * RATE / WINDOW
    inside = (bins > 1100) & (bins < 3500)
    assert (found[inside] ** 2).sum() > 0.9 * (found**2).sum()


def test_a_silent_end_moves_nothing() -> None:
    a, silence = heard(tone(220, 0.8)), heard(np.zeros(len(times())))
    for one, other, share in ((a, silence, 0.25), (silence, a, 0.75)):
        found = between(one, other, share).magnitudes[20]
        assert np.corrcoef(found, a.magnitudes[20])[0, 1] > 0.999
        assert 0 < found.max() < a.magnitudes[20].max()


def test_frames_are_the_same_in_any_company() -> None:
    a, b = heard(tone(220, 0.8)), heard(tone(330, 0.8))
    c, d = heard(noise(100, 5000)), heard(tone(500, 0.5))
    shares = np.linspace(0, 1, FRAMES)
    alone = between(a, b, shares)
    layers = [Layer(1, PHASES.bins), Layer(2, PHASES.bins)]
    for first in range(0, FRAMES, 7):
        rows = np.arange(first, min(first + 7, FRAMES))
        both = [
            end.at(rows).each(lambda x, y: np.concatenate([x, y]), other.at(rows))
            for end, other in ((c, a), (d, b))
        ]
        whose, numbers = [layers[1]] * len(rows) + [layers[0]] * len(rows), [*rows, *rows]
        found = GLIDES.between(*both, np.tile(shares[rows], 2), whose, numbers).at(slice(len(rows), None))
        for part, own in zip(found, alone.at(rows), strict=True):
            assert np.array_equal(part, own, equal_nan=True)
