"""Who plays what after each block of a session, told from its code and its marks alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from latentcode.prompt.session_list import VOICE, asked_of
from latentcode.session.escaping import says_something
from latentcode.session.journal import Block
from latentcode.session.records import CommandMark
from latentcode.set.kinds import KINDS

Voices = Mapping[str, str]  # those that play, and what was typed for what they play
FIRST = r"\b{}\(\s*(?:[\"']([^\"']*)|([0-9]*))"  # a call, and its argument: a text or a number


@dataclass
class Playing:
    """The voices that play `now`, and those that played where scenes, `back` and `undo` lead to.

    A simpler `set.scenes.History`: of a set it knows who plays, and no more. A scene that the code
    does not name by a text leaves all as it is.
    """

    now: Voices = field(default_factory=dict)
    _scenes: dict[str, Voices] = field(default_factory=dict)
    _before: list[Voices] = field(default_factory=list)  # go, hush and panic
    _past: list[Voices] = field(default_factory=list)
    _undone: list[Voices] = field(default_factory=list)

    def after(self, block: Block) -> Voices:
        """The voices that play after a block; blocks come in their order."""
        asked = asked_of(block)
        if any(VOICE.fullmatch(one) or one not in KINDS or KINDS[one].undoable for one in asked):
            self._past.append(self.now)
            self._undone.clear()
        voices = {one: given(block.code, one) for one in asked if VOICE.fullmatch(one)}
        self.now = {**self.now, **{one: text for one, text in voices.items() if text}}
        stopped = {one for one in voices if re.search(rf"\b{one}\.stop\(", block.code)}
        self.now = {one: text for one, text in self.now.items() if one not in stopped}
        for mark, argument in named_by(block):
            CHANGES[mark.target](self, argument)
        return self.now

    def _scene(self, name: str) -> None:
        self._scenes[name] = self.now

    def _go(self, name: str) -> None:
        self._before.append(self.now)
        self.now = self._scenes.get(name, self.now)

    def _end(self, _: str) -> None:
        self._before.append(self.now)
        self.now = {}

    def _back(self, _: str) -> None:
        self.now = self._before.pop() if self._before else self.now

    def _undo(self, steps: str) -> None:
        for _ in range(int(steps) if steps.isdecimal() else 1):
            if self._past:
                self._undone.append(self.now)
                self.now = self._past.pop()

    def _redo(self, _: str) -> None:
        if self._undone:
            self._past.append(self.now)
            self.now = self._undone.pop()


CHANGES: dict[str, Callable[[Playing, str], None]] = {  # by the kind of command that a mark tells of
    "scene": Playing._scene,
    "go": Playing._go,
    "hush": Playing._end,
    "panic": Playing._end,
    "back": Playing._back,
    "undo": Playing._undo,
    "redo": Playing._redo,
}


def named_by(block: Block) -> Iterator[tuple[CommandMark, str]]:
    """The marks of a block that lead to who plays then, each with the first argument of its call: a
    text or a whole number, "" for another.
    """
    arguments = {one: iter(re.findall(FIRST.format(one), block.code)) for one in CHANGES}
    for mark in block.marks:
        if mark.target in CHANGES:
            yield mark, "".join(next(arguments[mark.target], ""))


def given(code: str, voice: str) -> str:
    """What a block gave a voice to play, as it was typed; the first line of one that gave it in
    another way, as in a loop; "" where it only set something of it, as in `d1.gain(.5)`.
    """
    with suppress(SyntaxError, ValueError, RecursionError):
        for node in ast.walk(ast.parse(code)):
            if (what := _right(node, voice)) is not None:
                return ast.get_source_segment(code, what) or ""
    mentions = [code[found.end() : found.end() + 1] for found in re.finditer(rf"\b{voice}\b", code)]
    if mentions and all(after == "." for after in mentions):
        return ""
    return next((line.strip() for line in code.split("\n") if says_something(line)), "")


def _right(node: ast.AST, voice: str) -> ast.expr | None:
    """What a piece of code gives a voice: `d1.morph(4) >> WHAT`, or `d1.play(WHAT)`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift) and _first(node.left) == voice:
        return node.right
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "play":
        return node.args[0] if node.args and _first(node.func) == voice else None
    return None


def _first(node: ast.expr) -> str:
    """The name that a row of calls begins with."""
    while isinstance(node, (ast.Call, ast.Attribute)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
