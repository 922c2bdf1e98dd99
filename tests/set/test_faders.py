"""Faders: what the player is told of them, of numbers and of what moves."""

from __future__ import annotations

import sys
from fractions import Fraction
from types import SimpleNamespace

import pytest

import latentcode as lc
from latentcode.clock.set_aside import AGAIN
from latentcode.clock.tempo import TempoMap
from latentcode.clock.watchdog import Overdue
from latentcode.errors import EngineError
from latentcode.set.commands import SET, Command
from latentcode.set.faders import Faders
from latentcode.set.kinds import kind_of
from latentcode.set.knobs import Around, rehearse
from latentcode.testing.spoken import spoken

RATE = 44100


def faders(said=None):
    tempo = TempoMap(RATE, Fraction(1, 2))
    return Faders(Around(3, lambda: tempo, (said if said is not None else []).append))


def told_of(messages):
    return list(map(spoken, messages))


def move(made, sample, kind, value, voice=0):
    """What the player is told when a command moves a fader."""
    command = Command(kind, SET if kind == "master" else voice, (value,))
    return told_of(kind_of(command).doing(command)(SimpleNamespace(faders=made), command, sample))


def test_a_number_is_told_once():
    made = faders()
    assert move(made, 100, "gain", 0.5) == [("gain", 100, 0, 0.5)]
    assert move(made, 200, "gain", 0.5) == []
    assert move(made, 300, "pan", 0.0) == [("pan", 300, 0, -1.0)]
    assert move(made, 400, "master", 0.25) == [("master", 400, 0.25)]
    assert made.advance(0, RATE) == []


def test_a_signal_moves_a_fader_on_the_grid_whatever_the_blocks():
    def told(size):
        made = faders()
        messages = move(made, 300, "gain", lc.perlin.fast(8))
        messages += move(made, 300, "pan", "<0 .5 1>*8", voice=2)
        messages += move(made, 300, "master", lc.sine.slow(2).range(0.5, 1))
        for begin in range(300, RATE, size):
            messages += told_of(made.advance(begin, min(begin + size, RATE)))
        return messages

    assert told(512) == told(100) == told(7000)
    assert {message[1] % 512 for message in told(512)[3:]} == {0}
    assert {message[-1] for message in told(512) if message[0] == "pan"} == {-1.0, 0.0, 1.0}


def test_what_strays_is_held_to_the_range():
    made = faders()
    move(made, 0, "gain", lc.sine.range(-3, 20))
    values = [message[3] for message in told_of(made.advance(0, 2 * RATE))]
    assert (min(values), max(values)) == (0.0, 8.0)


def test_a_muted_voice_is_told_nothing_until_it_is_heard_again():
    made = faders()
    move(made, 0, "gain", lc.saw.slow(4))
    made.advance(0, 1000)
    assert move(made, 1000, "mute", True) == [("gain", 1000, 0, 0.0)]
    assert made.advance(1000, RATE) == []
    [(*_, value)] = move(made, RATE, "mute", False)
    assert value == pytest.approx(0.125, abs=0.01)
    assert move(made, RATE + 10, "solo", True, voice=3)[0] == ("gain", RATE + 10, 0, 0.0)


def test_a_signal_that_fails_leaves_the_fader_where_it_was_and_says_so_once():
    def bad(value):
        if value == 3:
            raise ValueError("no more")
        return value / 10

    said = []
    made = faders(said)
    move(made, 0, "gain", lc.n("<1 2 3 4 5>").fmap(bad), voice=4)
    values = [message[3] for message in told_of(made.advance(0, 10 * RATE))]
    assert values == [0.2, 0.5]
    assert len(said) == 1
    assert "d5.gain" in said[0]
    assert "no more" in said[0]


hung = False


def hangs(value):
    if hung:
        raise Overdue
    return value / 2


def test_a_setting_that_hangs_where_it_was_read_before_keeps_what_was_read_then(monkeypatch):
    noted, setting = list[tuple[str, int, str]](), lc.n("1").fmap(hangs)

    def told(made):
        monkeypatch.setattr(sys.modules[__name__], "hung", False)
        messages = move(made, 512, "gain", setting)  # read as it is set, and where the block begins
        monkeypatch.setattr(sys.modules[__name__], "hung", True)
        return [*messages, *told_of(made.advance(512, 5000))]

    live, again = faders(), faders()
    live._around.aside.report = lambda *one: noted.append(one)
    assert told(live) == [("gain", 512, 0, 0.5)]
    assert noted == [("d1.gain", 512, AGAIN)]
    again._around.aside.know(*noted[0])
    again._around.aside.report = lambda *one: pytest.fail("it is not read")
    assert told(again) == [("gain", 512, 0, 0.5)]


def test_what_moves_a_fader_comes_back_with_a_snapshot():
    made = faders()
    move(made, 0, "gain", lc.saw.slow(4))
    before = made.stand()
    assert move(made, RATE, "gain", 2.0)[0][3] == 2.0
    assert made.stand() != before
    assert told_of(made.restore(before, 2 * RATE))[0][:3] == ("gain", 2 * RATE, 0)
    assert made.stand() == before
    assert made.advance(2 * RATE, 3 * RATE)


def test_a_new_player_is_told_where_all_stands_now():
    made = faders()
    move(made, 0, "gain", lc.saw.slow(4), voice=1)
    move(made, 0, "mute", True)
    move(made, 0, "out", 1, voice=5)
    told = told_of(made.told(RATE))
    assert [message[:3] for message in told] == [("gain", RATE, 0), ("gain", RATE, 1), ("out", RATE, 5)]
    assert told[1][3] == pytest.approx(0.125, abs=0.01)


def test_what_moves_a_fader_is_tried_before_it_does(perform):
    def fails(value):
        raise ValueError("never")

    inputs = perform().inputs
    ticks = iter(range(1000))
    rehearse([0.5, "<1 .5>", lc.cc(7)], 0.0, inputs, lambda: 0.0)
    with pytest.raises(ValueError, match="never"):
        rehearse([lc.sine.fmap(fails)], 0.0, inputs, lambda: 0.0)
    with pytest.raises(EngineError, match="too slow to move a fader"):
        rehearse([lc.sine], 0.0, inputs, lambda: float(next(ticks)))
