"""Pads and keys played from another process over jackd: what was heard is what the journal gives."""

from __future__ import annotations

import subprocess
import sys

import pytest
from helpers.live_set import heard_again
from helpers.waiting import until

from latentcode.session.journal import read_session

pytest.importorskip("rtmidi")
pytestmark = pytest.mark.timeout(600)

PLAYER = """
import sys, time, random, rtmidi
out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="hands")
out.open_virtual_port("keys")
sys.stdin.readline()
random.seed(5)
held = []
for step in range(int(sys.argv[1])):
    what = random.random()
    if what < .35:
        held.append(random.randrange(48, 76))
        out.send_message([0x90, held[-1], random.randrange(30, 128)])
    elif what < .6 and held:
        out.send_message([0x80, held.pop(random.randrange(len(held))), 0])
    elif what < .75:
        out.send_message([0xE0, random.randrange(128), random.randrange(40, 88)])
    elif what < .8:
        out.send_message([0xB0, 64, random.choice([0, 127])])
    elif what < .82:
        out.send_message([0xB0, 21, random.randrange(128)])
    else:
        pad = random.choice([36, 37, 38, 39, 40])
        out.send_message([0x99, pad, random.randrange(30, 128)])
        out.send_message([0x99, pad, 0])
    time.sleep(random.random() * .05)
for key in held:
    out.send_message([0x80, key, 0])
out.send_message([0xB0, 64, 0])
print("played", flush=True)
sys.stdin.readline()
"""

LINES = (
    'bpm(150); d1 >> s("kick*2").gain(.3)',
    'keys(d5, s("cello").bias(cc(21)).release(.2), ch=1)',
    'pads({36: s("snare <hat clap>"), 37: "hat", 38: d1, 39: scene("drop"), 40: lambda: bpm(160)}, ch=10)',
)


@pytest.fixture
def hands(jack):
    """Another process with keys and pads, which waits for a word."""
    program = [sys.executable, "-c", PLAYER, "120"]
    process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.wait()


def test_what_pads_and_keys_played_renders_to_the_samples_that_were_heard(begin, hands, tmp_path):
    live = begin(driver="jack", midi=None)
    until(lambda: any("keys" in name for name in live.told("ports")), 40)
    with heard_again(live, tmp_path / "heard.wav", least=1.0):
        for line in LINES:
            live.run(line)
        hands.stdin.write("go\n")
        hands.stdin.flush()
        hands.stdout.readline()  # it has played to the end
        live.run("hush()")
        live.play_on(0.5)
    inputs = {given.key.partition(":")[0] for given, _ in read_session(live.journal).inputs}
    assert {"note", "cc"} <= inputs
