"""What a learned space gives to patterns: a parameter as a signal of the hands that move in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from latentcode.patterns import nodes
from latentcode.patterns.compile import CONTINUOUS, QUERIES, SAMPLES, Scope
from latentcode.patterns.event import Float64, Hands, Sample
from latentcode.patterns.gestures import now
from latentcode.patterns.nodes import Pattern

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
class SpaceNumber(nodes.Node):
    """A parameter of the space of that name, where the inputs are;
    `default` where nothing is known of it.
    """

    name: str
    inputs: tuple[Pattern, ...]
    parameter: str
    default: float = 0.0


def places(inputs: tuple[Pattern, ...], scope: Scope) -> Sample:
    """A function from moments (N,) to where inputs are: (N, inputs)."""
    samples, asked = [scope.sample(one) for one in inputs], asked_of(inputs)

    def sample(times: Float64, live: Hands) -> Float64:
        if live is not None and len(asked) == len(inputs):
            return np.broadcast_to(live.many(asked), (len(times), len(inputs)))
        return np.stack([one(times, live) for one in samples], axis=1)

    return sample


def asked_of(inputs: tuple[Pattern, ...]) -> tuple[tuple[str, float, float], ...]:
    """Live inputs as (name, time constant in ms, default)."""
    return tuple((one.name, one.glide, one.default) for one in inputs if isinstance(one, nodes.Live))


def space_number(node: SpaceNumber, scope: Scope) -> Sample:
    here = places(node.inputs, scope)

    def sample(times: Float64, live: Hands) -> Float64:
        space: Learned | None = None if live is None else live.known(KNOWN + node.name)
        found = None if space is None else space.number(node.parameter, here(times, live))
        return np.full(len(times), node.default) if found is None else found

    return sample


SAMPLES[SpaceNumber] = space_number
QUERIES[SpaceNumber] = lambda node, scope: now(space_number(node, scope))
CONTINUOUS[SpaceNumber] = lambda node, scope: True
