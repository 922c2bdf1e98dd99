"""Notes that leave with the sound: over JACK, to another client, through deaths and silence."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.live_set import LiveSet
from helpers.midi_device import Ear
from helpers.waiting import sleeper, until, usual

from latentcode.prompt.controllers.ports import MidiOuts
from latentcode.set.commands import Command

pytestmark = pytest.mark.timeout(600)
BUFFER, RATE = 1024, 44100  # long: a client that is late in a short one loses what it sends


class Stage:
    """What words need of a stage."""

    def __init__(self, live) -> None:
        self.live = live

    def issue(self, kind, voice, *arguments):
        self.live._commands.append(Command(kind, voice, arguments))

    def ask(self, message):
        self.live.child.wire.send(message)

    def quant_of(self, quant):
        return "1"


class Synth(Ear):
    """A MIDI input that notes what comes, and when."""

    def notes(self):
        return [data for _, data in self.got if data[0] & 0xE0 == 0x80]

    def released(self, on, off):
        """Whether what was struck last has been let go of; JACK may have dropped one of those before."""
        heard = [data[0] for data in self.notes() if data[0] in (on, off)]
        return on in heard and heard[-1] == off

    def evenly(self, on, seconds, others):
        """Whether the last notes came so many seconds apart, as evenly as a thread that only sleeps."""
        struck = np.array([moment for moment, data in self.got if data[0] == on][-30:])
        if len(struck) < 30:
            return False
        beside = struck - struck[0] - np.round((struck - struck[0]) / seconds) * seconds
        uneven = [float(one) for one in np.abs(beside - np.median(beside))]
        return usual(uneven) < BUFFER / RATE + 3 * usual(others[-1000:])


@pytest.fixture
def live(tmp_path, model_file, jack):
    synth = Synth(jack.environment)
    made = LiveSet(tmp_path, model_file)
    made._names |= MidiOuts(Stage(made)).words()
    made.synth = synth
    yield made
    made.child.close(3.0)
    synth.close()


@pytest.mark.parametrize("jack", [(RATE, BUFFER)], indirect=True)
def test_notes_leave_evenly_and_none_is_held_when_they_end_or_the_engine_dies(live):
    with sleeper() as others:
        live.block('midi_out("synth", ch=3).note(n("0*16").velocity(.5)).cc(74, sine)')
        until(lambda: live.synth.evenly(0x92, 0.125, others), 120)  # on a machine that is busy some are late
    live.block("hush()")
    until(lambda: live.synth.released(0x92, 0x82), 30)
    assert set(live.synth.notes()) == {b"\x92\x3c\x40", b"\x82\x3c\x00"}
    assert any(data[0] == 0xB2 and data[1] == 74 for _, data in live.synth.got)

    live.block('midi_out("synth").note(n("7/16"))')
    until(lambda: b"\x90\x43" in {data[:2] for data in live.synth.notes()}, 30)
    assert not live.synth.released(0x90, 0x80)
    live.child.process.kill()
    until(lambda: live.synth.released(0x90, 0x80), 30)
    assert live.synth.released(0x92, 0x82)
