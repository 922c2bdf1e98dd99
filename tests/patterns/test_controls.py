"""What an event carries."""

from __future__ import annotations

import numpy as np
import pytest

from latentcode.errors import PatternError
from latentcode.patterns import Controls, Pattern, Steady, Timed, mini, n, rand, s, sine


def values(pattern: Pattern, name: str, cycles: int = 1) -> list[object]:
    events = sorted(pattern.query(0, cycles), key=lambda e: e.part)
    return [e.value.get(name) for e in events]


def test_controls_keep_the_last_of_a_name() -> None:
    controls = Controls((("s", "a"),)).with_("gain", 0.5).with_("gain", 0.7)
    assert controls.pairs == (("s", "a"), ("gain", 0.7))
    assert controls.get("pan", 0.5) == 0.5


def test_latent_operators_accumulate_in_order() -> None:
    controls = s("a").scale(2).bias(1).scale(3).reverse().query(0, 1)[0].value
    assert controls.pairs == (("s", "a"), ("scale", 2), ("bias", 1), ("scale", 3), ("reverse", True))
    assert controls.get("scale") == 3


def test_controls_of_anything() -> None:
    assert Controls.of("cello").pairs == (("s", "cello"),)
    assert Controls.of(3).pairs == (("n", 3),)
    assert Controls.of(("bd", 3)).pairs == (("s", "bd"), ("n", 3))
    already = Controls.of("a")
    assert Controls.of(already) is already


def test_sounds_and_numbers_meet() -> None:
    assert values(s("cello choir*2"), "s") == ["cello", "choir", "choir"]
    assert [e.value for e in n("0 3 7").query(0, 1)] == [0, 3, 7]
    melody = n("0 3").s("<flute oboe>*4")
    assert values(melody, "s") == ["flute", "flute"]
    assert values(melody, "n") == [0, 3]
    assert values(s("flute").n("3 4"), "n") == [3]
    assert values(s("flute*2").n("3 4"), "n") == [3, 4]
    assert values(n("0 3").s("bd:2"), "s") == ["bd", "bd"]
    assert values(s("bd:2 sd"), "n") == [2, None]


def test_continuous_controls_never_split_events() -> None:
    events = s("a b").gain("0 .5 1 .25").pan(sine).query(0, 1)
    assert len(events) == 2
    gain = events[0].value.get("gain")
    assert isinstance(gain, Pattern)
    assert [e.value for e in gain.query(0, 1)] == [0, 0.5, 1, 0.25]
    assert s("a").gain(0.8).query(0, 1)[0].value.get("gain") == 0.8
    assert s("a").gain("0.8").query(0, 1)[0].value.get("gain") == 0.8
    assert s("a").gain(0).query(0, 1)[0].value.get("gain") == 0


def test_onset_controls_are_taken_at_the_onset() -> None:
    events = s("a b").legato("0.5 2 1 3").query(0, 1)
    assert [e.value.get("legato") for e in events] == [0.5, 1]
    assert [e.part for e in events] == [e.whole for e in events]
    assert values(s("a*2").attack(sine), "attack") == [0.5, pytest.approx(0.5)]
    assert values(s("a").ring().cut(), "ring") == [True]
    assert values(s("a").cut(2), "cut") == [2]
    assert values(s("a*4").begin(rand), "begin") == values(s("a*4").begin(rand), "begin")


def test_rev_is_time_and_reverse_is_the_source() -> None:
    assert values(s("a b").rev(), "s") == ["b", "a"]
    assert values(s("a b").reverse(), "s") == ["a", "b"]


def test_a_drone_follows_what_its_controls_say() -> None:
    events = Steady("x").n("0 1").query(0, 1)
    assert [(e.whole, e.part, e.value.get("n")) for e in events] == [(None, (0, 0.5), 0), (None, (0.5, 1), 1)]
    assert len(Steady("x").gain(sine).query(0, 3)) == 1


def test_arithmetic_on_controls() -> None:
    assert values(n("0 3").s("a").add(7), "n") == [7, 10]
    assert values(s("a").set(s("b").n(2)), "s") == ["b"]
    kept = s("a").keep(s("b").n(2))
    assert (values(kept, "s"), values(kept, "n")) == (["a"], [2])


def test_jux_and_echo() -> None:
    assert sorted(values(s("a").jux(lambda p: p), "pan")) == [0, 1]
    assert sorted(values(s("a").jux_by(0.5, lambda p: p), "pan")) == [0.25, 0.75]
    gains = [e.value.get("gain", 1) for e in s("a").gain(0.8).echo(3, 0.25, 0.5).query(2, 3) if e.has_onset]
    assert gains == pytest.approx([0.8, 0.4, 0.2])


def test_controls_are_timed() -> None:
    assert isinstance(Controls(), Timed)
    assert repr(Controls((("s", "a"), ("gain", 0.5)))) == "s:a gain:0.5"
    assert mini("a:1:0.5").query(0, 1)[0].value == ("a", 1, 0.5)


def test_an_array_gives_each_dimension_its_number() -> None:
    held = s("a").bias(np.arange(3.0)).query(0, 1)[0].value
    assert held.get("bias").tolist() == [0, 1, 2]
    assert held == s("a").bias(np.arange(3.0)).query(0, 1)[0].value
    assert held != s("a").bias(np.arange(4.0)).query(0, 1)[0].value
    with pytest.raises(PatternError, match="one finite number for each latent dimension"):
        s("a").scale(np.ones((2, 2)))
    with pytest.raises(PatternError, match="as in"):
        s("a").gain(np.ones(3))
