"""A query is a pure function of a span, with exact times."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from itertools import pairwise

import pytest

from latentcode.errors import PatternError
from latentcode.patterns import (
    Event,
    Pattern,
    Steady,
    cat,
    compile_pattern,
    mini,
    n,
    perlin,
    pure,
    rand,
    s,
    seq,
    silence,
    sine,
    stack,
    timecat,
)

PATTERNS: dict[str, Pattern] = {
    "sequence": mini("a b c d"),
    "nested": mini("a [b c] <d e>*3 [f*4, g/3]"),
    "euclid": mini("a(<3 5>,8,<0 2>) b(5,16)"),
    "polymeter": mini("{a b c, d e}%5 [f _ g]*1.5"),
    "tail and range": mini("a:<1 2>*3 0 .. <3 5>"),
    "random": mini("a*8? [b|c|d]*3 e?0.2"),
    "weights": timecat((3, "a b"), (Fraction(1, 3), "c*2")),
    "every": mini("a b c d").every(3, lambda p: p.rev()).fast("<2 3>"),
    "time": mini("a b/2 c").early(0.3).late("<0.25 .125>").iter(3).palindrome(),
    "cycle maps": mini("a b c").compress(0.1, 0.7).zoom(0.2, 0.9).fast_gap(1.5).linger(0.25),
    "wholes": mini("a/3 b/2").off(0.125, lambda p: p.rev()).mask("1 0*2").struct("t*3 f t"),
    "chance": mini("a*4 b").sometimes(lambda p: p.fast(2)).degrade_by(0.3).shuffle(4).scramble(3),
    "controls": s("a b*2").n("0 1 2").gain(0.5).jux(lambda p: p.rev()).echo(3, 0.125, 0.5),
    "squeeze": n("0 1").squeeze(["a b c", "d"]).ply("<2 3>").chunk(4, lambda p: p.fast(2)),
    "swing": mini("a*8")
    .swing_by(1 / 3, 4)
    .inside("<2 4>", lambda p: p.rev())
    .within(0, 0.5, lambda p: p.fast(2)),
    "both": n("0 1 2").add("10 20", structure="both").mul("<1 2>*3", structure="right"),
    "combined": stack("a?", cat("b*3?", seq("c", ["d", "e"]))).outside(2, lambda p: p.iter_back(4)),
}


def coverage(events: list[Event]) -> dict[object, int]:
    """Where the fragments of each event begin and end, those that touch joined."""
    edges: Counter[object] = Counter()
    for event in events:
        edges[event.whole, repr(event.value), event.part[0]] += 1
        edges[event.whole, repr(event.value), event.part[1]] -= 1
    return {edge: count for edge, count in edges.items() if count}


@pytest.mark.parametrize("name", PATTERNS)
def test_a_span_may_be_split_anywhere(name: str) -> None:
    pattern, chance = PATTERNS[name], random.Random(name)
    whole = coverage(pattern.query(0, 6))
    cuts = sorted({Fraction(0), Fraction(6), *(Fraction(chance.randrange(1, 600), 100) for _ in range(12))})
    pieces = list(pairwise(cuts))
    chance.shuffle(pieces)
    assert coverage([event for begin, end in pieces for event in pattern.query(begin, end)]) == whole


@pytest.mark.parametrize("name", PATTERNS)
def test_parts_lie_in_the_span_and_in_their_whole(name: str) -> None:
    for event in PATTERNS[name].query(Fraction(1, 3), Fraction(17, 5)):
        begin, end = event.part
        assert Fraction(1, 3) <= begin < end <= Fraction(17, 5)
        assert event.whole is not None
        assert event.whole[0] <= begin
        assert end <= event.whole[1]


@pytest.mark.parametrize("name", PATTERNS)
def test_asking_again_gives_the_same(name: str) -> None:
    pattern = PATTERNS[name]
    first = pattern.query(2, 3)
    pattern.query(0, 5)
    assert pattern.query(2, 3) == first == compile_pattern(pattern).query(2, 3)


def test_times_are_exact() -> None:
    events = mini("a b c").fast(0.1).late(1 / 3).query(0, 12)
    assert [e.whole for e in events][1] == (Fraction(1, 3), Fraction(11, 3))
    assert all(type(t) is Fraction for e in events for t in (*e.part, *(e.whole or ())))
    far = mini("a b c").query(10**9, 10**9 + 1)
    assert far[1].whole == (10**9 + Fraction(1, 3), 10**9 + Fraction(2, 3))


def test_onset_and_active() -> None:
    late, early = mini("a/2").query(0.5, 1)[0], mini("a/2").query(0, 0.5)[0]
    assert early.has_onset
    assert not late.has_onset
    assert late.active == (0, 2)
    drone = Steady("x").query(0.5, 3)
    assert drone == [Event(None, (Fraction(1, 2), Fraction(3)), "x")]
    assert not drone[0].has_onset
    assert drone[0].active == (Fraction(1, 2), 3)


def test_a_moment_gives_what_sounds_at_it() -> None:
    assert [e.value for e in mini("a b").query(0.5, 0.5)] == ["b"]
    assert [e.value for e in mini("a b").rev().query(0.25, 0.25)] == ["b"]
    assert [e.value for e in mini("a ~").compress(0.5, 1).query(0.5, 0.5)] == ["a"]
    assert mini("a ~").query(0.5, 0.5) == []


def test_events_before_zero() -> None:
    assert [e.value for e in mini("<a b c>").every(2, lambda p: p.rev()).query(-3, 0)] == ["a", "b", "c"]
    assert [e.value for e in mini("a b c d").every(3, lambda p: p.rev()).late(0.25).query(0, 0.5)] == [
        "d",
        "d",
    ]


def test_signals_have_no_wholes() -> None:
    for signal in (sine, rand, perlin, sine.range(1, 2).slow(3)):
        assert [e.whole for e in signal.query(0.25, 0.75)] == [None]


def test_pure_and_silence() -> None:
    assert [e.whole for e in pure(3).query(0, 2)] == [(0, 1), (1, 2)]
    assert silence.query(0, 9) == []


def test_an_empty_or_endless_span_is_named() -> None:
    with pytest.raises(PatternError, match="swap them"):
        mini("a").query(1, 0)
    with pytest.raises(PatternError, match="'x'"):
        mini("a").query("x", 1)  # type: ignore[arg-type]
    with pytest.raises(PatternError, match="inf"):
        mini("a").query(0, float("inf"))


def test_a_pattern_is_not_a_list() -> None:
    with pytest.raises(TypeError):
        list(mini("a"))  # type: ignore[call-overload]
    assert mini("~")


def test_a_pattern_prints_its_first_cycle() -> None:
    assert repr(mini("a [b ~]")) == "0–1/2 a | 1/2–3/4 b"
    assert repr(s("a/2").gain(0.5)) == "0–1… s:a gain:0.5"
    assert repr(sine) == "sine"
    assert repr(Steady(0.5)) == "~ 0.5"
    assert repr(silence) == "silence"
    assert repr(mini("<~ ~ a>")) == "silence until cycle 2, then 2–3 a"
    assert "\n" not in repr(mini("a*64"))
    assert "52 more" in repr(mini("a*64"))


def test_drones_are_the_same_however_they_are_asked() -> None:
    drone = Steady("x")
    for pattern in (
        drone.degrade(),
        drone.sometimes(lambda p: p.fmap(lambda v: "y")),
        drone.n("0 1 2"),
        drone.ply(2),
        drone.within(0, 0.5, lambda p: p.rev()),
        drone.every(3, lambda p: p.rev()),
        drone.mask("1 0 1"),
    ):
        pieces = [e for k in range(40) for e in pattern.query(Fraction(k, 5), Fraction(k + 1, 5))]
        assert coverage(pieces) == coverage(pattern.query(0, 8))
