"""What comes in: heard late by as much as it must be, gated, limited, recorded, and read again."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import latentcode as lc
from latentcode.engine.ears import LiveTape
from latentcode.errors import LatentError
from latentcode.latents.listening import INPUTS, live_in
from latentcode.models.family import load
from latentcode.protocol import ringbuffer
from latentcode.protocol.ringbuffer import Ring
from latentcode.sounds.following import Followed
from latentcode.sounds.hearing import Hearing, levelled, quantised
from latentcode.sounds.recordings import Recorded, RecordedTape, Recorder

RATE = 44100


class Known:
    """A tape that holds one row of samples from 0 on."""

    def __init__(self, samples):
        self.all = samples

    def open(self, channel):
        return True

    def samples(self, channel, first, count):
        padded = np.pad(self.all, count)
        return padded[min(max(first + count, 0), len(self.all) + count) :][:count].copy()


@pytest.fixture
def noise():
    return quantised(np.random.default_rng(0).standard_normal(4096).astype(np.float32) * 0.1)


def test_a_moment_is_the_frame_that_was_complete_a_delay_before(model_file, noise):
    codec = load(model_file)
    hearing = Hearing(RATE, Known(noise), lambda name: codec)
    hearing.delay(0, 300)
    hearing.until = 4096
    mean, _ = hearing.latents(live_in(1), "", np.array([1000.0, 2000.0]), False)
    before, after = codec.around
    for row, moment in zip(mean, (1000, 2000), strict=True):
        end = (moment - 300 - after) // codec.card.advance * codec.card.advance + after
        assert np.array_equal(row, codec.encode_frame(noise[end - after - before : end])[0][0])
    later = hearing.latents(live_in(1), "", np.array([9000.0]), False)[0]
    assert np.array_equal(
        later, hearing.latents(live_in(1), "", np.array([4096.0]), False)[0]
    )  # none before its time


def test_what_was_read_ahead_of_a_block_is_so_again_when_the_next_has_another_delay(model_file, noise):
    codec, ahead = load(model_file), np.array([1900.0, 2048.0, 2500.0])
    live, again = (Hearing(RATE, Known(noise), lambda name: codec) for _ in range(2))
    for hearing in (live, again):
        hearing.delay(0, 300)
        hearing.until = 2048
    before = live.latents(live_in(1), "", ahead, False)[0]
    for hearing in (live, again):
        hearing.delay(2048, 1000)
    assert np.array_equal(again.latents(live_in(1), "", ahead, False)[0], before)
    live.until = again.until = 2560
    late = live.latents(live_in(1), "", ahead, False)[0]
    assert not np.array_equal(late[2], before[2])
    assert np.array_equal(again.latents(live_in(1), "", ahead, False)[0], late)


def test_what_was_told_of_later_samples_holds_no_more_where_an_engine_took_over_before_them(noise):
    hearing = Hearing(RATE, Known(noise), lambda name: None)
    for since, late in ((0, 300), (4000, 500), (2000, 700)):
        hearing.delay(since, late)
    assert hearing.delayed(np.array([1000.0, 3000.0, 5000.0])).tolist() == [300, 700, 700]


def test_of_a_device_at_another_rate_the_same_is_heard(model_file):
    codec, times = load(model_file), np.arange(48000)
    tone = (0.3 * np.sin(2 * np.pi * 440 * times / 48000)).astype(np.float32)
    there = (0.3 * np.sin(2 * np.pi * 440 * np.arange(44100) / 44100)).astype(np.float32)
    at_48, at_44 = (
        Hearing(rate, Known(x), lambda name: codec) for rate, x in ((48000, tone), (44100, there))
    )
    for hearing, rate in ((at_48, 48000), (at_44, 44100)):
        hearing.until = rate
    found = at_48.latents(live_in(1), "", np.array([24000.0]), False)[0]
    assert np.abs(found - at_44.latents(live_in(1), "", np.array([22050.0]), False)[0]).max() < 0.02


@pytest.mark.parametrize("bands", [True, False])
def test_what_is_fed_back_has_the_band_of_who_hears_it_in_sets_of_today(model_file, noise, bands):
    codec, at = load(model_file), np.array([3000.0, 3000.0])

    def fed(hearing, f):
        outputs = SimpleNamespace(begin=0, samples=lambda voice, first, count: noise[first : first + count])
        return hearing.fed("", 0, outputs, at, np.array(f), np.array([5.0, 5.0]), bands)[0]

    alone, second = (Hearing(RATE, Known(noise), lambda name: codec) for _ in range(2))
    low, high = fed(second, [300.0, 3000.0])
    assert np.array_equal(low, high) is not bands
    assert np.array_equal(fed(second, [3000.0, 3000.0]), fed(alone, [3000.0, 3000.0])) is bands


def test_a_gate_opens_by_degrees_and_a_limit_holds(noise):
    quiet, loud = noise * np.float32(1e-4), noise * np.float32(5)
    assert levelled(quiet, live_in(1)) is None
    assert levelled(quiet, live_in(1, gate=-200)) is quiet
    power = 10 * np.log10(np.mean(noise.astype(float) ** 2))
    half = levelled(noise, live_in(1, gate=power + 3))
    assert np.allclose(half, noise / 2, atol=1e-4)
    assert np.abs(levelled(loud, live_in(1, limit=-12))).max() == pytest.approx(10 ** (-12 / 20), rel=1e-4)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ((9,), {}),
        ((0,), {}),
        (("left",), {}),
        ((1,), {"gate": 3}),
        ((1,), {"limit": None}),
    ],
)
def test_what_is_no_input_says_what_there_is(typed, said):
    with pytest.raises(LatentError, match="live_in"):
        live_in(*typed, **said)


def test_where_nothing_comes_in_a_render_says_so():
    with pytest.raises(LatentError, match="nothing comes in here"):
        lc.render(live_in(1), seconds=0.1, model="raw")


def test_it_cannot_be_moved_in_time():
    with pytest.raises(lc.PatternError, match="always now"):
        live_in(1).fast(2)
    assert INPUTS == ringbuffer.INPUTS


def test_what_was_asked_for_too_early_stays_silence():
    tape = LiveTape(RATE, Known(np.zeros(0, np.float32)))
    tape.begin(1)
    ones = np.full((INPUTS, 100), 0.5, np.float32)
    tape.put(ones)
    assert not tape.samples(1, 90, 50)[10:].any()
    kept = tape.put(ones)
    assert not kept[0, :40].any()
    assert kept[0, 40:].all()
    assert kept[1].all()
    assert np.array_equal(tape.samples(1, 100, 100), kept[0])


def test_what_was_to_come_in_a_set_that_is_taken_up_again_is_not_heard_ahead_of_what_comes_in():
    tape = LiveTape(RATE, Known(np.ones(1000, np.float32)))
    tape.begin(1)
    tape.put(np.full((INPUTS, 100), 0.5, np.float32))
    heard = tape.samples(1, 90, 50)
    tape.put(np.full((INPUTS, 100), 0.5, np.float32))
    assert np.array_equal(tape.samples(1, 90, 50), heard)


def test_what_was_asked_for_before_an_input_was_open_stays_silence():
    tape = LiveTape(RATE, Known(np.zeros(0, np.float32)))
    heard = tape.samples(1, 0, 50)
    tape.begin(1)
    kept = tape.put(np.full((INPUTS, 100), 0.5, np.float32))
    assert np.array_equal(kept[0, :50], heard)
    assert kept[0, 50:].all()


def test_what_is_read_later_from_now_on_was_read_by_nobody_yet(monkeypatch):
    followed, eased = Followed(RATE, lambda channel, first, count: np.zeros(count, np.float32)), []
    followed.patient, followed.eased = False, lambda name, since, late: eased.append(since)
    monkeypatch.setattr(followed, "of", lambda what, codec: SimpleNamespace(frame=lambda number: None))
    card = SimpleNamespace(digest="0" * 32, sample_rate=RATE, hop=64, latent_dim=4)
    codec = SimpleNamespace(card=card, block=2048)
    for moment in (40000.0, 8000.0, 12000.0, 16000.0, 20000.0, 24000.0):  # of one block, in any order
        followed.frames(live_in(1), codec, np.array([moment]), np.array([moment]))
    assert eased == [40001]


def test_the_ring_has_what_came_in_and_silence_where_nobody_heard_it():
    ring = Ring.create(2, 64)
    ring.hear(0, np.full((2, 16), 0.5, np.float32))
    ring.hear(48, np.full((1, 16), 0.25, np.float32))
    ring.hear(32, np.ones((1, 16), np.float32))  # of a driver that has gone
    heard = ring.heard(0, ring.input_head)
    assert ring.input_head == 64
    assert (heard[:2, :16] == 0.5).all()
    assert not heard[:, 16:48].any()
    assert (heard[0, 48:] == 0.25).all()
    assert not heard[1:, 48:].any()
    ring.close()


@pytest.mark.parametrize("whole", [True, False])
def test_a_recording_is_read_to_the_sample_even_where_its_engine_died(tmp_path, noise, whole):
    long = np.tile(noise, 40)
    file, source = tmp_path / "set.in1.flac", tmp_path / "sound.npy"
    np.save(source, long)
    if whole:
        recorder = Recorder(file, RATE, print)
        for first in range(0, len(long), 512):
            recorder.put(long[first : first + 512])
        recorder.close(5)
    else:
        died = (
            "import sys, os, time, numpy as np\nfrom pathlib import Path\n"
            "from latentcode.sounds.recordings import Recorder\n"
            "recorder = Recorder(Path(sys.argv[1]), 44100, print)\n"
            "recorder.put(np.load(sys.argv[2]))\n"
            "recorder.put(np.zeros(0, np.float32))\n"  # comes when the first is written
            "while recorder._blocks.qsize(): time.sleep(.01)\n"
            "os._exit(1)\n"
        )
        subprocess.run([sys.executable, "-c", died, str(file), str(source)])
    said = []
    tape = RecordedTape([Recorded(1, 1000, os.fspath(file))], RATE, said.append)
    assert np.array_equal(tape.samples(1, 141000, 300), long[140000:140300])  # its end is read first
    got = tape.samples(1, 900, len(long) + 200)
    assert not got[:100].any()
    assert not got[-100:].any()
    assert np.array_equal(got[100:-100], long)
    assert (tmp_path / "set.in1.flac.tail").exists() != whole
    assert np.array_equal(tape.samples(1, 70000, 300), got[70000 - 900 :][:300])
    assert tape.open(2)
    assert "nothing was recorded" in said[0]


def test_a_recording_that_is_gone_is_told_once_and_silent(tmp_path):
    said = []
    tape = RecordedTape([Recorded(1, 0, str(tmp_path / "gone.flac"))], RATE, said.append)
    assert not tape.samples(1, 0, 100).any()
    assert not tape.samples(1, 50, 100).any()
    assert len(said) == 1
    assert "beside the session" in said[0]
