"""Swing for the whole set: off-beat events come later, whatever pattern they are of."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from latentcode.patterns import Event
from latentcode.patterns.event import Hands, event_through
from latentcode.patterns.rational import exact

Edge = float | Fraction


@dataclass(frozen=True)
class Swing:
    """The second half of each of `steps` parts of a cycle comes later by `amount` (0 to 1) of that
    half.
    """

    amount: Fraction = Fraction(0)
    steps: int = 4

    def delay(self, onset: Fraction) -> Fraction:
        """Cycles by which an event with this onset comes later."""
        off = onset * self.steps % 1 >= Fraction(1, 2)
        return self.latest if off else Fraction(0)

    @property
    def latest(self) -> Fraction:
        return self.amount / (2 * self.steps)


STRAIGHT = Swing()


class Queried(Protocol):
    """What a voice needs of a compiled pattern."""

    def query(self, begin: Edge, end: Edge, live: Hands = None) -> list[Event]: ...


@dataclass
class Groove:
    """Which swing holds from which cycle on; shared by all voices of a renderer."""

    changes: list[tuple[Fraction, Swing]] = field(default_factory=list)

    @property
    def last(self) -> Swing:
        """The swing that holds in the end."""
        return self.changes[-1][1] if self.changes else STRAIGHT

    def change(self, cycle: Fraction, swing: Swing) -> None:
        """Let a swing hold for the onsets from `cycle` on."""
        self.changes = [change for change in self.changes if change[0] < cycle]
        if swing != self.last:
            self.changes.append((cycle, swing))

    def cancel(self, cycle: Fraction) -> None:
        """Forget what is to hold only after `cycle`."""
        self.changes = [change for change in self.changes if change[0] <= cycle]

    def at(self, cycle: Fraction) -> Swing:
        return next((swing for begin, swing in reversed(self.changes) if begin <= cycle), STRAIGHT)

    @property
    def latest(self) -> Fraction:
        """Cycles by which an event may come later."""
        return max((swing.latest for _, swing in self.changes), default=Fraction(0))

    def over(self, compiled: Queried) -> Queried:
        """A pattern whose events stand where they are played."""
        return Swung(compiled, self)


@dataclass(frozen=True)
class Swung:
    """A compiled pattern in a groove. A drone has no beat to be off."""

    compiled: Queried
    groove: Groove

    def query(self, begin: Edge, end: Edge, live: Hands = None) -> list[Event]:
        latest = self.groove.latest
        if not latest:
            return self.compiled.query(begin, end, live)
        low, high = exact(begin), exact(end)
        found = (self._moved(event, low, high) for event in self.compiled.query(low - latest, high, live))
        return [event for event in found if event is not None]

    def _moved(self, event: Event, begin: Fraction, end: Fraction) -> Event | None:
        onset = None if event.whole is None else event.whole[0]
        delay = Fraction(0) if onset is None else self.groove.at(onset).delay(onset)
        if delay:
            event = event_through(event.whole, event.part, event.value, (Fraction(1), delay))
        first, last = max(event.part[0], begin), min(event.part[1], end)
        return event._replace(part=(first, last)) if first < last else None
