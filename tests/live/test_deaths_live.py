"""The engine and the player as processes, over jackd: deaths, and desks that come and go."""

from __future__ import annotations

import os
import signal
import time

import pytest
from helpers.jack_server import private_jack
from helpers.live_set import LiveSet, alive, assert_heard_again, children_of, player_of
from helpers.waiting import until

from latentcode.protocol import wire
from latentcode.protocol.messages import Attach, Hello, State, ToDesk

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def jack(monkeypatch):  # of its own: it is killed
    with private_jack(44100, 256) as server:
        for key in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER"):
            monkeypatch.setenv(key, server.environment[key])
        yield server


@pytest.fixture
def live(tmp_path, model_file, jack):
    made = []

    def start(*options, **more):
        made.append(LiveSet(tmp_path, model_file, *options, **more))
        return made[-1]

    yield start
    for each in made:
        each.child.close(3.0)


def test_a_player_that_dies_is_started_again_with_its_effects_plays_on_and_is_rendered_so(live, tmp_path):
    performance = live()
    performance.block('d1 >> s("kick*8"); d1.fx(gain_db(0)); d1.fx(gain_db(-60))')
    performance.block('d2 >> s("snare*4"); d2.fx(delay(.3, .7), reverb(.5))')
    until(lambda: performance.state.peak[:1] > (0,), 30, lambda: performance.messages)
    performance.record(tmp_path / "take.wav")
    performance.play_on(0.5)
    late, first = performance.journal.read_text().count("# @ late"), player_of(performance.child.process.pid)
    os.kill(first, signal.SIGKILL)
    second = until(lambda: next((p for p in [_player(performance)] if p not in (None, first)), None), 30)
    second_take = tmp_path / "take-2.wav"  # what was recorded goes on by itself
    until(lambda: performance.state.recording == str(second_take), 30, lambda: performance.messages)
    performance.play_on(1.5)
    until(lambda: performance.state.voice_peaks[0] > 0, 30, lambda: performance.messages)
    assert performance.state.voice_peaks[0] < 0.05  # without effects more than 0.2
    performance.end_recording()
    assert performance.state.voices[0].fx == "gain_db(-60)"
    assert performance.finish() == 0
    assert not alive(second)
    assert performance.journal.read_text().count("# @ late") == late
    assert "# @ device" in performance.journal.read_text()
    assert_heard_again(performance.journal, tmp_path / "take.wav", second_take, least=0.3)


def _player(performance):
    try:
        return player_of(performance.child.process.pid)
    except (StopIteration, OSError):
        return None


def test_desks_come_and_go_and_without_one_for_too_long_it_fades_and_ends(live, tmp_path):
    door = tmp_path / "door"
    performance = live("--door", str(door), "--deskless", "4")
    performance.block('d1 >> s("kick*8")')
    left = children_of(performance.child.process.pid)
    until(lambda: performance.state.voices, 30, lambda: performance.messages)
    wire.call(door).close()  # somebody only looks whether a set plays
    other = wire.call(door, ToDesk)
    other.send(Attach())
    assert isinstance(other.receive(), Hello)
    performance.wait("replaced", 20)
    performance.say("bye", False)  # of the one that is no longer obeyed
    performance.wait("notice", 20)
    other.close()
    performance.child.wire.close()
    time.sleep(0.5)  # the music goes on without a desk
    assert alive(performance.child.process.pid)
    third = wire.call(door, ToDesk)
    third.send(Attach())
    performance.state = State()
    performance.listen(third)
    until(lambda: any(voice.playing for voice in performance.state.voices), 30, lambda: performance.messages)
    third.close()
    assert performance.child.process.wait(40) == 0
    until(lambda: not any(map(alive, left)), 20)
    assert not door.exists()


def test_a_pattern_that_becomes_too_slow_is_named_and_the_one_before_comes_back(live):
    performance = live("--bpm", "480")
    performance.block('d2 >> s("kick*4")')
    performance.block('d1 >> s("snare*2")')
    performance.play_on(0.8)
    performance.block(SLOW)
    found = performance.wait("failed", 60)
    assert (found[1], found[3]) == (0, True)
    assert "too slow" in found[2]
    until(lambda: [v for v in performance.state.voices if v.index == 0 and v.playing], 20)
    assert performance.finish() == 0
    assert "# @ fallback d1" in performance.journal.read_text()


SLOW = """
import time
calls = []
def later(value):
    calls.append(1)
    if len(calls) > 250:
        end = time.thread_time() + .3
        while time.thread_time() < end:
            pass
    return value
d1 >> s("hat*8").fmap(later)
"""


def test_the_sound_server_dies_and_the_device_is_taken_up_again_but_nothing_outlives_the_engine(live, jack):
    performance = live()
    performance.block('d1 >> s("kick*8")')
    jack.kill()
    until(
        lambda: any("the device is lost" in str(m) for m in performance.messages),
        30,
        lambda: performance.messages,
    )
    performance.play_on(0.5)
    jack.stop()
    jack.start()
    until(
        lambda: any("the device is back" in str(m) for m in performance.messages),
        40,
        lambda: performance.messages,
    )
    until(lambda: performance.state.peak[0] > 0.01, 30, lambda: performance.messages)
    left = children_of(performance.child.process.pid)
    assert len(left) == 2  # the player and the encoder
    performance.child.process.kill()
    performance.child.process.wait()
    until(lambda: not any(map(alive, left)), 30)
