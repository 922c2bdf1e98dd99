"""Events know the mini-notation that they come from, whatever has been done to them."""

from __future__ import annotations

import pytest
from helpers.random_expressions import Expressions

import latentcode as lc
from latentcode.patterns.tracing import traced


def words(pattern, cycles=1):
    """What each event comes from, in the order of the events' beginnings."""
    found = sorted(traced(pattern, 0, cycles), key=lambda pair: pair[0].active)
    return [" ".join(text[begin:end] for text, begin, end in places) for _, places in found]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (lc.s("cello [choir flute]"), ["cello", "choir", "flute"]),
        (lc.s("a b c").rev(), ["c", "b", "a"]),
        (lc.n("0 3").s("flute").add("<10 2>"), ["0 10", "3 10"]),
        (lc.s("a b").fast("<2 1>"), ["a 2", "b 2", "a 2", "b 2"]),
        (lc.s("a(3,8)").off(1 / 2, lambda p: p.ply(1)).chop(1), ["a"] * 6),
        (lc.s("007 b").every(2, lc.rev), ["b", "007"]),
        (lc.meso(lc.s("cello choir"), "<flute oboe>", lc.sine), ["cello flute", "choir flute"]),
        (lc.s("kick:3 x").degrade_by("0 0"), ["kick", "x"]),
        (lc.s("a b").struct("1 0 1"), ["a 1", "b 1"]),
        (lc.stack("a", lc.mini("b").gain(0.5)), ["a", "b"]),
    ],
    ids=str,
)
def test_an_event_comes_from_its_words(pattern, expected):
    assert words(pattern) == expected
    assert repr([event for event, _ in traced(pattern, 0, 3)]) == repr(pattern.query(0, 3))


@pytest.mark.parametrize("seed", range(20))
def test_events_are_what_they_are_without_their_places(seed):
    text = Expressions(seed).pattern(2 + seed % 4)
    pattern = eval(text, {name: getattr(lc, name) for name in lc.__all__})
    assert repr([event for event, _ in traced(pattern, 0, 2)]) == repr(pattern.query(0, 2)), text


def test_where_a_word_stands_is_nothing_of_what_a_pattern_is():
    assert lc.s("a  b").digest == lc.s("a b").digest
