"""Aligned grains: held and extended sounds keep their pitch; all else, and sets of before, are as they were."""

from __future__ import annotations

import numpy as np
import pytest

import latentcode as lc
from latentcode.errors import EngineError
from latentcode.models import measures
from latentcode.session.header import HEADER
from latentcode.sounds import library
from latentcode.synth.stream import Aligned, Grains
from latentcode.synth.synthesis import synthesis

RATE = 44100


def laid(source, rows, hop=512, take=8192):
    shape = synthesis("overlap", 1024, 1024 // hop)
    stream = source(lambda first, count: np.zeros((count, 1), np.float32), shape, 0)
    count = len(stream.wanted(take).latents)
    stream.place(rows(count))
    return stream.take(take)


def drifting(period, drift):
    """Windows of one tone, each of which begins elsewhere in its course, as decoded windows do."""

    def rows(count):
        begin = drift * np.arange(count)[:, None]
        return np.sin(2 * np.pi * (begin + np.arange(1024)) / period).astype(np.float32)

    return rows


@pytest.mark.parametrize("hop", [512, 256])
@pytest.mark.parametrize("drift", [37, 100.5, 171])
def test_windows_of_one_tone_become_one_tone(hop, drift):
    tone = drifting(100, drift)
    frequency = RATE / 100
    plain, aligned = (laid(source, tone, hop)[1024:] for source in (Grains, Aligned))
    assert measures.hnr_db(aligned, RATE, frequency) > measures.hnr_db(plain, RATE, frequency) + 10
    assert abs(measures.cents_off(aligned, RATE, frequency)) < 5
    assert np.abs(aligned).max() < 1.05


def test_the_first_window_begins_where_it_begins():
    sound = laid(Aligned, drifting(100, 0), take=600)
    np.testing.assert_array_equal(sound[:500], drifting(100, 0)(1)[0, :500])


def test_it_does_not_matter_how_many_windows_come_at_a_time():
    rows = drifting(90, 33)(17)
    shape = synthesis("overlap", 1024, 2)
    whole, parts = (
        Aligned(lambda first, count: np.zeros((count, 1), np.float32), shape, 0) for _ in range(2)
    )
    whole.place(rows)
    for row in rows:
        parts.place(row[None])
    np.testing.assert_array_equal(whole.take(8192), parts.take(8192))


def test_silence_and_tiny_windows_are_no_fault():
    assert not laid(Aligned, lambda count: np.zeros((count, 1024), np.float32)).any()
    tiny = Aligned(lambda first, count: np.zeros((count, 1), np.float32), synthesis("overlap", 2, 2), 0)
    tiny.place(np.ones((40, 2), np.float32))
    assert np.isfinite(tiny.take(32)).all()


@pytest.mark.parametrize("name", ["cello", "flute", "clarinet"])
def test_a_held_and_an_extended_sound_keep_their_pitch_and_lose_their_buzz(name):
    frequency = 440 * 2 ** ((library.find(name).pitch - 69) / 12)
    original = measures.cents_off(lc.render(lc.path(name), model="raw")[:, 0], RATE, frequency)
    for source, tolerance in ((lc.freeze(name, 0.4), 12), (lc.extend(name, factor=4), 5)):
        plain, aligned = (
            lc.render(source, seconds=2, grains=kind, model="raw")[RATE // 2 :, 0]
            for kind in ("plain", "auto")
        )
        assert measures.hnr_db(aligned, RATE, frequency) > measures.hnr_db(plain, RATE, frequency) + 10
        assert abs(measures.cents_off(aligned, RATE, frequency) - original) < tolerance


def test_what_moves_is_laid_as_it_was_unless_it_is_asked_for():
    path = lc.path("flute")
    heard = {
        kind: lc.render(path, seconds=1, grains=kind, model="raw") for kind in ("auto", "plain", "aligned")
    }
    np.testing.assert_array_equal(heard["auto"], heard["plain"])
    assert not np.array_equal(heard["aligned"], heard["plain"])


def test_the_published_algorithm_stays_as_it_is():
    held = lc.freeze("cello", 0.4)
    kinds = [
        lc.render(held, seconds=1, synthesis="concat", grains=kind, model="raw")
        for kind in ("aligned", "plain")
    ]
    np.testing.assert_array_equal(*kinds)


def test_a_session_that_says_nothing_of_grains_has_them_plain():
    assert HEADER["grains"].before == "plain"


def test_another_kind_is_told():
    with pytest.raises(EngineError, match=r"grains.*auto.*aligned.*plain"):
        lc.render("cello", seconds=1, grains="loose")


def loudness_of(kind, sounds=("flute", "oboe"), **how):
    """In dB, at both ends of a mix and in its middle."""
    a, b = map(lc.path, sounds)
    heard = [lc.render(lc.meso(a, b, x), seconds=1, model="raw", grains=kind, **how) for x in (0, 0.5, 1)]
    return [20 * np.log10(np.sqrt((sound[RATE // 4 :] ** 2).mean())) for sound in heard]


def test_the_middle_of_two_tones_is_as_loud_as_they_are():
    first, middle, last = loudness_of("auto")
    assert abs(middle - (first + last) / 2) < 0.7
    first, middle, last = loudness_of("plain")
    assert middle < (first + last) / 2 - 2


@pytest.mark.parametrize(
    ("sounds", "how"), [(("flute", "flute"), {}), (("flute", "oboe"), {"synthesis": "concat"})]
)
def test_a_sound_with_itself_and_the_published_algorithm_are_mixed_as_they_were(sounds, how):
    assert loudness_of("auto", sounds, **how) == loudness_of("plain", sounds, **how)
