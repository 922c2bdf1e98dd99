"""Sounds as they were recorded: exact samples at exact onsets, on the voices that play latents too."""

from __future__ import annotations

import math

import numpy as np
import pytest
import soundfile
from helpers.toy_sounds import RATE, First, Sounds, rendered

import latentcode as lc
from latentcode.audio import loudness
from latentcode.audio import reading as audio
from latentcode.errors import LatentError
from latentcode.prompt.trial import Trial
from latentcode.set.commands import Command
from latentcode.sounds import library as sounds

RAMP = (np.arange(1, 12001) / 12000).astype(np.float32)


class Recorded(Sounds):
    """Every name is a ramp up to one, or a sine of 441 Hz for the name `sine`."""

    def samples(self, path, rate):
        return RAMP if path.name != "sine" else np.sin(2 * np.pi * 0.01 * np.arange(rate)).astype(np.float32)

    def frames(self, path, hop, length=None):
        raise AssertionError("a plain sound is never encoded")


def sounding(perform, pattern, samples, block=256, **settings):
    performance = perform(First(), Recorded(200), synthesis="overlap", **settings)
    performance.schedule(Command("play", 0, (pattern, "1")), 0)
    return rendered(performance, samples, block)


def test_the_samples_of_the_file_from_the_exact_onset_to_their_own_end(perform):
    audio = sounding(perform, lc.plain("ramp*3").late(0.001), 75000, bpm="133.7")
    onsets = [math.ceil(RATE * 240 / 133.7 * (k / 3 + 0.001)) for k in range(3)]
    assert np.flatnonzero(audio == RAMP[0]).tolist() == onsets
    for onset in onsets:
        assert np.array_equal(audio[onset : onset + len(RAMP)], RAMP)
        assert not audio[onset + len(RAMP) : onset + len(RAMP) + 1000].any()


def cut_out(samples):
    """The part as it is heard: it rises within a millisecond."""
    return samples * np.minimum(np.arange(1, len(samples) + 1) / 48, 1).astype(np.float32)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda p: p.begin(0.25).end(0.75), cut_out(RAMP[3000:8900])),
        (lambda p: p.begin(0.75), cut_out(RAMP[9000:])),
        (lambda p: p.speed(-1), RAMP[::-1]),
        (lambda p: p.reverse(), RAMP[::-1]),
        (lambda p: p.reverse().speed(-1), RAMP),
        (lambda p: p.gain(0.5), RAMP * 0.5),
        (lambda p: p.legato(0.05), RAMP[:4400]),
        (lambda p: p.note(60), RAMP),
        (lambda p: p.n(3), RAMP),
    ],
)
def test_parts_directions_and_levels(perform, change, expected):
    assert np.array_equal(
        sounding(perform, change(lc.plain("ramp")), 20000)[: len(expected)], expected.astype(np.float32)
    )


def test_a_part_that_is_cut_out_begins_and_ends_without_a_click(perform):
    audio = sounding(perform, lc.plain("ramp").begin(0.25).end(0.75), 10000)
    assert np.abs(np.diff(audio[:1000], prepend=0.0)).max() < 0.02
    audio = sounding(perform, lc.plain("ramp").end(0.5), 10000)
    assert np.abs(np.diff(audio[5000:])).max() < 0.02
    assert not audio[6000:].any()


@pytest.mark.parametrize(
    ("change", "frequency"),
    [
        (lambda p: p.speed(2), 882),
        (lambda p: p.note("c5"), 882),
        (lambda p: p.note(67), 441 * 2 ** (7 / 12)),
        (lambda p: p.note("c5").speed(-0.5), 441),
        (lambda p: p.speed("0.25"), 110.25),
        (lambda p: p.fit(), 220.5),  # a second of sound in a cycle of two
    ],
)
def test_speed_note_and_fit_resample(perform, change, frequency):
    part = sounding(perform, change(lc.plain("sine")), 40000)[2000:18384]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 19))
    assert np.argmax(spectrum) * RATE / (1 << 19) == pytest.approx(frequency, rel=0.001)


