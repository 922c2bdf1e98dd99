"""The prior of an exported model: it makes latents in a process of its own, a row for each."""

from __future__ import annotations

import weakref
from collections import deque

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

    def open(self, seed: int, patient: bool) -> StreamPrior:
        """Begin one; its row is free again when nobody knows it any more."""
        row = next(row for row in range(len(self._taken) + 1) if row not in self._taken)
        self._taken.add(row)
        found = StreamPrior(self, row, seed, patient)
        weakref.finalize(found, self._taken.discard, row)
        return found


class StreamPrior:
    """See `frames.Prior`; `patient`: whether who asks waits for what is made."""

    def __init__(self, priors: Priors, row: int, seed: int, patient: bool) -> None:
        self.ratio, self._priors, self._row, self._seed = priors.ratio, priors, row, seed
        self._patient, self._sent, self._ended = patient, 0, 0
        self._unsent, self._calls = deque[Float32](), deque[tuple[int, int]]()  # numbers, and how many frames

    def ask(self, temperatures: Float32) -> None:
        """See `frames.Prior`. Raises ModelError where its process was lost."""
        self._unsent.append(temperatures)
        self._send()

    def take(self) -> Float32 | None:
        """See `frames.Prior`. Raises ModelError where its process was lost, or the model raises."""
        self._send()
        process, latents = self._priors.process, self._priors.latents
        if not self._calls or not (self._patient or process.there(self._calls[0][0])):
            return None
        number, count = self._calls.popleft()
        found = process.take(number)
        if found.spoilt:
            raise ModelError(f"the prior of {process.name}: {found.spoilt[0][1]}")
        rows: Float32 = np.frombuffer(found.values, np.float32).reshape(latents, -1).T
        if len(rows) != count or not np.isfinite(rows).all():
            raise ModelError(f"the prior of {process.name} makes what are no latents")
        return rows

    def _send(self) -> None:
        process = self._priors.process
        if self._sent and process.ended != self._ended:
            raise ModelError(f"the prior of {process.name} had to begin anew")
        while self._unsent:
            if not self._patient and not process.at_once():
                raise ModelError(f"the prior of {process.name} is being started again")
            if (number := self._asked(self._unsent[0])) is None:
                return  # another thread speaks to its process
            self._calls.append((number, len(self._unsent.popleft())))
            self._ended, self._sent = process.ended, self._sent + self._calls[-1][1]

    def _asked(self, temperatures: Float32) -> int | None:
        process, made = self._priors.process, self._sent
        values = np.tile(temperatures, (self._priors.channels, 1)).astype(np.float32).tobytes()

        def message(number: int) -> Improvise:
            return Improvise(number, self._row, made, values, self._seed)

        return process.ask(message) if self._patient else process.ask_at_once(message)
