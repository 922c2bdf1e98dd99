"""What the musician typed for what a voice plays, so that the toolbar can show that instead of events."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from latentcode.commands import Command


def labelled(code: str, commands: Sequence[Command], block: int) -> list[Command]:
    """The commands of a block, with its number; those that play with the code of what they play."""
    sources = iter(played(code, [command.target for command in commands if command.kind == "play"]))
    labels = [next(sources) if command.kind == "play" else "" for command in commands]
    return [
        replace(command, label=label, block=block) for command, label in zip(commands, labels, strict=True)
    ]


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
    named = {_name(node.left): _source(code, node.right) for node in found}
    return [named.get(target, "") for target in targets]


def _name(node: ast.expr) -> str:
    """The voice of `d1` and of `d1.morph(8)`."""
    inside = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else node
    return inside.id if isinstance(inside, ast.Name) else ""


def _source(code: str, node: ast.expr) -> str:
    return " ".join((ast.get_source_segment(code, node) or "").split())
