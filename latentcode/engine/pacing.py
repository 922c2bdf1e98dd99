"""How a set keeps up with the player: how many blocks are rendered together, and when what was
missed is given up.

Some blocks that are planned, and then decoded together, take about half the time that they take one
by one (`Renderer.plan`), and have the same samples. Where there is time they are rendered one by
one: so each is there as soon as it can be, and a short lead is enough. What is missing of the lead
tells that there is none to spare; then as many are taken together as are there before the player
comes to them. A machine that is too slow for one at a time is quick enough for four.
"""

from __future__ import annotations

from dataclasses import dataclass

HOPELESS = 0.5  # seconds behind the player at which what was missed is no longer caught up with
PATIENCE = 0.25  # seconds after which a set that is still behind gives up what was missed
MOST = 8  # blocks that are rendered together
RESERVE = 2.0  # times as long as blocks have lately taken there should be time for
FORGETS = 0.02  # of a mean over blocks, with each
BREATH = 0.001  # seconds after some together, in which those come in who wait for the set
CARE = 5.0  # seconds of one block at a time after something could not be decoded


@dataclass
class Pace:
    """For blocks of so many seconds. `load`: the share of time that rendering takes."""

    block: float
    load: float = 0.0
    _behind: float | None = None  # since when (time.monotonic()) the player has nothing
    _careful: float = 0.0  # until when

    def together(self, missing: float, ahead: float, moment: float) -> int:
        """How many blocks are to be rendered at a moment at which `missing` seconds of the lead
        are, and `ahead` seconds are still to be played (negative: the player waits).
        """
        if moment < self._careful:
            return 1
        wanted = min(int(missing / self.block) + 1, MOST)
        if ahead <= 0.0:  # each is too late, and together they catch up the sooner
            return wanted
        in_time = ahead / max(RESERVE * self.load * self.block, 1e-9)
        return max(int(min(in_time, wanted)), 1)

    def took(self, seconds: float, rendered: float) -> None:
        """So many seconds went by while so many of sound were rendered."""
        self.load += (1.0 - (1.0 - FORGETS) ** (rendered / self.block)) * (seconds / rendered - self.load)

    def careful(self, moment: float) -> None:
        """From a moment on one block at a time, for a while: so it is known whose frames fail."""
        self._careful = moment + CARE

    def gives_up(self, ahead: float, moment: float) -> bool:
        """Whether what was missed should be given up at a moment at which so many seconds are
        still to be played.
        """
        if ahead >= 0.0:
            self._behind = None
            return False
        if self._behind is None:
            self._behind = moment
        if -ahead <= HOPELESS and moment - self._behind <= PATIENCE:
            return False
        self._behind = None
        return True
