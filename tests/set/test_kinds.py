"""The table of commands: a kind is known by its entry alone, and what has none goes nowhere."""

from __future__ import annotations

import pickle
import sys
from importlib import import_module
from pkgutil import iter_modules

import pytest
from helpers.toy_sounds import rendered

import latentcode as lc
from latentcode.errors import EngineError
from latentcode.prompt.replay import Collector
from latentcode.prompt.restore_log import MOST, Memory
from latentcode.prompt.set_api import SetApi
from latentcode.protocol.player_messages import Gain
from latentcode.set import kinds
from latentcode.set.commands import SET, Command
from latentcode.set.kinds import KINDS, kind_of, packed, unpacked

HALVE = '''
"""A command in one file."""

from latentcode.set.kinds.table import Kind, register


def halve(parts, command, sample):
    (share,) = command.arguments
    told = []
    for voice in range(16):
        told += parts.faders.fade(("gain", voice), parts.faders.at("gain", voice).shown * share, sample)
    return told


register(Kind("halve", "share: all faders go down", whole=halve, lasting=True))
'''


@pytest.fixture
def _halve(tmp_path, monkeypatch):
    """A kind in a file of its own, found as those of the package are."""
    (tmp_path / "halving.py").write_text(HALVE)
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(tmp_path)])
    assert "halving" in {found.name for found in iter_modules(kinds.__path__)}
    import_module("latentcode.set.kinds.halving")
    yield
    del KINDS["halve"], sys.modules["latentcode.set.kinds.halving"], kinds.halving


@pytest.mark.usefixtures("_halve")
def test_a_kind_is_added_by_one_file(perform):
    sink = Collector()
    sink.begin("")
    SetApi(sink).issue("halve", SET, 0.5)
    (command,) = (unpacked(packed(command)) for command in sink.commands)
    performance = perform()
    performance.schedule(Command("gain", 3, (0.8,), block=1), 0)
    performance.schedule(command, 1000)
    rendered(performance, 2000, 512)
    assert Gain(1000, 3, 0.4) in performance.outbox
    performance.schedule(Command("undo", SET, (1, None), block=3), 2000)
    rendered(performance, 3000, 512)
    assert Gain(2000, 3, 0.8) in performance.outbox


@pytest.mark.usefixtures("_halve")
def test_the_prompt_keeps_of_a_kind_what_its_entry_says():
    memory = Memory()
    for stamp in range(2):
        memory.keep(Command("halve", SET, (0.5,)), stamp, b"halve")
        memory.keep(Command("master", SET, (0.5,)), stamp, b"master")
    for stamp in range(MOST):
        memory.keep(Command("pan", 0, (0.5,)), stamp + 2, b"pan")
    kept = [data for _, data in memory.commands()]
    assert (kept.count(b"halve"), kept.count(b"master")) == (2, 1)


def test_a_kind_without_an_entry_goes_nowhere(perform):
    command = Command("halve", SET, (0.5,))
    for gone in (
        lambda: packed(command),
        lambda: unpacked(pickle.dumps(command)),
        lambda: perform().schedule(command, 0),
        lambda: SetApi(Collector()).issue("halve", SET, 0.5),
    ):
        with pytest.raises(EngineError, match="is no command; they are back, bind, bookmark, cancel"):
            gone()
    with pytest.raises(EngineError, match="'anything' is no command"):
        unpacked(pickle.dumps("anything"))


def test_a_kind_is_about_a_voice_or_the_set_as_its_entry_says():
    with pytest.raises(EngineError, match="play is about a voice"):
        packed(Command("play", SET, (lc.s("cello"), None)))
    with pytest.raises(EngineError, match="tempo is about the whole set"):
        packed(Command("tempo", 3, ("120",)))
    for voice in (SET, 3):
        assert unpacked(packed(Command("fx", voice, ((),)))).voice == voice


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_says_what_it_is(name):
    kind = KINDS[name]
    assert kind.name == name
    assert kind.doc
    assert kind.voice or kind.whole
    assert kind_of(Command(name)) is kind
