from __future__ import annotations

import numpy as np
import pytest
import soundfile

import latentcode as lc
from latentcode.audio import loudness

RATE = 48000


def tone(frequency, seconds=2.0, level=1.0, rate=RATE):
    return (level * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def test_the_reference_of_the_recommendation():
    """A sine of 997 Hz at full scale in one channel is −3.01 LUFS (ITU-R BS.1770-4)."""
    assert loudness.loudness(tone(997), RATE) == pytest.approx(-3.01, abs=0.02)
    assert loudness.loudness(tone(997, rate=44100), 44100) == pytest.approx(-3.01, abs=0.02)


def test_weighting_takes_from_the_low_and_gives_to_the_high():
    low, middle, high = (loudness.loudness(tone(f), RATE) for f in (30, 1000, 8000))
    assert low < middle - 8
    assert high == pytest.approx(middle + 3.3, abs=0.4)


def test_silence_between_does_not_count():
    sound = tone(500, 3)
    gaps = np.concatenate([sound, np.zeros(RATE * 20, np.float32)])
    assert loudness.loudness(gaps, RATE) == pytest.approx(loudness.loudness(sound, RATE), abs=0.7)


@pytest.mark.parametrize("seconds", [0.001, 0.05, 0.39, 1.0])
def test_however_short_the_gain_is_within_its_bounds(seconds):
    for level in (1e-6, 0.01, 0.5, 1.0):
        factor = loudness.gain(tone(700, seconds, level), RATE)
        assert 20 * np.log10(factor) <= loudness.MOST + 1e-6
        assert np.abs(tone(700, seconds, level)).max() * factor <= 10 ** (loudness.PEAK / 20) + 1e-6


def test_silence_stays_as_it_is():
    assert loudness.gain(np.zeros(1000, np.float32), RATE) == 1.0
    assert loudness.gain(np.zeros(0, np.float32), RATE) == 1.0


@pytest.mark.parametrize("made", [lc.s, lc.plain])
def test_a_soft_and_a_loud_file_sound_alike(tmp_path, made):
    noise = np.random.default_rng(3).standard_normal(44100).astype(np.float32)
    for name, level in (("loud", 0.25), ("soft", 0.025)):
        soundfile.write(tmp_path / f"{name}.wav", noise * level, 44100, subtype="FLOAT")
    levels = []
    for name in ("loud", "soft"):
        pattern = made(lc.pure(str(tmp_path / f"{name}.wav")))
        audio = lc.render(pattern, seconds=0.9)[:, 0]
        levels.append(20 * np.log10(np.sqrt(np.mean(audio**2))))
    assert levels[0] == pytest.approx(levels[1], abs=1.5)


def test_what_a_model_has_encoded_is_not_changed(tmp_path, model):
    soundfile.write(tmp_path / "soft.wav", tone(300, 0.5, 0.01, 44100), 44100, subtype="FLOAT")
    file = str(tmp_path / "soft.wav")
    array = soundfile.read(file, dtype="float32")[0]
    assert np.array_equal(model.encode(file).mean, model.encode(array).mean)
    assert not np.array_equal(model.encode(file).mean, lc.path(file, model).mean)


def in_blocks(meter, sound, size=777):
    for first in range(0, len(sound), size):
        meter.add(sound[first : first + size])
    return meter


def stereo(*parts):
    """Tones of 1000 Hz at 48 kHz on both sides, as (dBFS, seconds), as in EBU Tech 3341."""
    tones = [
        10 ** (level / 20) * np.sin(np.arange(round(seconds * 48000)) * np.pi / 24)
        for level, seconds in parts
    ]
    return np.repeat(np.concatenate(tones).astype(np.float32)[:, None], 2, axis=1)


@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(-23, 5)], -23),
        ([(-33, 5)], -33),
        ([(-36, 10), (-23, 60), (-36, 10)], -23),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23),
    ],
)
def test_what_the_ebu_measures_is_measured_so(parts, lufs):
    assert in_blocks(loudness.Loudness(48000), stereo(*parts)).integrated() == pytest.approx(lufs, abs=0.1)


@pytest.mark.parametrize(("part", "degrees"), [(4, 45), (6, 60), (8, 67.5)])
def test_a_peak_between_two_samples_is_found(part, degrees):
    """Tech 3341, 15 to 18: half of full scale, at most 0.2 dB more or 0.4 dB less."""
    sound = (
        0.5 * np.sin(2 * np.pi * np.arange(48000) / part + np.radians(degrees)) * np.hanning(48000) ** 0.25
    )
    found = 20 * np.log10(in_blocks(loudness.TruePeak(48000, 1), sound.astype(np.float32)[:, None]).highest())
    assert -6.4 < found < -5.8
