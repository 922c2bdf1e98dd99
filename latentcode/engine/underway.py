"""What hands have sent to the player and the journal does not have yet.

The journal notes a hand's value when the player has said at which of its borders that began to
count. An engine that dies before it hears so leaves the value here, beside its last words, and the
one after it notes it at the border at which it was to be heard.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable
from threading import Lock
from typing import Protocol

from latentcode.protocol.messages import Given
from latentcode.session.marks import Place
from latentcode.session.records import DirectValues

SLOTS, BYTES = 64, 128
SIZE = SLOTS * BYTES
_SLOT = struct.Struct("<B100s")  # whether it holds something, and the mark

Sent = tuple[Place, int, float]  # place, the sample of the command that gave it to the hand, value


class HandLog(Protocol):
    """Where it is written down what is on its way to the player."""

    def sent(self, here: int, items: Iterable[Sent]) -> None: ...
    def landed(self, sample: int, given: Given) -> None: ...
    def let_go(self, place: Place) -> None: ...


class Unlogged:
    """Nobody would read it."""

    def sent(self, here: int, items: Iterable[Sent]) -> None: ...
    def landed(self, sample: int, given: Given) -> None: ...
    def let_go(self, place: Place) -> None: ...


class Underway:
    """The last value of each place that was sent and not noted, in `memory` from byte `first` on.

    For several threads: the one that serves a hand, and the one that hears the player.
    """

    def __init__(self, memory: mmap.mmap, first: int) -> None:
        self._memory, self._first, self._lock = memory, first, Lock()
        self._places: dict[Place, tuple[int, int, float]] = {}  # slot, sample, value
        self._free = list(range(SLOTS))

    def sent(self, here: int, items: Iterable[Sent]) -> None:
        """Values go to the player, the next border of which is `here`."""
        with self._lock:
            for place, since, value in items:
                known = self._places.get(place)
                slot = known[0] if known else self._free.pop() if self._free else None
                if slot is not None:
                    self._put(slot, place, max(here, since), value)

    def landed(self, sample: int, given: Given) -> None:
        """The player has said what began to count at a sample, and the journal has it."""
        with self._lock:
            for place, (_, due, value) in list(self._places.items()):
                if due < sample or (place, value) in given:  # it passes over what a command has taken
                    self._clear(place)

    def let_go(self, place: Place) -> None:
        """Something else has a place now."""
        with self._lock:
            if place in self._places:
                self._clear(place)

    def _put(self, slot: int, place: Place, sample: int, value: float) -> None:
        self._places[place] = slot, sample, value
        mark = DirectValues(sample, ((place, value),)).format()
        _SLOT.pack_into(self._memory, self._first + slot * BYTES, 1, mark.encode())

    def _clear(self, place: Place) -> None:
        slot, *_ = self._places.pop(place)
        self._memory[self._first + slot * BYTES] = 0
        self._free.append(slot)


def left_underway(data: bytes) -> tuple[DirectValues, ...]:
    """What another engine left in its slots, in the order of samples."""
    whole = range(0, len(data) - BYTES + 1, BYTES)
    marks = [mark for there, mark in (_SLOT.unpack_from(data, at) for at in whole) if there]
    words = [mark.rstrip(b"\0").decode(errors="replace").split()[3:] for mark in marks]
    found = [record for one in words if isinstance(record := DirectValues.parse(one), DirectValues)]
    return tuple(sorted(found, key=lambda record: record.sample))
