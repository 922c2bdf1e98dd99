"""The measures, on sounds whose answers are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from latentcode.models import measures

RATE = 44100
TIME = np.arange(RATE) / RATE


def tone(frequency: float, partials: int = 6) -> np.ndarray:
    return sum(0.3 / k * np.sin(2 * np.pi * frequency * k * TIME + k) for k in range(1, partials + 1)).astype(
        np.float32
    )


def hiss(level: float = 0.1, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal(RATE) * level).astype(np.float32)


def test_nothing_lies_between_a_sound_and_itself():
    sound = tone(220) + hiss(0.01)
    assert measures.mrstft(sound, sound) == 0
    assert measures.mel_db(sound, sound, RATE) == 0
    assert measures.above_db(sound, sound, RATE, 4000) == 0
    assert measures.snr_db(sound, sound) > 100


def test_a_sound_at_half_its_level_lies_six_decibels_off():
    sound = hiss()
    assert measures.mel_db(sound, sound / 2, RATE) == pytest.approx(6.02, abs=0.05)
    assert measures.above_db(sound, sound / 2, RATE, 8000) == pytest.approx(-6.02, abs=0.05)


def test_the_published_distance_of_a_sound_with_half_its_magnitudes():
    """Half of all magnitudes: a convergence of one half, and ln 2 between the logs, at each resolution."""
    sound = hiss()
    assert measures.mrstft(sound, sound / 2) == pytest.approx(0.5 + math.log(2), abs=0.01)


def test_a_low_pass_is_heard_where_signal_to_noise_praises_it():
    from scipy import signal

    sound = tone(110) + hiss(0.02)
    dull = signal.sosfiltfilt(signal.butter(8, 2000, fs=RATE, output="sos"), sound).astype(np.float32)
    assert measures.snr_db(sound, dull) > 10
    assert measures.above_db(sound, dull, RATE, 4000) < -30
    assert measures.mel_db(sound, dull, RATE) > 10


def test_what_has_nothing_above_a_frequency_has_no_level_there():
    assert math.isnan(measures.above_db(tone(110, 3), tone(110, 3), RATE, 8000))


@pytest.mark.parametrize("cents", [-17.0, -3.0, 0.0, 3.0, 17.0])
def test_a_pitch_is_read_to_half_a_cent(cents):
    assert measures.cents_off(tone(196 * 2 ** (cents / 1200)), RATE, 196.0) == pytest.approx(cents, abs=0.5)


def test_purity_falls_with_noise_and_a_wrong_pitch():
    clean, rough = tone(220), tone(220) + hiss(0.1)
    assert measures.hnr_db(clean, RATE, 220) > measures.hnr_db(rough, RATE, 220) + 20
    assert measures.hnr_db(rough, RATE, 220) > measures.hnr_db(rough, RATE, 233)


def test_what_has_no_pitch_has_no_purity():
    assert math.isnan(measures.hnr_db(hiss(), RATE, None))
    assert math.isnan(measures.cents_off(hiss(), RATE, None))
    assert math.isnan(measures.hnr_db(tone(30), RATE, 30))  # too low to be resolved


def test_a_flutter_at_the_hop_is_found_and_steady_noise_has_none():
    flutter = hiss() * (1 + 0.5 * np.sin(2 * np.pi * np.arange(RATE) / 512)).astype(np.float32)
    assert measures.modulation(hiss(), 512) < 0.1
    assert measures.modulation(flutter, 512) > 0.5


def test_brighter_sounds_have_a_higher_centroid():
    assert measures.centroid(tone(880), RATE) > measures.centroid(tone(110), RATE)
