"""Pads and keys played from another process over jackd: what was heard is what the journal gives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from helpers.jack_server import private_jack
from helpers.live_set import assert_heard_again
from helpers.waiting import until

from latentcode.prompt.link import Link
from latentcode.prompt.options import Options
from latentcode.prompt.session import Desk
from latentcode.session.journal import read_session

pytest.importorskip("rtmidi")
pytestmark = pytest.mark.timeout(240)

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
def played(tmp_path, monkeypatch, model_file):
    """A set over a jackd of its own, and another process with keys and pads."""
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.chdir(tmp_path)
    with private_jack(44100, 256) as server:
        for name in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER"):
            monkeypatch.setenv(name, server.environment[name])
        said: list[str] = []
        link = Link(
            Options(model=model_file, journal=str(tmp_path / "set.py"), seed=3, driver="jack"), said.append
        )
        link.start()
        assert link.wait_ready(60), said
        hands = subprocess.Popen(
            [sys.executable, "-c", PLAYER, "120"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        yield link, said, hands
        link.leave()
        hands.kill()
        hands.wait()


def test_what_pads_and_keys_played_renders_to_the_samples_that_were_heard(played, tmp_path):
    link, said, hands = played
    desk = Desk(link, said.append)
    until(lambda: any("keys" in name for name in link.ask("controls", patience=5.0)["ports"]), 40)
    desk.run(f"record({str(tmp_path / 'heard.wav')!r})")
    for line in LINES:
        assert desk.run(line), said
        number = desk.blocks.number
        until(lambda number=number: number not in link._unanswered, 60)
    hands.stdin.write("go\n")
    hands.stdin.flush()
    hands.stdout.readline()  # it has played to the end
    desk.run("hush()")
    end = link.state.playhead + 22050
    until(lambda: link.state.playhead > end, 30)
    desk.run("record(None)")
    until(lambda: any("recorded" in line for line in said), 30)
    link.leave()
    assert [line for line in said if line.startswith("✗") and "too slow" not in line] == []

    session = read_session(Path("set.py"))
    inputs = {given.key.partition(":")[0] for given, _ in session.inputs}
    assert {"note", "cc"} <= inputs
    assert_heard_again(Path("set.py"), tmp_path / "heard.wav", least=1.0)
