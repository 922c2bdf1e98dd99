"""The engine and the player as processes, over jackd: what was heard, what the journal gives, and deaths."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
import pytest
from audio import private_jack
from live_set import LiveSet, alive, children_of, player_of, rendered, until

from latentcode import wire

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def jack(request, monkeypatch):
    with private_jack(getattr(request, "param", 44100), 256) as server:
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


@pytest.mark.parametrize("jack", [44100, 48000], indirect=True)
def test_a_set_renders_to_the_samples_that_were_heard(live, tmp_path, jack):
    performance = live("--noise", "0.5")
    assert performance.info["sample_rate"] == jack.rate
    recording = tmp_path / "heard.wav"
    performance.say("record", str(recording))
    performance.block(
        'd1 >> s("kick*4").gain(.4); d2 >> meso(path("cello"), path("choir"), sine.slow(2)).gain(.3)'
    )
    performance.block('x = path("flute")')
    performance.block('d3 >> stepwise(s("flute(3,8)"), x, 4).gain(.2).pan(sine)')
    performance.block('d4 >> plain("kick*4, snare").note("<60 64.5>").gain(.3)')
    performance.block('d5 >> n("0 2 -3").scale_of("c minor").s("cello").gain(.2)')
    performance.block("bpm(133.7)")
    performance.block("1 / 0")
    time.sleep(1.5)
    performance.block('d2 >> s("no such sound")')
    performance.block('d1 >> s("snare(5,8)").gain(.3)')
    time.sleep(1.5)
    performance.block("hush()")
    time.sleep(0.7)
    performance.say("record", None)
    until(lambda: any("recorded" in str(m) for m in performance.messages), 10, performance)
    assert performance.finish() == 0
    refused = [m for m in performance.messages if m[0] == "refused"]
    assert len(refused) == 1
    assert "no sound called" in refused[0][3]

    first, heard = performance.recorded(recording)
    replay = rendered(performance.journal)[first:]
    count = min(len(heard), len(replay))
    assert count > 3 * jack.rate
    assert np.abs(heard).max() > 0.05
    assert np.array_equal(heard[:count], replay[:count])


def test_a_player_that_dies_is_started_again_and_plays_on(live):
    performance = live()
    performance.block('d1 >> s("kick*8")')
    until(lambda: performance.state.get("peak", (0,))[0] > 0.01, 10, performance)
    first = player_of(performance.child.process.pid)
    os.kill(first, signal.SIGKILL)
    second = until(lambda: next((p for p in [_player(performance)] if p not in (None, first)), None), 10)
    assert second != first
    place = performance.state["playhead"]
    until(lambda: performance.state["playhead"] > place + 44100, 15, performance)
    until(lambda: performance.state["peak"][0] > 0.01, 10, performance)
    assert performance.finish() == 0
    assert not alive(second)


def _player(performance):
    try:
        return player_of(performance.child.process.pid)
    except (StopIteration, OSError):
        return None


def test_when_the_engine_is_killed_nothing_is_left(live):
    performance = live()
    performance.block('d1 >> s("kick*8")')
    left = children_of(performance.child.process.pid)
    assert len(left) == 2  # the player and the encoder
    performance.child.process.kill()
    performance.child.process.wait()
    until(lambda: not any(map(alive, left)), 15)


def test_the_music_goes_on_without_a_desk_and_another_can_come(live, tmp_path):
    door = tmp_path / "door"
    performance = live("--door", str(door))
    performance.block('d1 >> s("kick*8")')
    until(lambda: performance.state.get("voices"), 10, performance)
    performance.child.wire.close()
    time.sleep(0.5)
    assert alive(performance.child.process.pid)
    line = wire.call(door)
    line.send("attach")
    performance.state = {}
    performance.listen(line)
    until(lambda: any(voice["playing"] for voice in performance.state.get("voices", ())), 10, performance)
    line.send("bye", False)
    assert performance.child.process.wait(20) == 0
    assert not door.exists()


def test_without_a_desk_for_too_long_it_fades_and_ends(live):
    performance = live("--deskless", "1")
    performance.block('d1 >> s("kick*8")')
    left = children_of(performance.child.process.pid)
    performance.child.wire.close()
    assert performance.child.process.wait(20) == 0
    until(lambda: not any(map(alive, left)), 10)


def test_a_pattern_that_becomes_too_slow_is_named_and_the_one_before_comes_back(live):
    performance = live("--bpm", "480")
    performance.block('d2 >> s("kick*4")')
    performance.block('d1 >> s("snare*2")')
    time.sleep(0.8)
    performance.block(SLOW)
    found = performance.wait("failed", 20)
    assert (found[1], found[3]) == (0, True)
    assert "too slow" in found[2]
    until(lambda: [v for v in performance.state["voices"] if v["index"] == 0 and v["playing"]], 5)
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


def test_when_the_sound_server_dies_time_goes_on_and_the_device_is_taken_up_again(live, jack):
    performance = live()
    performance.block('d1 >> s("kick*8")')
    jack.kill()
    until(lambda: any("the device is lost" in str(m) for m in performance.messages), 15, performance)
    place = performance.state["playhead"]
    until(lambda: performance.state["playhead"] > place + 22050, 10, performance)
    jack.stop()
    jack.start()
    until(lambda: any("the device is back" in str(m) for m in performance.messages), 20, performance)
    until(lambda: performance.state["peak"][0] > 0.01, 15, performance)
    assert performance.finish() == 0


def test_another_prompt_takes_the_set_and_the_first_can_no_longer_disturb_it(live, tmp_path):
    performance = live("--door", str(tmp_path / "door"))
    performance.block('d1 >> s("kick*8")')
    wire.call(tmp_path / "door").close()  # somebody only looks whether a set plays
    other = wire.call(tmp_path / "door")
    other.send("attach")
    assert other.receive()[0] == "hello"
    performance.wait("replaced", 5)
    performance.say("bye", False)
    performance.wait("notice", 5)
    time.sleep(0.5)
    assert alive(performance.child.process.pid)
    other.send("bye", False)
    assert performance.child.process.wait(20) == 0


def test_effects_that_change_render_to_the_samples_that_were_heard(live, tmp_path, jack):
    performance = live()
    recording = tmp_path / "heard.wav"
    performance.say("record", str(recording))
    performance.block('d1 >> s("kick*4").gain(.4); d2 >> path("cello")')
    performance.block("d2.fx(lowpass(sine.fast(2).range(200, 4000), .4), chorus(), delay(1/8, .5))")
    performance.block('d1.fx(distortion(rand.segment(8)), shift("50 -200"), crush(6))')
    performance.block("master.fx(compressor(-30, 6), reverb(.3))")
    time.sleep(1.2)
    performance.block("bpm(171)")
    performance.block("d2.fx(lowpass(600), chorus(.6), delay(3/16, .5))")
    time.sleep(0.3)
    performance.block("d1.fx(phaser(2), gain_db(-3)); master.fx(reverb(.2, .8))")
    time.sleep(0.3)
    performance.block("d1.fx(); d2.fx(highpass(300))")
    time.sleep(1.0)
    performance.say("record", None)
    until(lambda: any("recorded" in str(m) for m in performance.messages), 10, performance)
    assert performance.state["fx"] == "reverb(.2, .8)"
    assert performance.finish() == 0
    first, heard = performance.recorded(recording)
    replay = rendered(performance.journal)[first:]
    count = min(len(heard), len(replay))
    assert count > 2 * jack.rate
    assert np.abs(heard).max() > 0.05
    assert np.array_equal(heard[:count], replay[:count])


def test_effects_are_there_again_after_the_player_has_died(live):
    performance = live()
    performance.block('d1 >> s("kick*8"); d1.fx(gain_db(0)); d1.fx(gain_db(-60))')
    until(lambda: performance.state.get("peak", (0,))[0] > 0, 10, performance)
    first = player_of(performance.child.process.pid)
    os.kill(first, signal.SIGKILL)
    until(lambda: _player(performance) not in (None, first), 10, performance)
    place = performance.state["playhead"]
    until(lambda: performance.state["playhead"] > place + 66150, 15, performance)
    assert 0 < performance.state["peak"][0] < 0.05  # without effects more than 0.2
    assert performance.state["voices"][0]["fx"] == "gain_db(-60)"
    assert performance.finish() == 0
    assert "# @ late" not in performance.journal.read_text()
