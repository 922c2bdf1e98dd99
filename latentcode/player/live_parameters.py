"""Values that come straight from a hand: each is applied at the next border,
where what it is about still holds.
"""

from __future__ import annotations

from collections import deque
from typing import Any

Place = tuple[Any, ...]
"""("gain", voice), ("pan", voice), ("master",) or ("turn", rack, place in the chain, parameter)."""
Item = tuple[Place, int, float]
"""Place, the sample of the command that gave it to the hand, value."""
Applied = tuple[tuple[Place, float], ...]

_NEVER = -(1 << 62)


class LiveParameters:
    """Between the thread that hears of a hand and the audio thread.

    A value counts while the last command about its place is the one that it names: what came after
    has taken the place from the hand, and before it came the value waits. Of several values for one
    place the last counts.
    """

    def __init__(self) -> None:
        self._arrived: deque[tuple[Item, ...]] = deque()
        self._waiting: dict[Place, tuple[int, float]] = {}
        self._told: dict[Place, int] = {}
        self._closed = False

    def arrive(self, items: tuple[Item, ...]) -> None:
        """A hand has moved; may be called from any thread."""
        self._arrived.append(items)

    def told(self, name: str, sample: int, arguments: list[Any]) -> None:
        """A command has been applied whose sample was `sample`."""
        if name == "turn":
            self._told |= {("turn", *change[:3]): sample for change in arguments[0]}
        elif name == "fx":
            self._told["fx", arguments[0]] = sample
        elif name == "quit":
            self._closed = True
        else:
            place = (name, *arguments[:-1])
            self._told[place] = sample

    def due(self) -> Applied:
        """What is to be applied at this border."""
        while self._arrived:
            for place, since, value in self._arrived.popleft():
                self._waiting[place] = since, value
        if not self._waiting or self._closed:
            return ()
        due = tuple(
            (place, value) for place, (since, value) in self._waiting.items() if since == self._since(place)
        )
        self._waiting = {
            place: (since, value)
            for place, (since, value) in self._waiting.items()
            if since > self._since(place)
        }
        return due

    def _since(self, place: Place) -> int:
        """The sample of the last command about a place."""
        told = self._told.get(place, _NEVER)
        return max(told, self._told.get(("fx", place[1]), _NEVER)) if place[0] == "turn" else told


def command(place: Place, value: float) -> tuple[Any, ...]:
    """A value at a place as the graph carries it out."""
    return ("turn", ((*place[1:], value),)) if place[0] == "turn" else (*place, value)
