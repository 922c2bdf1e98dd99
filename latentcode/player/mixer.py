"""Faders and commands of the player: their values, and which messages are well-formed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from latentcode.errors import AudioError
from latentcode.ring import VOICES

Command = tuple[Any, ...]
"""(name, sample, arguments…): takes effect at the first buffer that begins at `sample` or later."""

MAX_GAIN = 8.0


@dataclass
class Mixer:
    """Where the faders stand. Gains are factors (0 to 8), pans −1 (left) to 1 (right)."""

    gains: list[float] = field(default_factory=lambda: [1.0] * VOICES)
    pans: list[float] = field(default_factory=lambda: [0.0] * VOICES)
    master: float = 1.0

    def sides(self, voice: int) -> tuple[float, float]:
        """The gains of a voice's left and right channel; centre is unity on both."""
        gain, pan = self.gains[voice], self.pans[voice]
        return gain * min(1.0, 1.0 - pan), gain * min(1.0, 1.0 + pan)


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


_ARGUMENTS: dict[str, tuple[Callable[[Any], Any], ...]] = {
    "gain": (_voice, _number(0.0, MAX_GAIN)),
    "pan": (_voice, _number(-1.0, 1.0)),
    "master": (_number(0.0, MAX_GAIN),),
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
