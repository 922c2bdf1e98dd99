"""Notes that leave with the sound: over JACK, to another client, through deaths and silence."""

from __future__ import annotations

import time

import numpy as np
import pytest
from audio import private_jack
from live_set import LiveSet, until

from latentcode.commands import Command
from latentcode.desk.hands.midi_out import MidiOuts

pytestmark = pytest.mark.timeout(120)
BUFFER, RATE = 1024, 44100  # long: a client that is late in a short one loses what it sends


class Stage:
    """What words need of a stage."""

    def __init__(self, live) -> None:
        self.live = live

    def issue(self, kind, voice, *arguments):
        self.live._commands.append(Command(kind, voice, arguments))

    def ask(self, *message):
        self.live.say(*message)

    def quant_of(self, quant):
        return "1"


class Synth:
    """A MIDI input that notes what comes, and when."""

    def __init__(self) -> None:
        import rtmidi

        self.got = []
        self.midi = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name="synth")
        self.midi.set_callback(lambda event, _: self.got.append((time.monotonic(), bytes(event[0]))))
        self.midi.open_virtual_port("in")

    def notes(self):
        return [data for _, data in self.got if data[0] & 0xE0 == 0x80]

    def close(self):
        self.midi.close_port()
        self.midi.delete()


@pytest.fixture
def live(tmp_path, model_file, monkeypatch):
    pytest.importorskip("rtmidi")
    with private_jack(RATE, BUFFER) as server:
        for key in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER"):
            monkeypatch.setenv(key, server.environment[key])
        synth = Synth()
        made = LiveSet(tmp_path, model_file)
        made._names |= MidiOuts(Stage(made)).words()
        made.synth = synth
        yield made
        made.child.close(3.0)
        synth.close()


def test_notes_leave_evenly_and_end_with_the_set(live):
    live.block('midi_out("synth", ch=3).note(n("0*16").velocity(.5)).cc(74, sine)')
    until(lambda: len(live.synth.notes()) > 60, 30)
    live.block("hush()")
    time.sleep(0.5)
    live.finish()
    notes = live.synth.notes()
    assert notes[0] == b"\x92\x3c\x40"
    assert notes[1] == b"\x82\x3c\x00"
    assert sum(data[0] == 0x92 for data in notes) == sum(data[0] == 0x82 for data in notes)
    assert any(data[0] == 0xB2 and data[1] == 74 for _, data in live.synth.got)
    struck = np.array([moment for moment, data in live.synth.got if data[0] == 0x92])
    beside = struck - struck[0] - np.round((struck - struck[0]) / 0.125) * 0.125
    assert np.percentile(np.abs(beside - np.median(beside)), 90) < BUFFER / RATE


def test_an_engine_that_dies_leaves_no_key_held(live):
    live.block('midi_out("synth").note(n("0/16"))')
    until(lambda: live.synth.notes(), 30)
    live.child.process.kill()
    until(lambda: live.synth.notes()[-1] == b"\x80\x3c\x00", 5)
