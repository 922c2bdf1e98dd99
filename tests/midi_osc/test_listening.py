"""MIDI from other processes over a sound server, as an engine hears it."""

from __future__ import annotations

import random
import time
from contextlib import suppress

import pytest
from helpers.jack_server import private_jack
from helpers.midi_device import Device, stormy
from helpers.waiting import sleeper, until

from latentcode.midi_osc.midi_in_client import Listening
from latentcode.midi_osc.ports import LOOK_SECONDS, NO_MIDI


class Ears:
    def __init__(self):
        self.inputs, self.clocks, self.notices, self.lags = [], [], [], []
        self.listening = Listening(self.arrive, lambda *what: self.clocks.append(what), self.notices.append)

    def arrive(self, given, moment):
        self.lags.append(time.monotonic() - moment)
        self.inputs.append(tuple(given))

    @property
    def names(self):
        return self.listening.names

    def heard(self, wanted):
        until(lambda: wanted in self.inputs)


@pytest.fixture(scope="module")
def server():
    with private_jack(period=1024) as jack:  # in which a client is hardly ever too late
        yield jack


@pytest.fixture
def package(request, monkeypatch):
    """The package that the set reaches MIDI with; the device uses its own."""
    if hasattr(request, "param"):
        pytest.importorskip(request.param)
        monkeypatch.setenv("LATENTCODE_MIDI", request.param)


@pytest.fixture
def ears(server, package, monkeypatch):
    monkeypatch.setenv("JACK_DEFAULT_SERVER", server.name)
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    ears = Ears()
    ears.listening.start()
    yield ears
    ears.listening.close()


both = pytest.mark.parametrize("package", ["rtmidi", "jack"], indirect=True)


@pytest.fixture
def nano(server):
    device = Device(server.environment, "nano")
    yield device
    device.close()


def strike(device, note):
    """Again and again: JACK drops what a busy program misses."""
    device.send([0x90, note, 127])
    time.sleep(0.1)


@both
def test_what_a_device_says_is_heard(ears, nano, server):
    until(lambda: ears.names == ("nano:out",))
    places = [*range(0, 4000, 37)]
    random.Random(1).shuffle(places)  # a gesture of jumps
    with sleeper() as others:
        for place in places:  # both halves of controller 7, the lower one first
            nano.send([0xB0, 39, place & 127], [0xB0, 7, place >> 7])
        nano.send([0x90, 60, 127], [0xF0, 1, 2, 0xF7], [0xE0, 0, 64], [0xFA], [0xF8], [0x90, 60, 0])
        ears.heard(("note:60@nano:out/1", 0.0))
    assert ears.inputs[-4:] == [
        ("note:60@nano:out/1", 1.0),
        ("bend@nano:out/1", 0.0),
        ("start@nano:out/0", 1.0),
        ("note:60@nano:out/1", 0.0),
    ]
    assert [data for _, data, _ in ears.clocks] == [b"\xfa", b"\xf8"]
    faders = [value for name, value in ears.inputs if name == "cc:7@nano:out/1"]
    assert faders[-1] == ((places[-1] >> 7) << 7 | places[-1] & 127) / 16383
    assert max(ears.lags) < 0.5 + 3 * max(others)
    until(lambda: strike(nano, 61) or ("note:61@nano:out/1", 1.0) in ears.inputs)
    nano.order("blink")  # away for less than the time between two looks
    ears.heard(("note:61@nano:out/1", 0.0))
    gone, back = "nano:out is gone; what is bound to it waits until it is back", "nano:out is plugged in"
    until(lambda: ears.notices[-2:] == [gone, back])
    until(lambda: strike(nano, 62) or ("note:62@nano:out/1", 1.0) in ears.inputs)
    time.sleep(4 * LOOK_SECONDS)  # two looks, after which it is sure of the new connection
    server.disconnect("nano:out")
    ears.heard(("note:62@nano:out/1", 0.0))
    until(lambda: "disconnected" in ears.notices[-1])
    ears.listening.choose(("*",))
    until(lambda: nano.send([0xB0, 2, 127]) or ("cc:2@nano:out/1", 1.0) in ears.inputs)


def test_a_storm_loses_no_note_and_no_last_value(ears, nano):
    until(lambda: ears.names)
    rate, seconds = 5000, 1.5
    sent = [stormy(number) for number in range(int(rate * seconds))]
    notes = [(f"note:{one[1]}@nano:out/1", one[2] / 127) for one in sent if one[0] == 0x90]
    last = {f"cc:{one[1]}@nano:out/1": one[2] / 127 for one in sent if one[0] == 0xB0}
    for _ in range(5):  # a server that stands still for a moment loses what it carries: that storm counts not
        ears.inputs.clear()
        nano.order("storm", rate, seconds)
        until(lambda: nano.send([0xFC]) or time.sleep(0.1) or ("stop@nano:out/0", 1.0) in ears.inputs)
        struck = [one for one in ears.inputs if one[0].startswith("note")]
        stand = dict(one for one in ears.inputs if one[0].startswith("cc"))
        if (struck, stand) == (notes, last):
            break
    assert struck == notes
    assert stand == last


