"""What controls can be bound to: names of the musician's own, and faders."""

from __future__ import annotations

import difflib
import keyword
import math
from collections.abc import Callable
from types import MethodType
from typing import Any

from latentcode.checks import is_number
from latentcode.errors import ControlError
from latentcode.inputs.keys import key, spoken
from latentcode.inputs.mapping import STRAIGHT, Binding
from latentcode.parameters import VOICES
from latentcode.patterns import Pattern
from latentcode.patterns.nodes import Live
from latentcode.prompt.set_api import SetApi

RANGES = {"gain": (0.0, 1.0), "pan": (0.0, 1.0), "master": (0.0, 1.0), "bpm": (60.0, 180.0)}  # unless said
EXAMPLE = 'as in learn(d1.gain, 0, .8), learn("brightness") or learn()'


class Targets:
    """The faders of a set by name: d1.gain to d16.pan, master and bpm."""

    def __init__(self, stage: SetApi) -> None:
        self._stage = stage

    def all(self) -> dict[str, Callable[[Any], Any]]:
        """What is called with a signal, or a number, by name."""
        own = self._stage.own
        voices = [f"d{n}" for n in range(1, VOICES + 1)]
        faders = {
            f"{voice}.{what}": getattr(own[voice], what) for voice in voices for what in ("gain", "pan")
        }
        return {**faders, "master": own["master"], "bpm": own["bpm"]}

    def name(self, thing: Any) -> str | None:
        """The name of a fader that is meant by itself, `d1.gain`, or by its name;
        None for anything else.
        """
        if isinstance(thing, str):
            return thing if thing in self.all() else None
        known = thing is self._stage.own["master"] or isinstance(thing, MethodType)
        return next((name for name, word in self.all().items() if known and word == thing), None)

    def is_word(self, thing: Any) -> bool:
        """Whether something is a word of the prompt, and no function of the musician's."""
        module = str(getattr(thing, "__module__", ""))
        return module.startswith("latentcode.") and any(thing is word for word in self._stage.own.values())

    def own_name(self, name: str) -> str:
        """A name that a control can have. Raises ControlError for one that can be none."""
        if name.isidentifier() and not keyword.iskeyword(name):
            return name
        near = difflib.get_close_matches(name, self.all(), 1)
        hint = f"did you mean {near[0]!r}?" if near else EXAMPLE
        raise ControlError(f"{name!r} is no name for a control: letters, digits and _ make one; {hint}")


def range_of(name: str, low: Any, high: Any) -> tuple[float, float]:
    """The ends of a range, where the musician has not said one those that suit what is moved.

    Raises ControlError for an end that is no finite number.
    """
    usual = RANGES.get(name.rpartition(".")[2], (0.0, 1.0))
    ends = [one if given is None else given for given, one in zip((low, high), usual, strict=True)]
    if not all(is_number(end) and math.isfinite(end) for end in ends):
        raise ControlError(f"a range goes from one number to another, not {low!r} to {high!r}; {EXAMPLE}")
    return float(ends[0]), float(ends[1])


def signal(bound: Binding) -> Pattern:
    """What a binding makes of its control, as a live signal from `low` to `high`."""
    made: Pattern = Live(bound.to)
    if key(bound.to).kind == "bend":
        made = (made + 1) / 2
    if bound.curve != STRAIGHT:
        made = made.curve(bound.curve)
    plain = (bound.low, bound.high) == (0.0, 1.0)
    return made if plain else made.range(bound.low, bound.high)


def moving(stage: SetApi) -> dict[str, tuple[Any, ...]]:
    """What controls move, learnt or not: their keys, by the name of what is moved."""
    told = dict(stage.question("controls") or {})
    return {**told.get("led", {}), **{name: (to,) for name, (to, *_) in told.get("bound", {}).items()}}


def conflicts(name: str, bound: Binding, known: dict[str, tuple[Any, ...]]) -> list[str]:
    """What a new binding changes for others, each in a line. `known`: keys by name."""
    found, meant = [], key(bound.to)
    if name in known and bound.to not in known[name]:
        found.append(f"{name} was {' and '.join(map(spoken, known[name]))} until now")
    others = [o for o, keys in known.items() if o != name and any(meant.meets(key(to)) for to in keys)]
    if others:
        found.append(f"{spoken(bound.to)} moves {', '.join(others)}, too")
    return found
