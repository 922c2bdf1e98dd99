"""The prior of an exported model: it makes latents in a process of its own, a row for each."""

from __future__ import annotations

import weakref

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import ModelError
from latentcode.models.families.streams.client import ModelProcess
from latentcode.models.families.streams.messages import Improvise


class Priors:
    """All that improvise by one model. `channels` go in, all of them temperature; a frame comes
    out for each value, `ratio` samples of sound from the next.

    Each has a row that is computed alone; what it draws is a function of its seed and of how much
    it has made.
    """

    def __init__(self, process: ModelProcess, channels: int, latents: int, ratio: int) -> None:
        self.process, self.channels, self.latents, self.ratio = process, channels, latents, ratio
        self._taken: set[int] = set()

    def open(self, seed: int) -> StreamPrior:
        """Begin one; its row is free again when nobody knows it any more."""
        row = next(row for row in range(len(self._taken) + 1) if row not in self._taken)
        self._taken.add(row)
        found = StreamPrior(self, row, seed)
        weakref.finalize(found, self._taken.discard, row)
        return found


class StreamPrior:
    """See `frames.Prior`."""

    def __init__(self, priors: Priors, row: int, seed: int) -> None:
        self.ratio, self._priors, self._row, self._seed = priors.ratio, priors, row, seed
        self._made, self._ended = 0, priors.process.ended

    def next(self, temperatures: Float32) -> Float32:
        """See `frames.Prior`. Raises ModelError where its process was lost, or the model raises."""
        process, latents, made = self._priors.process, self._priors.latents, self._made
        if made and process.ended != self._ended:
            raise ModelError(f"the prior of {process.name} had to begin anew")
        self._ended = process.ended
        values = np.tile(temperatures, (self._priors.channels, 1)).astype(np.float32).tobytes()
        number = process.ask(lambda number: Improvise(number, self._row, made, values, self._seed))
        found = process.take(number)
        if found.spoilt:
            raise ModelError(f"the prior of {process.name}: {found.spoilt[0][1]}")
        rows: Float32 = np.frombuffer(found.values, np.float32).reshape(latents, -1).T
        if len(rows) != len(temperatures) or not np.isfinite(rows).all():
            raise ModelError(f"the prior of {process.name} makes what are no latents")
        self._made += len(rows)
        return rows
