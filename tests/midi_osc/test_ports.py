"""MIDI inputs come and go, under names that stay theirs."""

from __future__ import annotations

from itertools import pairwise

import pytest

from latentcode.inputs.encoders import both_steps
from latentcode.inputs.keys import Input, thinned
from latentcode.midi_osc.ports import GRID, NO_MIDI, Arrivals, Ports
from latentcode.protocol.helper_messages import InputNames, Inputs
from latentcode.protocol.messages import Notice
from latentcode.testing.midi import FakeInterface


class Heard:
    """Ports over a fake interface, and what they told."""

    def __init__(self, *plugged, interface=True):
        self.system = FakeInterface(*plugged)
        self.told = []
        self.ports = Ports(self.told.append, lambda: self.system if interface else None)
        self.ports.look()

    def look(self, *plugged):
        self.system.plugged = list(plugged)
        self.ports.look()

    def play(self, port, *packets, nth=0):
        self.system.packets.setdefault((port, nth), []).extend(packets)
        self.ports.read()

    def asked(self):
        while self.ports._asked:
            self.ports._asked.pop(0)()
        self.ports.look()

    @property
    def names(self):
        return next((one.heard for one in reversed(self.told) if isinstance(one, InputNames)), ())

    @property
    def notices(self):
        return [one.text for one in self.told if isinstance(one, Notice)]

    @property
    def inputs(self):
        return [found[:2] for one in self.told if isinstance(one, Inputs) for found in one.found]


def test_all_that_is_plugged_in_is_heard_but_what_would_be_a_loop():
    heard = Heard(
        "nano:nano 20:0", "Midi Through:Midi Through Port-0 14:0", "latentcode:to synth", "latentcode-x:x"
    )
    assert heard.names == ("nano:nano",)
    assert heard.notices == []
    heard.play("nano:nano 20:0", [0xB0, 1, 127])
    assert heard.inputs == [("cc:1@nano:nano/1", 1.0)]


def test_plugging_and_unplugging_is_told_and_keys_are_let_go_of():
    heard = Heard()
    heard.look("nano")
    heard.play("nano", [0x90, 60, 127, 61, 127, 61, 0])
    heard.look()
    assert [text.split(";")[0] for text in heard.notices] == ["nano is plugged in", "nano is gone"]
    assert heard.inputs[-1] == ("note:60@nano/1", 0.0)
    assert heard.names == ()
    assert heard.system.lines[0].closed
    heard.look("nano")
    heard.play("nano", [0xB0, 1, 0])
    assert heard.inputs[-1] == ("cc:1@nano/1", 0.0)


def test_what_another_program_disconnects_is_let_go_of_told_and_connected_when_that_is_asked():
    heard = Heard("nano", "keys")
    heard.play("nano", [0x90, 60, 127])
    heard.system.loose = {"nano"}
    heard.look("nano", "keys")
    heard.look("nano", "keys")
    assert heard.inputs[-1] == ("note:60@nano/1", 0.0)
    assert heard.notices == ['nano was disconnected by another program; midi_in("*") connects it']
    assert len(heard.system.lines) == 2
    heard.ports.choose(("*",))
    heard.asked()
    assert [line.port for line in heard.system.lines] == ["nano", "keys", "nano"]
    assert [line.closed for line in heard.system.lines] == [True, False, False]


def test_what_was_said_before_a_port_went_is_heard():
    heard = Heard("nano")
    heard.system.packets[("nano", 0)] += [[0xB0, 1, 127]]
    heard.look()
    assert heard.inputs == [("cc:1@nano/1", 1.0)]


def test_equal_names_are_told_apart_and_stay():
    first, second = "Nano:1 20:0", "nano:1 24:0"
    heard = Heard(first, second)
    assert heard.names == ("nano:1", "nano:1_2")
    heard.look(second)
    heard.play(second, [0xB0, 1, 127])
    assert heard.inputs[-1][0] == "cc:1@nano:1_2/1"
    heard.look(second, first)
    heard.play(first, [0xB0, 1, 127])
    assert heard.inputs[-1][0] == "cc:1@nano:1/1"


def test_of_two_with_the_very_same_name_one_goes_and_the_other_is_heard():
    heard = Heard("nano", "nano")
    assert heard.names == ("nano", "nano_2")
    heard.look("nano")
    heard.play("nano", [0xB0, 1, 127])
    assert heard.inputs == [("cc:1@nano/1", 1.0)]
    assert heard.names == ("nano",)