@both
def test_sensing_and_exclusive_messages_between_pulses_do_not_shift_a_clock(ears, nano):
    until(lambda: ears.names == ("nano:out",))
    for _ in range(5):  # a pulse that the server loses counts not
        ears.clocks.clear()
        least, most = _two_pulses(nano)
        with suppress(AssertionError):
            until(lambda: len(ears.clocks) == 2, 5)
            break
    assert least - 0.05 < ears.clocks[1][2] - ears.clocks[0][2] < most + 0.05


def _two_pulses(nano):
    """Send them with other messages in between; within which seconds they are apart."""
    begun = time.monotonic()
    nano.send(b"\xf8")
    sent = time.monotonic()
    for between in (b"\xfe", b"\xf0\x7e\x00\x06\x01\xf7") * 3:
        time.sleep(0.05)
        nano.send(between)
    least = time.monotonic() - sent
    nano.send(b"\xf8")
    return least, time.monotonic() - begun


@both
def test_a_device_that_vanishes_in_mid_gesture_comes_back_under_its_name(ears, server):
    nano = Device(server.environment, "nano")
    until(lambda: ears.names == ("nano:out",))
    nano.send([0x90, 60, 100], [0xB0, 7, 20], [0xB0, 7, 30])
    ears.heard(("cc:7@nano:out/1", 30 / 127))
    nano.kill()
    ears.heard(("note:60@nano:out/1", 0.0))
    until(lambda: ears.names == ())
    nano = Device(server.environment, "nano")
    until(lambda: ears.names == ("nano:out",))
    nano.send([0xB0, 7, 40])
    ears.heard(("cc:7@nano:out/1", 40 / 127))
    nano.close()
    said = [text.split(";")[0] for text in ears.notices]
    assert said[-2:] == ["nano:out is gone", "nano:out is plugged in"]


def test_two_devices_of_one_name_with_the_same_numbers_are_two(ears, server, nano):
    until(lambda: ears.names == ("nano:out",))
    other = Device(server.environment, "Nano")
    until(lambda: ears.names == ("nano:out", "nano:out_2"))
    nano.send([0xB0, 7, 1])
    other.send([0xB0, 7, 2])
    ears.heard(("cc:7@nano:out/1", 1 / 127))
    ears.heard(("cc:7@nano:out_2/1", 2 / 127))
    nano.close()
    until(lambda: ears.names == ("nano:out_2",))
    other.send([0xB0, 7, 3])
    ears.heard(("cc:7@nano:out_2/1", 3 / 127))
    other.close()


@both
def test_an_input_of_our_own_is_there_for_others(ears, server):
    ears.listening.make("way_in")
    until(lambda: ears.names == ("way_in",))
    assert "latentcode-way_in:way_in" in server.ports()
    ears.listening.choose(())
    until(lambda: not ears.names)
    assert "way_in" not in server.ports()


def test_a_listener_that_dies_lets_go_of_keys_and_is_there_again_without_a_word(ears, nano, monkeypatch):
    for name, value in (("AGAIN_SECONDS", 0.1), ("OFTEN", 3)):
        monkeypatch.setattr(f"latentcode.midi_osc.restarts.{name}", value)
    until(lambda: ears.names)
    nano.send([0x90, 60, 127], [0xB0, 64, 127], [0xB1, 64, 127])
    ears.heard(("cc:64@nano:out/2", 1.0))
    for told in ([], [], ["✗ MIDI input has died 3 times"]):
        until(lambda: ears.names)
        ears.listening._child.process.kill()
        until(lambda: not ears.names)
        assert [text.partition(" in two minutes")[0] for text in ears.notices] == told
    until(lambda: ears.names)
    assert ears.inputs[3:] == [
        ("note:60@nano:out/1", 0.0),
        ("cc:64@nano:out/1", 0.0),
    ]  # of channel 2 it is a fader


def test_one_who_listens_and_fails_does_not_end_it(ears, nano, monkeypatch):
    until(lambda: ears.names)
    monkeypatch.setattr(ears.listening, "_arrive", lambda given, moment: 1 / 0)
    nano.send([0xB0, 7, 1], [0xB0, 7, 2])
    until(lambda: "✗ cc:7@nano:out/1: division by zero" in ears.notices)
    monkeypatch.setattr(ears.listening, "_arrive", ears.arrive)
    nano.send([0xB0, 7, 3])
    ears.heard(("cc:7@nano:out/1", 3 / 127))


def test_without_any_midi_there_is_one_line_and_nothing_else(monkeypatch):
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "latentcode-no-such-server")
    ears = Ears()
    ears.listening.start()
    time.sleep(1.0)
    ears.listening.close()
    assert ears.notices in ([NO_MIDI], [])  # [] where ALSA or Core MIDI answers
