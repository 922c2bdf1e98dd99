"""Between which numbers a signal stays, as far as its tree tells."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from latentcode.patterns import nodes

Bounds = tuple[float, float] | None

COMBINED: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
}


def bounds(pattern: nodes.Pattern) -> Bounds:
    """The lowest and the highest value of a signal; None where they are not known."""
    known = TABLE.get(type(pattern))
    return None if known is None else known(pattern)


def _constant(node: nodes.Steady | nodes.Pure) -> Bounds:
    value = node.value
    return (float(value), float(value)) if isinstance(value, (int, float, Fraction)) else None


def _live(node: nodes.Live) -> Bounds:
    return (-1.0, 1.0) if node.name.startswith("bend") else (0.0, 1.0)


def _apply(node: nodes.Apply) -> Bounds:
    left, right, operate = bounds(node.left), bounds(node.right), COMBINED.get(node.operator)
    if left is None or right is None or operate is None:
        return None
    corners = [operate(a, b) for a in left for b in right]
    return min(corners), max(corners)


def _map(node: nodes.Map) -> Bounds:
    inside, many = bounds(node.child), getattr(node.function, "many", None)
    if inside is None or many is None:  # what takes many rises or falls throughout
        return None
    ends = many(np.array(inside))
    return float(ends.min()), float(ends.max())


TABLE: dict[type, Callable[[Any], Bounds]] = {
    nodes.Steady: _constant,
    nodes.Pure: _constant,
    nodes.Signal: lambda node: (0.0, 1.0),
    nodes.Rand: lambda node: (0.0, 1.0),
    nodes.Live: _live,
    nodes.Affine: lambda node: bounds(node.child),
    nodes.Seeded: lambda node: bounds(node.child),
    nodes.Apply: _apply,
    nodes.Map: _map,
}
