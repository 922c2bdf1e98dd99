"""Faders and commands of the player: their values, and which messages are well-formed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import convert
from msgspec.structs import astuple

from latentcode.errors import AudioError
from latentcode.parameters import LONGEST_DELAY, PARAMETERS, VOICES, Parameter
from latentcode.protocol.messages import Place, by_name, name_of
from latentcode.protocol.player_messages import PlayerCommand, Spec

Command = tuple[Any, ...]
"""(name, sample, arguments…): takes effect at the first buffer that begins at `sample` or later."""


@dataclass
class Mixer:
    """Where the faders stand, and which effects there are.

    Gains are factors (0 to 8), pans −1 (left) to 1 (right), outs pairs of outputs counted from 0.
    `chains` are the effects of each voice, and of the mix under `MASTER` (see `Spec`).
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
        """The gains of a voice's left and right channel on a pair of outputs;
        centre is unity on both.
        """
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


def _setting(value: float, parameter: Parameter) -> None:
    low = 0.0 if parameter.in_cycles else parameter.low
    high = LONGEST_DELAY if parameter.in_cycles else parameter.high
    if not low <= value <= high:
        raise AudioError(f"{parameter.name} is a number from {low:g} to {high:g}, not {value!r}")


def _effect(name: str, values: tuple[float, ...]) -> None:
    parameters = PARAMETERS.get(name, ())
    if not parameters or len(values) != len(parameters):
        raise AudioError(f"{name!r} is no effect; they are {', '.join(PARAMETERS)}, with all their values")
    for value, parameter in zip(values, parameters, strict=True):
        _setting(value, parameter)


def held(place: Place, value: float) -> Command:
    """A value at a place as the graph carries it out, checked;
    AudioError for what can be in no hand.
    """
    name, *rest = place if isinstance(place, tuple) and place else ("",)
    if name not in HELD:
        raise AudioError(f"{place!r} can be in no hand; (name, …) with name one of {', '.join(HELD)} can")
    if name == "turn":
        return checked(("turn", 0, ((*rest, value),)))
    return checked((str(name), 0, *rest, value))


def checked_hand(items: Any) -> Any:
    """(place, sample since which a hand holds it, value) of each; AudioError for anything else."""
    try:
        for place, _, value in items:
            held(place, value)
        return tuple((place, int(since), float(value)) for place, since, value in items)
    except (TypeError, ValueError) as error:
        raise AudioError(f"{items!r} is nothing that a hand does: {error}") from error


HELD = ("gain", "pan", "master", "turn")
COMMANDS = by_name(PlayerCommand)


def spoken(message: PlayerCommand) -> Command:
    """A message as the command that it is."""
    return (name_of(message), *astuple(message))


def checked(message: Command) -> Command:
    """`message` with its values checked; AudioError when it is no command of the player."""
    name, *rest = message
    try:
        kind = COMMANDS[name]
        values = astuple(convert(dict(zip(kind.__struct_fields__, rest, strict=True)), kind))
    except (KeyError, ValueError) as error:
        raise AudioError(f"{message!r} is no command; they are (name, sample, …): {error}") from error
    if name == "fx":
        for effect in values[2]:
            _effect(*effect)
    if name == "hand":
        for place, value in values[1]:
            held(place, value)
    return (name, *values)
