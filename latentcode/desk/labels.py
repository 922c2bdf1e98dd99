"""What the musician typed for what a voice plays, so that the toolbar can show that instead of events."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from latentcode.commands import Command

KEPT = 64


class Labels:
    """Learns from blocks, and recognises a pattern by the words that the engine uses for it."""

    def __init__(self) -> None:
        self._known: deque[tuple[int, str, str]] = deque(maxlen=KEPT)

    def learn(self, code: str, commands: Iterable[Command]) -> None:
        """Note which code stands for the patterns that the commands of a block play."""
        plays = [command for command in commands if command.kind == "play"]
        for command, source in zip(plays, played(code, [command.target for command in plays]), strict=True):
            if source:
                shown = " ".join(repr(command.arguments[0]).split())
                self._known.appendleft((command.voice, shown, source))

    def of(self, voice: int, text: str) -> str:
        """The code for what the engine calls `text`, else the text itself."""
        start = text.removesuffix("…")
        for index, shown, source in self._known:
            if index == voice and shown.startswith(start):
                return source
        return text


def played(code: str, targets: list[str]) -> list[str]:
    """For each voice that a block plays, in order, the code to the right of its `>>`; "" where it is not clear."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return [""] * len(targets)
    found = [
        node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift)
    ]
    found.sort(key=lambda node: (node.lineno, node.col_offset))
    if len(found) == len(targets):
        return [_source(code, node.right) for node in found]
    named = {node.left.id: _source(code, node.right) for node in found if isinstance(node.left, ast.Name)}
    return [named.get(target, "") for target in targets]


def _source(code: str, node: ast.expr) -> str:
    return " ".join((ast.get_source_segment(code, node) or "").split())
