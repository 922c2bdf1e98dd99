"""The word that sends MIDI: what it asks for, and what it says to mistakes."""

from __future__ import annotations

import pickle

import pytest

import latentcode as lc
from latentcode.errors import LatentcodeError
from latentcode.set.kinds import packed


def run(names, code):
    exec(code, names.space)


def asked(sink):
    return [(c.kind, c.arguments[0], c.arguments[2:]) for c in sink.commands]


def test_each_thing_that_is_sent_is_a_command_at_the_quant_that_holds(names, sink):
    run(names, 'midi_out("Synth", ch=2).note(n("0 3 7")).cc(74, sine).program(5)')
    run(names, 'quant("beat"); midi_out("synth", nudge=-10, virtual=True).bend("0 .5").stop()')
    assert asked(sink) == [
        ("send", ("midi", "synth", "note", 2), ("1", (0.0, False))),
        ("send", ("midi", "synth", "cc:74", 2), ("1", (0.0, False))),
        ("send", ("midi", "synth", "program", 2), ("1", (0.0, False))),
        ("send", ("midi", "synth", "bend", 1), ("1/4", (-10.0, True))),
        ("send", ("midi", "synth", "*", 1), ("1/4", (-10.0, True))),
    ]
    assert sink.asked == [("outlet", "synth", False), ("outlet", "synth", True)]
    assert sink.commands[0].arguments[1] == lc.n("0 3 7")
    for command in sink.commands:
        assert pickle.loads(packed(command)).digest == command.digest


def test_text_is_notes_and_the_arrow_is_the_same(names, sink):
    run(names, 'midi_out("synth") >> "c4 e4 67"; midi_out("synth").note(note("c4 e4 67"))')
    one, other = sink.commands
    assert one.arguments == other.arguments


def test_none_ends_one_thing(names, sink):
    run(names, 'midi_out("synth").cc(74, None)')
    assert sink.commands[0].arguments[:2] == (("midi", "synth", "cc:74", 1), None)


def test_without_a_name_it_tells_what_is_there(names, sink):
    sink.answers["outlets"] = ("synth:in", "drums:in")
    assert names.space["midi_out"]() == ["synth:in", "drums:in"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("midi_out(3)", 'part of a port\'s name, not 3; as in midi_out\\("synth"\\)'),
        ('midi_out("synth", ch=17)', "from 1 to 16, not 17"),
        ('midi_out("synth", nudge="soon")', "nudge takes a number from -1000 to 1000"),
        ('midi_out("synth").note(sine)', "need a beginning and an end"),
        ('midi_out("synth").note(n("0 100"))', "go from 0 to 127, and this is 160"),
        ('midi_out("synth").note(s("cello"))', "is no note"),
        ('midi_out("synth").note("h")', "'h'"),
        ('midi_out("synth").cc(200, sine)', "from 0 to 127, not 200"),
        ('midi_out("synth").cc(74, 3)', "cc:74 takes a number from 0 to 1, not 3"),
        ('midi_out("synth").cc(74, s("cello"))', "'cello' is no number"),
        ('midi_out("synth").bend(len)', "sends patterns, not the function len"),
        ('midi_out("synth").note(n("0*2000"))', "slow it down"),
    ],
)
def test_what_is_wrong_is_said_at_the_desk_and_changes_nothing(names, sink, code, said):
    with pytest.raises(LatentcodeError, match=said):
        run(names, code)
    assert sink.commands == []
