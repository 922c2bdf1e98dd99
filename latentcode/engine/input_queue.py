"""What hands do, from the moment it arrives until it is stamped: kept for the render thread,
thinned, in order.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from latentcode.inputs.history import Input
from latentcode.inputs.keys import key, thinned
from latentcode.session.records import Inputs

THINNED = 64  # samples of which the last value of a controller counts
PLAYED = frozenset({"note", "poly", "pressure", "bend", "program", "start", "stop", "continue"})
PEDALS = frozenset({"64", "66", "120", "121", "123"})  # control changes that keys hear

Stamped = tuple[Input, int]
Listener = Callable[[Input, float], None]


class _Arrived(NamedTuple):
    given: Input
    place: float  # the session sample that the player took then


class InputQueue:
    """Between the threads of ports and the render thread.

    `listeners` are told of each input with its moment (time.monotonic()) at once, on the thread on
    which it arrives. `place` gives the session sample that the player takes from the ring at a
    moment.
    """

    def __init__(self, place: Callable[[float], float]) -> None:
        self.listeners: list[Listener] = []
        self.reading: Callable[[Input], Input] = lambda given: given  # what an input counts as
        self._place, self._lock = place, Lock()
        self._arrived: list[_Arrived] = []

    def arrive(self, given: Input, moment: float) -> None:
        """Something was done at a moment; may be called from any thread.

        What is no number is nothing.
        """
        if not math.isfinite(given.value):
            return
        given = self.reading(Input(given.key, float(given.value)))
        with self._lock:
            self._arrived.append(_Arrived(given, self._place(moment)))
        for listener in list(self.listeners):
            listener(given, moment)

    def drain(self, head: int, lead: int, steady: int = 0) -> list[Stamped]:
        """What has arrived, each with the first sample that it may affect, in order.

        `head` is the first sample not yet rendered, `lead` how far ahead of the player it should
        be. What is played comes `steady` samples later: with those of a block it is always as late,
        and keeps its rhythm.
        """
        if not self._arrived:
            return []
        with self._lock:
            arrived, self._arrived = self._arrived, []
        later = [lead + (steady if played(one.given) else 0) for one in arrived]
        stamped = [
            (one.given, max(head, round(one.place) + wait)) for one, wait in zip(arrived, later, strict=True)
        ]
        return thinned(sorted(stamped, key=lambda pair: pair[1]), lambda stamp: stamp // THINNED)


def played(given: Input) -> bool:
    """Whether an input is of a keyboard, or a pad: a key, its pressure, the wheel, a pedal."""
    exact = key(given.key)
    return exact.kind in PLAYED or (exact.kind == "cc" and exact.what in PEDALS)


def record_of(stamped: list[Stamped]) -> Inputs:
    """What the journal notes of them."""
    return Inputs(tuple((given.key, stamp, given.value) for given, stamp in stamped))
