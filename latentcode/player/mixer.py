"""Faders and commands of the player: their values, and which messages are well-formed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from latentcode.errors import AudioError
from latentcode.parameters import LONGEST_DELAY, MASTER, MOST_EFFECTS, PARAMETERS, VOICES, Parameter

Command = tuple[Any, ...]
"""(name, sample, arguments…): takes effect at the first buffer that begins at `sample` or later."""

Spec = tuple[tuple[str, tuple[float, ...]], ...]
"""(name, values in the order of `PARAMETERS`) of each effect, in the order of the flow."""

MAX_GAIN = 8.0
MAX_PAIRS = 4


@dataclass
class Mixer:
    """Where the faders stand, and which effects there are.

    Gains are factors (0 to 8), pans −1 (left) to 1 (right), outs pairs of outputs counted from 0. `chains` are
    the effects of each voice, and of the mix under `MASTER` (see `Spec`).
    """

    gains: list[float] = field(default_factory=lambda: [1.0] * VOICES)
    pans: list[float] = field(default_factory=lambda: [0.0] * VOICES)
    outs: list[int] = field(default_factory=lambda: [0] * VOICES)
    chains: dict[int, Spec] = field(default_factory=dict)
    master: float = 1.0

    def has(self, rack: int, place: int, parameter: int) -> bool:
        """Whether there is such a parameter of an effect."""
        spec = self.chains.get(rack, ())
        return place < len(spec) and parameter < len(spec[place][1])

    def take(self, name: str, *arguments: Any) -> None:
        """Stand where a checked command leads to."""
        _TAKE[name](self, *arguments)

    def sides(self, voice: int, out: int = 0) -> tuple[float, float]:
        """The gains of a voice's left and right channel on a pair of outputs; centre is unity on both."""
        if self.outs[voice] != out:
            return 0.0, 0.0
        gain, pan = self.gains[voice], self.pans[voice]
        return gain * min(1.0, 1.0 - pan), gain * min(1.0, 1.0 + pan)


def moved(spec: Spec, place: int, parameter: int, value: float) -> Spec:
    """The same effects with one value changed."""
    name, values = spec[place]
    changed: Sequence[float] = (*values[:parameter], value, *values[parameter + 1 :])
    return (*spec[:place], (name, tuple(changed)), *spec[place + 1 :])


def _turned(mixer: Mixer, changes: tuple[tuple[int, int, int, float], ...]) -> None:
    for rack, place, parameter, value in changes:
        if mixer.has(rack, place, parameter):
            mixer.chains[rack] = moved(mixer.chains[rack], place, parameter, value)


_TAKE: dict[str, Callable[..., None]] = {
    "gain": lambda mixer, voice, value: mixer.gains.__setitem__(voice, value),
    "pan": lambda mixer, voice, value: mixer.pans.__setitem__(voice, value),
    "out": lambda mixer, voice, pair: mixer.outs.__setitem__(voice, pair),
    "fx": lambda mixer, rack, spec: mixer.chains.__setitem__(rack, spec),
    "turn": _turned,
    "master": lambda mixer, value: setattr(mixer, "master", value),
    "quit": lambda mixer, seconds: setattr(mixer, "master", 0.0),
}


