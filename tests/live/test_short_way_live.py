"""Faders and filters in hand, over jackd: what was heard is what the journal gives; nothing is lost by what fails."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
import pytest
from helpers.live_set import DeskSet, LiveSet, alive, assert_heard_again, player_of
from helpers.touched_engine import Arrive
from helpers.waiting import until

from latentcode.session.journal import read_session
from latentcode.session.marks import place_name
from latentcode.session.records import DirectValues, Jump

pytestmark = pytest.mark.timeout(600)


class HandSet(DeskSet):
    """A set whose engine is told what hands do by `move`."""

    def __init__(self, folder):
        super().__init__(folder, "default", engine="helpers.touched_engine")

    def move(self, control, value):
        self.child.wire.send(Arrive(f"cc:{control}@nano/1", float(value)))


@pytest.fixture
def live(tmp_path, jack):
    made = HandSet(tmp_path)
    yield made
    made.child.close(3.0)


def storm(live, controls, seconds, rate=400, seed=1):
    """Hands that move all controls, now slowly and now fast."""
    random = np.random.default_rng(seed)
    place = dict.fromkeys(controls, 0.5)
    for _ in range(int(seconds * rate)):
        for control in controls:
            place[control] = float(np.clip(place[control] + random.normal(0, 0.08), 0, 1))
            live.move(control, round(place[control] * 127) / 127)
        time.sleep(1 / rate)


def test_a_storm_on_faders_and_filters_is_heard_again_and_taken_up_by_a_new_player(live, tmp_path):
    live.record(tmp_path / "live.wav")
    live.block('d1 >> s("kick*4").gain(.3); d2 >> meso(path("cello"), path("choir"), sine.slow(2)).gain(.3)')
    live.block("d1.gain(cc(1).range(0, 1.2)); d2.gain(cc(2).smooth(30)); master(cc(3).range(.3, 1))")
    live.block('d3 >> s("flute*8").gain(.2); d3.gain(cc(1) * live("d2.gain")); d4.gain(sine)')
    live.block('d4 >> s("hat*8").gain(.2); d2.pan(cc(2) * live("d4.gain"))')
    live.block("d2.fx(lowpass(cc(4).exprange(100, 8000)), reverb(cc(5))); d1.pan(cc(6) * sine.fast(2))")
    storm(live, range(1, 7), 1.5)
    live.block("d1.gain(.5); d2.fx(lowpass(cc(4).exprange(100, 4000)), reverb(.2))")
    storm(live, range(1, 7), 0.7, seed=2)
    os.kill(live.child.process.pid, signal.SIGSTOP)  # the machine stands still
    time.sleep(0.8)
    os.kill(live.child.process.pid, signal.SIGCONT)
    live.block("d1.gain(cc(1)); mute(d2); d1.fx(delay(cc(5).range(1/16, 1/4)))")
    storm(live, range(1, 7), 0.7, seed=3)
    live.block("unmute(d2); undo()")
    storm(live, range(1, 7), 0.7, seed=4)
    live.play_on(2.1)  # a cycle: what undo brings back is there
    live.end_recording()
    assert len(notes(live)) > 150
    assert read_session(live.journal).of(Jump)
    faders = {"d1.gain", "d2.gain", "master", "d1.pan", "d3.gain", "d2.pan"}
    assert set(given(live)) == faders | {"d2.fx.0.0", "d2.fx.1.0", "d1.fx.0.0"}
    _a_new_player(live)
    assert live.finish() == 0
    assert live.complaints == []
    assert_heard_again(live.journal, tmp_path / "live.wav", least=1.5)


def _a_new_player(live):
    """The player dies, and another one has what is in hand."""
    live.block("d2.pan(.5); d3.stop(); d3.gain(1); d4.stop()")
    live.block("d2.stop(); d1.gain(cc(1)); master(cc(2)); d1.fx(lowpass(cc(3).range(100, 900))); d1.pan(.5)")
    begin = len(notes(live))
    for control, value in ((1, 0.25), (2, 0.5), (3, 0.75)):
        live.move(control, value)
    hand = {"d1.gain": 0.25, "master": 0.5, "d1.fx.0.0": 700.0}
    until(lambda: hand.items() <= given(live, begin).items(), 20, lambda: live.messages)
    before, player = len(notes(live)), player_of(live.child.process.pid)
    os.kill(player, signal.SIGKILL)
    until(lambda: not alive(player), 20, lambda: live.messages)
    live.move(1, 0.75)
    hand["d1.gain"] = 0.75
    until(lambda: hand.items() <= given(live, before).items(), 40, lambda: live.messages)


def notes(live: LiveSet) -> list[DirectValues]:
    """What the player was given by hands, as the journal has it."""
    return read_session(live.journal).of(DirectValues)


def given(live: LiveSet, begin: int = 0) -> dict[str, float]:
    """The last value of each place, from a note on."""
    return {place_name(place): value for note in notes(live)[begin:] for place, value in note.given}
