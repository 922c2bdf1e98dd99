"""Plain values as a word of the journal (`# @ answer 12.1 0.5`):
a replay gives the code what it got then.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from latentcode.errors import EngineError, SessionError

_BYTES = "bytes in base64"  # the one key of what stands for bytes


def text_of(value: Any) -> str:
    """A value as text without spaces. Raises EngineError for what is not plain.

    Plain: None, bool, int, float, str, bytes, and lists, tuples and dictionaries (keys are text) of
    these.
    """
    try:
        text = json.dumps(value, separators=(",", ":"), default=_told)
    except (TypeError, ValueError) as error:
        raise EngineError(f"{value!r} is no plain value: {error}") from error
    return text.replace(" ", "\\u0020")  # spaces stand inside texts alone


def value_of(text: str) -> Any:
    """The value of a text; lists come back as tuples. Raises SessionError for what is none."""
    try:
        return _frozen(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise SessionError(f"{text!r} is no answer that a session could have noted: {error}") from error


def is_value(text: str) -> bool:
    """Whether a text may be that of a value."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _told(value: Any) -> Any:
    if isinstance(value, bytes):
        return {_BYTES: base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} cannot be noted")


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    if not isinstance(value, dict):
        return value
    if value.keys() == {_BYTES}:
        return base64.b64decode(value[_BYTES])
    return {key: _frozen(item) for key, item in value.items()}
