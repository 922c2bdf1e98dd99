"""Whether rows of numbers in a trajectory fit the dimensions of the model that plays it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from latentcode.errors import LatentError
from latentcode.latents.drones import children
from latentcode.latents.motions import Orbit, Walk
from latentcode.latents.trajectory import Bias, Jitter, Point, Scale, Trajectory

# node → what a musician typed, and the field that holds one number for all dimensions or one for each
AMOUNTS: dict[type[Trajectory], tuple[str, str]] = {
    Scale: ("scale", "amount"),
    Bias: ("bias", "amount"),
    Jitter: ("jitter", "amount"),
    Walk: ("walk", "reach"),
    Orbit: ("orbit", "radius"),
}


def check_dimensions(node: Trajectory, count: int) -> None:
    """Do nothing where each row of numbers has one for each of a model's `count` dimensions
    (0: not known), or one for all.

    Raises LatentError for other rows, and where nothing but rows of one is there.
    """
    if not count:
        return
    for word, numbers in _rows(node):
        if numbers not in (1, count):
            raise _unlike(word, numbers, count)
    if count > 1 and all(isinstance(leaf, Point) and len(leaf.mean) == 1 for leaf in _leaves(node)):
        raise _unlike("point", 1, count)


def _rows(node: Trajectory) -> Iterator[tuple[str, int]]:
    """The words that were given a number for each dimension, and how many."""
    if isinstance(node, Point):
        yield "point", len(node.mean)
    word, name = AMOUNTS.get(type(node), ("", ""))
    if word and isinstance(amount := getattr(node, name), np.ndarray):
        yield word, len(amount)
    for child in children(node):
        yield from _rows(child)


def _leaves(node: Trajectory) -> Iterator[Trajectory]:
    inner = children(node)
    if not inner:
        yield node
    for child in inner:
        yield from _leaves(child)


def _unlike(word: str, numbers: int, count: int) -> LatentError:
    whole = f"{word}(.5) for all" if word in ("scale", "bias", "jitter") else f"{word}([.5] * {count})"
    return LatentError(
        f"{word} was given {numbers} number{'s'[: numbers != 1]}, and this model has {count} dimensions; "
        f"give one for each, or type {whole}, and .dim(0, 1) for one of them"
    )
