"""Pads and keys played from another process over jackd: what was heard is what the journal gives."""

from __future__ import annotations

from random import Random

import pytest
from helpers.live_set import heard_again
from helpers.midi_device import Device
from helpers.waiting import until

from latentcode.session.journal import read_session

pytest.importorskip("rtmidi")
pytestmark = pytest.mark.timeout(600)


def played(steps: int):
    """Keys, bends, a pedal, a knob and pads: packets, each with the seconds after it."""
    random, held = Random(5), []
    for _ in range(steps):
        what = random.random()
        if what < 0.35:
            held.append(random.randrange(48, 76))
            yield bytes((0x90, held[-1], random.randrange(30, 128))), 0
        elif what < 0.6 and held:
            yield bytes((0x80, held.pop(random.randrange(len(held))), 0)), 0
        elif what < 0.75:
            yield bytes((0xE0, random.randrange(128), random.randrange(40, 88))), 0
        elif what < 0.8:
            yield bytes((0xB0, 64, random.choice([0, 127]))), 0
        elif what < 0.82:
            yield bytes((0xB0, 21, random.randrange(128))), 0
        else:
            pad = random.choice([36, 37, 38, 39, 40])
            yield bytes((0x99, pad, random.randrange(30, 128))), 0
            yield bytes((0x99, pad, 0)), 0
        yield b"", random.random() * 0.05
    for key in held:
        yield bytes((0x80, key, 0)), 0
    yield bytes((0xB0, 64, 0)), 0


LINES = (
    'bpm(150); d1 >> s("kick*2").gain(.3)',
    'keys(d5, s("cello").bias(cc(21)).release(.2), ch=1)',
    'pads({36: s("snare <hat clap>"), 37: "hat", 38: d1, 39: scene("drop"), 40: lambda: bpm(160)}, ch=10)',
)


@pytest.fixture
def hands(jack):
    """Another process with keys and pads."""
    device = Device(jack.environment, "hands", "keys")
    yield device
    device.close()


def test_what_pads_and_keys_played_renders_to_the_samples_that_were_heard(begin, hands, tmp_path):
    live = begin(driver="jack", midi=None)
    until(lambda: any("keys" in name for name in live.told("ports")), 40)
    with heard_again(live, tmp_path / "heard.wav", least=1.0):
        for line in LINES:
            live.run(line)
        hands.play(played(120))
        live.run("hush()")
        live.play_on(0.5)
    inputs = {given.key.partition(":")[0] for given, _ in read_session(live.journal).inputs}
    assert {"note", "cc"} <= inputs
