"""What can be played but is hardly meant is played, and told once; what is usual is not."""

from __future__ import annotations

import pytest
from helpers.whole_set import WholeSet

from latentcode.prompt.trial import Trial, as_played

FAR = {
    's("kick").pan("<.5 .5 2>")': "pan is 2; it goes from 0 to 1",
    's("kick").gain("<1 1 1 1 100>")': "gain is 100; it goes from -8 to 8",
    's("kick").noise(1e9)': "noise is 1e+09",
    's("kick").scale(2000)': "scale is 2000",
    's("kick").bias(sine.slow(4).range(0, 99))': "bias is 99",
    's("kick").dim(3, -200)': "dim is -200",
    's("kick").jitter(cc(1).range(100, 200))': "jitter is 100",
    's("kick").scrub(saw.range(0, 2))': "scrub is 1.",
    's("kick").smooth(3)': "smooth is 3; it goes from 0 to 1",
    's("kick").walk(1e9)': "reach of walk is 1e+09",
    'meso("kick", "snare", 2000)': "α is 2000; it goes from -8 to 8: 0 is the first sound, 1 the second",
    'meso("kick", "snare", "<0 1 -99>")': "α is -99",
    'meso("kick", "snare", [0, 50])': "α is 50",
    'extend("kick", "snare", float("nan"))': "α is nan",
    'slerp("kick", "snare", float("inf"))': "α is inf",
    'spline("kick", "snare", position=2)': "position of spline is 2; it goes from 0 to 1",
    'plane("kick", "snare", "hat", "kick", 0, 99)': "y of plane is 99",
    'orbit("kick", 1e3)': "radius of orbit is 1000",
    's("kick").gain("~")': "gain has no number, so it is 0",
    'stack("kick", n("0 3"))': 'a part of it holds no sound, as 0; type n("0 3").s("cello")',
    'choose_cycles("kick", 5)': "a part of it holds no sound, as 5",
}
USUAL = (
    's("kick*4").gain(sine * 8).pan(cc(1)).noise(1)',
    'meso("kick", "snare", saw.range(-.5, 1.5)).scale(1.6).bias("<-1 1>").jitter(.5)',
    'spline("kick", "snare", "hat", position=sine)',
    's("~ kick")',
    '"~"',
    "silence",
    's("~*2 ~")',
)
SILENT = {
    's("kick").mask("0")': "nothing of it sounds in its first 8 cycles",
    's("kick").add("~")': "nothing of it sounds in its first 8 cycles",
    's("kick").attack(float("inf"))': "nothing of it sounds in its first 8 cycles",
    'meso("kick", "~", sine)': "nothing of it sounds in its first 8 cycles",
    's("kick").fast(cc(1))': "nothing of it sounds in its first 8 cycles, as long as cc(1) has not moved",
}


@pytest.mark.parametrize(("line", "said"), (FAR | SILENT).items())
def test_what_is_hardly_meant_is_played_and_told_once(line, said, capsys):
    evening = WholeSet()
    assert evening.evaluate(f"d1 >> {line}") is None
    assert f"d1: {said}" in capsys.readouterr().out
    evening.evaluate(f"d1 >> {line}")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("line", USUAL)
def test_what_is_usual_or_meant_as_silence_has_no_remark(line, capsys):
    assert WholeSet().evaluate(f"d1 >> {line}") is None
    assert capsys.readouterr().out == ""


def test_nothing_is_said_where_a_session_is_played_again(capsys):
    space = WholeSet().names.space
    for line in FAR | SILENT:
        Trial().run(as_played(eval(line, space), "d1"), "d1", live=False)
    assert capsys.readouterr().out == ""


def test_a_number_that_no_sound_can_have_is_refused_in_words():
    said = WholeSet().evaluate('d1 >> s("kick").speed(10**400)')
    assert "d1: " in said
    assert "too large" in said


def test_a_fader_or_an_effect_that_is_led_beyond_its_range_is_told(capsys):
    evening = WholeSet()
    evening.evaluate("d1.gain(sine.range(0, 100)); master(sine.range(0, 100))")
    assert capsys.readouterr().out.split("\n")[:2] == [
        "d1.gain goes to 100, and is held from 0 to 8",
        "master goes to 100, and is held from 0 to 8",
    ]
    evening.evaluate('d2.fx(lowpass(saw.range(0, 80000)), reverb(".2 9 9"))')
    said = capsys.readouterr().out
    assert "d2: cutoff of lowpass goes to 75000, and is held from 20 to 20000 Hz" in said
    assert "d2: mix of reverb goes to 9, and is held from 0 to 1" in said
    evening.evaluate("d1.gain(sine.range(0, 2)).pan(cc(1).range(-1, 1)); d2.fx(lowpass(sine.range(0, 4000)))")
    evening.evaluate("master(cc(1).range(0, 99))")
    assert capsys.readouterr().out == ""
