"""What hands did to a set that was heard is in its journal, and renders to the same samples."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest
from audio import private_jack
from live_set import LiveSet, rendered, until

from latentcode import wire
from latentcode.desk.replay import Replay
from latentcode.engine.hands import heard
from latentcode.engine.journal import read_session

pytestmark = pytest.mark.timeout(240)
KEYS = ("cc:1@nano/1", "cc:1@launch/2", "cc:2@nano/1", "bend@keys/1", "osc:/x#0")
LINES = (
    'd1 >> meso(path("cello"), path("choir"), cc(1, port="nano").smooth(80)).gain(.3)',
    'd2 >> (n("0 3 7 5") + cc(1, port="launch").range(0, 12).quantize(13)).s("flute").gain(cc(2) * .3)',
    'd3 >> s("kick*8").degrade_by(cc(2)).gain(.4).pan(cc(1)).bias(bend() * .3)',
    'd4 >> n("0 -2").scale_of("c minor").s("cello").bias(osc("/x").smooth(20)).gain(.2)',
    "bpm(cc(2).range(100, 160))",
)


@pytest.fixture
def live(tmp_path, model_file, monkeypatch, request):
    with private_jack(getattr(request, "param", 44100), 256) as server:
        for name in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER"):
            monkeypatch.setenv(name, server.environment[name])
        monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
        made = []

        def start(*options):
            made.append(LiveSet(tmp_path, model_file, *options, engine="touched_engine"))
            return made[-1]

        yield start
        for each in made:
            each.child.close(3.0)


class Restless:
    """Hands that move all controls, a few hundred times a second, until they are told to rest."""

    def __init__(self, performance: LiveSet, seed: int) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._move, args=(performance, np.random.default_rng(seed)))
        self._thread.start()

    def rest(self) -> None:
        self._over.set()
        self._thread.join()

    def _move(self, performance: LiveSet, rng: np.random.Generator) -> None:
        while not self._over.wait(float(rng.exponential(0.004))):
            performance.say("arrive", str(rng.choice(KEYS)), round(float(rng.random()), 3))


def agree(performance: LiveSet, recording: Path, least: int) -> None:
    """What was heard, at least so many samples, is what the journal renders to."""
    first, sound = performance.recorded(recording)
    assert np.abs(sound).max() > 0.05
    sound = sound[
        : np.flatnonzero(sound.any(axis=1))[-1] - 512
    ]  # a set that ends while it is dry does not say so
    replay = rendered(performance.journal)[first:]
    assert least < len(sound) <= len(replay)
    assert np.array_equal(sound, replay[: len(sound)])


def taken_over(performance: LiveSet, model: str, asked: list) -> None:
    """Kill the engine and let another one take over, as the prompt does; `asked`: the (stamp, command) so far."""
    head = max(performance.state["sample"], *(stamp for stamp, _ in asked))
    performance.child.process.kill()
    performance.child.process.wait()
    performance.messages.clear()
    performance.state = {}
    more = ("--journal", str(performance.journal), "--driver", "jack", "--start", str(head), "--continue")
    log = performance.folder / "second.log"
    performance.child = wire.start("touched_engine", "--model", model, "--seed", "3", *more, log=log)
    performance.listen(performance.child.wire)
    performance.wait("hello", 60)
    performance.say("restore", tuple((stamp, command.packed()) for stamp, command in asked))


def test_an_engine_that_takes_over_knows_what_hands_did(live, tmp_path, model_file):
    performance = live()
    hands = Restless(performance, 8)
    for line in LINES[:2]:
        performance.block(line)
    time.sleep(1.0)
    hands.rest()
    performance.say("arrive", "cc:2@nano/1", 0.9)
    time.sleep(0.3)
    asked = list(Replay(read_session(performance.journal)))
    taken_over(performance, model_file, asked)
    until(lambda: performance.state.get("peak", (0,))[0] > 0.03, 30, performance)
    recording = tmp_path / "second.wav"
    performance.say("record", str(recording))
    played = until(lambda: performance.state.get("recording") and performance.state["playhead"], 20)
    hands = Restless(performance, 9)
    until(lambda: performance.state["playhead"] > played + 2 * 44100, 20)
    hands.rest()
    performance.say("record", None)
    until(lambda: any("recorded" in str(m) for m in performance.messages), 10, performance)
    assert performance.finish() == 0

    agree(performance, recording, 44100)


@pytest.mark.parametrize("live", [44100, 48000], indirect=True)
def test_what_hands_did_renders_to_the_samples_that_were_heard(live, tmp_path):
    performance = live("--noise", "0.3")
    recording = tmp_path / "heard.wav"
    performance.say("record", str(recording))
    hands = Restless(performance, 7)
    for line in LINES:
        performance.block(line)
    time.sleep(3.0)
    performance.block('d3 >> s("snare(5,8)").mask(cc(1).switch(.3)).gain(.3)')
    time.sleep(2.0)
    hands.rest()
    performance.block("hush()")
    time.sleep(0.6)
    performance.say("record", None)
    until(lambda: any("recorded" in str(m) for m in performance.messages), 10, performance)
    assert performance.finish() == 0
    assert not [m for m in performance.messages if m[0] in ("failed", "refused")]

    inputs = list(heard(read_session(performance.journal)))
    assert len(inputs) > 500
    assert {given.key for given, _ in inputs} == set(KEYS)
    agree(performance, recording, 4 * 44100)
