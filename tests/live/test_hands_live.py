"""What hands did to a set that was heard is in its journal, and renders to the same samples."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from helpers.live_set import LiveSet, assert_heard_again
from helpers.touched_engine import Arrive
from helpers.waiting import until

from latentcode.prompt.replay import Replay
from latentcode.protocol import wire
from latentcode.protocol.messages import State, ToDesk
from latentcode.session.journal import read_session
from latentcode.set.kinds import packed

pytestmark = pytest.mark.timeout(600)
KEYS = ("cc:1@nano/1", "cc:1@launch/2", "cc:2@nano/1", "bend@keys/1", "osc:/x#0")
LINES = (
    'd1 >> meso(path("cello"), path("choir"), cc(1, port="nano").smooth(80)).gain(.3)',
    'd2 >> (n("0 3 7 5") + cc(1, port="launch").range(0, 12).quantize(13)).s("flute").gain(cc(2) * .3)',
    'd3 >> s("kick*8").degrade_by(cc(2)).gain(.4).pan(cc(1)).bias(bend() * .3)',
    'd4 >> n("0 -2").scale_of("c minor").s("cello").bias(osc("/x").smooth(20)).gain(.2)',
    "bpm(cc(2).range(100, 160))",
    "d1.fx(reverb(.9), delay(.2, .6)); master.fx(lowpass(cc(1).range(2000, 9000)))",
)


@pytest.fixture
def performance(tmp_path, model_file, jack):
    made = LiveSet(tmp_path, model_file, "--noise", "0.3", engine="helpers.touched_engine")
    yield made
    made.child.close(3.0)


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
            performance.child.wire.send(Arrive(str(rng.choice(KEYS)), round(float(rng.random()), 3)))


def taken_over(performance: LiveSet, model: str, asked: list) -> None:
    """Kill the engine and let another one take over, as the prompt does; `asked`: the (stamp, command) so far."""
    head = max(performance.state.sample, *(stamp for stamp, _ in asked))
    performance.child.process.kill()
    performance.child.process.wait()
    performance.messages.clear()
    performance.state = State()
    more = ("--journal", str(performance.journal), "--driver", "jack", "--start", str(head), "--continue")
    log = performance.folder / "second.log"
    words = ("--model", model, "--seed", "3", "--noise", "0.3", *more)
    performance.child = wire.start("helpers.touched_engine", *words, hears=ToDesk, log=log)
    performance.listen(performance.child.wire)
    performance.wait("hello", 60)
    performance.say("restore", tuple((stamp, packed(command)) for stamp, command in asked))


@pytest.mark.parametrize("jack", [(48000, 256)], indirect=True)  # another rate than the model's
def test_what_hands_did_is_heard_again_and_known_to_an_engine_that_takes_over(
    performance, tmp_path, model_file
):
    performance.record(tmp_path / "first.wav")
    hands = Restless(performance, 7)
    for line in LINES:
        performance.block(line)
    performance.play_on(2.0)
    performance.block('d3 >> s("snare(5,8)").mask(cc(1).switch(.3)).gain(.3)')
    performance.play_on(1.5)
    hands.rest()
    performance.block("d3 >> silence; d4 >> silence")
    performance.child.wire.send(Arrive("cc:2@nano/1", 0.9))  # what the engine that takes over has to know
    performance.play_on(0.5)
    performance.end_recording()
    assert performance.complaints == []
    inputs = list(read_session(performance.journal).inputs)
    assert len(inputs) > 300
    assert {given.key for given, _ in inputs} == set(KEYS)

    taken_over(performance, model_file, list(Replay(read_session(performance.journal))))
    until(lambda: performance.state.peak[:1] > (0.03,), 120, lambda: performance.messages)
    performance.record(tmp_path / "second.wav")
    hands = Restless(performance, 9)
    performance.play_on(1.5)
    hands.rest()
    performance.end_recording()
    assert performance.finish() == 0
    assert_heard_again(performance.journal, tmp_path / "first.wav", tmp_path / "second.wav", least=1.0)
