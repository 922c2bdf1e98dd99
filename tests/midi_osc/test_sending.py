"""MIDI leaves at its moment, over a JACK of its own, to a client that listens."""

from __future__ import annotations

import time
from itertools import count

import numpy as np
import pytest
from helpers.jack_server import private_jack
from helpers.midi_device import Ear
from helpers.waiting import sleeper, until, usual

from latentcode.midi_osc.midi_out_client import Posting
from latentcode.midi_osc.sending import Sender

RATE, PERIOD = 48000, 128
LONG = 2048  # in which a client is hardly ever too late, whatever else the machine does: JACK drops what is


@pytest.fixture
def jack(request, monkeypatch):
    with private_jack(RATE, getattr(request, "param", LONG)) as server:
        monkeypatch.setenv("JACK_DEFAULT_SERVER", server.name)
        monkeypatch.setenv("JACK_NO_START_SERVER", "1")
        yield server


@pytest.fixture
def told():
    return []


@pytest.fixture
def package(request, monkeypatch):
    """The package that the set reaches MIDI with; the synth uses its own."""
    if hasattr(request, "param"):
        pytest.importorskip(request.param)
        monkeypatch.setenv("LATENTCODE_MIDI", request.param)


both = pytest.mark.parametrize("package", ["rtmidi", "jack"], indirect=True)


@pytest.fixture(params=[Sender, Posting], ids=["here", "in its process"])
def kind(request, package):
    return request.param


@pytest.fixture
def sender(jack, told, kind):
    made = kind(told.append)
    yield made
    made.close()


@pytest.mark.parametrize("jack", [PERIOD], indirect=True)
def test_messages_leave_at_their_moments_in_their_order(sender):
    synth = Ear()
    sender.open("SYN")
    until(lambda: sender.is_open("SYN"))
    rounds = count(1)  # on a machine that is busy JACK drops some, and is late
    until(lambda: _punctual(sender, synth, next(rounds) % 128), 120)
    synth.close()


def _punctual(sender, synth, number):
    """Whether messages came in time; in their order, and not too early, they come on any machine."""
    last = bytes((0xB0, 21, number))  # of this round: those of the one before may still be on their way
    synth.got.clear()
    moments = time.monotonic() + 0.1 + np.arange(40) * 0.0173
    with sleeper() as others:
        for place in reversed(range(40)):
            sender.at(float(moments[place]), "SYN", bytes((0xB0, 20, place)))
        until(lambda: time.monotonic() > moments[-1])
        until(lambda: sender.now("SYN", last) or last in synth.data)
    got = [(moment, data[2]) for moment, data in synth.got if data[1] == 20]
    came = [place for _, place in got]
    assert came == sorted(came)
    late = np.array([moment for moment, _ in got]) - moments[came]
    assert (late > -0.0005).all()
    return len(came) > 20 and np.median(late) < 2.5 * PERIOD / RATE + 3 * usual(others)


@both
def test_what_sounds_is_let_go_at_the_end(jack, told, kind):
    synth, sender = Ear(), kind(told.append)
    sender.open("synth")
    until(lambda: sender.is_open("synth"))
    now = time.monotonic()
    sender.now("synth", b"\x91\x40\x60")
    sender.at(now + 0.2, "synth", b"\xb0\x01\x01")
    until(lambda: len(synth.got) == 2)
    time.sleep(0.3)
    sender.close()
    sender.now("synth", b"\xb0\x01\x03")
    until(lambda: len(synth.got) == 3)
    synth.close()
    assert synth.data == [b"\x91\x40\x60", b"\xb0\x01\x01", b"\x81\x40\x00"]
    assert not told


def test_an_output_that_is_not_there_is_said_once_and_taken_when_it_comes_and_comes_back(sender, told):
    for _ in range(3):
        sender.now("synth", b"\xb0\x01\x01")
    until(lambda: told)
    synth = Ear()
    until(lambda: sender.is_open("synth"))
    sender.now("synth", b"\xb0\x01\x02")
    until(lambda: synth.data == [b"\xb0\x01\x02"])
    synth.close()
    until(lambda: not sender.is_open("synth"))
    sender.now("synth", b"\xb0\x01\x03")
    synth = Ear()
    until(lambda: sender.is_open("synth"))
    sender.now("synth", b"\xb0\x01\x04")
    until(lambda: synth.data == [b"\xb0\x01\x04"])
    synth.close()
    assert "no MIDI output has 'synth' in its name; there is none" in told[0]
    assert "virtual=True" in told[0]
    assert [line.split("; ")[0].split(": ")[0] for line in told[1:4]] == [
        "the MIDI output 'synth' is there",
        "the MIDI output 'synth:in' is gone",
        "the MIDI output 'synth' is there",
    ]


@both
def test_an_output_that_is_back_before_anybody_looks_is_opened_again_and_no_note_hangs(sender, told):
    synth = Ear()
    sender.open("synth")
    until(lambda: sender.is_open("synth"))
    sender.now("synth", b"\x90\x40\x60")
    until(lambda: synth.data == [b"\x90\x40\x60"])
    synth.blink()
    sender.now("synth", b"\x80\x40\x00")  # nobody hears it
    until(lambda: any("is there" in line for line in told))
    sender.now("synth", b"\xb0\x01\x04")
    until(lambda: b"\xb0\x01\x04" in synth.data)
    assert b"\x80\x40\x00" in synth.data
    synth.close()


@both
def test_a_port_of_our_own_is_there_for_others(sender):
    sender.open("stage", virtual=True)
    synth = Ear(client="listener", port="*stage")
    until(lambda: sender.is_open("stage"))
    until(lambda: sender.now("stage", b"\xc0\x05") or synth.data)  # JACK drops what it has no time for
    synth.close()
    assert set(synth.data) == {b"\xc0\x05"}


def test_without_midi_it_is_said_and_nothing_stops(monkeypatch, kind):
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "latentcode-test-nobody")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    told: list[str] = []
    sender = kind(told.append)
    sender.now("synth", b"\x90\x40\x60")
    until(lambda: told)
    sender.close()
    assert "no MIDI output" in told[0]


def test_the_outputs_that_are_there_are_named(jack):
    synth, posting = Ear(), Posting()
    until(lambda: posting.names() == ("synth:in",))  # its process may be long in coming
    posting.close()
    synth.close()


def test_a_process_that_dies_is_started_again(jack, told):
    synth, posting = Ear(), Posting(told.append)
    posting.open("synth")
    until(lambda: posting.is_open("synth"))
    posting._child.process.kill()
    posting._child.process.wait()
    until(lambda: posting.now("synth", b"\xb0\x01\x01") or synth.data)
    posting.close()
    synth.close()
    assert told == []