def _voice(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value < VOICES:
        raise AudioError(f"a voice is 0 to {VOICES - 1}, not {value!r}")
    return value


def _number(low: float, high: float) -> Callable[[Any], float]:
    def check(value: Any) -> float:
        if not isinstance(value, (int, float)) or not isfinite(value) or not low <= value <= high:
            raise AudioError(f"a number from {low:g} to {high:g} is wanted, not {value!r}")
        return float(value)

    return check


def _whole(most: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if not isinstance(value, int) or not 0 <= value <= most:
            raise AudioError(f"a whole number from 0 to {most} is wanted, not {value!r}")
        return value

    return check


_rack = _whole(MASTER)


def _setting(value: Any, parameter: Parameter) -> float:
    high = LONGEST_DELAY if parameter.in_cycles else parameter.high
    return _number(0.0 if parameter.in_cycles else parameter.low, high)(value)


def _chain(value: Any) -> Any:
    """Effects as ((name, values), …), each value in its range."""
    if not isinstance(value, (tuple, list)) or len(value) > MOST_EFFECTS:
        raise AudioError(f"a chain is up to {MOST_EFFECTS} effects as (name, values), not {value!r}")
    return tuple(_effect(each) for each in value)


def _effect(value: Any) -> tuple[str, tuple[float, ...]]:
    name, values = value if isinstance(value, (tuple, list)) and len(value) == 2 else (None, ())
    parameters = PARAMETERS.get(str(name), ())
    if not parameters or len(values) != len(parameters):
        raise AudioError(f"{value!r} is no effect; they are {', '.join(PARAMETERS)}, with all their values")
    return str(name), tuple(_setting(v, parameter) for v, parameter in zip(values, parameters, strict=True))


def _changes(value: Any) -> Any:
    """(rack, place in the chain, parameter, value) of each parameter that moves."""
    whole, any_number = _whole(MOST_EFFECTS), _number(-1e6, 1e6)
    return tuple((_rack(r), whole(place), whole(knob), any_number(to)) for r, place, knob, to in value)


def _place(value: Any) -> tuple[Any, ...]:
    """What a hand holds, as (name, …): see `hands.Place`."""
    name, *rest = value if isinstance(value, (tuple, list)) and value else ("",)
    checks = _PLACES.get(str(name))
    if checks is None or len(rest) != len(checks):
        raise AudioError(f"{value!r} can be in no hand; (name, …) with name one of {', '.join(_PLACES)} can")
    return (str(name), *(check(each) for check, each in zip(checks, rest, strict=True)))


def _held(value: Any) -> Any:
    """(place, value) of each that a hand has moved."""
    return tuple((_place(place), _LIMITS[place[0]](number)) for place, number in value)


def checked_hand(items: Any) -> Any:
    """(place, sample since which a hand holds it, value) of each; AudioError for anything else."""
    try:
        return tuple((_place(place), int(since), _LIMITS[place[0]](value)) for place, since, value in items)
    except (TypeError, ValueError) as error:
        raise AudioError(f"{items!r} is nothing that a hand does: {error}") from error


_PLACES: dict[str, tuple[Callable[[Any], Any], ...]] = {
    "gain": (_voice,),
    "pan": (_voice,),
    "master": (),
    "turn": (_rack, _whole(MOST_EFFECTS), _whole(MOST_EFFECTS)),
}
_LIMITS: dict[str, Callable[[Any], float]] = {
    "gain": _number(0.0, MAX_GAIN),
    "pan": _number(-1.0, 1.0),
    "master": _number(0.0, MAX_GAIN),
    "turn": _number(-1e6, 1e6),
}

_ARGUMENTS: dict[str, tuple[Callable[[Any], Any], ...]] = {
    "gain": (_voice, _LIMITS["gain"]),
    "pan": (_voice, _LIMITS["pan"]),
    "out": (_voice, _whole(MAX_PAIRS - 1)),
    "fx": (_rack, _chain),
    "turn": (_changes,),
    "master": (_LIMITS["master"],),
    "hand": (_held,),
    "quit": (_number(0.0, 60.0),),
}
COMMANDS = frozenset(_ARGUMENTS)


def checked(message: Command) -> Command:
    """`message` with its values checked; AudioError when it is no command of the mixer."""
    name, *rest = message
    checks = _ARGUMENTS.get(name)
    if checks is None or len(rest) != 1 + len(checks) or not isinstance(rest[0], int):
        allowed = ", ".join(sorted(_ARGUMENTS))
        raise AudioError(f"{message!r} is no command; they are (name, sample, …) with name one of {allowed}")
    return (name, rest[0], *(check(value) for check, value in zip(checks, rest[1:], strict=True)))
