"""The picture of a trajectory: how the latent of one voice has moved in the last seconds."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from latentcode.arrays import Float32
from latentcode.pictures.frames import heat_map
from latentcode.pictures.sight import Latents
from latentcode.stage.score import Block, Sounding, playing

COLUMNS = 180  # looks: six seconds
ROWS = 28  # dimensions
RENEWED = 60  # looks after which it is seen again which dimensions move most
GIVEN = re.compile(r"\bd([1-9][0-9]?)\s*>>")


def evaluated(blocks: Iterable[Block], sounding: Sounding) -> int | None:
    """The voice, from 0, that was given something last, of those that sound."""
    found = list(blocks)
    still: Mapping[int, tuple[int, ...]] = playing(found, sounding)
    for block in reversed(found):
        there = still.get(block.number, ())
        given = [int(number) - 1 for number in GIVEN.findall(block.code)]
        if there:
            return next((voice for voice in reversed(given) if voice in there), there[-1])
    return None


class Picture:
    """Of the voice that was evaluated last: a column for each look."""

    def __init__(self) -> None:
        self._voice: int | None = None
        self._rows: deque[Float32 | None] = deque(maxlen=COLUMNS)
        self._dimensions, self._reach, self._age = np.zeros(0, np.int64), 1.0, 0

    def take(self, voice: int | None, latents: Iterable[tuple[int, bytes]]) -> Iterator[dict[str, Any]]:
        """What is to be told when voices are there: the whole picture, where another voice or other
        dimensions are shown.
        """
        if voice != self._voice:
            self._voice, self._age = voice, RENEWED
            self._rows.clear()
        here = dict(latents).get(-1 if voice is None else voice)
        row = None if here is None else np.frombuffer(here, np.float32)
        if row is not None and any(len(known) != len(row) for known in self._known()):
            self._rows.clear()
        self._rows.append(row)
        self._age += 1
        unseen = row is not None and not len(self._dimensions)
        if unseen or self._age > min(RENEWED, len(self._rows)):  # more often as long as little is known
            self._age = 0
            self._choose()
            yield self._told()

    @property
    def column(self) -> list[int] | None:
        """The last column: values from −100 to 100; None where the voice is silent."""
        return self._shown(self._rows[-1]) if self._rows else None

    def _known(self) -> list[Float32]:
        return [row for row in self._rows if row is not None]

    def _choose(self) -> None:
        rows = self._known()
        if not rows:
            self._dimensions = np.zeros(0, np.int64)
            return
        chosen = heat_map(Latents("", len(rows) / 30, np.stack(rows)), COLUMNS, ROWS)
        self._dimensions, self._reach = np.sort(chosen.dimensions), chosen.reach

    def _told(self) -> dict[str, Any]:
        return {
            "is": "trajectory",
            "voice": self._voice,
            "dimensions": self._dimensions.tolist(),
            "columns": [self._shown(row) for row in self._rows],
        }

    def _shown(self, row: Float32 | None) -> list[int] | None:
        if row is None or not len(self._dimensions) or self._dimensions[-1] >= len(row):
            return None
        shown: list[int] = (
            np.rint(100 * np.clip(row[self._dimensions] / self._reach, -1, 1)).astype(int).tolist()
        )
        return shown
