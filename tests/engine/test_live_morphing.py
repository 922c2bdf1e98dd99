"""Morphs and grabs of a live set, and what its journal gives."""

from __future__ import annotations

import time

import numpy as np
import pytest
from audio import private_jack
from live_set import LiveSet, rendered, until

from latentcode import wire
from latentcode.desk.blocks import Blocks
from latentcode.desk.evaluate import run_block
from latentcode.desk.names import Names
from latentcode.desk.stage import Stage
from latentcode.engine.sounds.grabs import folder_of

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def live(tmp_path, model_file, monkeypatch):
    with private_jack(48000, 256) as server:  # another rate than the model's
        for key in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER"):
            monkeypatch.setenv(key, server.environment[key])
        made = LiveSet(tmp_path, model_file, "--bpm", "480", "--noise", "0.5")
        yield made
        made.child.close(3.0)


@pytest.fixture
def type_in(live):
    """Runs a line with the names of the prompt and waits until its commands are stamped."""
    blocks = Blocks(live.say, patience=5.0)
    space = Names(Stage(blocks), 3).space

    def run(code):
        assert run_block(code, space, blocks) is None
        accepted = ("accepted", blocks.number)
        until(lambda: any(message[:2] == accepted for message in live.messages), 30, live)

    return run


def sounds(live, index):
    return any(v["index"] == index and v["layers"] for v in live.state.get("voices", ()))


def test_a_set_with_morphs_and_a_grab_renders_to_the_samples_that_were_heard(live, type_in, tmp_path):
    recording = tmp_path / "heard.wav"
    live.say("record", str(recording))
    type_in('d1 >> s("cello(3,8) flute").gain(.4); d2 >> meso(path("cello"), path("choir"), sine).gain(.3)')
    time.sleep(1.2)
    type_in('d1.morph(3, curve="smooth") >> s("choir*3").gain(.3).bias(sine.slow(2))')
    type_in("x = grab(d2, 2); d3 >> stepwise(x, path('choir'), 3).gain(.3); d4 >> extend(x).gain(.2)")
    until(lambda: any(voice.get("morph") for voice in live.state.get("voices", ())), 5, live)
    type_in('d1.morph(4) >> s("flute(5,8)").gain(.3)')
    type_in('d2.morph(2) >> stack(s("kick*2"), s("snare ~")).gain(.3)')
    until(lambda: sounds(live, 2), 10, live)
    type_in("y = grab(d3); d5 >> plain(y).gain(.3); d6 >> s('y*2').gain(.2)")
    type_in('d3.morph(sine.slow(2)) >> s("kick*2").gain(.3); d4 >> meso(y, "choir*2", saw)')
    time.sleep(2.0)
    type_in("d1.back()")
    type_in("hush()")
    time.sleep(0.5)
    live.say("record", None)
    until(lambda: any("recorded" in str(message) for message in live.messages), 10, live)
    assert live.finish() == 0
    assert not [message for message in live.messages if message[0] in ("refused", "failed")]

    first, heard = live.recorded(recording)
    replay = rendered(live.journal)[first:]
    count = min(len(heard), len(replay))
    assert count > 3 * 44100
    assert np.abs(heard).max() > 0.05
    assert np.array_equal(heard[:count], replay[:count])


def test_a_grab_of_what_was_silent_is_refused_with_its_reason(live, type_in):
    type_in("x = grab(d7, 2); d1 >> x")
    refused = live.wait("refused")
    assert "d7 has not sounded" in refused[3]


def test_an_engine_that_takes_over_has_what_was_grabbed(live, type_in, tmp_path, model_file):
    type_in('d1 >> s("cello(3,8)")')
    until(lambda: any(voice["layers"] for voice in live.state.get("voices", ())), 10, live)
    time.sleep(0.5)
    type_in("x = grab(d1)")
    until(lambda: list(grabs_of(live).glob("*.npy")), 10, live)
    sample = live.state["sample"]
    live.child.process.kill()
    live.child.process.wait()
    live.messages.clear()
    more = ("--journal", str(live.journal), "--driver", "timer", "--start", str(sample), "--continue")
    live.child = wire.start("latentcode.engine", "--model", model_file, *more, log=tmp_path / "second.log")
    live.listen(live.child.wire)
    live.wait("hello", 60)
    live.say("restore", ())
    type_in("d2 >> x")
    until(lambda: any(voice["index"] == 1 for voice in live.state.get("voices", ())), 10, live)
    assert not [message for message in live.messages if message[0] in ("refused", "failed")]
    assert live.finish() == 0


def grabs_of(live):
    found = folder_of(live.journal)
    assert found is not None
    return found
