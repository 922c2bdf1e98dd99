"""Chance is a function of seed, place and time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from latentcode.patterns import (
    Context,
    Pattern,
    cat,
    choose,
    choose_cycles,
    mini,
    n,
    perlin,
    rand,
    s,
    seq,
    stack,
    wchoose,
)


def onsets(pattern: Pattern, cycles: int = 40, seed: int = 0, value: Any = None) -> set[Any]:
    events = pattern.query(0, cycles, Context(seed=seed))
    return {e.whole[0] for e in events if e.whole and (value is None or e.value == value)}


def test_the_seed_decides() -> None:
    pattern = mini("a*8?")
    assert onsets(pattern) == onsets(pattern)
    assert onsets(pattern, seed=1) != onsets(pattern, seed=2)


def test_half_of_the_events_are_dropped() -> None:
    assert 700 < len(onsets(mini("a*16?"), 100)) < 900
    assert 1350 < len(onsets(mini("a*16?0.1"), 100)) < 1520
    assert len(onsets(mini("a*16").degrade_by(0), 100)) == 1600
    assert len(onsets(mini("a*16").degrade_by(1), 100)) == 0
    halves = onsets(mini("a*8").degrade_by("<0 1>"), 10)
    assert halves == {t for t in onsets(mini("a*8"), 10) if t // 1 % 2 == 0}


@pytest.mark.parametrize(
    "make",
    [
        lambda: mini("[a*16?, b*16?]"),
        lambda: stack("a*16?", "b*16?"),
        lambda: stack(mini("a*16").degrade(), mini("b*16").degrade()),
        lambda: stack(s("a*16").degrade(), s("b*16").degrade()).fmap(lambda v: v.get("s")),
    ],
)
def test_two_chances_never_agree_by_accident(make: Callable[[], Pattern]) -> None:
    a, b = (onsets(make(), value=value) for value in "ab")
    assert len(a & b) < 0.75 * len(a)


def test_steps_of_a_sequence_decide_for_themselves() -> None:
    kept = Counter(frozenset(e.value for e in mini("a? b? c? d?").query(c, c + 1)) for c in range(400))
    assert len(kept) == 16
    copies = Counter(len(mini("a?!4").query(c, c + 1)) for c in range(200))
    assert set(copies) == {0, 1, 2, 3, 4}
    either = Counter(tuple(e.value for e in seq("a|b", "a|b").query(c, c + 1)) for c in range(200))
    assert len(either) == 4


@pytest.mark.parametrize(
    "make",
    [
        lambda p: p.superimpose(lambda q: q.fmap(lambda v: "b")),
        lambda p: p.layer(lambda q: q, lambda q: q.fmap(lambda v: "b")),
        lambda p: p.off(0, lambda q: q.fmap(lambda v: "b")),
    ],
)
def test_a_copy_repeats_the_same_hits(make: Callable[[Pattern], Pattern]) -> None:
    pattern = make(mini("a*16?"))
    assert onsets(pattern, value="a") == onsets(pattern, value="b")


def test_an_echo_repeats_the_same_hits() -> None:
    events = s("a*4?").echo(2, 1, 0.5).query(1, 40)
    loud = {e.whole[0] + 1 for e in events if e.value.get("gain") is None and e.whole}
    quiet = {e.whole[0] for e in events if e.value.get("gain") == 0.5 and e.whole}
    assert {t for t in loud if t < 40} == {t for t in quiet if t >= 2}


def test_an_edit_elsewhere_reshuffles_nothing() -> None:
    kept = onsets(mini("a*8").degrade())
    assert onsets(mini("a*8").degrade().gain(0.5)) == kept
    assert onsets(s("a*8").gain(0.2).degrade()) == kept
    assert onsets(n("0 1 2 3 4 5 6 7").degrade().rev().rev()) == kept
    assert onsets(stack("x", mini("a*8?")), value="a") == onsets(stack("y*3", mini("a*8?")), value="a")
    assert onsets(mini("a*8").degrade().degrade()) < kept


def test_sometimes_changes_some_and_leaves_the_rest() -> None:
    pattern = mini("a*16").sometimes(lambda p: p.fmap(lambda v: "b"))
    a, b = onsets(pattern, value="a"), onsets(pattern, value="b")
    assert not a & b
    assert a | b == onsets(mini("a*16"))
    assert 0.4 < len(b) / len(a | b) < 0.6
    rare = mini("a*16").rarely(lambda p: p.fmap(lambda v: "b"))
    assert 0.15 < len(onsets(rare, value="b")) / 640 < 0.35
    assert onsets(mini("a*16").undegrade_by(0.5)) | onsets(mini("a*16").degrade_by(0.5)) == onsets(
        mini("a*16")
    )


def test_whole_cycles_are_changed_together() -> None:
    pattern = mini("a*4").some_cycles_by(0.5, lambda p: p.fmap(lambda v: "b"))
    each = [{e.value for e in pattern.query(c, c + 1)} for c in range(60)]
    assert all(len(values) == 1 for values in each)
    assert {"a"} in each
    assert {"b"} in each


def test_signals_in_one_event_do_not_agree() -> None:
    controls = s("a").gain(rand).pan(rand).query(0, 1)[0].value
    moments = np.arange(50) / 50
    gains, pans = (controls.get(name).sample(moments) for name in ("gain", "pan"))
    assert abs(np.corrcoef(gains, pans)[0, 1]) < 0.5
    a, b = (
        e.value.get("gain").sample(moments) for e in stack(s("a").gain(rand), s("b").gain(rand)).query(0, 1)
    )
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.5
    assert abs(np.corrcoef((rand - rand).sample(moments), rand.sample(moments))[0, 1]) < 0.99


def test_perlin_is_smooth_and_within_bounds() -> None:
    values = perlin.sample(np.linspace(0, 50, 5001))
    assert values.min() >= 0
    assert values.max() <= 1
    assert np.abs(np.diff(values)).max() < 0.05
    assert values.std() > 0.1


def test_rand_is_even() -> None:
    values = rand.sample(np.arange(20000) / 16)
    assert values.mean() == pytest.approx(0.5, abs=0.01)
    assert values.std() == pytest.approx(12**-0.5, abs=0.01)
    assert abs(np.corrcoef(values[1:], values[:-1])[0, 1]) < 0.03


def test_choices() -> None:
    picked = Counter(e.value for e in choose("a", "b", "c").segment(16).query(0, 50))
    assert all(200 < picked[name] < 340 for name in "abc")
    weighed = Counter(e.value for e in wchoose(("a", 3), ("b", 1)).segment(16).query(0, 50))
    assert 2 < weighed["a"] / weighed["b"] < 4
    cycles = [{e.value for e in choose_cycles("a*4", "b*4").query(c, c + 1)} for c in range(50)]
    assert {frozenset(c) for c in cycles} == {frozenset("a"), frozenset("b")}
    assert [e.value for e in n("0 .5 .99").choose("a", "b").query(0, 1)] == ["a", "b", "b"]


def test_shuffle_plays_each_part_once() -> None:
    orders = [tuple(e.value for e in n("0 1 2 3").shuffle(4).query(c, c + 1)) for c in range(30)]
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)
    assert len(set(orders)) > 10
    drawn = [tuple(e.value for e in n("0 1 2 3").scramble(4).query(c, c + 1)) for c in range(30)]
    assert any(len(set(order)) < 4 for order in drawn)
    assert cat("a?", "b?").random_nodes == 2
