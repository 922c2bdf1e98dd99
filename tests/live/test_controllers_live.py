"""A controller over jackd: encoders, notes with an expression of their own, and what it is shown."""

from __future__ import annotations

import pytest
from helpers.live_set import heard_again
from helpers.midi_device import Device, Ear
from helpers.waiting import until

from latentcode.session.journal import read_session

pytest.importorskip("rtmidi")
LONG = 2048  # in which a client is hardly ever too late, whatever else the machine does: JACK drops what is
pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.parametrize("jack", [(44100, LONG)], indirect=True),
]

PORT = "surface_keys:out"


class Surface:
    """A program with a MIDI port each way."""

    def __init__(self, jack) -> None:
        self._ear = Ear(jack.environment, "surface")
        self._keys = Device(jack.environment, "surface keys")  # JACK gives each client a name of its own

    def plays(self, *messages: str) -> None:
        """Send messages in hexadecimal."""
        self._keys.play((bytes.fromhex(message), 0.01) for message in messages)

    def is_told(self, *messages: str) -> None:
        """Wait until these have come back."""
        wanted = {bytes.fromhex(message) for message in messages}
        until(lambda: wanted <= set(self._ear.data), 60, lambda: self._ear.data)

    def end(self) -> None:
        self._keys.close()
        self._ear.close()


@pytest.fixture
def surface(jack):
    made = Surface(jack)
    yield made
    made.end()


def stands(live, number):
    """Whether controller 7 is where it was turned to."""
    return any(
        name.startswith("cc:7@") and value == number / 127 for name, value in live.told("values").items()
    )


LINES = (
    'd1 >> s("cello*2").gain(.3 * live("amount", default=.5)); d2 >> s("kick*4").gain(.3)',
    'encoders(16, encoding="twos", step=.1); encoders(17, encoding="sign", step=.1)',
    'encoders(18, encoding="offset", step=.1); d1.gain(cc(17)); d2.gain(cc(7, default=1))',
    'pads({36: d2, 37: scene("drop")}, ch=16, port="surface")',
    'keys(d5, s("choir").bias(pressure() - cc(74)), port="surface", mpe=True)',
    'leds("surface", on=3, dim=1, waiting=5, sysex="F0 00 20 29 02 0D 0E 01 F7")',
)
NOTES = ("924060", "e24060", "d250", "b24a30", "934370", "e30030", "d330", "b34a60", "824000", "834300")


def test_a_controller_plays_is_shown_the_set_and_is_heard_again(begin, surface, jack, tmp_path):
    live = begin(driver="jack", midi=None)
    until(lambda: PORT in live.told("ports"), 40, lambda: live.told("ports"))
    with heard_again(live, tmp_path / "heard.wav", least=1.0):
        for line in LINES:
            live.run(line)
        surface.is_told("f0002029020d0e01f7", "9f2401", "9f2501")
        surface.plays(*["b01001"] * 5, "b0107f", *["b01101"] * 5, "b01141", *["b01241"] * 5, "b0123f")
        surface.is_told("b01033", "b01133", "b01233")  # each is at four tenths: no step is lost
        surface.plays("9f2440", "9f2400", *NOTES)
        surface.is_told("9f2403")
        surface.plays("b00720")
        until(lambda: stands(live, 0x20), 20)
        live.run('quant("now"); scene("loud")')
        surface.plays("b00760")
        until(lambda: stands(live, 0x60), 20)
        live.run('go("loud")')
        surface.is_told("b00720")  # a motor fader goes back to where the scene has it
        surface.plays("9f2540", "9f2500")
        surface.is_told("9f2503")
        surface.end()
        until(lambda: PORT not in live.told("ports"), 20)
        until(lambda: any("the MIDI output 'surface:in' is gone" in line for line in live.said), 20)
        again = Surface(jack)
        until(lambda: PORT in live.told("ports"), 20)
        again.is_told("f0002029020d0e01f7", "9f2503")
        again.plays("9f2440", "9f2400", "b01001")  # what was bound is bound
        again.is_told("b01040")
        live.run("hush()")
        live.play_on(0.3)
        again.end()
    kinds = {given.key.partition("@")[0].partition(":")[0] for given, _ in read_session(live.journal).inputs}
    assert {"note", "cc", "bend", "pressure"} <= kinds
