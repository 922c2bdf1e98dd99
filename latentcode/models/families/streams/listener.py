"""Encodes what comes in through an exported model, in two rows of its process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from latentcode.arrays import Float32
from latentcode.models.families.streams.client import ModelProcess
from latentcode.models.families.streams.decoder import SEEDS
from latentcode.models.families.streams.messages import Begin, Step
from latentcode.models.family import Asked


class Part(NamedTuple):
    """A call, and the rows that take part in it."""

    number: int
    rows: tuple[int, ...]


class StreamListener:
    """See `Listener`; `pair`: which two rows are its own, `latents`: how many a frame has."""

    def __init__(self, process: ModelProcess, pair: int, latents: int, patient: bool) -> None:
        self._process, self._pair, self._latents, self._patient = process, pair, latents, patient

    @property
    def ready(self) -> bool:
        """See `Listener`."""
        return self._patient or self._process.at_once()

    def start(self) -> None:
        """See `Listener`."""
        self._process.loaded()

    def ask(self, number: int, begins: set[int], on: set[int], samples: Float32) -> Asked | None:
        """See `Listener`."""
        values, parts = np.ascontiguousarray(samples, np.float32).tobytes(), list[Part]()
        calls = [(row,) for row in sorted(begins)] + ([tuple(sorted(on))] if on else [])
        for rows in calls:
            asked = self._ask(number % SEEDS, rows, values, anew=rows[0] in begins)
            if asked is None:
                return None
            parts.append(Part(asked, rows))
        return Submitted(self._process, self._latents, parts)

    def _ask(self, seed: int, rows: tuple[int, ...], values: bytes, anew: bool) -> int | None:
        own = tuple(2 * self._pair + row for row in rows)

        def message(number: int) -> Begin | Step:
            if anew:
                return Begin(number, own[0], values, seed)
            return Step(number, own, values * len(own), seed)

        return self._process.ask(message) if self._patient else self._process.ask_at_once(message)

    def end(self) -> None:
        """See `Listener`."""
        self._process.end()


class Submitted:
    """See `Asked`."""

    def __init__(self, process: ModelProcess, latents: int, parts: Iterable[Part]) -> None:
        self._process, self._latents, self._parts = process, latents, list(parts)

    @property
    def ready(self) -> bool:
        """See `Asked`."""
        return all(self._process.there(part.number) for part in self._parts)

    def frames(self, row: int) -> Float32 | None:
        """See `Asked`."""
        found = None
        for part in self._parts:
            made = self._process.take(part.number)
            if row not in part.rows or part.rows.index(row) in dict(made.spoilt):
                continue
            whole = np.frombuffer(made.values, np.float32).reshape(len(part.rows), self._latents, -1)
            found = np.nan_to_num(whole[part.rows.index(row)].T, nan=0.0, posinf=0.0, neginf=0.0)
        return found

    def close(self) -> None:
        """See `Asked`."""
        for part in self._parts:
            self._process.take(part.number)
