"""Faders as they are typed: a number, or what moves them; and how it is told where they stand."""

from __future__ import annotations

from typing import Any

from latentcode.checks import as_float, moreover, plain, received
from latentcode.errors import EngineError, LatentcodeError
from latentcode.parameters import FADERS
from latentcode.patterns import Pattern
from latentcode.protocol.messages import State
from latentcode.set.effects import Setting, fits

EXAMPLES = {"gain": ".8", "pan": ".5", "master": ".8"}


class FaderPosition(float):
    """Where a fader stands; `by` is what moves it, as it was typed, empty for nothing."""

    by: str

    def __new__(cls, value: float, by: str = "") -> FaderPosition:
        made = super().__new__(cls, value)
        made.by = by
        return made

    def __repr__(self) -> str:
        return f"{float(self):g}, moved by {self.by}" if self.by else float.__repr__(self)


def fader(value: Any, what: str) -> Setting:
    """What a fader (d1.gain, d1.pan, master) is to be: a number,
    or a signal or pattern that moves it.

    Raises EngineError for what is none, and for one that is nowhere in the fader's range.
    """
    name = what.rpartition(".")[2]
    parameter, value, why = FADERS[name], plain(value), ""
    try:
        if isinstance(value, (str, Pattern)):
            if fits(value, parameter):
                return value
        else:
            number = as_float(value)
            if parameter.low <= number <= parameter.high:
                return number
    except LatentcodeError as error:
        why = moreover(value, error)
    example = f"{what}({EXAMPLES[name]})"
    raise EngineError(
        f"{what} takes a number from {parameter.low:g} to {parameter.high:g}, not {received(value)}; "
        f"as in {example}, or a signal or a pattern of them, as in {what}(sine.slow(4)){why}"
    )


def standing(state: State, what: str) -> FaderPosition | None:
    """Where a fader stands, from the engine's state; None when it has said nothing."""
    if state.faders is None:
        return None
    value, by = state.faders.get(what, (FADERS[what.rpartition(".")[2]].default, ""))
    return FaderPosition(value, by)
