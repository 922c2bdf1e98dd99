"""Counter-based noise: a number is a function of a seed, a counter and a dimension,
and of nothing else.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float64
from latentcode.patterns.hashing import seeded, uniforms

WIDEST = 1 << 12  # dimensions that one counter has room for


def key(seed: int, *parts: int) -> int:
    """A seed for one place of several, as voice and layer."""
    for part in parts:
        seed = seeded(seed, part)
    return seed


def normal(seed: int, counters: NDArray[Any], dimensions: int) -> Float64:
    """(N, dimensions) standard normal numbers, a row for each counter (Box and Muller, 1958)."""
    pairs = -(-dimensions // 2)
    steps = counters.astype(np.int64)[:, None] * WIDEST + np.arange(2 * pairs)
    first, second = np.split(uniforms(seed, steps), 2, axis=1)
    radius, angle = np.sqrt(-2.0 * np.log1p(-first)), 2.0 * np.pi * second
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=1)[:, :dimensions]
