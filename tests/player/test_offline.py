"""Offline replay against live recordings, sample for sample."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.jack_server import private_jack
from helpers.player_process import PlayerProcess, mix, noise

from latentcode.audio.limiter import CEILING
from latentcode.player.offline import render

LOUD = 0.35


def perform(one: PlayerProcess, rate: int) -> tuple[np.ndarray, list, int, np.ndarray]:
    """Play a set with faders, loud places and gaps; returns sound, commands, first sample, recording."""
    one.start()
    one.record()
    one.wait("recording")
    sound = noise(3 * rate)
    sound[rate : rate + rate // 2] *= LOUD / 0.02
    begin = one.ring.playhead + 4000
    commands = [
        ("gain", begin + 3000, 1, 0.3),
        ("pan", begin + 5000, 2, -0.7),
        ("gain", begin + 5100, 1, 1.5),
        ("master", begin + rate, 0.8),
    ]
    for command in commands:
        one.send(*command)
    whole = np.zeros((begin + 2 * rate, 32), np.float32)
    spans = [(0, 9000), (12000, 30000), (36000, 2 * rate)]
    for first, last in spans:
        whole[begin + first : begin + last] = sound[first:last]
    one.feed(begin, sound, *spans)
    first, heard = one.recorded()
    heard = heard[: begin + 2 * rate - 256 - first]  # what comes later is dry, and goes on being so
    return whole, commands, first, heard


@pytest.mark.parametrize("rate", [44100, 48000])
def test_a_recording_equals_its_replay_with_commands_and_dry_spans(session, on_jack, replay, rate):
    with private_jack(rate, 256) as jack:
        on_jack(jack)
        one = session(rate=rate)
        sound, commands, first, heard = perform(one, rate)
    assert len(one.of("dry")) >= 3
    devices = [(sample, 256) for _, _, sample, *_ in one.of("device")]  # a loaded machine may lose its own
    told = {"dry": one.of("dry"), "late": one.of("late"), "restarts": devices}
    again = replay(sound, rate=rate, buffer=256, commands=commands, **told)
    assert len(again) == len(sound)
    count = min(len(heard), len(again) - first)
    assert count > rate
    np.testing.assert_array_equal(again[first : first + count], heard[:count])
    assert np.abs(heard).max() == pytest.approx(CEILING)


def test_a_recording_equals_its_replay_across_the_death_of_the_sound_server(session, on_jack, replay):
    with private_jack(44100, 256) as jack:
        on_jack(jack)
        one = session(seconds=10)
        sound = noise(44100 * 10, 0.08)
        one.ring.write(sound)
        one.start()
        one.record()
        one.wait("recording")
        jack.kill()
        lost = one.wait("device")[3]
        one.play_until(lost + 5000)
        jack.period = 512
        jack.start()
        back = one.wait("device")[3]
        one.play_until(back + 20000)
        first, heard = one.recorded()
    again = replay(sound, rate=44100, buffer=256, restarts=[(lost, 256), (back, 512)])
    np.testing.assert_array_equal(again[first : first + len(heard)], heard)


def test_quiet_material_is_the_sum_of_its_voices(replay):
    sound = noise(10000)
    np.testing.assert_array_equal(replay(sound, rate=44100, buffer=256), mix(sound))


def test_up_to_one_decibel_below_full_scale_nothing_is_touched(replay):
    sound = np.zeros((30000, 32), np.float32)
    sound[:, :2] = np.sin(np.arange(30000) * 0.05)[:, None] * 10 ** (-1.01 / 20)
    np.testing.assert_array_equal(replay(sound, rate=44100, buffer=128), sound[:, :2])


def test_a_loud_mix_is_turned_down_on_both_sides_rather_than_clipped(replay):
    tone = np.sin(np.arange(44100) * 0.06).astype(np.float32)
    sound = np.zeros((44100, 32), np.float32)
    sound[:, 0], sound[:, 1] = 4 * tone, tone
    heard = replay(sound, rate=44100, buffer=256)
    assert np.abs(heard).max() <= CEILING
    steady = heard[20000:]
    assert np.abs(steady[:, 0]).max() == pytest.approx(CEILING, abs=0.02)
    np.testing.assert_allclose(steady[:, 0], 4 * steady[:, 1], atol=1e-6)


@pytest.mark.parametrize("buffer", [64, 441, 1024])
def test_buffer_size_changes_no_sample_without_commands(replay, buffer):
    sound = noise(6000, 0.3)
    np.testing.assert_array_equal(
        replay(sound, rate=44100, buffer=buffer), replay(sound, rate=44100, buffer=256)
    )


@pytest.mark.parametrize("begins", [5120, 5200])  # on a border between two buffers, and within one
def test_another_player_begins_at_its_own_sample_with_nothing_and_with_borders_of_its_own(replay, begins):
    sound = noise(20000)
    delayed = ("fx", 0, 1, (("delay", (0.05, 0.7, 0.5)),))
    work = {"commands": [("master", 0, 0.5), delayed], "restarts": [(begins, 512)], "anew": [begins]}
    again = replay(sound, rate=44100, buffer=256, **work)
    assert len(again) == len(sound)
    rising = int(0.005 * 44100)
    np.testing.assert_array_equal(again[begins + rising :], mix(sound)[begins + rising :])
    assert np.abs(again[2000:5000]).max() < 0.6 * np.abs(mix(sound)).max()
    faded = sound[begins:].copy()
    faded[:rising] *= (np.arange(1, rising + 1, dtype=np.float32) / np.float32(rising))[:, None]
    np.testing.assert_allclose(again[begins : begins + rising], mix(faded)[:rising], atol=1e-6)


def test_a_replay_is_faster_than_time(replay):
    resource = pytest.importorskip("resource")  # not on Windows

    def spent(seconds: float) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        replay(noise(int(44100 * seconds)), rate=44100, buffer=256)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert (
        spent(4.0) - spent(0.01) < 4
    )  # of a processor: others may have the rest, and a start takes its time


def test_ctrl_c_within_a_buffer_ends_a_render():
    def interrupted(*_) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(render([np.zeros((4096, 32), np.float32)], rate=44100, buffer=256, taps=[interrupted]))
