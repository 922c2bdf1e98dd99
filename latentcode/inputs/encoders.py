"""Endless encoders: controllers whose values are steps, and no places.

They are told apart by how they send a step down; 1, or 65, is one up:

twos     two's complement: 127 is one down, 126 two
sign     sign and magnitude, as Mackie's V-Pots: 65 is one down, 66 two
offset   binary offset: 64 is nothing, 63 one down, 65 one up

Of the values that hands can turn (steps of less than 32) `twos` and `sign` share none, so a learnt
encoder that has only been turned up is read as both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from latentcode.inputs.keys import Input, Key, key

STEP = 0.01  # of the whole range, for each step
PLACE = "a place"  # what is no step
SEEN = 4  # messages after which an encoder can be told from a knob
ENCODINGS: dict[str, Callable[[int], int]] = {
    "twos": lambda value: value if value < 64 else value - 128,
    "sign": lambda value: value if value < 64 else 64 - value,
    "offset": lambda value: value - 64,
    "auto": lambda value: value if value < 64 else 64 - value if value < 96 else value - 128,
}


def detected(values: Sequence[int]) -> str | None:
    """The encoding of values (0 to 127) that came one after the other; None for those of a knob, or
    while it cannot be told: what is turned one way alone may be 65 up, or 65 down.

    A knob never says the same twice in a row; an encoder does so whenever it is turned evenly.
    """
    again = sum(now == before for before, now in pairwise(values))
    if len(values) < SEEN or 2 * again < len(values) - 1:
        return None
    kinds = {_kind(value) for value in values}
    if kinds <= {"up", "twos", "sign"} and kinds != {"sign"}:
        return "auto"
    return "offset" if kinds <= {"offset", "sign"} and kinds != {"sign"} else None


def turned_back(before: int, now: int) -> bool:
    """Whether a leap may be an encoder that is turned the other way."""
    return {_kind(before), _kind(now)} in ({"up", "twos"}, {"up", "sign"})


def is_step(value: int) -> bool:
    """Whether a value, 0 to 127, may be a step."""
    return _kind(value) != PLACE


def both_steps(before: float, now: float) -> bool:
    """Whether two values of a controller, 0 to 1, that came together may both be steps: what is
    said again, a turn the other way, an acceleration.
    """
    return before == now or (is_step(round(before * 127)) and is_step(round(now * 127)))


def _kind(value: int) -> str:
    """What a value may be a step of: one up, or one of the encodings that it tells apart."""
    ranges = {"up": (1, 15), "offset": (49, 63), "sign": (65, 79), "twos": (113, 127)}
    return next((name for name, (low, high) in ranges.items() if low <= value <= high), PLACE)


@dataclass(frozen=True)
class Encoder:
    """How a controller's steps are read, and how far each goes."""

    encoding: str = "auto"
    step: float = STEP

    def moved(self, value: float, place: float) -> float:
        """Where a control is, 0 to 1, that was at `place` and says `value`, 0 to 1."""
        steps = ENCODINGS[self.encoding](round(value * 127))
        return min(max(place + steps * self.step, 0.0), 1.0)


@dataclass
class Encoders:
    """The controllers that are endless, by what means them."""

    known: dict[Key, Encoder] = field(default_factory=dict)

    def change(self, to: str, encoder: Encoder | None) -> None:
        """Let a controller be endless, or (None) a knob."""
        found = {meant: one for meant, one in self.known.items() if str(meant) != to}
        self.known = found if encoder is None else {**found, key(to): encoder}

    def of(self, name: str) -> Encoder | None:
        """How an exact controller is read; None for one that is no encoder."""
        if not self.known or not name.startswith("cc:"):
            return None
        exact = key(name)
        return next((one for meant, one in reversed(self.known.items()) if meant.matches(exact)), None)


class Stepping:
    """Makes places of steps as they arrive, before they are stamped; on one thread at a time.

    `latest` gives the last value of every input that has been heard by the set: where it is none of
    ours, it was brought back by a scene, and the next step goes from there.
    """

    def __init__(self, encoders: Encoders, latest: Callable[[], Mapping[str, float]]) -> None:
        self._encoders, self._latest = encoders, latest
        self._ours: dict[str, list[float]] = {}

    def read(self, given: Input) -> Input:
        """An input as it counts: of an encoder where it is now."""
        encoder = self._encoders.of(given.key)
        if encoder is None:
            return given
        ours = self._ours.setdefault(given.key, [])
        heard = self._latest().get(given.key)
        place = ours[-1] if ours else 0.0
        if heard is not None and heard not in ours:
            ours.clear()
            place = heard
        ours.append(encoder.moved(given.value, place))
        del ours[:-256]
        return Input(given.key, ours[-1])
