"""A pattern drawn as rows: onsets stand in the columns of their time."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import latentcode as lc
from latentcode.errors import PatternError
from latentcode.latents.strategies import as_pattern
from latentcode.pictures.timeline import BODY, ONSET, lines, timeline

WIDTH, BEAT = 80, 8  # columns; of these a beat takes so many beside short labels


def drawn(music, cycles=2, most=20, **more):
    return [line.plain for line in lines(timeline(as_pattern(music), cycles, **more), WIDTH, most)]


def row(shown, name):
    return next(line for line in shown if line.split(" ")[0] == name)


def onsets(shown, name):
    """The columns of a row's onsets, counted from the axis' first cycle."""
    begin = shown[0].index("0")
    return [place - begin for place, cell in enumerate(row(shown, name)) if cell == ONSET]


def test_onsets_stand_where_they_are_in_time():
    shown = drawn(lc.s("cello(3,8), kick*4, ~ snare"))
    assert onsets(shown, "kick") == [beat * BEAT for beat in range(8)]
    assert onsets(shown, "cello") == [4 * n for n in (0, 3, 6, 8, 11, 14)]
    assert onsets(shown, "snare") == [16, 48]


def test_bars_are_as_long_as_their_events():
    line = row(drawn(lc.s("cello [choir ~]").legato(0.5), 1), "cello")
    assert line.count(BODY) + 1 == 16  # half of half a cycle of 64 columns


def test_rows_stand_in_the_order_of_their_coming_and_numbers_as_on_a_staff():
    labels = [line[:5].strip() for line in drawn(lc.s("kick cello kick"))[1:]]
    assert labels == ["kick", "cello"]
    notes = [r.label for r in timeline(lc.n("0 7 3").s("flute"), 1).rows]
    assert notes == ["flute 7", "flute 3", "flute 0"]
    named = [r.label for r in timeline(lc.note("c4 b4 60.5").s("flute"), 1).rows]
    assert named == ["flute B4", "flute 60.5", "flute C4"]


def test_events_that_overlap_are_stacked():
    made = timeline(lc.s("cello*2").legato(3), 1)
    assert [r.label for r in made.rows] == ["cello"] * 2
    assert [len(r.bars) for r in made.rows] == [1, 1]
    assert sum(line.startswith("cello") for line in drawn(lc.s("cello*2").legato(3))) == 1


def test_what_began_before_has_no_onset():
    made = timeline(lc.s("cello/4"), 2, Fraction(1))
    (bar,) = made.rows[0].bars
    assert (bar.begin, bar.end, bar.onset) == (1, 3, False)


def test_the_height_of_a_bar_is_its_gain():
    loud, soft = row(drawn(lc.s("kick").gain(1), 1), "kick"), row(drawn(lc.s("kick").gain(0.25), 1), "kick")
    assert loud.rstrip().endswith("█")
    assert soft.rstrip().endswith("▂")
    rising = row(drawn(lc.s("kick").gain(lc.saw), 1), "kick").split(ONSET)[1]
    assert list(rising) == sorted(rising)


def test_a_signal_is_a_curve_with_its_range():
    made = timeline(lc.sine.range(-1, 3), 1)
    assert made.rows == ()
    values = made.curves[0].values
    assert int(np.argmax(values)) == pytest.approx(len(values) / 4, abs=2)
    assert (values.min(), values.max()) == (pytest.approx(-1, abs=0.01), pytest.approx(3, abs=0.01))
    shown = drawn(lc.sine.range(-1, 3), 1)
    assert shown[1].startswith("3")
    assert shown[-1].startswith("-1")


def test_a_drone_is_a_bar_without_an_onset():
    shown = drawn(lc.path("cello"))
    assert shown[1].count(BODY) == 2 * 4 * BEAT
    assert ONSET not in shown[1]


def test_more_rows_than_there_is_room_for_are_counted():
    shown = drawn(lc.run(30), most=10)
    assert len(shown) == 12
    assert "20 more rows" in shown[-1]


def test_silence_and_the_numbers_of_later_cycles():
    assert drawn(lc.silence)[1].strip() == "silence"
    assert drawn(lc.s("kick"), 2, begin=Fraction(7))[0].split()[0] == "7"


def test_random_events_are_those_of_the_seed():
    from latentcode.patterns import Context

    pattern = lc.s("hat*16").degrade()
    wanted = {event.whole[0] for event in lc.patterns.compile_pattern(pattern, Context(5)).query(0, 1)}
    assert {bar.begin for bar in timeline(pattern, 1, context=Context(5)).rows[0].bars} == wanted


@pytest.mark.parametrize(
    ("music", "cycles", "says"),
    [
        ("a", 0, "whole cycles"),
        ("a", 1.5, "whole cycles"),
        ("a", 65, "whole cycles"),
        ("a*100000", 1, "too many"),
    ],
)
def test_what_cannot_be_drawn_is_told(music, cycles, says):
    with pytest.raises(PatternError, match=says):
        timeline(as_pattern(music), cycles)


@pytest.mark.parametrize("width", [24, 40, 79, 133, 160, 300])
def test_any_width_is_kept(width):
    music = lc.stack(lc.s("cello(3,8), kick*4"), lc.meso("cello*2", lc.path("choir"), lc.sine), lc.perlin)
    for cycles in (1, 3, 16):
        assert all(len(line.rstrip()) <= width for line in map(str, lines(timeline(music, cycles), width, 9)))
