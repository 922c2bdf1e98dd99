"""When a trajectory is read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from latentcode.arrays import Float64
from latentcode.patterns.event import Hands


@dataclass(frozen=True)
class Moments:
    """Instants in the life of one event or drone; the arrays are aligned.

    seconds   (N,) since the onset (of a drone: its phase)
    position  (N,) from 0 to 1 in the whole, counted in cycles (of a drone: in its natural length)
    cycle     (N,) the cycle of the pattern that the trajectory stands in
    frames    latent frames in the whole, over which a curve given as an array spreads
    place     (N,) from 0 to 1 in each source, instead of seconds; None: sources advance in seconds
    live      looks live inputs up at these moments; None: they are at their defaults
    turns     (N,) how often a drone has come round before
    pace      cycles in which a latent frame goes by, at the tempo of the onset
    moved     (N,) how far the place moves while a latent frame goes by
    """

    seconds: Float64
    position: Float64
    cycle: Float64
    frames: float
    place: Float64 | None = None
    live: Hands = None
    turns: Float64 | float = 0.0
    pace: float = 0.0
    moved: Float64 | float = 1.0

    def faster(self, rate: float) -> Moments:
        """The same moments for sources that advance at `rate` times their speed,
        round and round.
        """
        place = None if self.place is None else self.place * rate % 1.0
        return replace(self, seconds=self.seconds * rate, place=place)

    def longer(self, rate: float) -> Moments:
        """The same moments for sources encoded so finely that they advance at `rate` times their
        speed.
        """
        return replace(self, seconds=self.seconds * rate)

    def placed(self, place: Float64, moved: Float64 | float = 1.0) -> Moments:
        """The same moments for sources that are read at places (N,) from 0 to 1; beyond,
        the ends hold.
        """
        return replace(self, place=np.clip(place, 0.0, 1.0), moved=moved)

    def later(self, seconds: float) -> Moments:
        """The same moments for sources that are so many seconds further on."""
        return replace(self, seconds=self.seconds + seconds)

    def through(self, scale: float, shift: float) -> Moments:
        """The same moments seen through a time map: inner cycle = outer cycle · scale + shift."""
        return replace(self, cycle=self.cycle * scale + shift, pace=self.pace * scale)

    @staticmethod
    def over(frames: int, hop_seconds: float, begin_cycle: float = 0.0, cycles: float = 1.0) -> Moments:
        """`frames` moments `hop_seconds` apart that fill a whole of `cycles` cycles."""
        index = np.arange(frames, dtype=np.float64)
        position = index / max(frames, 1)
        return Moments(index * hop_seconds, position, begin_cycle + position * cycles, float(frames))
