"""What may stand as an argument, and how one that may not is told.

Each check returns the value as it is used from there on, or raises the error it is given. A message
has one form: who asks, what is allowed, what was received, what to type:

    lead takes a number from 1 to 1000, not 'soon'; as in lead(30)

True and False are no numbers. Where a PatternError is given and a number lies beyond its range,
RangeError is raised: in an argument that moves, that is silence and no fault.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Collection
from fractions import Fraction
from typing import Any, TypeAlias, TypeGuard

import numpy as np

from latentcode.errors import EngineError, LatentcodeError, PatternError, RangeError

Number: TypeAlias = int | float | Fraction
Error: TypeAlias = type[LatentcodeError]


WITH_UNIT = re.compile(r"\s*([+-]?(?:\d+/\d+|\d*\.?\d+))\s*(?:[a-zµ]+|%)\s*", re.IGNORECASE)
ONE_WORD = re.compile(r"\s*[\w.+-]*\s*")
MOST_QUOTED = 200  # characters of a value in a message, which is to be read while a set plays


def plain(value: Any) -> Any:
    """Return a number of numpy as one of Python, others as they are."""
    return value.item() if isinstance(value, np.generic) else value


def received(value: Any) -> str:
    """A value as an error quotes it."""
    if isinstance(value, Fraction):
        return str(value)
    if callable(value) and hasattr(value, "__name__"):
        return "a lambda" if value.__name__ == "<lambda>" else f"the function {value.__name__}"
    return shortened(repr(value))


def shortened(text: str) -> str:
    """A text as a message quotes it: its beginning where it is as long as nobody would read."""
    return text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED]}…"


def wrong(what: str, allowed: str, value: Any, example: str, error: Error = EngineError) -> LatentcodeError:
    """The error that tells of a value which is not allowed; it is to be raised."""
    beyond = error is PatternError and is_number(plain(value))
    return (RangeError if beyond else error)(
        f"{what} takes {allowed}, not {received(value)}; as in {example}"
    )


def moreover(value: Any, error: Exception) -> str:
    """What is to be added to a message that says already which numbers are taken: how a number is
    typed that has a unit, and of a text of several words what is wrong inside.
    """
    if not isinstance(value, str):
        return f" ({error})"
    if found := WITH_UNIT.fullmatch(value):
        return f"; a number goes without its unit: {found[1]}"
    return "" if ONE_WORD.fullmatch(value) else f" ({error})"


def is_number(value: object) -> TypeGuard[Number]:
    """Whether a value is a number of Python's; it may be infinite, or none (NaN)."""
    return isinstance(value, (int, float, Fraction)) and not isinstance(value, bool)


def is_whole(value: object, low: float = -math.inf, high: float = math.inf) -> TypeGuard[int]:
    """Whether a value is an integer between two others, which belong to it."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def as_float(value: Any) -> float:
    """A value as a float; NaN, which lies in no range, for what is no number."""
    try:
        return math.nan if isinstance(value, (bool, str)) else float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def as_fraction(value: Any) -> Fraction | None:
    """A number, or its text, exactly, where a float stands for its decimal text;
    None for what is no number.
    """
    if isinstance(value, bool):
        return None
    try:
        return Fraction(str(value)) if isinstance(value, float) else Fraction(plain(value))
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        return None


def number(value: Any, what: str, low: float, high: float, example: str, error: Error = EngineError) -> float:
    """A number between two others, which belong to it."""
    made = as_float(value)
    if not low <= made <= high:
        raise wrong(what, f"a number from {low:g} to {high:g}", value, example, error)
    return made


def whole(
    value: Any,
    what: str,
    low: int,
    high: int,
    example: str,
    error: Error = EngineError,
    of: str = "a whole number",
) -> int:
    """A whole number between two others, which belong to it; `of` says what it counts."""
    made = plain(value)
    if not is_number(made) or made % 1 != 0 or not low <= made <= high:
        raise wrong(what, f"{of} from {low} to {high}", value, example, error)
    return int(made)


def cycles(
    value: Any, what: str, most: int, example: str, error: Error = EngineError, more: str = ""
) -> Fraction:
    """A number of cycles above 0, up to `most`, exactly; `more` says what else would do."""
    made = None if isinstance(value, str) else as_fraction(value)
    if made is None or not 0 < made <= most:
        raise wrong(what, f"a number of cycles above 0, up to {most}{more}", value, example, error)
    return made


def choice(value: Any, what: str, choices: Collection[str], example: str, error: Error = EngineError) -> str:
    """One of a few words."""
    if not isinstance(value, str) or value not in choices:
        raise wrong(what, f"one of {', '.join(map(repr, choices))}", value, example, error)
    return value


def model_name(value: Any, what: str, example: str, error: Error = EngineError) -> str:
    """The name or file of a model, of which itself can stand for it."""
    if not isinstance(value, (str, os.PathLike)) or not os.fspath(value):
        raise wrong(what, "a model: its name, its file, or itself", value, example, error)
    return os.fspath(value)


def text(
    value: Any, what: str, allowed: str, example: str, error: Error = EngineError, longest: int = 1 << 20
) -> str:
    """A text that is not empty; `allowed` says what it is."""
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise wrong(what, allowed, value, example, error)
    return value


def truth(value: Any, what: str, example: str, error: Error = EngineError) -> bool:
    """True or False, and nothing that is only like it."""
    if not isinstance(value, bool):
        raise wrong(what, "True or False", value, example, error)
    return value
