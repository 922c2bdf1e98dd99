"""What the value of an event sounds like: a trajectory and how it is voiced."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from latentcode.checks import wrong
from latentcode.errors import LatentError
from latentcode.latents.drones import rebuilt
from latentcode.latents.motions import Fit, Span, checked_place
from latentcode.latents.path import Path
from latentcode.latents.trajectory import OPERATORS, Curve, Named, Pitched, Trajectory
from latentcode.patterns import Controls

LATENT = OPERATORS - {"speed", "reverse"} | {"noise", "formant", "attr"}  # controls that need latents


@dataclass(frozen=True, eq=False)
class Plain:
    """How a sound is played that is not encoded.

    begin, end   the part that is played, 0 to 1 of the sound
    speed        the playback rate; a signal is read at the onset
    backwards    from its end to its beginning
    fit          whether the rate is such that the part fills the event's whole
    """

    begin: float = 0.0
    end: float = 1.0
    speed: Curve = 1.0
    backwards: bool = False
    fit: bool = False


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
    pitch       MIDI number of the note; None: as recorded
    plain       how a sound is played that is not encoded; None: it is encoded
    model       the name of the model that plays it; None: the one that its sources ask for, or the
                set's
    formant     whether it keeps its formants where it is shifted in pitch
    attributes  of an exported model, by name: values that are read all the time, or texts
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
    pitch: float | None = None
    plain: Plain | None = None
    model: str | None = field(default=None, metadata={"unless_default": True})
    formant: bool = field(default=False, metadata={"unless_default": True})
    attributes: tuple[tuple[str, tuple[Curve | str, ...]], ...] = field(
        default=(), metadata={"unless_default": True}
    )


def note_of(value: object) -> Note | None:
    """The sound of an event's value (a trajectory, a name, controls);
    None when it has nothing to sound.

    Raises LatentError for a sound or a control that is nothing of its kind.
    """
    if isinstance(value, Trajectory):
        return Note(value)
    controls = Controls.of(value)
    found = controls.get("s")
    if found is None:
        return None
    pitch = controls.get("note")
    pitch = None if pitch is None else _number("note", pitch)
    trajectory = _trajectory(found, controls.get("n"), pitch)
    if controls.get("plain"):
        return _plain(trajectory, controls, pitch)
    for name, argument in controls.pairs:
        if name in OPERATORS:
            trajectory = _operate(trajectory, name, argument)
    return Note(_portioned(trajectory, controls), pitch=pitch, **_voicing(controls))


def _portioned(trajectory: Trajectory, controls: Controls) -> Trajectory:
    """The portion of its sources that an event plays,
    spread over the event where that is asked for.
    """
    edges = [controls.get(name) for name in ("begin", "end")]
    if any(edge is not None for edge in edges):
        first, last = (default if edge is None else edge for edge, default in zip(edges, (0, 1), strict=True))
        trajectory = Span(trajectory, place("begin", first), place("end", last))
    return Fit(trajectory) if controls.get("fit") else trajectory


def place(name: str, value: object) -> float:
    """A place in a source, 0 to 1. Raises LatentError for anything else."""
    return checked_place(_number(name, value), name)


def _trajectory(found: object, variant: object, pitch: float | None) -> Trajectory:
    if isinstance(found, str):
        found = Named(found, None if variant is None else _number("n", variant))
    if isinstance(found, Trajectory):
        return found if pitch is None else _pitched(found, pitch)
    raise wrong("a sound", "a name, a path or a trajectory", found, "s('cello choir')", LatentError)


def _pitched(node: Trajectory, pitch: float) -> Trajectory:
    """`node` with a pitch for the names inside that have none of their own."""
    if isinstance(node, Named):
        return node if isinstance(node, Pitched) else Pitched(node.name, node.variant, pitch)
    return rebuilt(node, lambda child: _pitched(child, pitch))


def at_note(node: Trajectory, pitch: float) -> Trajectory:
    """`node` with a note of their own for the paths inside that have none."""
    if isinstance(node, Path):
        return replace(node, wanted=pitch) if node.wanted is None else node
    return rebuilt(node, lambda child: at_note(child, pitch))


def _plain(source: Trajectory, controls: Controls, pitch: float | None) -> Note:
    """The note of a sound that is not encoded. Raises LatentError for what only latents can do."""
    if not isinstance(source, (Named, Path)):
        raise LatentError(f"plain sounds have no latents, and {source!r} is made of them; leave out plain")
    if wrong := [name for name, _ in controls.pairs if name in LATENT]:
        raise LatentError(f"plain sounds have no latents for {wrong[0]}; leave out plain, or {wrong[0]}")
    portion = (_number(name, controls.get(name, at)) for name, at in (("begin", 0.0), ("end", 1.0)))
    low, high = sorted(min(max(place, 0.0), 1.0) for place in portion)
    speed, backwards = controls.get("speed", 1.0), bool(controls.get("reverse", False))
    take = Plain(low, high, speed, backwards, bool(controls.get("fit", False)))
    voicing = {"attack": 0.0, "ring": controls.get("legato") is None, **_voicing(controls)}
    return Note(source, pitch=pitch, plain=take, **voicing)


def _operate(trajectory: Trajectory, name: str, argument: Any) -> Any:
    operator = getattr(trajectory, name)
    if name == "reverse":
        return operator() if argument else trajectory
    return operator(*argument) if name in ("dim", "walk") else operator(argument)


def _voicing(controls: Controls) -> dict[str, Any]:
    get = dict(controls.pairs).get  # the value set last
    voicing: dict[str, Any] = {
        name: value for name in ("gain", "pan", "noise") if (value := get(name)) is not None
    }
    if (velocity := get("velocity")) is not None:
        voicing["gain"] = voicing.get("gain", 1.0) * _number("velocity", velocity, lowest=0.0)
    for name in ("attack", "release", "legato"):
        if (value := get(name)) is not None:
            voicing[name] = _number(name, value, lowest=0.0)
    if get("ring") is not None:
        voicing["ring"] = bool(get("ring")) and not get("fit")  # it ends with its event
    voicing["cut"] = get("cut")
    voicing["formant"] = bool(get("formant", False))
    if (model := get("model")) is not None:
        voicing["model"] = str(model)
    if attributes := {pair[0]: pair[1] for name, pair in controls.pairs if name == "attr"}:
        voicing["attributes"] = tuple(attributes.items())
    return voicing


def _number(name: str, value: object, lowest: float | None = None) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = np.nan
    if not np.isfinite(number) or (lowest is not None and number < lowest):
        allowed = "a number" if lowest is None else f"a number from {lowest:g} upwards"
        raise wrong(name, allowed, value, f".{name}(.5)", LatentError)
    return number
