"""How a set follows another's time: small changes of tempo,
worked out for the next sample to be rendered.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, Protocol

EACH = 0.1  # seconds between two looks
SETTLE = 0.5  # seconds in which an error in phase goes down to a third
MOST = Fraction(1, 10)  # of the tempo by which it is bent
WORTH = 2e-4  # of the tempo: smaller corrections are left out
FINEST = 10**6  # steps to a cycle per second, so that fractions stay short over hours
JUMPED = 0.02  # seconds of error from which a set in which nothing sounds jumps


class Leader(Protocol):
    """Another's time; `beats_at` gives None while it is not known."""

    def beats_at(self, moment: float) -> tuple[float, float] | None:
        """The beat at a moment (time.monotonic()), and beats per second."""
        ...


class Correction(NamedTuple):
    """From the sample on for which it was asked: cycles per second,
    and cycles to leave out there.
    """

    cps: Fraction
    jump: Fraction


@dataclass
class Steering:
    """Keeps a tempo map in phase with a leader: beat 0, `beats`, 2 × `beats`,
    … of the leader begin a cycle.

    `error` is by how many seconds the set was late (below 0: early) when it was last looked at.
    """

    beats: int
    error: float = 0.0

    def correct(
        self, leader: Leader, moment: float, cycle: Fraction, cps: Fraction, silent: bool
    ) -> Correction | None:
        """What is to hold from a sample on that is heard at `moment` and would be `cycle`; None:
        what holds.

        `silent`: nothing sounds, so that cycles may be left out.
        """
        known = leader.beats_at(moment)
        if known is None:
            return None
        theirs, pace = known[0] / self.beats, known[1] / self.beats
        behind = theirs % 1 - float(cycle % 1)
        near = behind - round(behind)
        self.error = near / pace
        if silent and abs(self.error) > JUMPED:
            self.error = 0.0
            return Correction(_fine(pace), _fine(behind % 1))
        wanted = pace * (1 + min(max(self.error / SETTLE, -float(MOST)), float(MOST)))
        if abs(wanted - float(cps)) < WORTH * pace:
            return None
        return Correction(_fine(wanted), Fraction(0))


def _fine(number: float) -> Fraction:
    return Fraction(round(number * FINEST), FINEST)
