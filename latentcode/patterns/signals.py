"""Signals: numbers that are functions of time, on arrays and on single moments."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from latentcode.patterns import hashing
from latentcode.patterns.event import Float64

SHAPES: dict[str, Callable[[Any], Any]] = {  # position in the cycle, 0 to 1 → 0 to 1
    "sine": lambda t: 0.5 + 0.5 * np.sin(2 * np.pi * t),
    "cosine": lambda t: 0.5 + 0.5 * np.cos(2 * np.pi * t),
    "saw": lambda t: t * 1.0,
    "isaw": lambda t: 1.0 - t,
    "tri": lambda t: 1.0 - abs(2.0 * t - 1.0),
    "square": lambda t: np.floor(2.0 * t),
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