def test_inputs_are_chosen_by_parts_of_their_names():
    heard = Heard("nano", "Launch Pad", "keys")
    heard.ports.choose(("nano", "launch"))
    heard.asked()
    assert heard.names == ("nano", "launch_pad")
    heard.ports.choose(("kez",))
    heard.asked()
    assert heard.names == ()
    assert "no MIDI input has 'kez' in its name (there: nano, launch_pad, keys)" in heard.notices[-1]
    heard.look("nano", "kez 2")
    assert heard.names == ("kez_2",)
    heard.ports.choose(())
    heard.asked()
    assert heard.names == ()
    heard.ports.choose(("*",))
    heard.asked()
    assert heard.names == ("nano", "kez_2")


def test_a_virtual_input_is_made_when_it_is_asked_for_and_goes_with_the_others():
    heard = Heard("nano")
    heard.ports.make("loop back")
    heard.asked()
    assert heard.names == ("nano", "loop_back")
    heard.ports.choose(())
    heard.asked()
    assert heard.names == ()


def test_a_sound_server_that_is_started_again_is_listened_to_as_soon_as_it_is_there(monkeypatch):
    heard = Heard("nano")
    heard.play("nano", [0x90, 60, 127])
    heard.system.dead = True  # what was connected to it is deaf for ever
    before, heard.system = heard.system, None
    heard.ports.look()
    assert before.closed
    assert heard.inputs[-1] == ("note:60@nano/1", 0.0)
    assert heard.names == ()
    heard.system = FakeInterface("nano")
    monkeypatch.setattr("latentcode.midi_osc.ports.RENEW_SECONDS", -1.0)
    heard.ports.look()
    assert heard.names == ("nano",)
    heard.play("nano", [0xB0, 1, 127])
    assert heard.inputs[-1] == ("cc:1@nano/1", 1.0)


def test_without_midi_there_is_one_line():
    heard = Heard(interface=False)
    for _ in range(5):
        heard.ports.look()
    assert heard.notices == [NO_MIDI]


def test_packets_have_the_moment_at_which_they_came_however_late_they_are_read():
    arrivals, came = Arrivals(), [0.0, 0.1, 0.25, 0.3, 2.0]
    read = [5.0, 5.1, 5.9, 5.9, 7.0]
    since = [0.0, *(b - a for a, b in pairwise(came))]
    found = [arrivals.moment(gap, now) for gap, now in zip(since, read, strict=True)]
    assert found == pytest.approx([5.0 + moment for moment in came], abs=5e-4)
    assert all(moment <= now for moment, now in zip(found, read, strict=True))


def test_packets_that_were_lost_before_one_do_not_make_it_old_for_ever():
    arrivals = Arrivals()
    arrivals.moment(0.0, 5.0)
    assert arrivals.moment(0.1, 60.0) == 60.0  # those between were dropped, and their seconds
    assert arrivals.moment(0.1, 60.3) == pytest.approx(60.1, abs=1e-3)


def test_of_a_controller_the_last_value_in_a_millisecond_counts_and_of_notes_all():
    def knob(value, moment, name="cc:1@nano/1"):
        return Input(name, value), moment

    first, second, later = knob(0.2, 1.0001), knob(0.3, 1.0002), knob(0.4, 1.0015)
    struck, other = knob(0.5, 1.0002, "note:60@nano/1"), knob(0.6, 1.0002, "cc:2@nano/1")
    heard = [first, struck, struck, other, second, later]
    assert thinned(heard, lambda moment: int(moment * GRID)) == heard[1:]
    pressed = [knob(1.0, 1.0001), knob(0.0, 1.0002), knob(1.0, 1.0003)]
    assert thinned(pressed, lambda moment: int(moment * GRID)) == pressed


def test_no_step_of_an_encoder_is_lost_that_comes_with_another():
    steps = [(Input("cc:16@mini/1", value / 127), 0.0) for value in (1, 2, 3, 127, 127, 65, 63)]
    assert thinned(steps, lambda moment: 0, both_steps) == steps
    knob = [(Input("cc:16@mini/1", value / 127), 0.0) for value in (20, 30, 40)]
    assert thinned(knob, lambda moment: 0, both_steps) == knob[2:]
