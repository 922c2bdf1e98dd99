"""What is in hand: which faders and parameters hands move, since which command;
pure in inputs and commands.

The values that hands give them are decided by the moment at which they reach the player: they are
noted in the journal with the sample of their border, and a replay gives the same there.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import NamedTuple

from latentcode.inputs.history import Input, InputHistory
from latentcode.inputs.mapping import Binding
from latentcode.protocol.messages import Given
from latentcode.protocol.player_messages import Hand, PlayerCommand
from latentcode.set.bindings import Bindings, named
from latentcode.set.faders import Faders
from latentcode.set.knobs import Knob, Place
from latentcode.set.racks import Racks


class HeldKnob(NamedTuple):
    """A knob in hand, the sample of the command that gave it to the hand,
    and the value that it had there.
    """

    since: int
    knob: Knob
    value: float


class Ownership(NamedTuple):
    """What holds from a sample on: what is in hand, what was brought back there,
    and what names are bound to.
    """

    sample: int
    held: dict[Place, HeldKnob]
    recalled: tuple[Input, ...]
    bound: dict[str, Binding]


class Holding:
    """Follows the commands of a set; `turned` is told whenever something else is in hand.

    `again` are values that hands once gave, to be given at the same samples.
    """

    def __init__(self, inputs: InputHistory, bindings: Bindings, faders: Faders, racks: Racks) -> None:
        self._inputs, self._bindings, self._faders, self._racks = inputs, bindings, faders, racks
        self.turned: Callable[[Ownership], None] = lambda turn: None
        self._held: dict[Place, HeldKnob] = {}
        self._bound: dict[str, Binding] = {}
        self._latest: dict[str, float] = {}
        self._again: list[tuple[int, int, Given]] = []

    def again(self, sample: int, given: Given) -> None:
        """Let values hold from a sample on, as they once did."""
        heapq.heappush(self._again, (sample, len(self._again), given))

    def before(self) -> None:
        """A command is about to be applied."""
        self._latest = dict(self._inputs.latest())

    def after(self, sample: int) -> list[PlayerCommand]:
        """It has been, at a sample: what the player must be told where hands stand
        elsewhere now.
        """
        latest, bound = self._inputs.latest(), self._names()
        recalled = tuple(Input(k, value) for k, value in latest.items() if self._latest.get(k) != value)
        fresh = bool(recalled) or bound != self._bound
        messages = self.told(sample) if fresh else []
        self._bound = bound
        self._turn(sample, fresh, recalled)
        return messages

    def begin(self, sample: int) -> None:
        """An engine takes over at a sample: a new player has been told where all stands there."""
        self._bound = self._names()
        latest = self._inputs.latest()
        self._turn(sample, True, tuple(Input(name, value) for name, value in latest.items()))

    def told(self, sample: int) -> list[PlayerCommand]:
        """Where all that is in hand stands at a sample, by the history of the inputs alone."""
        return [*self._faders.again(sample), *self._racks.again(sample)]

    def due(self, until: int) -> list[PlayerCommand]:
        """What hands once gave before a sample, for the player."""
        messages: list[PlayerCommand] = []
        while self._again and self._again[0][0] < until:
            sample, _, given = heapq.heappop(self._again)
            messages.append(Hand(sample, given))
        return messages

    def _names(self) -> dict[str, Binding]:
        return {name: bound for name, bound in self._bindings.bound.items() if named(name)}

    def _turn(self, sample: int, fresh: bool, recalled: tuple[Input, ...]) -> None:
        """Let what is in hand now be so from a sample on; `fresh`: what was in hand before, too."""
        held = dict[Place, HeldKnob]()
        for place, knob in {**self._faders.in_hand(), **self._racks.in_hand()}.items():
            kept = None if fresh else self._held.get(place)
            held[place] = kept if kept and kept.knob is knob else HeldKnob(sample, knob, knob.value)
        if fresh or held != self._held:
            self._held = held
            self.turned(Ownership(sample, held, recalled, self._bound))
