"""How decoded windows are laid over one another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.errors import EngineError
from latentcode.models.card import overlap_of

KINDS = ("overlap", "concat")


@dataclass(frozen=True, eq=False)
class Synthesis:
    """The shape of a grain: windows every `hop` samples, faded by `shape`,
    the first of an event by `first`.

    attack is the default one, in seconds. The first grain has no rising half, so that an onset
    keeps its edge: its shape is one minus all that the later grains give.
    """

    kind: str
    window: int
    hop: int
    shape: Float32
    first: Float32
    attack: float


@lru_cache(maxsize=16)
def synthesis(kind: str, window: int, overlap: int = 2) -> Synthesis:
    """`concat`: windows end to end, as published. `overlap`: Hann, hop = window / overlap.

    Raises EngineError for another kind, and for an overlap that divides no window.
    """
    if kind == "concat":
        flat = np.ones(window, np.float32)
        return Synthesis(kind, window, window, flat, flat, 0.0)
    if kind != "overlap":
        raise EngineError(f"synthesis is one of {', '.join(KINDS)}, not {kind!r}")
    if window % overlap or overlap < 2:
        raise EngineError(f"overlap divides the window of {window} samples and is 2 at least, not {overlap}")
    hop = window // overlap
    shape = np.sin(np.pi * np.arange(window) / window) ** 2 * (2.0 / overlap)
    later = np.sum([_delayed(shape, k * hop) for k in range(1, overlap)], axis=0)
    return Synthesis(kind, window, hop, shape.astype(np.float32), (1.0 - later).astype(np.float32), 0.002)


def checked_hop(hop: int | None, synthesis: str, window: int, overlap: int = 2) -> int:
    """Samples between two windows. Raises EngineError for a hop that the window has no room for."""
    if synthesis == "concat":
        if hop not in (None, window):
            raise EngineError(
                f"concat lays windows of {window} samples end to end; leave out the hop of {hop}"
            )
        return window
    if hop is None:
        return window // overlap_of(window, overlap)
    if hop < 1 or window % hop or window // hop < 2:
        fitting = ", ".join(str(window // n) for n in (2, 4, 8) if window % n == 0)
        raise EngineError(
            f"the hop divides the model's window of {window} samples, and is not {hop}; try {fitting}"
        )
    return hop


def _delayed(shape: Float64, samples: int) -> Float64:
    return np.concatenate([np.zeros(samples), shape[: len(shape) - samples]])
