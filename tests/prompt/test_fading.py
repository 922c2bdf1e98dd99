"""Faders as they are typed, and where they stand."""

from __future__ import annotations

import pytest

import latentcode as lc
from latentcode.errors import EngineError
from latentcode.prompt.mixing import Master
from latentcode.prompt.set_api import SetApi
from latentcode.prompt.voices import Voice
from latentcode.protocol.messages import State


def run(names, code):
    exec(code, names.space)


def test_a_fader_takes_numbers_signals_and_patterns(names, sink):
    run(names, 'd1.gain(.5); d1.gain(cc(7).range(0, 1.2)); d2.pan(sine.slow(4)); master("<1 .5>")')
    assert [(c.kind, c.voice, c.arguments[0]) for c in sink.commands] == [
        ("gain", 0, 0.5),
        ("gain", 0, lc.cc(7).range(0, 1.2)),
        ("pan", 1, lc.sine.slow(4)),
        ("master", -1, "<1 .5>"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("d1.gain(sine.range(20, 30))", r"d1\.gain takes a number from 0 to 8, not .*sine\.slow\(4\)"),
        ("d1.pan('left')", r"d1\.pan takes a number from 0 to 1, not 'left'"),
        ("d1.gain('1 [')", r"d1\.gain takes a number from 0 to 8"),
        ("master(None, 3)", r"argument"),
        ("master(True)", r"master takes a number from 0 to 8, not True; as in master\(\.8\)"),
        ("d1.gain(cc(7) + 20)", r"d1\.gain takes"),
    ],
)
def test_what_is_no_fader_says_what_is(names, line, message):
    with pytest.raises((EngineError, TypeError), match=message):
        run(names, line)


def test_hands_may_stand_where_a_setting_is_out_of_range(names, sink):
    run(names, "d1.fx(lowpass(cc(1) * 8000)); d1.gain((bend() - .5).range(0, 1)); master(osc('/level'))")
    assert [c.kind for c in sink.commands] == ["fx", "gain", "master"]
    with pytest.raises(EngineError, match="lowpass: cutoff takes numbers from 20"):
        run(names, "d1.fx(lowpass(cc(1)))")


class Set:
    """What an engine says in which faders were moved."""

    def state(self):
        return State(faders={"d1.gain": (0.6, "cc(7)"), "master": (0.5, "")}, master=0.5)


def test_a_fader_tells_where_it_stands_and_what_moves_it():
    stage = SetApi(Set())
    gain = Voice(stage, 0).gain()
    assert gain == 0.6
    assert repr(gain) == "0.6, moved by cc(7)"
    assert repr(Voice(stage, 1).pan()) == "0.5"
    assert Master(stage)() == 0.5
    assert repr(Voice(stage, 0)) == "<d1 silent, gain cc(7)>"
