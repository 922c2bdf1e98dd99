"""Who plays what after each block of a session, told from its code and its marks alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from latentcode.prompt.session_list import VOICE, asked_of
from latentcode.session.escaping import says_something
from latentcode.session.journal import Block, Session
from latentcode.session.marks import CommandMark
from latentcode.set.commands import SET, Command
from latentcode.set.kinds import KINDS

Voices = Mapping[str, str]  # those that play, and what was typed for what they play
Names = Mapping[str, str]  # the names of scenes, by the digests of what was asked of them
TEXT = r"\"([^\"\n]+)\"|'([^'\n]+)'"
FRACTIONS = ("1/2", "1/4", "1/8", "1/16")  # quants that are usual, beside whole cycles
FIRST = r"\b{}\(\s*(?:[\"']([^\"']*)|([0-9]*))"  # a call, and its argument: a text or a number


@dataclass
class Playing:
    """The voices that play `now`, and those that played where scenes, `back` and `undo` lead to.

    A simpler `set.scenes.History`: of a set it knows who plays, and no more. A scene whose name is
    not known leaves all as it is. `held`: the scene that was gone to, "" where none holds.
    """

    now: Voices = field(default_factory=dict)
    held: str = ""
    _scenes: dict[str, Voices] = field(default_factory=dict)
    _before: list[tuple[Voices, str]] = field(default_factory=list)  # go, hush and panic; and what held
    _earlier: dict[str, list[str]] = field(default_factory=dict)  # what voices played before
    _past: list[Voices] = field(default_factory=list)
    _undone: list[Voices] = field(default_factory=list)

    def after(self, block: Block, names: Names) -> Voices:
        """The voices that play after a block; blocks come in their order. `names`: see
        `names_in`.
        """
        asked = asked_of(block)
        if any(VOICE.fullmatch(one) or one not in KINDS or KINDS[one].undoable for one in asked):
            self._past.append(self.now)
            self._undone.clear()
        for voice in filter(VOICE.fullmatch, asked):
            self._told(voice, block.code)
        for mark, argument in named_by(block, names):
            if mark.target != "scene" or argument not in self._scenes or "pads" not in asked:
                self.led(mark.target, argument)  # what is given to a pad replaces no scene
        return self.now

    def led(self, kind: str, argument: str) -> Voices:
        """The voices that play after a command of a kind of CHANGES."""
        CHANGES[kind](self, argument)
        return self.now

    def _told(self, voice: str, code: str) -> None:
        if text := given(code, voice):
            if voice in self.now:
                self._earlier.setdefault(voice, []).append(self.now[voice])
            self.now = {**self.now, voice: text}
        if re.search(rf"\b{voice}\.back\(", code):
            self._return(voice)
        if re.search(rf"\b{voice}\.stop\(", code):
            self.now = {one: text for one, text in self.now.items() if one != voice}

    def _return(self, voice: str) -> None:
        if earlier := self._earlier.get(voice):
            self.now = {**self.now, voice: earlier.pop()}

    def _scene(self, name: str) -> None:
        self._scenes[name] = self.now

    def _go(self, name: str) -> None:
        if not name or name in self._scenes:
            self._before.append((self.now, self.held))
            self.now, self.held = self._scenes.get(name, self.now), name

    def _end(self, _: str) -> None:
        self._before.append((self.now, self.held))
        self.now, self.held = {}, ""

    def _back(self, _: str) -> None:
        if self._before:
            self.now, self.held = self._before.pop()
            return
        for voice in list(self.now):
            self._return(voice)

    def _undo(self, steps: str) -> None:
        wanted = int(steps[:9]) if steps.isdecimal() else 1
        for _ in range(min(wanted, len(self._past))):
            self._undone.append(self.now)
            self.now, self.held = self._past.pop(), ""

    def _redo(self, _: str) -> None:
        if self._undone:
            self._past.append(self.now)
            self.now, self.held = self._undone.pop(), ""


CHANGES: dict[str, Callable[[Playing, str], None]] = {  # by the kind of command that a mark tells of
    "scene": Playing._scene,
    "go": Playing._go,
    "hush": Playing._end,
    "panic": Playing._end,
    "back": Playing._back,
    "undo": Playing._undo,
    "redo": Playing._redo,
}


def named_by(block: Block, names: Names) -> Iterator[tuple[CommandMark, str]]:
    """The marks of a block that lead to who plays then, each with the first argument of its call:
    what its digest says that it was, as after `go(name)`, else the text or the whole number that
    stands there; "" where neither is known.
    """
    arguments = {one: iter(re.findall(FIRST.format(one), block.code)) for one in CHANGES}
    for mark in block.marks:
        if mark.target in CHANGES:
            typed = "".join(next(arguments[mark.target], ""))
            yield mark, names.get(mark.digest, typed)


def names_in(session: Session) -> Names:
    """What the digests of `scene` and `go` stand for: of all texts in the code, as whatever names a
    scene is one of them, with each quant and morph that is usual or stands there.
    """
    targets = [mark.target for block in session.blocks for mark in block.marks]
    if "scene" not in targets and "go" not in targets:
        return {}
    texts, numbers = set[str](), {"1", "2", "4", "8"}
    for block in session.blocks:
        texts |= {one for pair in re.findall(TEXT, block.code) for one in pair if one}
        numbers |= set(re.findall(r"\b[0-9]+\b", block.code)) if "go(" in block.code else set()
    known = {Command("scene", SET, (name,)).digest: name for name in texts}
    scenes = {known[mark.digest] for block in session.blocks for mark in block.marks if mark.digest in known}
    quants, morphs = (None, *FRACTIONS, *sorted(numbers)), [(), *((one,) for one in sorted(numbers))]
    for name in scenes:
        known |= {Command("go", SET, (name, q, *m)).digest: name for q in quants for m in morphs}
    return known


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
