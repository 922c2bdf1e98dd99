"""Learning a map from a few examples: places of hands → numbers,
exact at the examples and smooth between them.

Hardy's (1971) multiquadrics, by scipy's RBFInterpolator, of the width that examples are apart in
the mean; with a slope where there are enough examples to tell it. `bench/spaces.py` compares it
with other ways.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np

from latentcode.arrays import Float64
from latentcode.errors import LatentError

SAME = 0.01  # of its range, by which each input of one place may differ from the other's
LEAST = (
    0.1  # of the inputs' usual range: one that moved less among the examples counts as if it had moved so far
)
BEYOND = 0.25  # of their range, by which results may leave that of the examples

EXACT = 1e-7  # of the largest value, by which a result may differ at an example

Way = tuple[str, int]  # kernel, degree of the polynomial beside it
SURE: Way = ("linear", 0)


def chosen(examples: int, inputs: int) -> Way:
    """The kernel and the degree for so many examples."""
    if examples <= 2:
        return SURE
    return "multiquadric", int(examples >= 2 * (inputs + 1))


class LearnedMap:
    """A map that was learned from values (M, D) at places (M, K):
    a function of places (N, K) → (N, D).

    Beyond the places it stays as it is at their edge, input by input. Each moment is read by
    itself, so that it does not matter how many are read at once.
    """

    def __init__(self, places: Float64, values: Float64, way: Way | None = None) -> None:
        self._low, high = places.min(axis=0), places.max(axis=0)
        self._width, self._edge = widths(self._low, high)
        self._least, self._most = _bounds(values)
        self._read = None if len(places) == 1 else _interpolator(self._scaled(places), values, way)
        self._only = values[0]

    def __call__(self, places: Float64) -> Float64:
        if self._read is None:
            return np.repeat(self._only[None], len(places), axis=0)
        scaled = self._scaled(places)
        found, last = np.empty((len(places), len(self._only))), -1
        for row in range(len(places)):
            if last < 0 or not np.array_equal(scaled[row], scaled[last]):
                found[row] = self._read(scaled[row : row + 1])[0]
                last = row
            else:
                found[row] = found[last]
        return np.asarray(np.clip(found, self._least, self._most))

    def _scaled(self, places: Float64) -> Float64:
        return np.asarray(np.clip((places - self._low) / self._width, 0.0, self._edge))


def widths(low: Float64, high: Float64) -> tuple[Float64, Float64]:
    """By what inputs are divided, and how far each goes then; (K,) each."""
    reach = high - low
    moved = reach[reach > 0]
    width = np.maximum(reach, LEAST * float(np.median(moved)) if len(moved) else 1.0)
    return width, reach / width


def near(place: Float64, others: Float64) -> int | None:
    """Which of others (M, K) is the same place as one (K,), as far as a hand can tell; None:
    none.
    """
    if not len(others):
        return None
    reach = np.ptp(np.concatenate([others, place[None]]), axis=0) if len(others) > 1 else 0.0 * place
    apart = np.abs(others - place) / (SAME * reach + 1e-6 * np.maximum(np.abs(place), 1.0))
    distance = apart.max(axis=1)
    nearest = int(np.argmin(distance))
    return nearest if distance[nearest] <= 1.0 else None


def _bounds(values: Float64) -> tuple[Float64, Float64]:
    low, high = values.min(axis=0), values.max(axis=0)
    return low - BEYOND * (high - low), high + BEYOND * (high - low)


def _interpolator(places: Float64, values: Float64, way: Way | None) -> Any:
    """The first way that meets the examples: some crowds of them are beyond the multiquadric's
    arithmetic.
    """
    from scipy.interpolate import RBFInterpolator

    kernel, degree = way or chosen(*places.shape)
    if np.linalg.matrix_rank(places - places[0]) < places.shape[1]:
        degree = 0  # they lie in a line or a plane: nothing tells the slope across it
    apart = np.linalg.norm(places[:, None] - places, axis=2)[np.triu_indices(len(places), 1)]
    epsilon, close = 1.0 / float(apart.mean()), EXACT * float(np.abs(values).max() or 1.0)
    for kind, slope in ((kernel, degree), SURE):
        with suppress(np.linalg.LinAlgError):
            made = RBFInterpolator(places, values, kernel=kind, degree=slope, epsilon=epsilon)
            if np.abs(made(places) - values).max() <= close:
                return made
    raise LatentError(
        "these marks cannot be learned from: too many lie close to one another; space.unmark() some"
    )
