"""What the musician typed for what a voice plays,
so that the toolbar can show that instead of events.

A block is compiled so that what stands right of `>>`, or is handed to `play` and `once`, says its
text where it is evaluated: so it is right in loops, functions and scenes, and in functions of
earlier blocks.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextvars import ContextVar
from fractions import Fraction
from functools import lru_cache
from typing import Any

from latentcode.latents.trajectory import Trajectory
from latentcode.patterns import Pattern

NAME, GIVER = "__typed__", "__given__"  # of `typed` and `given` in the namespace of a block
TAKING = frozenset({"play", "once"})
GIVEN = frozenset({"pads", "keys", "transport", "learn"})  # their things are remembered as they were typed
SET_BY = frozenset({"gain", "pan", "fx", "master", "bpm"})  # … and so are settings: d1.gain(…), bpm(…)
MOST_GIVEN = 256
LITERAL = (str, int, float, Fraction)
SCOPED = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

Pieces = tuple[Any, ...]  # text, name, value, text, name, value … text
_last: ContextVar[tuple[Any, Pieces]] = ContextVar("last", default=(None, ()))
_given: dict[
    int, tuple[Any, Pieces]
] = {}  # by their ids things of GIVEN and SET_BY, which are kept with them


def typed(music: Any, *pieces: Any) -> Any:
    """Remember what was typed for `music`, and give it on."""
    _last.set((music, pieces))
    return music


def given(thing: Any, *pieces: Any) -> Any:
    """Remember what was typed for a thing that hands are given, and give it on."""
    _given[id(thing)] = thing, pieces
    while len(_given) > MOST_GIVEN:
        _given.pop(next(iter(_given)))
    return thing


def typed_for(thing: Any) -> str:
    """What was typed for a thing that hands are given; empty where that cannot be told."""
    if isinstance(thing, str):
        return thing
    known, pieces = _given.get(id(thing), (None, ()))
    return _text_of(pieces) if known is thing else ""


def remember(thing: Any, text: str) -> Any:
    """A thing that was read from a text, as if that had been typed for it."""
    return given(thing, text)


def what_was_typed(music: Any, pattern: Pattern) -> str:
    """What was typed for music that is about to be played; what it holds,
    where that cannot be told.
    """
    known, pieces = _last.get()
    _last.set((None, ()))
    if known is music and (text := _text_of(pieces)):
        return text
    return _spoken(music) if isinstance(music, (str, Trajectory)) else _held(pattern)


def _text_of(pieces: Pieces) -> str:
    if not pieces or not all(isinstance(value, LITERAL) for value in pieces[2::3]):
        return ""
    return "".join(_spoken(piece) if n % 3 == 2 else piece for n, piece in enumerate(pieces) if n % 3 != 1)


@lru_cache(256)
def _held(pattern: Pattern) -> str:
    """The events of a pattern; those of one that plays again are not asked for again."""
    return repr(pattern)


def _spoken(value: Any) -> str:
    return (
        f'"{value}"' if isinstance(value, str) else str(value) if isinstance(value, Fraction) else repr(value)
    )


def labelling(tree: ast.Module, code: str) -> ast.Module:
    """The tree of a block, in which what is played says its text."""
    made: ast.Module = ast.fix_missing_locations(_Labelling(code).visit(tree))
    return made


class _Labelling(ast.NodeTransformer):
    """Knows the names that change while a block runs, in loops and functions:
    their values are told, not they.

    Only statements are changed: what gives a value may be part of a pattern, whose digest must not
    change.
    """

    def __init__(self, code: str) -> None:
        self._lines = code.split("\n")
        self._moving, self._stated = frozenset[str](), False

    def _within(self, node: ast.AST) -> ast.AST:
        before, self._moving = self._moving, self._moving | _bound(node)
        made = self.generic_visit(node)
        self._moving = before
        return made

    visit_FunctionDef = visit_For = visit_While = visit_ListComp = _within  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return node if _bound(node.args) else self._stating(node)  # one that takes nothing is a scene

    def _stating(self, node: ast.AST) -> ast.AST:
        before, self._stated = self._stated, True
        made = self.generic_visit(node)
        self._stated = before
        return made

    visit_Expr = _stating  # noqa: N815

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.RShift) and self._stated:
            node.right = self._saying(node.right)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
        if name in TAKING and self._stated and node.args and not isinstance(node.args[0], ast.Starred):
            node.args[0] = self._saying(node.args[0])
        if name in GIVEN and self._stated:
            self._giving(node)
        if name in SET_BY and self._stated and isinstance(getattr(node.func, "value", node.func), ast.Name):
            node.args = self._each_saying(node.args)
        return node

    def _giving(self, node: ast.Call) -> None:
        """Let what hands are given say its text: what is in a dictionary or a list, keywords, a
        sound, what is learnt.
        """
        for argument in node.args:
            if isinstance(argument, ast.Dict):
                argument.values = self._each_saying(argument.values)
            elif isinstance(argument, ast.List):
                argument.elts = self._each_saying(argument.elts)
        if getattr(node.func, "id", None) == "learn":  # a fader or a name has no text of its own
            node.args[:1] = [
                self._saying(one, GIVER) if isinstance(one, ast.Call) else one for one in node.args[:1]
            ]
        else:
            node.args[1:2] = self._each_saying(node.args[1:2])
        for keyword in node.keywords:
            if keyword.arg and not isinstance(keyword.value, ast.Constant):
                keyword.value = self._saying(keyword.value, GIVER)

    def _each_saying(self, given: list[ast.expr]) -> list[ast.expr]:
        plain = (ast.Starred, ast.Constant)  # a text is what was typed, and a number needs none
        return [one if isinstance(one, plain) else self._saying(one, GIVER) for one in given]

    def _saying(self, node: ast.expr, name: str = NAME) -> ast.expr:
        pieces: list[ast.expr] = []
        place = node.lineno, node.col_offset
        for found in sorted(_told(node, self._moving), key=lambda each: (each.lineno, each.col_offset)):
            text = self._text(place, (found.lineno, found.col_offset))
            named = found.id if isinstance(found, ast.Name) else ""
            pieces += [ast.Constant(text), ast.Constant(named), found]
            place = found.end_lineno or 0, found.end_col_offset or 0
        text = self._text(place, (node.end_lineno or 0, node.end_col_offset or 0))
        call = ast.Call(ast.Name(name, ast.Load()), [node, *pieces, ast.Constant(text)], [])
        return ast.copy_location(call, node)

    def _text(self, begin: tuple[int, int], end: tuple[int, int]) -> str:
        """What stands in the block between two places, each a line from 1 and its byte."""
        lines = [line.encode() for line in self._lines[begin[0] - 1 : end[0]]]
        lines[-1] = lines[-1][: end[1]]
        lines[0] = lines[0][begin[1] :]
        return re.sub(r"\s+", " ", b"\n".join(lines).decode(errors="replace"))


def _bound(node: ast.AST) -> set[str]:
    """The names that are given values in a part of the code."""
    found = [*ast.walk(node)]
    arguments = {each.arg for each in found if isinstance(each, ast.arg)}
    return arguments | {
        each.id for each in found if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }


def _told(node: ast.expr, moving: frozenset[str]) -> Iterator[ast.expr]:
    """The names in an expression whose values are to be told,
    and texts that are made of names alone.
    """
    if isinstance(node, ast.Name):
        if node.id in moving:
            yield node
    elif isinstance(node, ast.JoinedStr):
        inside = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        if all(isinstance(part, ast.Name) for part in inside):  # it can be made twice: nothing is called
            yield node
    elif not isinstance(node, SCOPED):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.expr, ast.keyword)):
                yield from _told(child.value if isinstance(child, ast.keyword) else child, moving)
