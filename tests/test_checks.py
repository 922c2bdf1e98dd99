"""Arguments are checked in one place, and what is wrong is told in one form."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import latentcode as lc
from latentcode import checks
from latentcode.errors import ControlError, EngineError, PatternError, RangeError

ROOT = Path(lc.__file__).parent
MEANT = {  # where a truth value is a value of its own
    "latents/morph.py", "latents/trajectory.py", "midi_osc/osc.py", "patterns/setters.py", "patterns/time.py",
    "prompt/mixing.py", "set/event_encoder.py",
}  # fmt: skip


def test_whether_something_is_a_number_is_asked_in_one_place():
    asking = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if re.search(r"isinstance\([\w.]+, (bool\b|\([^)]*\bbool\b)", path.read_text())
    }
    assert asking <= {"checks.py", *MEANT}


@pytest.mark.parametrize("value", [3, 3.0, Fraction(3), np.int64(3), np.float32(3), Decimal(3)])
def test_numbers_of_all_kinds_are_numbers(value):
    assert checks.number(value, "lead", 1, 5, "lead(3)") == 3.0
    assert checks.cycles(value, "hush", 4, "hush(3)") == 3


@pytest.mark.parametrize("value", [True, "3", None, math.nan, math.inf, 0.5, 6, [3], np.array([3, 4])])
def test_what_is_no_number_between_two_others_is_told(value):
    with pytest.raises(EngineError, match=r"^lead takes a number from 1 to 5, not .*; as in lead\(3\)$"):
        checks.number(value, "lead", 1, 5, "lead(3)")


@pytest.mark.parametrize("value", [1, 4.0, Fraction(5), np.int8(2)])
def test_a_whole_number_is_an_int_whatever_it_was(value):
    made = checks.whole(value, "undo", 1, 5, "undo(2)")
    assert type(made) is int
    assert made == value


@pytest.mark.parametrize("value", [False, "2", 2.5, 0, 6, math.inf, math.nan, None])
def test_what_is_no_whole_number_is_told(value):
    with pytest.raises(
        ControlError, match=r"^undo takes a whole number from 1 to 5, not .*; as in undo\(2\)$"
    ):
        checks.whole(value, "undo", 1, 5, "undo(2)", ControlError)


def test_cycles_are_exact_and_a_float_is_what_it_was_written_as():
    assert checks.cycles(0.1, "hush", 4, "hush(2)") == Fraction(1, 10)
    for value in (0, -1, 4.5, "2", True, None, math.nan):
        with pytest.raises(EngineError, match=r"^hush takes a number of cycles above 0, up to 4, not"):
            checks.cycles(value, "hush", 4, "hush(2)")


def test_words_texts_and_truth_values():
    assert checks.choice("jump", "takeover", ("jump", "scale"), 'takeover("jump")') == "jump"
    with pytest.raises(EngineError, match="takeover takes one of 'jump', 'scale', not 3; as in"):
        checks.choice(3, "takeover", ("jump", "scale"), 'takeover("jump")')
    for value in ("", "  ", 3, None, "long" * 20):
        with pytest.raises(EngineError, match="scene takes a name, not"):
            checks.text(value, "scene", "a name", 'scene("verse")', longest=64)
    assert checks.truth(False, "mono", "mono=True") is False
    for value in (0, 1, None, "True"):
        with pytest.raises(EngineError, match="mono takes True or False, not"):
            checks.truth(value, "mono", "mono=True")


def test_a_number_beyond_the_range_of_a_pattern_is_a_range_error():
    for value, error in (
        (7, RangeError),
        (np.float64(7), RangeError),
        ("7", PatternError),
        (True, PatternError),
    ):
        assert type(checks.wrong("fast", "numbers", value, "2", PatternError)) is error
        assert type(checks.wrong("lead", "numbers", value, "2")) is EngineError


def test_what_was_received_is_quoted_as_it_was_typed():
    assert checks.received(Fraction(1, 3)) == "1/3"
    assert checks.received("x") == "'x'"
    assert checks.received(lc.rev) == "the function rev"
    assert checks.received(lambda p: p) == "a lambda"
