"""Fakes keep the shape of what they stand for (mypy holds `FakeInterface` to its protocol)."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from helpers.waiting import until

from latentcode.engine.sound import PlayerLink
from latentcode.midi_osc import sending
from latentcode.testing.midi import FakeInterface
from latentcode.testing.player import FakePlayer


def methods(kind):
    found = inspect.getmembers(
        kind, lambda member: inspect.isfunction(member) or isinstance(member, property)
    )
    return {name: member for name, member in found if not name.startswith("_")}


def test_a_fake_player_can_do_what_the_link_to_a_player_can():
    fake = FakePlayer()
    for name, member in methods(PlayerLink).items():
        assert hasattr(fake, name)
        if inspect.isfunction(member):
            assert inspect.signature(member) == inspect.signature(getattr(FakePlayer, name))


def test_a_fake_player_is_ahead_by_what_it_has_not_played():
    player = FakePlayer(48000, 128)
    player.begin(1000, 300)
    player.write(np.zeros((32, 512), np.float32))
    assert (player.playhead, player.ahead, player.border(129)) == (700, 812, 256)
    player.playhead += 812
    assert player.ahead == 0


@pytest.fixture
def machine(monkeypatch):
    made = FakeInterface("synth in")
    monkeypatch.setattr(sending, "interfaces", lambda: iter([made]))
    return made


def test_outputs_are_found_by_a_part_of_their_names_and_again_when_they_are_back(machine):
    told, changed = [], []
    outputs = sending.Outlets(told.append, lambda *what: changed.append(what))
    outputs.want("synth")
    until(lambda: outputs.is_open("synth"))
    outputs.reopen()
    until(lambda: len(changed) == 3)
    machine.dead = True  # with its server
    until(lambda: len(changed) == 4)
    machine.dead = False
    until(lambda: len(changed) == 5)
    assert [there for _, there in changed] == [True, False] * 2 + [True]
    told.clear()
    assert outputs.send("synth", b"\x90\x3c\x40")
    assert machine.outs[-1].sent == [b"\x90\x3c\x40"]
    machine.plugged.clear()
    outputs.want("organ")  # one that is not there: it looks at all of them
    until(lambda: not outputs.is_open("synth"))
    until(lambda: len(told) == 2)
    assert not outputs.send("synth", b"\x80\x3c\x40")
    machine.plugged.append("synth in")
    outputs.want("virtual", virtual=True)
    until(lambda: outputs.is_open("synth") and outputs.is_open("virtual"))
    outputs.close()
    assert [out.closed for out in machine.outs] == [True] * 5
    assert machine.closed


def test_of_two_outputs_with_one_name_each_is_reached_by_its_own(machine):
    machine.plugged[:] = ["Nano 20:0", "Nano 24:0", "Nano 24:0"]
    outputs = sending.Outlets()
    for name in ("nano_2", "=nano", "nano_3", "nano"):
        outputs.want(name)
        until(lambda name=name: outputs.is_open(name))
    assert [(out.port, out.nth) for out in machine.outs] == [
        ("Nano 24:0", 0),
        ("Nano 20:0", 0),
        ("Nano 24:0", 1),
        ("Nano 20:0", 0),
    ]
    machine.plugged.pop(0)  # the first is gone: what is meant by all of its name waits for it
    until(lambda: not outputs.is_open("=nano"))
    until(lambda: outputs.is_open("nano"))
    assert not outputs.is_open("=nano")
    outputs.close()
