"""Spectra at other pitches: tones, noise, formants, and frames in any company."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers.spectral_sounds import (
    ANALYSIS,
    PHASES,
    RATE,
    harmonic,
    heard,
    level,
    made,
    noise,
    pitch,
    times,
    tone,
)

from latentcode.models.families.spectral.heard import Heard
from latentcode.models.families.spectral.scaling import Scales

SCALES = Scales(PHASES, ANALYSIS.band.numpy(), RATE)


def scaled(spectra: Heard, semitones: float, formants: bool = False) -> Heard:
    count = len(spectra.magnitudes)
    return SCALES.scaled(spectra, np.full(count, 2 ** (semitones / 12)), np.full(count, formants))


@pytest.mark.parametrize("hertz", [147.0, 440.0])
@pytest.mark.parametrize("semitones", [-12, -5, -0.5, 0.3, 4, 7, 19])
def test_a_tone_is_at_its_pitch_as_loud_and_as_pure(hertz: float, semitones: float) -> None:
    if hertz < 200 and semitones < -6:
        pytest.skip("partials that lie three bins apart are not told apart")
    sound, wanted = tone(hertz, 0.7), hertz * 2 ** (semitones / 12)
    found = made(scaled(heard(sound), semitones))
    assert abs(1200 * math.log2(pitch(found, wanted) / wanted)) < 4
    assert level(found) == pytest.approx(level(sound), abs=1)
    assert harmonic(found, wanted) > 20


@pytest.mark.parametrize("semitones", [-7, 0.1, 7])
def test_noise_is_moved_and_stays_as_strong(semitones: float) -> None:
    spectra = heard(noise(3000, 6000))
    found, ratio = scaled(spectra, semitones), 2 ** (semitones / 12)
    bins = np.arange(PHASES.bins) * RATE / 2048
    inside = (bins > 2900 * ratio) & (bins < 6100 * ratio)
    power = (found.magnitudes**2).sum(axis=0)
    assert power[inside].sum() > 0.97 * power.sum()
    assert level(made(found)) == pytest.approx(level(made(spectra)), abs=0.8)


def test_formants_stay_where_they_are() -> None:
    numbers = np.arange(1, 60)[:, None] * 150.0
    formants = sum(np.exp(-(((numbers - middle) / 350) ** 2)) for middle in (700, 2600, 5000)) + 0.003
    sound = 0.05 * (formants * np.sin(2 * np.pi * numbers * times() + numbers**2)).sum(axis=0)
    spectra, bins = heard(sound), np.arange(PHASES.bins) * RATE / 2048
    around = [(bins > middle - 500) & (bins < middle + 500) for middle in (700, 2600, 5000)]

    def strengths(found: Heard) -> np.ndarray:
        power = (found.magnitudes**2).sum(axis=0)
        return 10 * np.log10([power[part].sum() / power.sum() for part in around])

    kept, moved = (strengths(scaled(spectra, 7, formants)) for formants in (True, False))
    assert kept == pytest.approx(strengths(spectra), abs=2)
    assert np.abs(moved - strengths(spectra)).max() > 5
    found = made(scaled(spectra, 7, formants=True))
    assert abs(1200 * math.log2(pitch(found, 150 * 2 ** (7 / 12)) / (150 * 2 ** (7 / 12)))) < 5


def test_frames_are_the_same_in_any_company() -> None:
    spectra = [heard(tone(220, 0.8)), heard(noise(100, 9000))]
    both = spectra[0].each(lambda x, y: np.concatenate([x, y]), spectra[1])
    count = len(spectra[0].magnitudes)
    ratios, formants = np.repeat([1.3, 0.8], count), np.arange(2 * count) % 3 == 0
    together = SCALES.scaled(both, ratios, formants)
    for row in (0, 5, count, count + 7, 2 * count - 1):
        some = slice(row, row + 1)
        alone = SCALES.scaled(both.at(some), ratios[some], formants[some])
        for part, own in zip(alone, together.at(some), strict=True):
            assert np.array_equal(part, own)


def test_silence_stays_silent() -> None:
    found = scaled(heard(np.zeros(len(times()))), 7, formants=True)
    assert np.isfinite(found.magnitudes).all()
    assert found.magnitudes.max() < 1e-5
