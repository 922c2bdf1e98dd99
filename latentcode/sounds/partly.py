"""Frames of which only those are encoded that are read: a second of a sound that is extended five
hundred times is a few of them, and all would be as many as the sound has samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32
from latentcode.clock.watchdog import GUARD
from latentcode.frames import Frames
from latentcode.models.family import PartCodec

MANY = 2048  # frames; fewer are encoded whole


class Spans:
    """The frames of a sound, every `hop` samples, encoded as many at a time as the codec does,
    when they are needed.
    """

    def __init__(self, codec: PartCodec, samples: Float32, hop: int) -> None:
        self.codec, self.samples, self.hop, self.size = codec, samples, hop, codec.at_once
        self.count = codec.card.frames(len(samples), hop)
        self._found: dict[int, Frames] = {}

    def span(self, number: int) -> Frames:
        """Those frames that are encoded together, the first, second … time."""
        if number not in self._found:
            part = range(self.count)[number * self.size : (number + 1) * self.size]
            self._found[number] = GUARD.apart(lambda: self.codec.encode_part(self.samples, self.hop, part))
        return self._found[number]

    def frames(self) -> Frames:
        """All of them: means and log-variances, which are read as arrays are."""
        every = range(self.count)
        return cast(Float32, FrameRows(self, 0, every)), cast(Float32, FrameRows(self, 1, every))


class FrameRows:
    """Means or log-variances (N, D) that stand for an array where rows are taken from it."""

    def __init__(self, spans: Spans, which: int, rows: range) -> None:
        self._spans, self._which, self._rows = spans, which, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, wanted: slice | Sequence[int] | NDArray[Any]) -> Any:
        """Rows by a slice, which are not encoded yet, or by their numbers (n,) from 0 on."""
        if isinstance(wanted, slice):
            return FrameRows(self._spans, self._which, self._rows[wanted])
        places = self._rows.start + self._rows.step * np.asarray(wanted)
        numbers = places // self._spans.size
        found = np.empty((len(places), self._spans.codec.card.latent_dim), np.float32)
        for number in np.unique(numbers):
            here = numbers == number
            found[here] = self._part(int(number))[places[here] - number * self._spans.size]
        return found

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self[np.arange(len(self))], dtype)

    def _part(self, number: int) -> Float32:
        return cast(Float32, self._spans.span(number)[self._which])
