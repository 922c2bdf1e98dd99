"""A controller is shown the set: lamps of pads, rings and motor faders."""

from __future__ import annotations

import pytest
from helpers.whole_set import WholeSet

from latentcode.engine.lamps import Lamps
from latentcode.inputs.history import Input


class Port:
    """What is sent to outputs, of which those that are plugged in are there."""

    def __init__(self) -> None:
        self.openings, self.sent = 1, []

    def open(self, port, virtual=False):
        pass

    def opened(self, port):
        return self.openings

    def looked_for(self, port):
        return True

    def now(self, port, data):
        self.sent.append(data.hex(" "))

    def taken(self):
        found, self.sent = self.sent, []
        return found


class Clock:
    """Goes on by some milliseconds whenever it is read."""

    def __init__(self) -> None:
        self.seconds, self.step = 100.0, 0.06

    def passes(self) -> float:
        self.seconds += self.step
        return self.seconds


@pytest.fixture
def shown():
    evening, port, clock = WholeSet(), Port(), Clock()
    lamps = Lamps(evening.performance, port, clock.passes)
    lamps.show("launch", 3, 1, 5, True, (bytes.fromhex("f00001f7"),))

    def look(*lines, hands=()):
        for line in lines:
            assert evening.evaluate(line) is None
        for name, value in hands:
            evening.performance.hear(Input(name, value), evening.performance.renderer.position)
        evening.render(2)
        lamps.tick()
        return port.taken()

    return look, port, lamps, clock


def test_pads_stay_lit_and_tell_what_is_so_and_what_comes(shown):
    look, port, lamps, _ = shown
    assert look('pads({36: d4, 37: scene("drop"), 38: "hat"}, ch=1)') == [
        "f0 00 01 f7",
        "90 24 01",
        "90 25 01",
        "90 26 01",
    ]
    assert look() == []
    assert look(hands=[("note:36@launch/1", 1.0)]) == ["90 24 03"]
    assert look(hands=[("note:36@launch/1", 0.0)]) == ["90 24 03"]  # the device has put it out itself
    assert look(hands=[("note:37@launch/1", 1.0)]) == ["90 25 05"]
    for _ in range(200):
        if "90 25 03" in (found := look()):
            break
    assert found[:2] == ["90 24 01", "90 25 03"]  # in the scene it was not muted
    port.openings = 0
    assert look("mute(d4)") == []
    for port.openings in (2, 3):  # the third time it was away for less than the time between two looks
        assert look() == ["f0 00 01 f7", "90 24 03", "90 25 03", "90 26 01"]
    assert look() == []
    lamps.show("launch", -1, 0, 0, False, ())
    assert port.taken() == ["90 24 00", "90 25 00", "90 26 00"]


def test_faders_go_where_a_scene_has_them_and_are_not_told_what_they_have_said(shown):
    look, *_ = shown
    assert look("d1.gain(cc(7))", hands=[("cc:7@launch/2", 1.0), ("cc:8@other/1", 1.0)]) == ["f0 00 01 f7"]
    assert look('scene("a")') == look(hands=[("cc:7@launch/2", 0.0)]) == []
    assert look('quant("now"); go("a")') == ["b1 07 7f"]
    assert look("encoders(16)") == []
    assert look(hands=[("cc:16@launch/1", 0.5)]) == ["b0 10 40"]


def test_what_did_not_arrive_is_sent_again(shown):
    look, _port, _, clock = shown
    pads = [f"90 {number:02x} 01" for number in range(36, 76)]
    assert look("pads({number: silence for number in range(36, 76)}, ch=1)") == ["f0 00 01 f7", *pads]
    for starting in (1.1, 3.1):  # a controller that starts up does not listen yet
        clock.seconds += starting
        assert look() == ["f0 00 01 f7", *pads]
    clock.seconds += 100
    rounds = [look() for _ in range(40)]
    assert max(map(len, rounds)) == 1  # not all of it at once
    assert [sent for (sent,) in rounds] == pads
    assert look() == []


def test_a_control_is_not_told_again_while_a_hand_is_at_it(shown):
    look, _port, _, clock = shown
    look("d1.gain(cc(7))")
    clock.seconds += 0.9
    assert look(hands=[("cc:7@launch/2", 0.5)]) == []
    clock.seconds += 0.2
    assert look() == ["f0 00 01 f7"]
    clock.seconds += 2.5
    assert look() == []
    clock.seconds += 3
    assert look() == ["f0 00 01 f7", "b1 07 40"]


def test_lamps_have_a_channel_and_rings_are_those_of_mackies_protocol(shown):
    look, _port, lamps, _ = shown
    lamps.show("launch", 127, 0, 1, "mackie", (), 16)
    assert look('pads({"cc:48": d1}, port="launch")', "encoders(16)") == ["bf 30 00"]
    assert look(hands=[("cc:16@launch/1", 0.5)]) == ["b0 30 26"]
    assert look(hands=[("cc:16@launch/1", 1.0)]) == ["b0 30 2b"]
    assert look(hands=[("cc:48@launch/16", 1.0)]) == [
        "bf 30 7f"
    ]  # lit at the press, not when it is let go of
    assert lamps.boards == (("launch", 127, 0, 1, "mackie", (), 16),)


def test_a_controller_that_is_not_there_is_told(shown):
    _look, port, lamps, _ = shown
    said, port.openings = [], 0
    lamps._performance.notice = said.append
    lamps.show("nowhere", 3, 1, 5, True, ())
    assert said == ["no MIDI output has 'nowhere' in its name; its lamps wait for it"]


def test_a_wheel_is_not_told_what_it_has_just_said(shown):
    look, *_ = shown
    look()
    assert look(hands=[("bend@launch/9", 0.7)]) == []
