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

VOICES_NAMED = frozenset(f"d{number + 1}" for number in range(VOICES))
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


@dataclass(frozen=True)
class Statement:
    """One of a block: the names that it binds, those that it uses, those in what it tells each
    voice, and the texts in it.
    """

    binds: frozenset[str]
    uses: frozenset[str]
    told: Mapping[str, frozenset[str]]
    literals: tuple[Literal, ...]

    def needs(self, wanted: frozenset[str]) -> frozenset[str]:
        """The names that stand for what `wanted`, names and voices, stand for here."""
        if self.binds & wanted:
            return self.uses
        return frozenset[str]().union(
            *(self.told.get(voice, self.uses) for voice in wanted & self.uses & VOICES_NAMED)
        )

    def gives(self, wanted: frozenset[str], text: str) -> list[Literal]:
        """The places of a text that `wanted` stand for here."""
        found = [one for one in self.literals if one.text == text]
        if self.binds & wanted:
            return found
        voices = wanted & self.uses & VOICES_NAMED
        return [one for one in found if one.voices & voices or (voices - self.told.keys() and not one.voices)]


def sources(voice: str, text: str, blocks: Iterable[tuple[Statement, ...]]) -> tuple[int, list[Literal]]:
    """Where a text stands that a voice plays: in what it was told last, or in what the names there
    stand for; which of the blocks that is, the newest first, of which the first has told it.
    """
    wanted = frozenset({voice})
    for place, block in enumerate(blocks):
        wanted = _reached(wanted, block)
        found = [(one, one.gives(wanted, text)) for one in block]
        named = [literal for one, there in found if one.binds & wanted for literal in there]
        telling = [there for one, there in found if there and not one.binds & wanted]
        if named or telling:
            return place, [*named, *(telling[-1] if telling else [])]
        wanted -= VOICES_NAMED.union(*(one.binds for one in block))
    return -1, []


def _reached(wanted: frozenset[str], block: tuple[Statement, ...]) -> frozenset[str]:
    """With all names that stand for them in a block."""
    while more := frozenset[str]().union(*(one.needs(wanted) for one in block)) - wanted - VOICES_NAMED:
        wanted |= more
    return wanted


def spans(label: str, places: Iterable[Place]) -> Iterator[tuple[int, int]]:
    """Where in what a voice plays, as it is shown, places stand: columns from 0,
    the last not included.
    """
    known = _shown(label)
    for text, begin, end in places:
        for found in known.get(text) or known.get(_flat(text)) or ():
            if found.plain:
                yield found.column + len(_flat(text[:begin])), found.column + len(_flat(text[:end]))
            else:
                yield found.column, found.end


@lru_cache(64)
def _shown(label: str) -> dict[str, list[Literal]]:
    """Where each text stands in a label, all the times that it does."""
    shown: dict[str, list[Literal]] = {}
    for one in literals(label):
        shown.setdefault(one.text, []).append(one)
    return shown


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
    """The texts in a block, in their order, with the voices for which they are written."""
    for statement in statements(code):
        yield from statement.literals


def statements(code: str) -> tuple[Statement, ...]:
    """The statements of a block; none of what is no Python."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    lines = code.split("\n")
    return tuple(_statement(one, lines) for one in tree.body)


def _statement(node: ast.stmt, lines: list[str]) -> Statement:
    meant = _meant(node)
    texts, used = list[Literal](), list[tuple[str, frozenset[str]]]()
    for one in ast.walk(node):
        voices = meant.get(id(one), frozenset())
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            texts.append(_literal(one, one.value, lines, voices))
        elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
            used.append((one.id, voices))
    told = {voice: frozenset(name for name, voices in used if voice in voices) for voice in VOICES_NAMED}
    uses = frozenset(name for name, _ in used)
    texts.sort(key=lambda one: (one.row, one.column))
    return Statement(
        frozenset(_bound(node)), uses, {v: names for v, names in told.items() if names}, tuple(texts)
    )


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that a statement gives something to, but for those inside a function."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif not isinstance(node, ast.Lambda):
        for inner in ast.iter_child_nodes(node):
            yield from _bound(inner)


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
    found: dict[int, frozenset[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift):
            told: ast.expr = node.left
        elif isinstance(node, ast.Call):
            told = node.func
        else:
            continue
        voices = frozenset(one.id for one in ast.walk(told) if isinstance(one, ast.Name)) & VOICES_NAMED
        for inner in ast.walk(node) if voices else ():
            found[id(inner)] = found.get(id(inner), frozenset()) | voices
    return found
