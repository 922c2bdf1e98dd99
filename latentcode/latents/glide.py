"""Glides: trajectories between two sources whose sounds turn into one another by moving.

Where two latents would be mixed, both go on to what decodes them, which moves what it hears in the
one to where it is in the other. They go there side by side, in rows of (2 · D + 1): from, to, and
the share of the way that is behind. Such rows can be mixed with one another as any others can. D
is what a row has that is no glide: the latents, and their shift where they have one (tuning.py).

What stands above a glide (`bias`, `extend`, …) is done to both of its ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.errors import LatentError
from latentcode.latents.compile import (
    Latents,
    ReadContext,
    Reader,
    Values,
    share_of,
)
from latentcode.latents.drones import children, rebuilt
from latentcode.latents.moments import Moments
from latentcode.latents.trajectory import InTime, Mix, Stepwise, Trajectory

GLIDE = "glide"  # what the card of a model says that can
NO_SPREAD = -np.inf  # the log-variance of what has none


def gliding(node: Trajectory) -> list[Trajectory]:
    """The glides inside a trajectory."""
    return list(_gliding(node))


def _gliding(node: Trajectory) -> Iterator[Trajectory]:
    if isinstance(node, (Mix, Stepwise)) and node.glide:
        yield node
    for child in children(node):
        yield from _gliding(child)


def compile_glide(
    node: Trajectory, scene: ReadContext, compile_end: Callable[[Trajectory, ReadContext], Reader]
) -> Reader:
    """A function of moments that gives rows of both ends, each by `compile_end`.

    Raises LatentError for a glide in a glide, or beside one.
    """
    if len(gliding(node)) > 1:
        raise LatentError(
            f"{node!r} holds more than one glide, and what is decoded can have one; leave out all "
            "glide=True but one"
        )
    a, b = (compile_end(_end(node, name), scene) for name in "ab")
    share = _share(node, scene)

    def read(moments: Moments) -> Latents:
        behind = np.broadcast_to(share(moments), moments.seconds.shape)
        return joined(a(moments), b(moments), behind)

    return read


def _end(node: Trajectory, name: str) -> Trajectory:
    """A trajectory with one end of its glide in the glide's place."""
    if isinstance(node, (Mix, Stepwise)) and node.glide:
        end: Trajectory = getattr(node, name)
        return end
    return rebuilt(node, lambda child: _end(child, name))


def _share(node: Trajectory, scene: ReadContext) -> Values:
    """The share of the glide in a trajectory: of all that stands above it only a map of time can
    change that.
    """
    if isinstance(node, (Mix, Stepwise)) and node.glide:
        return share_of(node, scene)
    inner = _share(next(child for child in children(node) if gliding(child)), scene)
    if not isinstance(node, InTime):
        return inner
    factor, shift = float(node.factor), float(node.shift)
    return lambda moments: inner(moments.through(factor, shift))


def joined(a: Latents, b: Latents, share: Float32 | Float64) -> Latents:
    """Rows of both ends, (N, D) each, and of the share (N,)."""
    means = np.concatenate([a[0], b[0], share[:, None]], axis=1)
    if a[1] is None and b[1] is None:
        return means, None
    known = [np.full(mean.shape, NO_SPREAD) if spread is None else spread for mean, spread in (a, b)]
    return means, np.concatenate([*known, np.full((len(share), 1), NO_SPREAD)], axis=1)


def ends_of(rows: Float32, dimensions: int) -> tuple[Float32, Float32, Float32] | None:
    """From, to (N, D), and the share (N,) of rows of both ends; None of latents (N, D)."""
    if not is_joined(rows, dimensions):
        return None
    return rows[:, :dimensions], rows[:, dimensions:-1], rows[:, -1]


def is_joined(rows: Float32 | Float64, dimensions: int) -> bool:
    """Whether rows are of both ends of a glide, by a model of so many dimensions, 0: not known."""
    return bool(dimensions) and rows.shape[1] == 2 * dimensions + 1


def without_glide(rows: Float32, dimensions: int) -> Float32:
    """Latents (N, D): of rows of both ends what lies between."""
    ends = ends_of(rows, dimensions)
    if ends is None:
        return rows
    begin, end, share = ends
    return begin + (end - begin) * np.clip(share, 0, 1)[:, None]
