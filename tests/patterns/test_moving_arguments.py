"""An argument that moves through what cannot be played is silence for that time, as in Strudel."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import latentcode as lc
from latentcode.errors import LatentcodeError, RangeError
from latentcode.inputs.history import Input, InputHistory
from latentcode.inputs.reader import Reader
from latentcode.patterns import Pattern, cc, irand, mini, n, note, polymeter, run, s, saw, sine
from latentcode.patterns.compile import compile_pattern
from latentcode.patterns.event import Hands
from latentcode.patterns.functions import rev

Word = Callable[[Any], Pattern]


def heard(pattern: Pattern, cycle: int, live: Hands = None) -> list[tuple[float, Any]]:
    """Onsets within a cycle, and their values."""
    events = compile_pattern(pattern).query(cycle, cycle + 1, live)
    return sorted((float(e.part[0]) - cycle, str(e.value)) for e in events if e.has_onset or e.whole is None)


WORDS: dict[str, Word] = {  # none of them has anything to play at 0
    "ply": lambda v: n("0 1").ply(v),
    "fast": lambda v: n("0 1").fast(v),
    "slow": lambda v: n("0 1").slow(v),
    "fast_gap": lambda v: n("0 1").fast_gap(v),
    "linger": lambda v: n("0 1").linger(v),
    "inside": lambda v: n("0 1").inside(v, rev),
    "outside": lambda v: n("0 1").outside(v, rev),
    "swing_by": lambda v: n("0*4").swing_by(0.3, v),
    "iter": lambda v: n("0 1").iter(v),
    "iter_back": lambda v: n("0 1").iter_back(v),
    "every": lambda v: n("0 1").every(v, rev),
    "last_of": lambda v: n("0 1").last_of(v, rev),
    "chunk": lambda v: n("0 1").chunk(v, rev),
    "echo": lambda v: s("a").echo(v, 0.25, 0.5),
    "echo_with": lambda v: n("0").echo_with(v, 0.25, lambda p, i: p.add(i)),
    "segment": lambda v: saw.segment(v),
    "euclid": lambda v: n("0").euclid(v, 8),
    "euclid's steps": lambda v: n("0").euclid(3, v),
    "shuffle": lambda v: n("0 1").shuffle(v),
    "scramble": lambda v: n("0 1").scramble(v),
    "chop": lambda v: s("a").chop(v),
    "striate": lambda v: s("a").striate(v),
    "slice": lambda v: s("a").slice(v, "0 1"),
    "splice": lambda v: s("a").splice(v, "0 1"),
    "loop_at": lambda v: s("a").loop_at(v),
    "run": lambda v: run(v),
    "polymeter": lambda v: polymeter(["a", "b"], steps=v),
    "compress": lambda v: n("0 1").compress(0, v),
    "zoom": lambda v: n("0 1").zoom(0, v),
    "div": lambda v: n("1 2").div(v),
    "mod": lambda v: n("1 2").mod(v),
    "divided": lambda v: 1 / (mini(v) if isinstance(v, str) else v),
    "*": lambda v: mini(f"a*{v}") if isinstance(v, str) else mini("a").fast(v),
    "/": lambda v: mini(f"a/{v}") if isinstance(v, str) else mini("a").slow(v),
    "%": lambda v: mini(f"{{a b}}%{v}") if isinstance(v, str) else mini("a").fast(v),
    "(,)": lambda v: mini(f"a({v},8)") if isinstance(v, str) else mini("a").euclid(v, 8),
}
SHIFTING: dict[str, Word] = {
    "early": lambda v: n("0 1").early(v),
    "late": lambda v: n("0 1").late(v),
    "off": lambda v: n("0 1").off(v, rev),
    "within": lambda v: n("0 1").within(0, v, rev),
    "jux_by": lambda v: s("a").jux_by(v, rev),
    "echo's time": lambda v: s("a").echo(2, v, 0.5),
    "echo's feedback": lambda v: s("a").echo(2, 0.25, v),
    "degrade_by": lambda v: n("0*4").degrade_by(v),
    "sometimes_by": lambda v: n("0*4").sometimes_by(v, rev),
    "squeeze": lambda v: mini(v).squeeze(["a b", "c"]),
    "choose": lambda v: mini(v).choose("a", "b"),
    "when": lambda v: n("0 1").when(v, rev),
    "rotation": lambda v: n("0").euclid(3, 8, v),
    "slice's numbers": lambda v: s("a").slice(4, v),
    "pow": lambda v: n("-1 0 2").pow(v),
    "range": lambda v: saw.range(v, 1).segment(2),
    "exprange": lambda v: saw.exprange(v, 200).segment(2),
    "curve": lambda v: saw.curve(v).segment(2),
    "quantize": lambda v: saw.quantize(v).segment(2),
    "switch": lambda v: saw.switch(v).segment(2),
    "irand": lambda v: irand(v).segment(2),
    "scale_of": lambda v: mini(v).scale_of("c minor"),
    "floor": lambda v: mini(v).floor(),
    "note": lambda v: s("a").note(v),
    "speed": lambda v: s("a").speed(v),
    "..": lambda v: mini(f"0 .. {v}"),
}


@pytest.mark.parametrize("word", WORDS)
def test_at_0_there_is_silence_and_then_it_goes_on(word: str) -> None:
    moving = WORDS[word]("<1 0 1>" if word == "compress" else "<2 0 2>")
    assert heard(moving, 0)
    assert heard(moving, 1) == []
    assert heard(moving, 2)


@pytest.mark.parametrize("word", {**WORDS, **SHIFTING})
@pytest.mark.parametrize(
    "values", ["<1 -1 -2.5>", "<.3 1.5 2.5>", "<1 1e999 1>", "<1 1e9 1e-9>", "<1 -1e9 1>"]
)
def test_no_number_is_a_fault(word: str, values: str) -> None:
    moving, begun = {**WORDS, **SHIFTING}[word](values), time.process_time()
    for cycle in range(3):
        heard(moving, cycle)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("word", [w for w in WORDS if w not in ("div", "mod", "divided", "compress", "zoom")])
def test_a_number_that_stands_still_is_told(word: str) -> None:
    if word in ("euclid", "euclid's steps", "(,)"):  # no onsets are a rhythm, too
        assert heard(WORDS[word](0), 0) == []
        return
    with pytest.raises(RangeError):
        WORDS[word](0)


@pytest.mark.parametrize("word", ["div", "mod"])
def test_a_division_by_0_that_stands_still_is_told(word: str) -> None:
    for zero in (0, 0.0, "0"):
        with pytest.raises(RangeError, match="as in 2"):
            WORDS[word](zero)


def test_a_text_is_still_a_mistake() -> None:
    with pytest.raises(LatentcodeError, match="'x'"):
        mini("a").fast("<2 x>").query(0, 2)


def test_a_hand_at_0_is_silence_and_moves_on() -> None:
    inputs = InputHistory(44100)
    for word in (
        "fast",
        "slow",
        "ply",
        "chop",
        "striate",
        "iter",
        "every",
        "chunk",
        "echo",
        "euclid",
        "run",
        "div",
    ):
        moving = WORDS[word](cc(1).range(0, 8))
        for sample, (place, sounding) in enumerate(((0.0, False), (0.2, True), (1.0, True), (0.0, False))):
            inputs.put(Input("cc:1@nano/1", place), sample)
            assert bool(heard(moving, 0, Reader(inputs))) == sounding, word


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [  # Strudel 1.2.6
        (mini("0 1 2 3").ply("<1.5>"), [(0, "0"), (1 / 6, "0"), (0.25, "1"), (5 / 12, "1"), (0.5, "2"), (2 / 3, "2"),
                                        (0.75, "3"), (11 / 12, "3")]),
        (mini("0 1 2 3").linger("<1.5 .5>"), [(0, "0"), (0.25, "1"), (0.5, "2"), (0.75, "3")]),
        (mini("0 1 2 3").iter("<1.5 2>"), [(0, "0"), (0.25, "1"), (0.5, "2"), (0.75, "3")]),
        (s("a ~ ~ ~").echo("<1.5 2>", 0.25, 0.5), [(0, "s:a")]),
        (mini("<.5 0>").squeeze(["a b", "c d"]), [(0, "c"), (0.5, "d")]),
        (mini("<.4 0>").squeeze(["a b", "c d"]), [(0, "a"), (0.5, "b")]),
        (mini("<1.5 0>").squeeze(["a b", "c d"]), [(0, "a"), (0.5, "b")]),
        (mini("<-1 0>").squeeze(["a b", "c d"]), [(0, "c"), (0.5, "d")]),
        (n("0.6").squeeze(["a b", "c d"]), [(0, "c"), (0.5, "d")]),
        (s("a").slice(4, "0.5"), [(0, "s:a begin:0.125 end:0.375")]),
        (s("a").slice(4, "<1.5>"), [(0, "s:a begin:0.375 end:0.625")]),
        (mini("a").euclid("<-2 1>", 8), [(x / 8, "a") for x in (1, 2, 3, 5, 6, 7)]),
    ],
)  # fmt: skip
def test_numbers_between_are_those_of_strudel(pattern: Pattern, expected: list[tuple[float, Any]]) -> None:
    found = heard(pattern, 0)
    assert [value for _, value in found] == [value for _, value in expected]
    assert [at for at, _ in found] == pytest.approx([at for at, _ in expected])


def test_slices_end_with_the_sound_and_go_round() -> None:
    assert heard(s("a").slice(4, "3.5"), 0) == [(0, "s:a begin:0.875 end:1.0")]
    assert heard(s("a").slice(4, "-1"), 0) == [(0, "s:a begin:0.75 end:1.0")]
    assert heard(s("a").slice([0, 0.3, 0.8], "1.5"), 0) == [(0, "s:a begin:0.3 end:0.8")]


def test_a_signal_over_0_is_0_and_not_without_bounds() -> None:
    moments = np.array([0.0, 0.25, 0.5, 0.75])
    assert (sine / saw).sample(moments).round(9).tolist() == [0.0, 4.0, 1.0, 0.0]
    assert np.isfinite((saw - 1).pow(0.5).sample(moments)).all()
    assert np.isfinite((saw % (saw - 0.5)).sample(moments)).all()


def test_controls_that_move_are_held_to_what_there_is() -> None:
    for word in ("begin", "end", "freeze"):
        values = [e.value.get(word) for e in getattr(s("a*3"), word)("-1 .5 3").query(0, 1)]
        assert values == [0, 0.5, 1]
    for word in ("attack", "release", "legato", "velocity"):
        assert [e.value.get(word) for e in getattr(s("a*2"), word)("-1 2").query(0, 1)] == [0, 2]
    for word in ("speed", "note", "n", "begin", "legato"):
        assert len(getattr(s("a*2"), word)("1e999 1").query(0, 1)) == 1


def test_strategies_and_motions_take_what_moves() -> None:
    values = "<1 0 -1 1e999 1e9>*5"
    for made in (
        lc.stepwise(s("flute*5"), "choir", values),
        lc.extend(s("flute*5"), factor=values),
        lc.freeze(s("flute*5"), values),
        lc.walk(s("flute*5"), 0.5, values),
        lc.orbit(s("flute*5"), 1, values),
        note("c4*5").s("flute").begin(values),
    ):
        assert np.isfinite(lc.render(made, seconds=0.1, bpm=1800)).all()
