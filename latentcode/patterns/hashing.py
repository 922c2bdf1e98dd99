"""Random numbers as a function of seed, key and time (splitmix64; Steele, Lea and Flood, 2014)."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np

from latentcode.patterns.event import Float64

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
STEPS = 1 << 29  # distinct moments in a cycle


def mix(value: int) -> int:
    """Return 64 well mixed bits of an integer."""
    value &= MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def seeded(seed: int, index: int) -> int:
    """Return the seed of the branch `index` of a tree whose seed is given."""
    return mix(mix(seed + GOLDEN) + (index + 1) * GOLDEN)


@lru_cache(maxsize=4096)
def number_of(name: str) -> int:
    """Return 31 bits that stand for a name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "little") >> 1


def uniform(seed: int, step: int) -> float:
    """Return the number in [0, 1) that belongs to a seed and an integer."""
    return (mix(seed + step * GOLDEN) >> 11) / (1 << 53)


def uniform_at(seed: int, time: Fraction) -> float:
    """Return the number in [0, 1) that belongs to a seed and a moment."""
    return uniform(seed, time.numerator * STEPS // time.denominator)


def uniforms(seed: int, steps: Any) -> Float64:
    """Return `uniform` for each of an array of integers, shape (N,) int64."""
    z = np.uint64(seed & MASK) + steps.astype(np.int64).view(np.uint64) * np.uint64(GOLDEN)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return np.asarray((z >> np.uint64(11)) / float(1 << 53), dtype=np.float64)
