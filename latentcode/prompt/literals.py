"""The texts that stand in code, and where in them, and in what is shown of them, words lie."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from latentcode.parameters import VOICES
from latentcode.patterns.tracing import Place

Lit = Mapping[int, tuple[Place, ...]]
"""What sounds of each voice, from 0."""

QUOTED = re.compile(r"[rRuU]?(\"\"\"|'''|\"|')")


@dataclass(frozen=True)
class Literal:
    """A text in a block: where what is between its quotes begins;
    not `plain`: with escapes, so that no place in it is known.
    """

    text: str
    row: int
    column: int
    end: int
    voices: frozenset[str]
    plain: bool


def spans(label: str, places: Iterable[Place]) -> Iterator[tuple[int, int]]:
    """Where in what a voice plays, as it is shown, places stand: columns from 0,
    the last not included.
    """
    known = _shown(label)
    for text, begin, end in places:
        found = known.get(text) or known.get(_flat(text))
        if found is None:
            continue
        if found.plain:
            yield found.column + len(_flat(text[:begin])), found.column + len(_flat(text[:end]))
        else:
            yield found.column, found.end


@lru_cache(64)
def _shown(label: str) -> dict[str, Literal]:
    return {one.text: one for one in reversed([*literals(label)])}


def _flat(text: str) -> str:
    """A text as labels have it, on one line."""
    return re.sub(r"\s+", " ", text)


def within(literal: Literal, begin: int, end: int) -> tuple[int, int, int]:
    """Row and columns of a part of a text; of all of it where its parts are not known."""
    if not literal.plain:
        return literal.row, literal.column, literal.end
    before = literal.text[:begin].split("\n")
    first = len(before[-1]) + (literal.column if len(before) == 1 else 0)
    return literal.row + len(before) - 1, first, first + end - begin


def literals(code: str) -> Iterator[Literal]:
    """The texts in a block, with the voices for which they are written."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    lines = code.split("\n")
    meant = _meant(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield _literal(node, node.value, lines, meant.get(id(node), frozenset()))


def _literal(node: ast.Constant, text: str, lines: list[str], voices: frozenset[str]) -> Literal:
    row, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    first, end = _characters(lines[row], node.col_offset), _characters(lines[last], node.end_col_offset or 0)
    raw = "\n".join(lines[row : last + 1])[first:]
    quote = QUOTED.match(raw)
    inside = quote.end() if quote else 0
    plain = quote is not None and raw[inside:].startswith(text + quote[1])
    column = first + inside * plain
    return Literal(text, row, column, end if last == row else len(lines[row]), voices, plain)


def _characters(line: str, column: int) -> int:
    """A column in bytes as one in characters."""
    return len(line.encode()[:column].decode(errors="replace"))


def _meant(tree: ast.AST) -> dict[int, frozenset[str]]:
    """The nodes that stand where a voice is told what to play, with the names of voices."""
    names = {f"d{number + 1}" for number in range(VOICES)}
    found: dict[int, frozenset[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift):
            told: ast.expr = node.left
        elif isinstance(node, ast.Call):
            told = node.func
        else:
            continue
        voices = frozenset(one.id for one in ast.walk(told) if isinstance(one, ast.Name)) & names
        for inner in ast.walk(node) if voices else ():
            found[id(inner)] = found.get(id(inner), frozenset()) | voices
    return found
