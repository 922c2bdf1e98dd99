"""Glides: what lies between two spectra, by partials where both have a pitch and by order where not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers.spectral_sounds import (
    FRAMES,
    PHASES,
    RATE,
    WINDOW,
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
from latentcode.models.families.spectral.phases import Layer
from latentcode.models.families.spectral.transport import Glides

GLIDES = Glides(PHASES, RATE)


def between(a: Heard, b: Heard, share: float | np.ndarray, layer: Layer | None = None) -> Heard:
    layer, shares = layer or Layer(1, PHASES.bins), np.broadcast_to(np.float64(share), len(a.magnitudes))
    return GLIDES.between(a, b, shares, [layer] * len(shares), range(len(shares)))


@pytest.mark.parametrize(("low", "high"), [(220.0, 330.0), (220.0, 440.0), (98.0, 740.0), (600.0, 150.0)])
def test_a_pitch_is_as_far_as_its_share_in_octaves(low: float, high: float) -> None:
    a, b = heard(tone(low, 0.9)), heard(tone(high, 0.6))
    for share in (0.1, 0.35, 0.5, 0.8):
        wanted = low * (high / low) ** share
        sound = made(between(a, b, share))
        assert abs(1200 * math.log2(pitch(sound, wanted) / wanted)) < 5, share
        assert harmonic(sound, wanted) > 15, share
        ends = [math.sqrt(np.mean(np.square(end))) for end in (tone(low, 0.9), tone(high, 0.6))]
        expected = 20 * math.log10((1 - share) * ends[0] + share * ends[1])
        assert level(sound) == pytest.approx(expected, abs=1), share


@pytest.mark.parametrize("share", [0.01, 0.3])
def test_low_notes_stay_clean_on_their_way(share: float) -> None:
    """Their partials lie too close to be told apart by what comes to lie in a bin."""
    a, b = (heard(tone(hertz, 0.8)) for hertz in (55.0, 82.4))
    a, b = (end._replace(apart=PHASES.apart(end)) for end in (a, b))
    wanted = 55 * (82.4 / 55) ** share
    clean, before = (between(a, b, share, Layer(1, PHASES.bins, slides=slides)) for slides in (True, False))
    assert harmonic(made(clean), wanted) > harmonic(made(before), wanted) + 4


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
    assert near.magnitudes == pytest.approx(a.magnitudes, abs=1e-3)


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
            assert own is None or np.array_equal(part, own, equal_nan=True)
