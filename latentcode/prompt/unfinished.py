"""What a text that is still being typed ends in: a string that is open, the brackets of a call."""

from __future__ import annotations

import codeop
import io
import keyword
import re
import tokenize
from typing import Any

STRING = re.compile(r"(?:[rRbBfFuU]{0,2})('''|\"\"\"|'|\")")


def open_string(text: str) -> tuple[int, str] | None:
    """Where the text literal begins in which `text` ends, and what of it is there;
    None outside of one.
    """
    place = 0
    while place < len(text):
        if text[place] == "#":
            end = text.find("\n", place)
            if end < 0:
                return None
            place = end
            continue
        found = STRING.match(text, place)
        if found is None:
            place += 1
            continue
        after = _closing(text, found.end(), found[1])
        if after is None:
            return place, text[found.end() :]
        place = after
    return None


def _closing(text: str, place: int, quote: str) -> int | None:
    while place < len(text):
        if text[place] == "\\":
            place += 2
        elif text.startswith(quote, place):
            return place + len(quote)
        elif text[place] == "\n" and len(quote) == 1:
            return place
        else:
            place += 1
    return None


def never_closed(text: str) -> bool:
    """Whether `text` ends in a string of one line, which nothing on the next line can close."""
    inside = open_string(text)
    found = inside and STRING.match(text, inside[0])
    return bool(found) and len(found[1]) == 1 and not text.endswith("\\")  # type: ignore[index]


def never_right(text: str) -> bool:
    """Whether a line is wrong whatever comes after it: running it says more than refusing it."""
    if "\n" in text:
        return False
    try:
        codeop.compile_command(text.strip())
    except (SyntaxError, ValueError, OverflowError):
        return True
    return False


def open_call(text: str) -> tuple[str, int, tuple[int, int]] | None:
    """The call in whose brackets `text` ends: its name, the argument's number,
    and (row, column) of the bracket.
    """
    calls: list[list[Any]] = []
    before = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.string in ("(", "[", "{"):
                name = before if token.string == "(" and before.isidentifier() else ""
                calls.append([name, 0, token.start])
            elif token.string in (")", "]", "}") and calls:
                calls.pop()
            elif token.string == "," and calls:
                calls[-1][1] += 1
            before = token.string
    except (tokenize.TokenError, SyntaxError):
        pass
    if not calls or not calls[-1][0] or keyword.iskeyword(calls[-1][0]):
        return None
    name, argument, place = calls[-1]
    return name, argument, place
