"""Which of a training's models is kept: the one that plays held-out sounds best."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path

from latentcode.errors import ModelError
from latentcode.files import atomic
from latentcode.models.card import Card
from latentcode.models.family import card_of
from latentcode.models.held_out import HeldOut, Trial
from latentcode.models.target import say


@dataclass
class Best:
    """The model at `file`, and how far it is off; infinitely where there is none."""

    file: Path
    score: float = math.inf

    def take(self, other: Path, score: float) -> bool:
        """Replace it by a model that is better, or as good where nothing can be said; returns
        whether it was. Raises ModelError where it cannot be written.
        """
        if score >= self.score:
            return False
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            atomic.write(self.file, other.read_bytes())
        except OSError as error:
            raise ModelError(f"cannot write the model to {self.file}: {error.strerror or error}") from error
        self.score = score if math.isfinite(score) else math.inf
        return True

    def kept(self, score: float, newest: Path) -> str:
        """What is said where the model of a training that ends is not the best one."""
        return (
            f"{self.file} stays as it is: it is {self.score:.2f} dB of mel distance from the sounds that "
            f"it is tried on, the model of now {score:.2f}; that one is in {newest}"
        )

    def card(self) -> Card:
        """The card of the best model. Raises ModelError."""
        return card_of(self.file)


@dataclass(frozen=True)
class Checkpoint:
    """What a training has come to after some steps, tried on `what`."""

    step: int
    minutes: float
    trial: Trial
    better: bool
    what: str  # see `HeldOut.what`


def score_of(file: Path, held_out: HeldOut) -> float:
    """How far off the model is that lies at a file; infinitely where there is none."""
    if not os.path.exists(file):
        return math.inf
    try:
        score = held_out.tried(file).score
    except (ModelError, OSError) as error:
        say(f"{file} is no model that can be tried: {error}")
        return math.inf
    if not math.isfinite(score):
        return math.inf
    say(f"{file} is {score:.2f} dB from {held_out.what}; only a better model takes its place")
    return score
