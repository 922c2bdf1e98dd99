"""Colours of what is typed: Python's, and inside its texts those of mini-notation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer, PygmentsLexer
from pygments.lexers import Python3Lexer

SIGN, NUMBER, WRONG = "fg:ansibrightcyan bold", "fg:ansibrightmagenta", "fg:ansiwhite bg:ansired bold"
TEXT = re.compile(r"([rR]?)(\"\"\"|'''|\"|')(.*?)(\2|$)")  # a text of Python, perhaps not ended yet
TOKEN = re.compile(
    r"(?P<number>(?<![\w.])-?(?:\d+\.?\d*|\.\d+)(?![\w.]))"
    r"|(?P<sign>[\[\]{}<>(),|*:!@?%~]|/(?=[\d.<\[{])|(?<!\S)[._-](?!\S)|\.\.)"
    r"|(?P<other>[^\[\]{}<>(),|*/:!@?%~\s]+|.)"
)
PAIRS = {"]": "[", "}": "{", ">": "<", ")": "("}


class CodeLexer(Lexer):
    """Python, whose texts on one line are coloured as mini-notation: signs, numbers, and brackets
    that match none.
    """

    def __init__(self) -> None:
        self._python = PygmentsLexer(Python3Lexer)

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """Gives the styled parts of a line by its number, from 0."""
        line_of = self._python.lex_document(document)
        return lambda number: [part for run in _runs(line_of(number)) for part in run]


def _runs(line: StyleAndTextTuples) -> Iterator[StyleAndTextTuples]:
    """The parts of a line, with all that belongs to its texts in the colours of mini-notation."""
    held: StyleAndTextTuples = []
    for part in line:
        if "string" in part[0] and "doc" not in part[0]:
            held.append(part)
            continue
        yield _coloured(held)
        held = []
        yield [part]
    yield _coloured(held)


def _coloured(held: StyleAndTextTuples) -> StyleAndTextTuples:
    found = TEXT.fullmatch("".join(part[1] for part in held))
    if found is None:
        return held
    style = held[0][0]
    prefix, quote, text, end = found.groups()
    return [(style, prefix + quote), *mini(text, style, bool(end)), (style, end)]


def mini(text: str, style: str, ended: bool = True) -> StyleAndTextTuples:
    """Mini-notation in colours, words in `style`; where it is not `ended`, brackets may yet be
    closed.
    """
    parts: StyleAndTextTuples = []
    opened: list[int] = []
    for token in TOKEN.finditer(text):
        sign = token[0]
        colour = {"number": NUMBER, "sign": SIGN, "other": style}[str(token.lastgroup)]
        if sign in PAIRS.values():
            opened.append(len(parts))
        elif sign in PAIRS:
            matches = opened and parts[opened[-1]][1] == PAIRS[sign]
            colour = SIGN if matches else WRONG
            if matches:
                opened.pop()
        parts.append((colour, sign))
    for place in opened if ended else ():
        parts[place] = (WRONG, parts[place][1])
    return parts
