"""Which voices play after each block of a session, told from its code and its marks alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from latentcode.prompt.session_list import VOICE, asked_of
from latentcode.session.journal import Block
from latentcode.set.kinds import KINDS

Voices = frozenset[str]
FIRST = r"\b{}\(\s*(?:[\"']([^\"']*)|([0-9]*))"  # a call, and its argument: a text or a number


@dataclass
class Playing:
    """The voices that play `now`, and those that played where scenes, `back` and `undo` lead to.

    A simpler `set.scenes.History`: of a set it knows who plays, and no more. A scene that the code
    does not name by a text leaves all as it is.
    """

    now: Voices = frozenset()
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
        self.now |= {one for one in asked if VOICE.fullmatch(one)}
        self.now -= {one for one in asked if re.search(rf"\b{one}\.stop\(", block.code)}
        given = {one: iter(re.findall(FIRST.format(one), block.code)) for one in CHANGES}
        for mark in block.marks:
            if change := CHANGES.get(mark.target):
                change(self, "".join(next(given[mark.target], "")))
        return self.now

    def _scene(self, name: str) -> None:
        self._scenes[name] = self.now

    def _go(self, name: str) -> None:
        self._before.append(self.now)
        self.now = self._scenes.get(name, self.now)

    def _end(self, _: str) -> None:
        self._before.append(self.now)
        self.now = frozenset()

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
