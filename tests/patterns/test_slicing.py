"""Events cut in pieces; the expected places are those that Strudel gives."""

from __future__ import annotations

from fractions import Fraction

import pytest

import latentcode as lc
from latentcode.patterns import mini, s, saw


def pieces(pattern, cycles=1):
    return [
        (*event.whole, event.value.get("s"), event.value.get("begin"), event.value.get("end"))
        for cycle in range(cycles)
        for event in sorted(pattern.query(cycle, cycle + 1), key=lambda event: event.part)
        if event.has_onset
    ]


def test_chop_gives_each_piece_its_portion():
    assert pieces(s("a b").chop(2)) == [
        (0, Fraction(1, 4), "a", 0.0, 0.5),
        (Fraction(1, 4), Fraction(1, 2), "a", 0.5, 1.0),
        (Fraction(1, 2), Fraction(3, 4), "b", 0.0, 0.5),
        (Fraction(3, 4), 1, "b", 0.5, 1.0),
    ]


def test_pieces_of_pieces_lie_within_them():
    assert [piece[3:] for piece in pieces(s("a").begin(0.25).end(0.75).chop(2))] == [(0.25, 0.5), (0.5, 0.75)]
    assert pieces(s("a").chop(4).chop(2))[3] == (Fraction(3, 8), Fraction(1, 2), "a", 0.375, 0.5)


def test_a_piece_of_a_long_event_begins_in_a_later_cycle():
    found = pieces(s("a").slow(2).chop(3), cycles=2)
    assert [piece[:2] for piece in found] == [
        (0, Fraction(2, 3)),
        (Fraction(2, 3), Fraction(4, 3)),
        (Fraction(4, 3), 2),
    ]


def test_the_signals_of_an_event_run_on_through_its_pieces():
    values = [e.value.get("gain").sample([0.5])[0] for e in s("a").gain(saw).chop(4).query(0, 1)]
    assert values == [0.5] * 4


def test_slice_takes_its_onsets_from_the_numbers():
    assert pieces(s("a b").slice(8, "0 2 <1 9>"), cycles=2)[2::3] == [
        (Fraction(2, 3), 1, "b", 0.125, 0.25),
        (Fraction(5, 3), 2, "b", 0.125, 0.25),
    ]
    assert [piece[3:] for piece in pieces(s("a").slice([0, 0.25, 0.5], "2 0"))] == [(0.5, 1.0), (0.0, 0.25)]
    assert [piece[3] for piece in pieces(s("a").slice("<4 8>", "1"), cycles=2)] == [0.25, 0.125]


def test_striate_plays_the_whole_pattern_with_each_portion():
    found = pieces(s("a b").striate(2))
    assert [(name, begin) for _, _, name, begin, _ in found] == [("a", 0), ("b", 0), ("a", 0.5), ("b", 0.5)]


def test_loop_at_lasts_so_many_cycles():
    found = s("a").loop_at(2).chop(4).query(0, 2)
    assert [event.value.get("fit") for event in found] == [True] * 4
    assert found[-1].whole == (Fraction(3, 2), 2)
    assert pieces(s("a").loop_at("<1 2>"))[0][:2] == (0, 1)


def test_a_drone_is_cut_in_every_cycle():
    found = lc.path("cello").chop(2).query(0, 2)
    assert [event.whole for event in found] == [(Fraction(k, 2), Fraction(k + 1, 2)) for k in range(4)]


def test_speed_is_taken_at_the_onset():
    speeds = [event.value.get("speed") for event in s("a*4").speed("1 -2").query(0, 1)]
    assert speeds == [1, 1, -2, -2]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: s("a").chop(0), "parts of chop"),
        (lambda: s("a").slice(0, "1"), "parts of slice"),
        (lambda: s("a").slice([2], "1"), "places from 0 to 1"),
        (lambda: s("a").slice(4, "x").query(0, 1), "number of a piece"),
        (lambda: mini("samples/rain.wav"), r"path\('samples/rain.wav'\)"),
        (lambda: mini("kit/one two"), "no mini-notation"),
    ],
)
def test_a_mistake_says_what_is_wrong(make, told):
    with pytest.raises(lc.LatentcodeError, match=told):
        make()
