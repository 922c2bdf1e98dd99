"""A mistake is answered with what was received, what is allowed, and what to type."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import latentcode
from latentcode.errors import LatentcodeError, MiniError, PatternError
from latentcode.patterns import (
    Pattern,
    irand,
    mini,
    n,
    polymeter,
    run,
    s,
    seq,
    sine,
    stack,
    timecat,
    wchoose,
)
from latentcode.patterns.functions import rev
from latentcode.patterns.words import METHODS, example


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("a [b c", 6, "]"),
        ("a b]", 3, "the end"),
        ("a(3,8", 5, ")"),
        ("a(3 8)", 5, ","),
        ("<a b", 4, ">"),
        ("{a b", 4, "}"),
        ("a*", 2, "name or number"),
        ("a**2", 2, "name or number"),
        ("a $ b", 2, "'$'"),
        ("_ a", 0, "received '_'"),
        ("a*b", 1, "not 'b'"),
        ("a*0", 1, "above 0"),
        ("{a b}%0", 0, "above 0"),
        ("a!1.5", 1, "whole number"),
        ("a .. b", 2, "not 'a'"),
        ("a,,b", 2, "received ','"),
        ("a(3,99999999)", 1, "10000"),
        ("0 .. 99999999", 2, "10000"),
        ("a!99999999", 1, "10000"),
    ],
)
def test_mini_notation_shows_the_place(text: str, place: int, expected: str) -> None:
    with pytest.raises(MiniError) as caught:
        mini(text)
    message, line, caret = str(caught.value).split("\n")
    assert line == f"  {text}"
    assert caret.index("^") == place + 2
    assert expected in message


def test_the_line_of_a_longer_text_is_shown() -> None:
    with pytest.raises(MiniError) as caught:
        mini("a b\nc [d\n")
    assert str(caught.value).endswith("\n  c [d\n      ^")


@pytest.mark.parametrize(
    ("attempt", "received", "advice"),
    [
        (lambda: mini("a").fast(None), "None", "as in 2"),
        (lambda: mini("a").fast([1, 2]), "[1, 2]", "as in 2"),
        (lambda: mini("a").fast(0), "0", "above 0"),
        (lambda: mini("a").slow(0), "0", "above 0"),
        (lambda: mini("a").fast(float("inf")), "inf", "as in 2"),
        (lambda: mini("a").fast(True), "True", "as in 2"),
        (lambda: mini("a").late("x"), "'x'", "as in 1/8"),
        (lambda: mini("a").every(0, lambda p: p), "0", "as in 4"),
        (lambda: mini("a").every(2.5, lambda p: p), "2.5", "whole number"),
        (lambda: mini("a").every(2, 3), "3", "lambda p: p.rev()"),
        (lambda: mini("a").every(2, lambda p: 3), "3", "lambda p: p.rev()"),
        (lambda: mini("a").off(0.1, None), "None", "lambda p: p.rev()"),
        (lambda: mini("a").struct(None), "None", "mini-notation"),
        (lambda: mini("a").euclid(3, -8), "-8", "as in 8"),
        (lambda: mini("a").degrade_by("x"), "'x'", "numbers"),
        (lambda: mini("a") + 1, "'a'", "numbers"),
        (lambda: n("1") / 0, "0", "as in 2"),
        (lambda: n("1") % 0, "0", "as in 2"),
        (lambda: sine.range("a", 1), "'a'", "numbers"),
        (lambda: mini("a").fmap(3), "3", "lambda x"),
        (lambda: n("c e"), "'c'", 'n("0 3 7")'),
        (lambda: s(None), "None", "as in"),
        (lambda: s("a").gain(None), "gain still needs a value", "as in gain(.8)"),
        (lambda: s("a").gain("b"), "'b'", "as in"),
        (lambda: s("a").gain(True), "True", "as in"),
        (lambda: s("a").dim(-1, 0.5), "-1", "as in .dim(3"),
        (lambda: s("a").dim(1.5, 0.5), "1.5", "as in .dim(3"),
        (lambda: stack("a", None), "None", "as in"),
        (lambda: seq(object()), "object", "as in"),
        (lambda: mini("a").fast(), "'factor'", "fast(2)"),
        (lambda: timecat("abc"), "'abc'", "(3,"),
        (lambda: wchoose("a"), "'a'", '("a", 3)'),
        (lambda: wchoose(("a", -1)), "-1", "above 0"),
        (lambda: polymeter([]), "empty", "as in"),
        (lambda: n("0").squeeze("a"), "'a'", "list"),
        (lambda: run(0), "0", "as in 4"),
        (lambda: irand("x"), "'x'", "as in 8"),
        (lambda: mini(3), "3", "as in"),
        (lambda: mini("a").add(1, structure="up"), "'up'", '"left"'),
        (lambda: mini("a").compress(begin=0.1, stop=0.2), "'end'", "compress(1/4, 3/4)"),
    ],
)
def test_a_mistyped_argument(attempt: Callable[[], Any], received: str, advice: str) -> None:
    with pytest.raises(PatternError) as caught:
        attempt()
    assert received in str(caught.value)
    assert advice in str(caught.value)


@pytest.mark.parametrize(
    "word",
    ["inside", "outside", "loop_at", "off", "echo", "echo_with", "jux", "jux_by", "chunk", "last_of", "every",
     "sometimes", "often", "rarely", "almost_never", "almost_always", "fast", "within"],
)  # fmt: skip
def test_a_mistake_is_told_of_the_word_that_was_typed(word: str) -> None:
    parameters = [*inspect.signature(getattr(Pattern, word)).parameters][1:]
    for place in range(len(parameters)):
        given = [rev if name == "function" else 1 for name in parameters]
        given[place] = [3]
        with pytest.raises(PatternError, match=rf"\b{word}\b"):
            getattr(n("0 1"), word)(*given)
    with pytest.raises(PatternError, match="the slices of swing_by"):
        n("0").swing_by(1 / 3, 0)


@pytest.mark.parametrize("word", METHODS)
def test_what_is_advised_can_be_typed(word: str) -> None:
    typed = example(word)
    space = {name: getattr(latentcode, name) for name in latentcode.__all__}
    ours = eval(f'n("0 1"){typed}' if typed.startswith(".") else typed, {**space, "plain": n("0").plain})
    assert callable(ours) or isinstance(ours, Pattern | latentcode.Trajectory)


def test_what_a_note_is_not_is_told() -> None:
    for made in (s("a").choose("x", "y"), s("a").slice(4, s("b")), s("a").squeeze(["x"])):
        with pytest.raises(PatternError, match=r"not s:[ab]"):
            made.query(0, 1)


def test_mistakes_inside_a_pattern_are_found_when_it_is_queried() -> None:
    for pattern in (mini("a b").add(mini("1 2")), mini("a").fast(mini("2 x"))):
        with pytest.raises(PatternError):
            pattern.query(0, 1)
        assert "cannot be queried" in repr(pattern)


def test_all_errors_are_of_one_family() -> None:
    assert issubclass(MiniError, PatternError)
    assert issubclass(PatternError, LatentcodeError)
    assert issubclass(PatternError, ValueError)


def test_a_query_that_would_take_for_ever_is_refused() -> None:
    with pytest.raises(PatternError, match="too dense"):
        mini("a*100000000").query(0, 1)
    with pytest.raises(PatternError, match="too dense"):
        mini("[a b]*1000 c").fast(1000).query(0, 1)


def test_numbers_of_numpy_are_numbers() -> None:
    assert mini("a b").fast(np.int64(2)) == mini("a b").fast(2)
    assert n("0").add(np.float32(0.5)) == n("0").add(0.5)
    assert s("a").gain(np.float64(0.5)).legato(np.int32(2)) == s("a").gain(0.5).legato(2)
