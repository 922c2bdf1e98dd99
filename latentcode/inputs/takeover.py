"""Soft takeover: a value that was brought back holds until the hand that moves its control has come
to it.

Only controls that stand somewhere are taken over, control changes and NRPNs. Keys, bend, pressure,
OSC and what a page shows are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from latentcode.inputs.history import Input
from latentcode.inputs.keys import ANY, Key, as_heard, key

STANDING = frozenset({"cc", "nrpn"})  # kinds of controls that stay where a hand leaves them
STAYING = STANDING | {
    "osc",
    "program",
    "touch",
    "slider",
}  # … and those that say where they are when they are moved
NEAR = 1.5 / 127  # a control so near has come to the value: one step beside it, for 7 bits
MET = 0.002  # where scaling lets go

Rule = Callable[[float, "float | None", float], "tuple[float | None, bool]"]


class Waiting(NamedTuple):
    """A value that holds, and where the hand is (None: not known)."""

    stored: float
    hand: float | None

    @property
    def turn(self) -> int:
        """Which way to turn: 1 up, −1 down, 0 not known."""
        return 0 if self.hand is None else 1 if self.hand < self.stored else -1


def pickup(stored: float, hand: float | None, value: float) -> tuple[float | None, bool]:
    """Nothing, until the hand has passed the stored value or is near."""
    passed = hand is not None and (hand - stored) * (value - stored) <= 0
    met = passed or abs(value - stored) <= NEAR
    return (value, True) if met else (None, False)


def scale(stored: float, hand: float | None, value: float) -> tuple[float | None, bool]:
    """The way of the value to its end stretched over that of the hand,
    so that both get there together.
    """
    if abs(value - stored) <= MET:
        return value, True
    if hand is None:
        return None, False
    if value >= hand:
        scaled = 1.0 if hand >= 1 else stored + (value - hand) * (1 - stored) / (1 - hand)
    else:
        scaled = stored * value / hand
    scaled = min(max(scaled, 0.0), 1.0)
    return (value, True) if abs(scaled - value) <= MET else (scaled, False)


def jump(stored: float, hand: float | None, value: float) -> tuple[float | None, bool]:
    """The hand at once."""
    return value, True


RULES: dict[str, Rule] = {"pickup": pickup, "scale": scale, "jump": jump}


@dataclass
class Takeover:
    """What holds, and where the hands are; pure in inputs and recalls, in their order."""

    mode: str = "pickup"
    hands: dict[str, float] = field(default_factory=dict)  # where each control stands, as far as is known
    held: dict[str, float] = field(default_factory=dict)  # values that wait for their hand
    unseen: dict[str, Key] = field(default_factory=dict)  # those of them whose control nobody has seen
    turn: int = 0  # counts recalls and what else is not done by hands
    endless: Callable[[str], bool] = field(default=lambda name: False, compare=False)
    """Whether a control knows no place of its own."""

    def put(self, given: Input) -> Input | None:
        """An input as it counts; None while another value holds."""
        if not self._taken_over(given.key):
            return given
        stored, value, met = self._heard(given)
        self.hands[given.key] = given.value
        if stored is not None:
            self._let_go(given.key)
            if not met:
                self.held[given.key] = stored if value is None else value
        return None if value is None else Input(given.key, value)

    def recall(self, values: Mapping[str, float], known: Iterable[str] = ()) -> list[Input]:
        """Let controls have these values again, by name; returns them as inputs.

        A name with ANY or a part of a port's name is about all of `known` that it means, or else
        about the first that comes. A control whose hand is at the value is not held.
        """
        self.turn += 1
        exact = {name: value for wanted, value in values.items() for name in _meant(wanted, known)}
        for name, value in exact.items():
            hand = self.hands.get(name)
            met = hand is not None and abs(hand - value) <= MET
            if met or self.mode == "jump" or not self._taken_over(name):
                self.held.pop(name, None)
            else:
                self.held[name] = value
                if hand is None:
                    self.unseen[name] = key(name)
        return [Input(name, value) for name, value in exact.items()]

    def lose(self, values: Mapping[str, float]) -> None:
        """Nobody has seen the hands for a while: what the controls were holds until they are met
        again.
        """
        self.turn += 1
        self.hands.clear()
        self.unseen = {name: meant for name, meant in self.unseen.items() if name in self.held}
        standing = {name: value for name, value in values.items() if self._taken_over(name)}
        self.held = {} if self.mode == "jump" else standing

    def change(self, mode: str) -> None:
        """Another rule from now on."""
        self.turn += 1
        self.mode = mode
        if mode == "jump":
            self.held.clear()
            self.unseen.clear()

    @property
    def waiting(self) -> dict[str, Waiting]:
        """What holds, by name."""
        return {name: Waiting(stored, self.hands.get(name)) for name, stored in dict(self.held).items()}

    def _taken_over(self, name: str) -> bool:
        return stands(name) and not self.endless(name)

    def _heard(self, given: Input) -> tuple[float | None, float | None, bool]:
        stored = self._stored(given.key)
        if stored is None:
            return None, given.value, True
        return stored, *RULES[self.mode](stored, self.hands.get(given.key), given.value)

    def _stored(self, name: str) -> float | None:
        if name in self.held or not self.unseen:
            return self.held.get(name)
        return next((self.held[wanted] for wanted in self._vague(name) if wanted in self.held), None)

    def _let_go(self, name: str) -> None:
        for wanted in [name, *(self._vague(name) if self.unseen else ())]:
            self.held.pop(wanted, None)
            self.unseen.pop(wanted, None)

    def _vague(self, name: str) -> list[str]:
        """Names of values that wait for a control which nobody has seen, and mean this one."""
        exact = key(name)
        return [wanted for wanted, meant in list(self.unseen.items()) if meant.matches(exact)]


class Ahead:
    """The same takeover for one who hears inputs first, before they are stamped;
    on one thread at a time.

    It starts afresh from each recall.
    """

    def __init__(self, takeover: Takeover) -> None:
        self._takeover, self._own = takeover, _copied(takeover)

    def counts(self, given: Input) -> float | None:
        """What an input counts; None while another value holds."""
        if self._own.turn != self._takeover.turn:
            self._own = _copied(self._takeover)
        found = self._own.put(given)
        return None if found is None else found.value


def _copied(takeover: Takeover) -> Takeover:
    turn = takeover.turn  # first: what comes meanwhile makes another copy
    held, unseen = dict(takeover.held), dict(takeover.unseen)
    return Takeover(takeover.mode, dict(takeover.hands), held, unseen, turn, takeover.endless)


def stands(name: str) -> bool:
    """Whether a control stays where a hand leaves it, and is taken over."""
    return name.partition(":")[0] in STANDING


def stays(name: str) -> bool:
    """Whether a control has a value to come back to; keys, wheels and pressure spring back."""
    return key(name).kind in STAYING


def _meant(wanted: str, known: Iterable[str]) -> list[str]:
    meant = key(wanted)
    exact = ANY not in (meant.port, meant.channel) and wanted in known
    found = [] if exact else [name for name in known if meant.matches(key(name)) and ANY not in key(name)[2:]]
    return found or [as_heard(wanted)]
