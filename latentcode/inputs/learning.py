"""Which control a hand has moved: one that has gone some way, or a pad that was hit;
not one that only trembles.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from latentcode.inputs.encoders import detected, is_step, turned_back
from latentcode.inputs.history import Input
from latentcode.inputs.keys import DOWN, Key, key

MOVED = 0.045  # of its range: six of the 127 steps of a control change
BENT = 0.09  # bend has twice the range
STILL = 0.3  # seconds after which a control that came once, at an end of its range, is a switch
HIT = frozenset({"note", "program"})  # kinds that are meant as soon as they come
TRANSPORT = frozenset({"start", "stop", "continue"})
FINE = range(32, 64)  # control changes that may be the fine part of the one 32 below


class Learner:
    """Hears inputs in their order, with the times (s) at which they came;
    tells the key of the one that is meant.

    known     the values that the controls had before, by exact key
    pressed   whether it is to be pressed, as a pad: then keys of transports are meant, too, of
              programs each by its number, and of a wheel the way that it went
    """

    def __init__(self, known: Mapping[str, float], pressed: bool = False) -> None:
        self._known, self._pressed = dict(known), pressed
        self._begun: dict[str, float] = {}  # for each control the value that it comes from
        self._said: dict[str, list[int]] = {}  # what each control change has said, 0 to 127
        self._switches: dict[str, float] = {}  # controls that came for the first time, at an end, and when

    def hear(self, given: Input, moment: float) -> str | None:
        """The key of what has been moved, if this input shows it."""
        found = self._moved(given, moment)
        return found and self._pressing(found, given.value) if self._pressed else found

    def _pressing(self, name: str, value: float) -> str:
        """The name of what is pressed, of an input that has come."""
        meant = key(name)
        if meant.kind == "program":
            return str(meant._replace(what=str(round(value * 127))))
        return str(meant._replace(what=DOWN)) if meant.kind == "bend" and value < 0 else name

    def _moved(self, given: Input, moment: float) -> str | None:
        meant = key(given.key)
        if meant.kind in TRANSPORT:
            return given.key if self._pressed else None
        if meant.kind in HIT:
            return given.key if meant.kind == "program" or given.value > 0 else None
        if meant.kind == "cc":
            said = self._said.setdefault(given.key, [])
            said.append(round(given.value * 127))
            if self.encoding(given.key):
                return given.key
            if self._may_be_endless(given.key):
                self._switches.pop(given.key, None)
                return None
        begun = self._begun.setdefault(given.key, self._known.get(given.key, given.value))
        if self._new(given.key) and given.value == 1.0:
            self._switches.setdefault(given.key, moment)
        elif given.value != begun:
            self._switches.pop(given.key, None)
        far = BENT if meant.kind == "bend" else MOVED
        return given.key if abs(given.value - begun) >= far and not self._fine(meant) else None

    def settled(self, moment: float) -> str | None:
        """The key of a switch that was pressed, and nothing has come of it since."""
        return next((name for name, came in self._switches.items() if moment - came >= STILL), None)

    def encoding(self, name: str) -> str | None:
        """How the steps of a control are sent; None for one that is no endless encoder."""
        return None if self._coarse(key(name)) else detected(self._said.get(name, ()))

    def _may_be_endless(self, name: str) -> bool:
        """Whether a control says again what it has just said, or leaps, as encoders do."""
        said = self._said[name]
        like = all(map(is_step, said)) and not self._coarse(key(name))
        return like and any(before == now or turned_back(before, now) for before, now in pairwise(said))

    def _coarse(self, meant: Key) -> bool:
        """Whether a control has a fine part: then it says the same again."""
        if meant.kind != "cc" or not meant.what.isdigit():
            return False
        fine = str(meant._replace(what=str(int(meant.what) + 32)))
        return int(meant.what) + 32 in FINE and (fine in self._said or fine in self._known)

    def _new(self, name: str) -> bool:
        return name not in self._known

    def _fine(self, meant: Key) -> bool:
        """Whether it is the fine part of a control with 14 bits."""
        if meant.kind != "cc" or not meant.what.isdigit() or int(meant.what) not in FINE:
            return False
        coarse = str(meant._replace(what=str(int(meant.what) - 32)))
        return coarse in self._begun or coarse in self._known
