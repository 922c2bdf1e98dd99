"""Sets that are in time with others: over Link, over MIDI clock in both directions, and what a replay makes of it."""

from __future__ import annotations

from importlib.util import find_spec
from itertools import groupby

import numpy as np
import pytest
from helpers.live_set import LiveSet, assert_heard_again
from helpers.midi_device import Device, Ear
from helpers.waiting import insisting, until

from latentcode.session.journal import read_session
from latentcode.session.records import LeaderTransport

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def begin(tmp_path, model_file):
    made = []

    def start(name, *options, **more):
        (tmp_path / name).mkdir()
        made.append(LiveSet(tmp_path / name, model_file, *options, **more))
        return made[-1]

    yield start
    for each in made:
        each.child.close(3.0)


class Daw:
    """Another machine: a MIDI output with a clock, and what it hears of a clock."""

    def __init__(self, environment):
        self.out, self.into = Device(environment, "daw", "sequencer"), Ear(environment, "slave", "drums")

    def tick(self, bpm):
        self.out.order("clock", bpm)

    def say(self, *data):
        self.out.send(bytes(data))

    @property
    def heard(self):
        return [(moment, data[0]) for moment, data in self.into.got]

    def close(self):
        self.out.close()
        self.into.close()


def playing(live):
    return any(voice.playing for voice in live.state.voices)


def noticed(live, text):
    return any(message[0] == "notice" and text in message[1] for message in live.messages)


def test_a_daw_leads_by_midi_clock_and_a_machine_follows_ours(begin, tmp_path, jack):
    live, daw = begin("set"), Daw(jack.environment)
    try:
        recording = tmp_path / "heard.wav"
        live.say("timing", "follow", "sequencer", True)
        live.say("timing", "clock_out", "drums", True, 0.0)
        live.say("record", str(recording))
        daw.say(0xFA)
        daw.tick(133)
        until(lambda: noticed(live, "is followed"), 120, lambda: live.messages)
        live.block('d1 >> s("kick*4").gain(.4)')
        until(lambda: playing(live), 120, lambda: live.messages)
        until(lambda: abs(live.state.timing.late) < 0.005, 120, lambda: live.messages)
        until(lambda: abs(live.state.bpm - 133) < 3, 120, lambda: live.messages)
        live.block("bpm(100)")
        assert any(message[0] == "refused" and "follow(False)" in message[3] for message in live.messages)
        insisting(lambda: daw.say(0xFC), lambda: not playing(live), 90, lambda: live.messages, 10)
        insisting(lambda: daw.say(0xFA), lambda: playing(live), 90, lambda: live.messages, 10)
        until(lambda: len(pulses(daw)) > 100, 90)
        daw.tick(0)
        until(lambda: noticed(live, "the set goes on at 1"), 90, lambda: live.messages)
        until(lambda: follows(daw), 90, lambda: np.diff(pulses(daw)[-90:]))  # a busy JACK drops some
        live.say("record", None)
        until(lambda: noticed(live, "recorded"), 90, lambda: live.messages)
    finally:
        daw.close()
    assert live.finish() == 0
    told = [what for what, _ in groupby(one.what for one in read_session(live.journal).of(LeaderTransport))]
    assert told[-2:] == ["stop", "start"]
    assert_heard_again(live.journal, recording, least=0.3)


def pulses(daw):
    """The moments of what the other machine has heard of our clock."""
    return np.array([moment for moment, byte in daw.heard if byte == 0xF8])


def follows(daw):
    """Whether what the other machine has heard of our clock is one that began, or went on where it came late."""
    steps = np.diff(pulses(daw)[-90:])
    started = not {0xFA, 0xFB}.isdisjoint(byte for _, byte in daw.heard)
    return started and np.median(steps) == pytest.approx(60 / 133 / 24, rel=0.2)


@pytest.mark.skipif(
    find_spec("aalink") is None, reason="aalink is not installed: pip install 'latentcode[link]'"
)
def test_two_sets_share_tempo_and_beat_over_link(begin, tmp_path):
    one, other = begin("one", driver="timer"), begin("other", "--bpm", "97.3", driver="timer")
    for live in (one, other):
        live.say("begin")
        live.say("timing", "link", True, True)
    recording = tmp_path / "heard.wav"
    other.say("record", str(recording))
    try:
        until(lambda: (one.state.timing.link or (0,))[0] == 1, 30)
    except AssertionError:
        pytest.skip("Link finds nobody here: the network lets no multicast through")
    one.block('d1 >> s("kick*4").gain(.4)')
    other.block('d1 >> s("snare*4").gain(.4)')
    until(lambda: playing(one) and playing(other), 90, lambda: (one.messages, other.messages))
    one.block("bpm(131)")
    until(lambda: all(abs(live.state.bpm - 131) < 1 for live in (one, other)), 120)
    until(lambda: all(abs(live.state.timing.late) < 0.005 for live in (one, other)), 120)
    one.block("hush()")
    until(lambda: not playing(other), 90, lambda: other.messages)
    other.say("record", None)
    until(lambda: noticed(other, "recorded"), 90, lambda: other.messages)
    assert one.finish() == other.finish() == 0
    assert_heard_again(other.journal, recording, least=0.3)
