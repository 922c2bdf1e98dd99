"""Faders and filters in hand, over jackd: what was heard is what the journal gives; nothing is lost by what fails."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
import pytest
from audio import private_jack
from live_set import LiveSet, alive, player_of, rendered, until
from test_live_scenes import DeskSet

from latentcode.engine.journal import read_session

pytestmark = pytest.mark.timeout(240)


class HandSet(DeskSet):
    """A set whose engine is told what hands do by `move`."""

    def __init__(self, folder):
        super().__init__(folder, "default", engine="touched_engine")

    def move(self, control, value):
        self.say("arrive", f"cc:{control}@nano/1", float(value))


@pytest.fixture
def jack(monkeypatch):
    here = os.path.dirname(__file__)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([here, os.environ.get("PYTHONPATH", "")]))
    with private_jack(44100, 256) as server:
        for key in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER"):
            monkeypatch.setenv(key, server.environment[key])
        yield server


def storm(live, controls, seconds, rate=400, seed=1):
    """Hands that move all controls, now slowly and now fast."""
    random, end = np.random.default_rng(seed), time.monotonic() + seconds
    place = dict.fromkeys(controls, 0.5)
    while time.monotonic() < end:
        for control in controls:
            place[control] = float(np.clip(place[control] + random.normal(0, 0.08), 0, 1))
            live.move(control, round(place[control] * 127) / 127)
        time.sleep(1 / rate)


def test_a_storm_on_faders_and_filters_is_heard_again_to_the_sample(tmp_path, jack):
    live = HandSet(tmp_path)
    live.say("record", str(tmp_path / "live.wav"))
    until(lambda: live.state.get("recording"), 10, live)
    live.block('d1 >> s("kick*4").gain(.3); d2 >> meso(path("cello"), path("choir"), sine.slow(2)).gain(.3)')
    live.block("d1.gain(cc(1).range(0, 1.2)); d2.gain(cc(2).smooth(30)); master(cc(3).range(.3, 1))")
    live.block("d2.fx(lowpass(cc(4).exprange(100, 8000)), reverb(cc(5))); d1.pan(cc(6) * sine.fast(2))")
    storm(live, range(1, 7), 2.5)
    live.block("d1.gain(.5); d2.fx(lowpass(cc(4).exprange(100, 4000)), reverb(.2))")
    storm(live, range(1, 7), 1.0, seed=2)
    os.kill(live.child.process.pid, signal.SIGSTOP)  # the machine stands still
    time.sleep(0.8)
    os.kill(live.child.process.pid, signal.SIGCONT)
    live.block("d1.gain(cc(1)); mute(d2); d1.fx(delay(cc(5).range(1/16, 1/4)))")
    storm(live, range(1, 7), 1.0, seed=3)
    live.block("unmute(d2); undo()")
    storm(live, range(1, 7), 1.0, seed=4)
    live.say("record", None)
    live.wait("notice", 10)
    until(lambda: any("recorded" in m[1] for m in live.messages if m[0] == "notice"), 10, live)
    assert live.finish() == 0
    assert [m for m in live.messages if m[0] in ("failed", "refused")] == []
    first, heard = live.recorded(tmp_path / "live.wav")
    again = rendered(live.journal)[first : first + len(heard)]
    assert len(notes(live)) > 300
    assert read_session(live.journal).notes["jump"]
    faders = {"d1.gain", "d2.gain", "master", "d1.pan"}
    assert set(given(live)) == faders | {"d2.fx.0.0", "d2.fx.1.0", "d1.fx.0.0"}
    assert np.abs(heard).max() > 0.05
    np.testing.assert_array_equal(again, heard[: len(again)])


def test_a_new_player_takes_up_what_is_in_hand(tmp_path, jack):
    live = HandSet(tmp_path)
    live.block('d1 >> s("kick*4"); d1.gain(cc(1)); master(cc(2)); d1.fx(lowpass(cc(3).range(100, 900)))')
    for control, value in ((1, 0.25), (2, 0.5), (3, 0.75)):
        live.move(control, value)
    until(lambda: given(live) == {"d1.gain": 0.25, "master": 0.5, "d1.fx.0.0": 700.0}, 10, live)
    before, player = len(notes(live)), player_of(live.child.process.pid)
    os.kill(player, 9)
    until(lambda: not alive(player), 10, live)
    live.move(1, 0.75)
    until(lambda: given(live, before) == {"d1.gain": 0.75, "master": 0.5, "d1.fx.0.0": 700.0}, 20, live)
    assert live.finish() == 0


def notes(live: LiveSet) -> list[tuple[str, ...]]:
    """What the player was given by hands, as the journal has it."""
    return read_session(live.journal).notes.get("hand", [])


def given(live: LiveSet, begin: int = 0) -> dict[str, float]:
    """The last value of each place, from a note on."""
    return {
        place: float(value)
        for _, *words in notes(live)[begin:]
        for place, value in zip(words[::2], words[1::2], strict=True)
    }
