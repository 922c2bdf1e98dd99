"""How far a training is, in a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from latentcode import progress


@dataclass(frozen=True)
class Progress:
    """How far a training is: `fraction` of the whole (0 to 1),
    losses averaged since the last report.
    """

    fraction: float
    epoch: float
    loss: float
    score: str  # of the reconstructions from one sample of the latent, with its unit
    frames_per_second: float
    seconds_left: float


Report = Callable[[Progress], None]
Doing = Callable[[str], None]  # what it does where it learns nothing for a while


class Shown:
    """What is shown of a training by `tell`."""

    def __init__(self, tell: progress.Tell) -> None:
        self._tell = tell
        self._last: Progress | None = None

    def report(self, state: Progress) -> None:
        """How far it is."""
        self._last = state
        self._tell(state.fraction, 1.0, described(state))

    def doing(self, what: str) -> None:
        """What it does where it learns nothing."""
        fraction = self._last.fraction if self._last else 0.0
        self._tell(fraction, 1.0, f"{fraction:4.0%}  {what}")


@contextmanager
def shown() -> Iterator[Shown]:
    """What shows a training while the block lasts: `report` and `doing` for `train`."""
    with progress.shown(stays=True) as tell:
        yield Shown(tell)


def described(state: Progress) -> str:
    """A training's state in one short line."""
    return (
        f"{state.fraction:4.0%}  epoch {state.epoch:.1f}  loss {state.loss:.6f}  {state.score}  "
        f"{state.frames_per_second:.0f} frames/s  {timedelta(seconds=round(state.seconds_left))} left"
    )
