"""What the value of an event sounds like: a trajectory and how it is voiced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from latentcode.errors import LatentError
from latentcode.latent.trajectory import OPERATORS, Curve, Named, Trajectory
from latentcode.patterns import Controls


@dataclass(frozen=True, eq=False)
class Note:
    """One event's sound.

    gain, pan   numbers, or patterns read as signals; pan from 0 (left) to 1 (right)
    attack      seconds of rise from the onset; None: the synthesis' own
    release     seconds of fall after the end
    legato      length, as a multiple of the event's whole
    ring        sound on for the natural length of the sources
    cut         the group whose sounding events this one ends; None: none
    noise       how much of the encoder's variance is heard
    """

    trajectory: Trajectory
    gain: Curve = 1.0
    pan: Curve = 0.5
    attack: float | None = None
    release: float = 0.005
    legato: float = 1.0
    ring: bool = False
    cut: object = None
    noise: Curve | None = None


def note_of(value: object) -> Note | None:
    """The sound of an event's value (a trajectory, a name, controls); None when it has nothing to sound."""
    if isinstance(value, Trajectory):
        return Note(value)
    controls = Controls.of(value)
    found = controls.get("s")
    if found is None:
        return None
    trajectory = _trajectory(found, controls.get("n"))
    for name, argument in controls.pairs:
        if name in OPERATORS:
            trajectory = _operate(trajectory, name, argument)
    return Note(trajectory, **_voicing(controls))


def _trajectory(found: object, variant: object) -> Trajectory:
    if isinstance(found, Trajectory):
        return found
    if isinstance(found, str):
        return Named(found, None if variant is None else _number("n", variant))
    raise LatentError(f"a sound is a name, a path or a trajectory, not {found!r}; as in s('cello choir')")


def _operate(trajectory: Trajectory, name: str, argument: Any) -> Trajectory:
    operator = OPERATORS[name]
    if name in ("reverse", "smooth"):
        return operator(trajectory) if argument else trajectory
    if name == "dim":
        return operator(trajectory, *argument)
    return operator(trajectory, argument)


def _voicing(controls: Controls) -> dict[str, Any]:
    voicing: dict[str, Any] = {
        name: value for name in ("gain", "pan", "noise") if (value := controls.get(name)) is not None
    }
    for name in ("attack", "release", "legato"):
        if (value := controls.get(name)) is not None:
            voicing[name] = _number(name, value, lowest=0.0)
    voicing["ring"] = bool(controls.get("ring", False))
    voicing["cut"] = controls.get("cut")
    return voicing


def _number(name: str, value: object, lowest: float | None = None) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise LatentError(f"{name} takes a number, not {value!r}; as in .{name}(.5)") from error
    if not np.isfinite(number) or (lowest is not None and number < lowest):
        raise LatentError(f"{name} takes a number from {lowest or 0:g} upwards, not {value!r}")
    return number
