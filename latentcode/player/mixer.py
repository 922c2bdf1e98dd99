"""Where the player's faders and effects stand, and which commands are well-formed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from msgspec import convert
from msgspec.structs import asdict

from latentcode.checks import number
from latentcode.errors import AudioError
from latentcode.parameters import LONGEST_DELAY, PARAMETERS, VOICES, Parameter
from latentcode.protocol.player_messages import (
    Ending,
    Fx,
    Gain,
    Hand,
    Master,
    Out,
    Pan,
    PlayerCommand,
    Spec,
    Turn,
)

Command: TypeAlias = PlayerCommand | Ending
"""What takes effect at the first buffer that begins at its `sample` or later; `Ending` is the player's own."""


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

    def take(self, command: Command) -> None:
        """Stand where a checked command leads to."""
        match command:
            case Gain(_, voice, value):
                self.gains[voice] = value
            case Pan(_, voice, value):
                self.pans[voice] = value
            case Out(_, voice, pair):
                self.outs[voice] = pair
            case Master(_, value):
                self.master = value
            case Fx(_, rack, chain):
                self.chains[rack] = chain
            case Turn(_, changes):
                for rack, place, parameter, value in changes:
                    if self.has(rack, place, parameter):
                        self.chains[rack] = moved(self.chains[rack], place, parameter, value)
            case Ending():
                self.master = 0.0

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


def _setting(value: float, parameter: Parameter) -> None:
    low = 0.0 if parameter.in_cycles else parameter.low
    high = LONGEST_DELAY if parameter.in_cycles else parameter.high
    number(value, parameter.name, low, high, f"{parameter.name}={parameter.default:g}", AudioError)


def _effect(name: str, values: tuple[float, ...]) -> None:
    parameters = PARAMETERS.get(name, ())
    if not parameters or len(values) != len(parameters):
        raise AudioError(f"{name!r} is no effect; they are {', '.join(PARAMETERS)}, with all their values")
    for value, parameter in zip(values, parameters, strict=True):
        _setting(value, parameter)


def at_place(place: tuple[Any, ...], value: float) -> Command:
    """A value at a place as the graph carries it out."""
    name, *rest = place
    made: Command = Turn(0, ((*rest, value),)) if name == "turn" else HELD[name](0, *rest, value)
    return made


HELD: dict[Any, Any] = {"gain": Gain, "pan": Pan, "master": Master}
"""What hands hold, beside parameters of effects."""


def held(place: Any, value: Any) -> None:
    """Raise AudioError for a value that no hand can give to a place."""
    try:
        checked(at_place(place, value))
    except (KeyError, TypeError, ValueError) as error:
        raise AudioError(
            f"{place!r} can be in no hand; (name, …) with name one of {', '.join(HELD)}, turn can: {error}"
        ) from error


def checked_hand(items: Any) -> Any:
    """(place, sample since which a hand holds it, value) of each; AudioError for anything else."""
    try:
        for place, _, value in items:
            held(place, value)
        return tuple((place, int(since), float(value)) for place, since, value in items)
    except (TypeError, ValueError) as error:
        raise AudioError(f"{items!r} is nothing that a hand does: {error}") from error


def checked(command: Command) -> Command:
    """A command with its values checked; AudioError where they cannot be."""
    try:
        made: Command = convert(asdict(command), type(command))
    except ValueError as error:
        raise AudioError(f"{command!r} cannot be: {error}") from error
    if isinstance(made, Fx):
        for effect in made.chain:
            _effect(*effect)
    if isinstance(made, Hand):
        for place, value in made.given:
            held(place, value)
    return made
