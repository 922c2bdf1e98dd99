"""A line that Python cannot read, as it was probably meant: brackets and quotes closed, those too
many left out, a call where a word stands before a text.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

CLOSERS = {"(": ")", "[": "]", "{": "}"}
QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'")
UNENDED = re.compile(r"^(?P<before>.*)(?P<quote>[\"'])(?P<text>(?:(?!(?P=quote)).)*?)(?P<rest>[)\]}\s]*)$")
APART = re.compile(r"(\w) +(\"[^\"]*\"|'[^']*'|\w+\s*\([^()]*\))\s*$")  # s "bd*2", d1.play s("bd")
WIDE = str.maketrans("（）［］｛｝，．：；＝＋－＊／＜＞", "()[]{},.:;=+-*/<>")


def mended(line: str) -> str:
    """The line as it was probably meant; empty where that cannot be known."""
    text = line.strip()
    if text.endswith(("(", "[", "{", ",", ":")):  # something goes on in the next line
        return ""
    return next((each for each in _candidates(text) if each != text and _reads(each)), "")


def _candidates(text: str) -> Iterator[str]:
    yield text.translate(WIDE)
    yield _balanced(text)
    if found := UNENDED.match(text):
        yield _balanced(f"{found['before']}{found['quote']}{found['text']}{found['quote']}{found['rest']}")
    yield _balanced(APART.sub(r"\1(\2)", text))


def _balanced(text: str) -> str:
    """Without the brackets that close nothing, and with those that are missing at its end."""
    hidden = QUOTED.sub(lambda found: " " * len(found[0]), text)
    opened: list[str] = []
    kept = ""
    for shown, sign in zip(text, hidden, strict=True):
        if sign in CLOSERS:
            opened.append(CLOSERS[sign])
        elif sign in CLOSERS.values():
            if not opened or opened[-1] != sign:
                continue
            opened.pop()
        kept += shown
    return kept + "".join(reversed(opened))


def _reads(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<mended>", "exec")
        except (SyntaxError, ValueError):
            return False
    return True
