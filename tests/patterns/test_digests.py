"""A pattern is named by its content."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from latentcode.errors import PatternError
from latentcode.patterns import Controls, Pattern, Steady, digest, mini, n, pure, s, sine

SOURCE = """
import numpy as np
from latentcode.patterns import *
factor = 3
def louder(x, by=2): return x * by * factor
p = s("cello(3,8) choir*2?").gain(sine.range(0, 1)).every(3, lambda p: p.rev())
q = n("0 1 2").fmap(lambda x: x + factor).fmap(louder).off(1/8, lambda p: p.add(7))
r = pure(np.arange(5.0))
t = s("a b").inside("<2 4>", lambda p: p.rev()).sometimes_by("<.1 .2>", lambda p: p.n(3))
v = pure(frozenset({"a", "b", "c", 1, 2}))
print(*(x.digest for x in (p, q, r, t, v)))
"""


def elsewhere(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", SOURCE]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_digests_are_the_same_in_every_process() -> None:
    first = elsewhere("1")
    assert first == elsewhere("2")
    assert len(set(first.split())) == 5


def test_equal_patterns_are_equal() -> None:
    assert mini("a  b") == mini("a b")
    assert mini("a b") != mini("a c")
    assert mini("a") != "a"
    assert len({mini("a b").fast(2), mini("a b").fast(2.0), mini("a b").fast(Fraction(2))}) == 1
    assert s("a").gain(sine) == s("a").gain(sine)
    assert s("a").gain(sine) != s("a").gain(sine.slow(2))
    assert hash(mini("a")) == hash(mini("a"))


def test_arrays_count_by_content() -> None:
    assert pure(np.arange(3)) == pure(np.arange(3))
    assert pure(np.arange(3)) != pure(np.arange(4))
    assert pure(np.zeros(2, np.float32)) != pure(np.zeros(2, np.float64))
    assert pure(np.arange(6).reshape(2, 3).T) == pure(np.array([[0, 3], [1, 4], [2, 5]]))


def test_functions_count_by_what_they_do() -> None:
    def adding(amount: float) -> Callable[[float], float]:
        return lambda x: x + amount

    one: Pattern = n("0")
    assert one.fmap(adding(1)) == one.fmap(adding(1))
    assert one.fmap(adding(1)) != one.fmap(adding(2))
    assert one.fmap(lambda x: x + 1) != one.fmap(lambda x: x + 2)
    assert one.fmap(lambda x, by=1: x + by) != one.fmap(lambda x, by=2: x + by)
    assert one.fmap(abs) != one.fmap(round)
    assert one.fmap(partial(pow, 2)) != one.fmap(partial(pow, 3))


def test_names_of_methods_are_not_taken_for_variables() -> None:
    space: dict[str, object] = {"rev": 1}
    exec("f = lambda p: p.rev()\ng = lambda p: p.add(rev)", space)
    before = digest(space["f"]), digest(space["g"])
    space["rev"] = 2
    assert digest(space["f"]) == before[0]
    assert digest(space["g"]) != before[1]


def test_a_function_may_know_itself() -> None:
    def factorial(x: int) -> int:
        return 1 if x < 2 else x * factorial(x - 1)

    assert digest(factorial) == digest(factorial)
    assert [e.value for e in n("4").fmap(factorial).query(0, 1)] == [24]


@dataclass(frozen=True)
class Motion:
    """Stands for a trajectory of another room."""

    source: str
    amount: object


def test_dataclasses_of_other_rooms() -> None:
    assert digest(Motion("a", sine)) == digest(Motion("a", sine))
    assert digest(Motion("a", sine)) != digest(Motion("a", sine.slow(2)))
    assert Steady(Motion("a", np.ones(3))) == Steady(Motion("a", np.ones(3)))
    assert digest(Controls((("s", "a"),))) != digest((("s", "a"),))
    assert len(digest(None)) == 32


def test_numbers_count_by_value_and_are_no_truth_values() -> None:
    assert digest(1) == digest(1.0) == digest(Fraction(1))
    assert digest(0.5) == digest(Fraction(1, 2)) == digest(np.float64(0.5))
    assert len({digest(v) for v in (1, True, "1", (1,), None, 1.5)}) == 6
    assert digest(float("nan")) == digest(float("nan"))
    assert digest(float("inf")) != digest(float("-inf"))


def test_what_has_no_content_is_named() -> None:
    with pytest.raises(PatternError, match="generator"):
        digest(x for x in ())


def test_patterns_travel() -> None:
    pattern = s("a(3,8) b?").gain(sine).every("<2 3>", lambda p: p.rev()).off(0.125, lambda p: p.n(2))
    pattern.query(0, 1)
    back = pickle.loads(pickle.dumps(pattern))
    assert back == pattern
    assert back.query(0, 4) == pattern.query(0, 4)


def test_a_musicians_function_is_called_once() -> None:
    calls = []

    def change(pattern: Pattern) -> Pattern:
        calls.append(pattern)
        return pattern.rev()

    for pattern in (
        mini("a b c").inside("<2 4 3>", change),
        mini("a b c").off("<.125 .25>", change),
        mini("a b c").every("<2 3>", change),
        mini("a b c").when("<1 0>", change),
        mini("a b c").sometimes_by("<.5 .2>", change),
    ):
        pattern.query(0, 8)
    assert len(calls) == 5
