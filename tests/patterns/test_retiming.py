"""Signals inside a value move with its event."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from latentcode.patterns import (
    Controls,
    Pattern,
    Steady,
    Timed,
    cat,
    mini,
    n,
    pure,
    s,
    seq,
    sine,
    stack,
    timecat,
)


@dataclass(frozen=True)
class Clock(Timed):
    """Knows at which inner cycle it is at an outer one."""

    scale: Fraction = Fraction(1)
    shift: Fraction = Fraction(0)

    def retimed(self, scale: Fraction, shift: Fraction) -> Clock:
        return Clock(self.scale * scale, self.scale * shift + self.shift)

    def at(self, cycle: Fraction) -> Fraction:
        return cycle * self.scale + self.shift


CLOCK: Pattern = pure(Clock())
PATTERNS = {
    "fast": CLOCK.fast(3),
    "slow": CLOCK.slow(1.5),
    "late": CLOCK.late(0.25),
    "rev": seq(CLOCK, CLOCK).rev(),
    "sequence": timecat((2, CLOCK), (1, CLOCK.fast(2))),
    "sequence, fast": seq(CLOCK, [CLOCK, CLOCK]).fast("<2 3>"),
    "cat": cat(CLOCK, CLOCK.fast(2)).slow(2),
    "every": CLOCK.fast(4).every(2, lambda p: p.rev()).late(0.125),
    "compress": CLOCK.fast(2).compress(0.25, 0.75),
    "zoom": CLOCK.fast(4).zoom(0.25, 0.75),
    "fast gap": CLOCK.fast(2).fast_gap(3),
    "linger": CLOCK.fast(4).linger(0.25),
    "iter": CLOCK.fast(4).iter(4).palindrome(),
    "ply": CLOCK.fast(2).ply(3),
    "off": CLOCK.fast(2).off(0.125, lambda p: p.rev()),
    "inside": CLOCK.fast(4).inside("<2 4>", lambda p: p.rev()),
    "squeeze": n("0 1").squeeze([CLOCK.fast(2), CLOCK]),
    "chance": CLOCK.fast(8).degrade().sometimes(lambda p: p.late(0.5)).shuffle(4),
    "mask": CLOCK.fast(4).mask("1 0 1 1"),
    "stack": stack(CLOCK.fast(2).rev(), CLOCK.fast(3)),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_an_event_begins_and_ends_where_its_cycle_does(name: str) -> None:
    events = PATTERNS[name].query(0, 4)
    assert events
    for event in events:
        assert event.whole is not None
        begin, end = (event.value.at(t) for t in event.whole)
        assert begin.denominator == end.denominator == 1
        assert abs(begin - end) == 1


def test_a_piece_of_an_event_has_the_map_of_the_whole() -> None:
    whole = CLOCK.slow(3).rev().query(0, 1)[0].value
    assert CLOCK.slow(3).rev().query(0.25, 0.5)[0].value == whole


def test_a_drone_is_moved_too() -> None:
    assert Steady(Clock()).fast(2).late(0.25).query(0, 1)[0].value == Clock(Fraction(2), Fraction(-1, 2))


def test_structure_from_outside_moves_nothing() -> None:
    assert {e.value for e in Steady(Clock()).struct("t*4").query(0, 1)} == {Clock()}
    assert {e.value.at(Fraction(0)) for e in Steady(Clock()).fast(2).euclid(3, 8).query(0, 1)} == {0}


def sampled(pattern: Pattern, name: str, moment: float) -> float:
    event = pattern.query(moment, moment)[0]
    return float(event.value.get(name).sample(np.array([moment]))[0])


def test_a_signal_in_the_controls_moves_with_its_notes() -> None:
    plain = s("a b").gain(sine)
    moments = np.array([0.1, 0.6, 1.3])
    assert plain.query(0, 1)[1].value.get("gain").sample(moments) == pytest.approx(sine.sample(moments))
    assert sampled(plain.fast(2), "gain", 0.3) == pytest.approx(float(sine.sample(np.array([0.6]))[0]))
    assert sampled(plain.late(0.25), "gain", 0.3) == pytest.approx(float(sine.sample(np.array([0.05]))[0]))
    assert sampled(plain.rev(), "gain", 0.3) == pytest.approx(float(sine.sample(np.array([0.7]))[0]))
    assert sampled(cat("x", plain), "gain", 1.3) == pytest.approx(float(sine.sample(np.array([0.3]))[0]))
    assert sampled(seq("x", plain), "gain", 0.8) == pytest.approx(float(sine.sample(np.array([0.6]))[0]))


def test_controls_move_what_they_hold() -> None:
    held = Controls((("s", "a"), ("alpha", Clock()), ("dim", (3, sine))))
    moved = held.retimed(Fraction(2), Fraction(1))
    assert moved.get("s") == "a"
    assert moved.get("alpha") == Clock(Fraction(2), Fraction(1))
    index, signal = moved.get("dim")
    assert index == 3
    assert signal == sine.retimed(Fraction(2), Fraction(1))


def test_plain_values_are_left_alone() -> None:
    value: Any = ("a", 1)
    assert all(e.value is value for e in pure(value).fast(3).rev().late(0.1).query(0, 2))
    assert {e.value for e in mini("a").rev().fast(2).query(0, 1)} == {"a"}
