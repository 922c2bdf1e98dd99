"""Signals: numbers that are functions of time, on arrays and on single moments, and between which
numbers they stay.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from latentcode.patterns import hashing, nodes
from latentcode.patterns.event import Float64

Bounds = tuple[float, float] | None

SHAPES: dict[str, Callable[[Any], Any]] = {  # position in the cycle, 0 to 1 → 0 to 1
    "sine": lambda t: 0.5 + 0.5 * np.sin(2 * np.pi * t),
    "cosine": lambda t: 0.5 + 0.5 * np.cos(2 * np.pi * t),
    "saw": lambda t: t * 1.0,
    "isaw": lambda t: 1.0 - t,
    "tri": lambda t: 1.0 - abs(2.0 * t - 1.0),
    "square": lambda t: np.floor(2.0 * t),
}

COMBINED: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
}


def _smoother(t: Any) -> Any:
    return t * t * t * (t * (t * 6 - 15) + 10)


def perlin_at(seed: int, time: Fraction) -> float:
    """Return smooth noise at a moment, 0 to 1: a new target each cycle."""
    cycle = time.numerator // time.denominator
    a, b = (hashing.uniform(seed, c) for c in (cycle, cycle + 1))
    return float(a + _smoother(float(time - cycle)) * (b - a))


def perlin(seed: int, times: Float64) -> Float64:
    """Return `perlin_at` for many moments, shape (N,)."""
    cycle = np.floor(times)
    a, b = (hashing.uniforms(seed, c.astype(np.int64)) for c in (cycle, cycle + 1))
    return np.asarray(a + _smoother(times - cycle) * (b - a))


def bounds(pattern: nodes.Pattern) -> Bounds:
    """The lowest and the highest value of a signal; None where they are not known."""
    known = BOUNDS.get(type(pattern))
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


BOUNDS: dict[type, Callable[[Any], Bounds]] = {
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
