"""What a learned space gives to patterns: a parameter as a signal of the hands that move in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from latentcode.patterns.event import Float64
from latentcode.patterns.gestures import now
from latentcode.patterns.nodes import Pattern
from latentcode.patterns.queries import QUERIES
from latentcode.patterns.samples import CONTINUOUS, SAMPLES, Sample

if TYPE_CHECKING:
    from latentcode.patterns.compile import Scope

KNOWN = "space:"  # what comes before the name of a space where the engine's things are looked up by name


class Learned(Protocol):
    """A space as far as it has been learned."""

    def number(self, name: str, places: Float64) -> Float64 | None:
        """A parameter at places (N, inputs), (N,); None where no mark has it."""
        ...

    def latents(self, places: Float64) -> Float64 | None:
        """The latents at places (N, inputs), (N, D); None where no mark has one."""
        ...


@dataclass(frozen=True, eq=False, repr=False)
class SpaceNumber(Pattern):
    """A parameter of the space of that name, where the inputs are; `default` where nothing is known of it."""

    name: str
    inputs: tuple[Pattern, ...]
    parameter: str
    default: float = 0.0


def places(inputs: Sequence[Sample], times: Float64) -> Float64:
    """Where inputs are at moments (N,): (N, inputs)."""
    return np.stack([sample(times) for sample in inputs], axis=1)


def space_number(node: SpaceNumber, scope: Scope) -> Sample:
    live, inputs = scope.context.live, [scope.sample(given) for given in node.inputs]

    def sample(times: Float64) -> Float64:
        space: Learned | None = None if live is None else live.known(KNOWN + node.name)
        found = None if space is None else space.number(node.parameter, places(inputs, times))
        return np.full(len(times), node.default) if found is None else found

    return sample


SAMPLES[SpaceNumber] = space_number
QUERIES[SpaceNumber] = lambda node, scope: now(space_number(node, scope), scope)
CONTINUOUS[SpaceNumber] = lambda node, scope: True
