"""The oscilloscope: what it says of known sounds."""

from __future__ import annotations

import numpy as np
import pytest

from latentcode.pictures import scope
from latentcode.pictures.scope import MonitoredSound

RATE = 44100


def tone(hertz, level=0.5, seconds=0.6, rate=RATE, right=None):
    left = level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate + 1)
    return MonitoredSound(
        np.stack([left, left if right is None else right * left], axis=1).astype(np.float32), rate
    )


@pytest.mark.parametrize("hertz", [55.0, 440.0, 3333.3])
@pytest.mark.parametrize("rate", [44100, 48000])
def test_the_strongest_frequency_and_the_peak(hertz, rate):
    heard = tone(hertz, 0.5, rate=rate)
    assert scope.peak_hz(heard) == pytest.approx(hertz, abs=0.6)
    assert scope.peak_db(heard) == pytest.approx(-6.02, abs=0.05)


def test_the_waveform_begins_where_it_rises_through_zero():
    heard = tone(440)
    shown = scope.triggered(heard)
    assert len(shown) == round(scope.SECONDS * RATE)
    assert 0 <= shown[0, 0] < shown[1, 0]
    assert shown[0, 0] < 0.5 * 2 * np.pi * 440 / RATE


def test_loudness_is_that_of_the_standard():
    assert scope.loudness(tone(997, 1.0)) == pytest.approx(0.0, abs=0.1)  # both sides; one alone: −3.01
    assert scope.loudness(tone(997, 1.0, right=0.0)) == pytest.approx(-3.01, abs=0.1)
    assert scope.loudness(tone(40, 1.0)) < scope.loudness(tone(997, 1.0)) - 2


@pytest.mark.parametrize(("hertz", "name"), [(440, "A4"), (261.63, "C4"), (27.5, "A0"), (452.0, "A4 +47 ct")])
def test_notes_are_named(hertz, name):
    assert scope.note_name(hertz) == name


def test_both_sides_are_drawn_where_they_differ():
    assert [side for side, *_ in scope.sides(tone(440).frames)] == ["mid"]
    assert [side for side, *_ in scope.sides(tone(440, right=0.3).frames)] == ["left", "right"]


def test_a_tone_is_a_bar_at_its_frequency():
    levels = scope.bands(tone(440), 64)
    edges = scope.band_edges(RATE, 64)
    place = int(np.argmax(levels))
    assert edges[place] <= 442
    assert edges[place + 1] >= 438
    assert levels[place] == pytest.approx(-6, abs=1.5)


def test_the_head_tells_what_a_musician_asks():
    shown = [line.plain for line in scope.lines(tone(440), 80)]
    assert "peak −6.0 dBFS" in shown[0]
    assert "440 Hz, A4" in shown[0]
    assert any("ms" in line for line in shown)


@pytest.mark.parametrize("frames", [0, 1, 100])
def test_silence_and_little_are_no_errors(frames):
    heard = MonitoredSound(np.zeros((frames, 2), np.float32), RATE)
    assert scope.lines(heard, 80)[0].plain == "silence"
    assert scope.peak_hz(heard) is None
    if frames:
        assert scope.lines(MonitoredSound(np.full((frames, 2), 0.5, np.float32), RATE), 40)
