"""One MIDI input: when its packets arrived, and what they say."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from latentcode.inputs.keys import Input, key
from latentcode.midi_osc.interface import OpenInput
from latentcode.midi_osc.midi import MidiDecoder
from latentcode.protocol.helper_messages import FromMidiIn, Inputs, Realtime

CREEP = 1e-4  # by which an interface's clock may be slower than ours
LATEST = 1.0  # seconds that a packet may wait for us; where it seems more, some before it were lost
MOVING = frozenset({"cc", "nrpn", "bend", "pressure", "poly"})  # kinds of which the last value counts
GRID = 1000  # … in each of so many parts of a second

Tell = Callable[[FromMidiIn], None]
Arrived = tuple[Input, float]


@dataclass
class Arrivals:
    """When packets arrived: the interface knows the seconds between them,
    and none is there before it arrives.
    """

    _base: float = float("inf")
    _sum: float = 0.0

    def moment(self, since: float, now: float) -> float:
        """The moment of a packet that came `since` seconds after the one before and is there at
        `now`.
        """
        self._sum += since
        here = now - self._sum
        self._base = min(self._base + CREEP * since, here)
        if here - self._base > LATEST:
            self._base = here
        return self._base + self._sum


@dataclass
class InputSource:
    """An input that is listened to, under the name that keys have."""

    name: str
    line: OpenInput
    decoder: MidiDecoder
    arrivals: Arrivals = field(default_factory=Arrivals)

    def read(self, tell: Tell) -> list[Arrived]:
        """What has arrived, each with its moment; clocks are told at once."""
        found: list[Arrived] = []
        for packet, since in self.line.read():
            moment = self.arrivals.moment(since, time.monotonic())
            heard, clocks = self.decoder.decode(packet)
            found += [(given, moment) for given in heard]
            for clock in clocks:
                tell(Realtime(self.name, clock, moment))
        return thinned(found) if len(found) > 1 else found


def thinned(found: list[Arrived]) -> list[Arrived]:
    """Of each controller the last value in each millisecond; a 0 stays, and what it ends."""
    kept: list[Arrived | None] = list(found)
    last: dict[str, int] = {}
    for place, (given, moment) in enumerate(found):
        before = last.get(given.key)
        if before is not None:
            former, then = found[before]
            if int(then * GRID) == int(moment * GRID) and (former.value == 0) == (given.value == 0):
                kept[before] = None
        if key(given.key).kind in MOVING:
            last[given.key] = place
    return [one for one in kept if one is not None]


def told(found: list[Arrived]) -> Inputs:
    """The same as it travels."""
    return Inputs(tuple((name, value, moment) for (name, value), moment in found))
