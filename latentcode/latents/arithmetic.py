"""Arithmetic of trajectories: with each other, with numbers and signals,
and with patterns of sounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from latentcode.errors import LatentcodeError, LatentError
from latentcode.latents.strategies import Voiced, _alone, as_trajectory
from latentcode.latents.trajectory import Product, Sum, Trajectory, curve, method
from latentcode.patterns import Controls, Pattern, Steady, mini
from latentcode.patterns.nodes import Apply, Map


def combined(name: str, left: Any, right: Any, structure: str = "left") -> Any:
    """`left` and `right`, of which one is a trajectory, by a named operator.

    A trajectory with numbers or signals is a trajectory; with sounds, a pattern with the structure
    of the left side (or as `structure` says). Raises LatentError for what cannot be combined.
    """
    left, right = (mini(side) if isinstance(side, str) else side for side in (left, right))
    if any(isinstance(side, Pattern) and holds_sounds(side) for side in (left, right)):
        return _event_by_event(name, left, right, structure)
    return of_values(name, left, right)


def _event_by_event(name: str, left: Any, right: Any, structure: str) -> Pattern:
    first, other = (side if isinstance(side, Pattern) else Steady(side) for side in (left, right))
    how = "onset" if structure == "left" else structure
    return Map(Apply(Map(first, _alone), other, "pair", how), Voiced(Combination(name)))


@dataclass(frozen=True)
class Combination:
    """Combines the two sounds in a tuple by a named operator."""

    name: str

    def __call__(self, values: tuple[Any, Any]) -> Any:
        left, right = map(as_trajectory, values)
        return of_values(self.name, left, right)


def holds_sounds(pattern: Pattern) -> bool:
    """Whether the values of a pattern's first cycle are sounds; a pattern that fails holds none."""
    try:
        found = [event.value for event in pattern.query(0, 1)]
    except LatentcodeError:
        return False
    return any(
        value.get("s") is not None
        if isinstance(value, Controls)
        else isinstance(value, (str, tuple, Trajectory))
        for value in found
    )


def of_values(name: str, left: Any, right: Any) -> Trajectory:
    """Two values, of which one is a trajectory, by a named operator. Raises LatentError."""
    both = isinstance(left, Trajectory) and isinstance(right, Trajectory)
    operate = (PAIRS if both else NUMBERS).get(name)
    if operate is None or (name == "div" and not isinstance(left, Trajectory)):
        raise LatentError(
            f"cannot {name} {left!r} and {right!r}: trajectories know + - * with each other, "
            "and + - * / with numbers and signals; as in path('cello') + sine"
        )
    made: Trajectory = operate(left, right)
    return made


def _sides(left: Any, right: Any) -> tuple[Trajectory, Any]:
    return (left, right) if isinstance(left, Trajectory) else (right, left)


def _added(left: Any, right: Any) -> Trajectory:
    trajectory, amount = _sides(left, right)
    return trajectory.bias(amount)


def _subtracted(left: Any, right: Any) -> Trajectory:
    return left.bias(-curve(right, "bias")) if isinstance(left, Trajectory) else (-right).bias(left)


def _multiplied(left: Any, right: Any) -> Trajectory:
    trajectory, amount = _sides(left, right)
    return trajectory.scale(amount)


def _divided(left: Trajectory, right: Any) -> Trajectory:
    amount = curve(right, "scale")
    if isinstance(amount, float) and not amount:
        raise LatentError(f"cannot divide {left!r} by 0; allowed is any other number: type 2")
    return left.scale(1 / amount)


PAIRS: dict[str, Callable[[Any, Any], Trajectory]] = {
    "add": Sum,
    "sub": lambda left, right: Sum(left, -right),
    "mul": Product,
}
NUMBERS: dict[str, Callable[[Any, Any], Trajectory]] = {
    "add": _added,
    "sub": _subtracted,
    "mul": _multiplied,
    "div": _divided,
}


@method("combined")
def _combined(self: Trajectory, name: str, left: object, right: object, structure: str = "left") -> Any:
    """Two sides, of which one is this trajectory, by a named operator."""
    return combined(name, left, right, structure)
