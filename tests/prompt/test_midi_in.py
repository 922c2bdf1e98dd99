"""`midi_in` chooses what is listened to."""

from __future__ import annotations

import pytest

from latentcode.errors import ControlError
from latentcode.prompt.controllers.ports import MidiIns
from latentcode.prompt.replay import Collector
from latentcode.prompt.set_api import SetApi
from latentcode.protocol.messages import State
from latentcode.testing.spoken import spoken


class Asked(Collector):
    def __init__(self):
        super().__init__()
        self.asked = []

    def ask(self, message):
        self.asked.append(spoken(message))

    def state(self):
        return State(midi=("nano", "keys"))


@pytest.fixture
def asked():
    return Asked()


@pytest.fixture
def midi_in(asked):
    return MidiIns(SetApi(asked)).midi_in


def test_inputs_are_chosen_made_shown_and_left(midi_in, asked):
    midi_in("nano", "launch")
    midi_in(None)
    midi_in("way in", virtual=True)
    assert asked.asked == [
        ("midi_in", ("nano", "launch"), False),
        ("midi_in", (), False),
        ("midi_in", ("way in",), True),
    ]
    assert midi_in() == ["nano", "keys"]


def test_a_choice_says_what_is_heard_no_more(midi_in, monkeypatch, capsys):
    monkeypatch.setattr(Asked, "live", True)
    midi_in("nanoo", "keys")
    midi_in("*")
    midi_in("in", virtual=True)
    said = "only inputs with 'nanoo' or 'keys' in their names are heard now; midi_in(\"*\") hears all\n"
    assert capsys.readouterr().out == said


@pytest.mark.parametrize("names", [(3,), ("",), ("nano", None), (" ",)])
def test_what_is_no_name_says_what_to_type(midi_in, names):
    with pytest.raises(ControlError, match="as in midi_in"):
        midi_in(*names)


@pytest.mark.parametrize("name", [None, "*"])
def test_a_virtual_input_needs_a_name(midi_in, name):
    with pytest.raises(ControlError, match="midi_in"):
        midi_in(name, virtual=True)
