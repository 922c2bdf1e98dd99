"""Patterns read as signals."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from latentcode.errors import PatternError
from latentcode.inputs.history import InputHistory
from latentcode.inputs.reader import Reader
from latentcode.patterns import (
    Live,
    Pattern,
    Steady,
    cat,
    cosine,
    irand,
    isaw,
    mini,
    n,
    perlin,
    pure,
    rand,
    s,
    saw,
    seq,
    silence,
    sine,
    square,
    stack,
    tri,
)


class Tenths(Reader):
    """An input that is a tenth of the session sample, in thousands where there are many."""

    def __call__(self, name: str, glide: float, default: float) -> np.ndarray:
        return self.samples / 10

    def moved(self, samples) -> Tenths:
        return Tenths(self.inputs, samples)


def at_samples(*samples: float) -> Tenths:
    return Tenths(InputHistory(44100), np.array(samples, np.float64))


def at(pattern: Pattern, *moments: float) -> list[float]:
    return [round(v, 9) for v in pattern.sample(np.array(moments)).tolist()]


def test_shapes() -> None:
    assert at(sine, 0, 0.25, 0.75) == [0.5, 1, 0]
    assert at(cosine, 0, 0.5) == [1, 0]
    assert at(saw, 0, 0.25, 1.75) == [0, 0.25, 0.75]
    assert at(isaw, 0, 0.25) == [1, 0.75]
    assert at(tri, 0, 0.25, 0.5, 0.75) == [0, 0.5, 1, 0.5]
    assert at(square, 0.25, 0.75) == [0, 1]


SIGNALS: dict[str, Pattern] = {
    "sine": sine,
    "range": sine.range(-1, 3),
    "slow": saw.slow(4).late(0.3),
    "rev": saw.rev(),
    "arithmetic": 2 - sine * 3 + saw / 4,
    "power": (1 + saw) ** 2 % 0.7,
    "negative": -tri,
    "rand": rand,
    "perlin": perlin.fast(2),
    "irand": irand(8),
    "cat": cat(sine, saw, 3),
    "seq": seq(sine, isaw),
    "patterned": saw.fast("<1 2>"),
    "fmap": sine.fmap(lambda x: x + 1),
    "every": saw.every(2, lambda p: p.rev()),
    "compress": saw.compress(0, 0.999),
    "steady": Steady(0.25) + saw,
    "patterned range": saw.range(0, "<1 2>"),
}


@pytest.mark.parametrize("name", SIGNALS)
def test_many_moments_agree_with_one_at_a_time(name: str) -> None:
    signal = SIGNALS[name]
    moments = [Fraction(k, 128) + Fraction(1, 1024) for k in range(0, 512, 3)]
    one_by_one = [float(signal.query(t, t)[0].value) for t in moments]
    together = signal.sample(np.array([float(t) for t in moments]))
    assert together == pytest.approx(one_by_one, abs=1e-9)


def test_events_hold_through_a_rest_for_one_cycle() -> None:
    assert at(mini("1 ~ 2 ~"), 0.1, 0.3, 0.6, 0.9, 1.1) == [1, 1, 2, 2, 1]
    assert at(mini("<5 ~ ~>"), 0.5, 1.5, 2.5, 3.5) == [5, 5, 0, 5]
    assert at(silence, 0.5) == [0]


def test_what_sounds_counts_before_what_rests() -> None:
    assert at(mini("1/2, [~ 7 ~ ~]"), 0.1, 0.3, 0.6) == [1, 7, 1]


def test_moments_in_any_order_and_far_apart() -> None:
    pattern, moments = mini("0 1 2 3"), [1000.3, 0.6, 0.1, 5.9]
    assert at(pattern, *moments) == [1, 2, 0, 3]


def test_a_sample_has_the_shape_of_its_moments() -> None:
    for pattern in (sine, mini("1 2"), pure(3), silence, perlin):
        sampled = pattern.sample(np.linspace(0, 9, 257))
        assert sampled.shape == (257,)
        assert sampled.dtype == np.float64
        assert pattern.sample(np.array([])).shape == (0,)


def test_what_is_no_number_is_named() -> None:
    with pytest.raises(PatternError, match=r"numbers.*'cello'"):
        mini("cello").sample(np.array([0.0]))
    with pytest.raises(PatternError, match="'a'"):
        pure("a").sample(np.array([0.0]))


def test_numbers_in_controls_count_as_n() -> None:
    assert at(n("3 4").s("a"), 0.1, 0.6) == [3, 4]


def test_live_inputs_are_always_now() -> None:
    knob = Live("1", 0.25)
    assert at(knob, 0, 3) == [0.25, 0.25]
    assert knob.sample(np.array([0.0, 1.0]), live=at_samples(0)).tolist() == [0, 0]
    assert (knob * 10).sample(np.array([0.0, 1.0]), live=at_samples(1, 2)) == pytest.approx([1, 2])
    assert knob.query(0, 1, live=at_samples(7))[0].value == pytest.approx(0.7)
    for move in ("fast", "slow", "early", "late"):
        with pytest.raises(PatternError, match="always now"):
            getattr(knob.range(0, 1), move)(2)
    assert (sine * knob).slow(4)


@pytest.mark.parametrize(
    "pattern",
    [
        Live("x"),
        seq(Live("x"), Live("x") * 0 + 9),
        Live("x").mask("1 0 1"),
        cat(Live("x"), sine, 3),
        (mini("0 ~ 2") + Live("x")).rev(),
        stack(sine, Live("x").rev()),
        saw.fast(Live("x") + 1) + Live("x").curve(3),
        saw.fast(mini("1 2") + Live("x").switch()),
        Live("x").compress(0.2, 0.7),
    ],
)
def test_live_inputs_are_read_at_the_sample_of_their_moment(pattern: Pattern) -> None:
    """However many moments are read at once, each sees the input at its own sample."""
    rng = np.random.default_rng(3)
    moments, samples = rng.random(60) * 4, rng.integers(0, 9, 60) * 512.0
    together = pattern.sample(moments, live=at_samples(*samples))
    alone = [pattern.sample(moments[i : i + 1], live=at_samples(samples[i]))[0] for i in range(len(moments))]
    assert together == pytest.approx(alone)
    assert len(set(together.tolist())) > 2


def test_live_inputs_are_found_wherever_they_are() -> None:
    knob, other = Live("x"), Live("y")
    inside = s("a").gain(knob).bias(sine * knob).every(2, lambda p: p.pan(other))
    assert set(inside.live_inputs) == {knob, other}
    assert n("0 1").fmap(lambda v, k=knob: v).live_inputs == (knob,)
    assert (sine + 1).live_inputs == ()


def test_a_signal_becomes_events_by_segment() -> None:
    events = saw.segment(4).query(0, 1)
    assert [e.value for e in events] == [0, 0.25, 0.5, 0.75]
    assert [e.value for e in irand(3).segment(2).query(0, 1)] == irand(3).sample(np.array([0, 0.5])).tolist()
