from __future__ import annotations

from types import SimpleNamespace

import pytest

import latentcode as lc
from latentcode.commands import Command
from latentcode.desk.labels import labelled, played
from latentcode.desk.toolbar import status, voices


def link(**changes):
    state = {
        "bpm": 120.0,
        "cycle": 12.3,
        "beats": 4,
        "lead": 46.0,
        "load": 0.2,
        "player_load": 0.1,
        "dry": 0,
        "xruns": 0,
        "device": "jack, 44100 Hz",
        "recording": None,
        "voices": (),
    }
    found = SimpleNamespace(
        state=state, hello={"model": "house"}, heard=10.0, encoding=None, down="", ready=True
    )
    for name, value in changes.items():
        if hasattr(found, name):
            setattr(found, name, value)
        else:
            state[name] = value
    return found


def text(fragments):
    return "".join(part for _, part in fragments)


def voice(index, **changes):
    plain = {"index": index, "playing": True, "text": "cello", "pending": None, "pending_cycle": None}
    return plain | changes


def test_what_the_engine_does_is_in_one_line():
    line = text(status(link(), 120, 10.0))
    for part in ("house", "120 bpm", "12 ·●··", "lead 46 ms", "load 20%", "dry 0", "jack"):
        assert part in line


def test_the_beat_moves_between_two_states():
    assert "12 ··●·" in text(status(link(), 120, 10.5))
    assert "13 ●···" in text(status(link(cycle=12.99), 120, 10.1))


def test_what_is_amiss_is_seen():
    assert "the engine is starting" in text(status(link(hello={}), 80, 10.0))
    assert "no engine: it ended" in text(status(link(down="it ended"), 80, 10.0))
    assert "the engine is starting" in text(status(link(ready=False), 80, 20.0))
    assert "the engine is silent" in text(status(link(), 120, 20.0))
    assert "dry 7" in text(status(link(dry=7), 120, 10.0))
    assert "encoding cello 50%" in text(status(link(encoding=(1, 2, "cello")), 120, 10.0))
    taken = (("cc:21@*/*", 1.5, 4.0), ("osc:/x#0", -0.25, 2.0))
    assert "capturing cc 21, 2 of 4" in text(status(link(capturing=taken), 160, 10.0))
    assert "capturing osc /x in 0.2" in text(status(link(capturing=taken), 160, 10.0))
    assert "● set.wav" in text(status(link(recording="/tmp/set.wav"), 120, 10.0))


def test_voices_show_what_plays_and_what_is_pending_and_when():
    line = text(
        voices(link(voices=(voice(0), voice(2, pending="choir", pending_cycle=13.0, muted=True))), 100)
    )
    assert "d1 cello" in line
    assert "d3 M cello → choir in 0.7" in line
    assert "nothing plays" in text(voices(link(), 100))


def test_what_sounds_beside_the_voices_is_shown():
    once = voice(15, playing=False, text="", beside=(("once", 12.7),))
    line = text(voices(link(voices=(voice(0, beside=(("fading", None),)), once)), 120))
    assert "d1 cello +fading" in line
    assert "d16  +once in 0.4" in line
    assert "133.33 bpm" in text(status(link(bpm=400 / 3), 120, 10.0))


def test_a_command_carries_what_was_typed_for_it():
    cello, rest = lc.s("cello(3,8)").rev(), lc.s("kick*4")
    code = 'd1 >> s("cello(3,8)")\\\n  .rev(); bpm(90); d2 >> s("kick*4")'
    commands = [
        Command("play", 0, (cello, "1")),
        Command("tempo", arguments=("90",)),
        Command("play", 1, (rest, "1")),
    ]
    made = labelled(code, commands, 3)
    assert {command.block for command in made} == {3}
    assert [command.label for command in made] == ['s("cello(3,8)")\\ .rev()', "", 's("kick*4")']
    assert [command.digest for command in made] == [command.digest for command in commands]


@pytest.mark.parametrize(
    ("code", "targets", "sources"),
    [
        ("d1 >> a; d2 >> b", ["d1", "d2"], ["a", "b"]),
        ('d["x"] >> a', ["d16"], ["a"]),
        ("if x:\n    d1 >> a\nelse:\n    d2 >> b", ["d2"], ["b"]),
        ("for v in (d1, d2): v >> a", ["d1", "d2"], ["", ""]),
        ("d1.play(a)", ["d1"], [""]),
    ],
)
def test_what_a_block_plays_is_found_in_its_code(code, targets, sources):
    assert played(code, targets) == sources


def test_nothing_is_wider_than_the_terminal():
    many = tuple(voice(index, text="a long pattern " * 9) for index in range(16))
    for width in (20, 40, 80, 200):
        assert len(text(voices(link(voices=many), width))) <= width
        assert len(text(status(link(), width, 10.0))) <= width
