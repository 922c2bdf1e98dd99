"""A reading: the trajectory of one event or drone, ready to be read anywhere on its grain grid."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from latentcode.engine.clock import Clock, DroneClock, EventClock
from latentcode.latent.compile import compile_trajectory
from latentcode.latent.drones import matched, resolved
from latentcode.latent.note import Note

if TYPE_CHECKING:
    from latentcode.engine.layer import Stage

Whole = tuple[Fraction, Fraction]


class Reading:
    """What a note's trajectory is at moments counted from sample `onset` on; a drone's where `whole` is None.

    natural  latent frames of one passage through it
    clock    from the grain grid to moments
    read     from moments to latents
    """

    def __init__(self, note: Note, onset: int, whole: Whole | None, stage: Stage) -> None:
        self.note, self.onset, self.whole, self._stage = note, onset, whole, stage
        trajectory = resolved(note.trajectory, stage.find)
        trajectory = trajectory if whole else matched(trajectory, stage.length)
        self.natural = stage.natural(trajectory)
        self.clock: Clock = (
            EventClock(stage.tempo, stage.rates, onset, whole)
            if whole
            else DroneClock(stage.tempo, stage.rates, onset, self.natural or 1)
        )
        self.read = compile_trajectory(trajectory, stage.scene)

    @property
    def end(self) -> int | None:
        """The sample at which the event is over, by the tempo map as it is; None for a drone."""
        if self.whole is None:
            return None
        return self._natural_end() or self._whole_end(self.whole)

    def _natural_end(self) -> int | None:
        rates = self._stage.rates
        length = self.natural * rates.hop * rates.device / rates.model if self.note.ring else 0
        return self.onset + round(length) if length else None

    def _whole_end(self, whole: Whole) -> int:
        begin, end = whole
        return self._stage.tempo.sample_of(begin + (end - begin) * Fraction(str(self.note.legato)))