def test_fit_fills_the_event(perform):
    audio = sounding(perform, lc.plain("ramp").fit(), 100000)
    assert np.argmax(audio) == pytest.approx(88199, abs=20)
    assert audio[44100] == pytest.approx(0.5, abs=0.001)


def test_the_samples_do_not_depend_on_the_size_of_the_blocks(perform):
    pattern = lc.plain("sine*3").note("c4 e4 g5").begin(0.1).speed("1 -1.5").pan(lc.saw)
    results = [sounding(perform, pattern, 100000, block) for block in (64, 333, 5000)]
    assert np.array_equal(results[0], results[1])
    assert np.array_equal(results[0], results[2])


def test_cut_ends_the_one_before(perform):
    audio = sounding(perform, lc.plain("ramp*16").cut(1), 88200)
    assert audio.max() < 0.7


@pytest.mark.parametrize(
    ("change", "stamp", "rings"),
    [
        (Command("play", 0, (lc.plain("~ ramp"), "1")), 80000, True),
        (Command("stop", 0, ("1",)), 80000, False),
        (Command("hush"), 88200, False),
    ],
    ids=["takeover", "stop", "hush"],
)
def test_what_rings_at_a_takeover_rings_out(perform, change, stamp, rings):
    performance = perform(First(), Recorded(200), synthesis="overlap")
    performance.schedule(Command("play", 0, (lc.plain("~ ~ ~ ~ ~ ~ ~ ~ ~ ramp"), "1")), 0)
    performance.schedule(change, stamp)
    audio = rendered(performance, 110000)
    onset = 79380
    assert np.array_equal(audio[onset:88200], RAMP[: 88200 - onset])
    assert np.array_equal(audio[onset : onset + 12000], RAMP) == rings


def test_a_path_is_a_drone_that_loops_and_keeps_its_phase_through_an_edit(perform):
    drone = lc.plain(lc.patterns.Steady(lc.latents.trajectory.Named("ramp")))
    performance = perform(First(), Recorded(200), synthesis="overlap")
    performance.schedule(Command("play", 0, (drone, "1")), 0)
    performance.schedule(Command("play", 0, (drone.gain(0.5), None)), 50000)
    audio = rendered(performance, 60000)
    assert audio[1000:49999] == pytest.approx(np.resize(RAMP, 49999)[1000:])
    assert audio[51000:] == pytest.approx(np.resize(RAMP, 60000)[51000:] * 0.5)


def test_offline_it_is_the_file_itself(tmp_path, model):
    noise = (np.random.default_rng(1).standard_normal(30000) * 0.1).astype(np.float32)
    file = tmp_path / "noise.wav"
    soundfile.write(file, noise, 44100, subtype="FLOAT")
    exact = lc.render(lc.plain(lc.pure(str(file))), seconds=1, model=model, synthesis="concat")
    matched = lc.render(lc.plain(lc.path(str(file), model)), model=model)
    assert np.array_equal(exact[:30000, 0], noise)
    assert np.array_equal(matched[:, 1], noise * np.float32(loudness.gain(noise, 44100)) / 2)  # headroom


def test_at_another_rate_it_is_the_file_resampled(model):
    found, _ = audio.read(sounds.find("snare").file, 48000)
    made = lc.render(lc.plain("snare"), seconds=1, model=model, synthesis="concat", sample_rate=48000)
    assert np.array_equal(made[: len(found), 0], found)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (lambda: lc.plain("kick").bias(1), "no latents for bias"),
        (lambda: lc.plain("kick").noise(1), "no latents for noise"),
        (lambda: lc.meso("kick", "snare", 0.5).plain(), "made of them"),
    ],
)
def test_what_needs_latents_is_refused_at_the_desk(pattern, told):
    with pytest.raises(LatentError, match=told):
        Trial().run(pattern(), "d1")
