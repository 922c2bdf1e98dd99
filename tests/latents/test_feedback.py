"""Feedback: a voice's own sound shapes it, and cannot grow without bounds."""

from __future__ import annotations

import numpy as np
import pytest

import latentcode as lc
from latentcode.errors import LatentError
from latentcode.sounds.hearing import LOUDEST, band_passed

RATE = 44100


def share(sound, f):
    """The part of a sound's energy that lies within a sixth of an octave of `f` Hz."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    where = np.fft.rfftfreq(len(sound), 1 / RATE)
    return power[(where > f * 2 ** (-1 / 6)) & (where < f * 2 ** (1 / 6))].sum() / power.sum()


def test_energy_gathers_about_f():
    plain, fed = (
        lc.render(drone, seconds=0.9)[RATE // 3 :, 0]
        for drone in (lc.path("cello"), lc.feedback(lc.path("cello"), f=2500, q=5, amount=0.6))
    )
    assert share(fed, 2500) > 10 * share(plain, 2500)
    level = np.sqrt(np.mean(fed**2) / np.mean(plain**2))
    assert 0.4 < level < 2.5


def test_none_of_it_is_the_source_as_it_is(model_file):
    model = lc.load_model(model_file)
    cello = lc.path("cello")
    plain = lc.render(cello, seconds=0.1, model=model)
    assert np.array_equal(lc.render(lc.feedback(cello, amount=0), seconds=0.1, model=model), plain)
    fed = lc.render(lc.feedback(cello, f=lc.sine.range(100, 4000), amount=0.9), seconds=0.1, model=model)
    assert not np.array_equal(fed, plain)


def test_what_is_fed_back_is_as_loud_as_it_was_and_no_louder_than_it_may_be():
    noise = np.random.default_rng(0).standard_normal(2048).astype(np.float32)
    for gain, wanted in ((0.01, 0.01), (0.1, 0.1), (50.0, LOUDEST)):
        passed = band_passed(noise * np.float32(gain), 1000.0, 5.0, RATE)
        assert np.sqrt(np.mean(passed**2)) == pytest.approx(wanted, rel=0.05)
    assert band_passed(np.zeros(2048, np.float32), 1000.0, 5.0, RATE) is None
    tone = np.sin(2 * np.pi * 4000 * np.arange(2048) / RATE).astype(np.float32)
    assert share(np.tile(band_passed(noise * np.float32(0.1), 1000.0, 50.0, RATE), 4), 1000) > 0.8
    assert band_passed(tone, 20.0, 100.0, RATE) is not None


@pytest.mark.parametrize("absurd", [1e9, -3.0, 0.0])
def test_absurd_settings_stay_in_bounds(model_file, absurd):
    source = lc.feedback(lc.path("cello").scale(9), f=absurd, q=absurd, amount=absurd)
    sound = lc.render(source, seconds=0.1, model=lc.load_model(model_file))
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() <= 1.0


def test_what_is_no_number_is_told():
    with pytest.raises(LatentError, match="amount"):
        lc.feedback("cello", amount=None)
