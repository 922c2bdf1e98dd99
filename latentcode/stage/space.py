"""The latent map of what has sounded: its sounds in clouds, and where the voices are among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.errors import LatentcodeError
from latentcode.latents.path import Path
from latentcode.models import card_of
from latentcode.pictures.canvas import colours
from latentcode.pictures.map import Principal, principal
from latentcode.sounds import cache
from latentcode.sounds.cache import Job

MOST = 24  # sounds
FITTED, SHOWN = 240, 70  # frames of each that the axes are found by, and that are shown
MARGIN = 0.08


class Space:
    """The space of a set's model, whose frames lie in the cache that its encoder fills.

    `header`: what the journal says of the set.
    """

    def __init__(self, header: Mapping[str, str]) -> None:
        self._frames: dict[str, Float64] = {}
        self._axes: Principal | None = None
        self._low = self._high = np.zeros(2)
        try:
            self._encoding = card_of(header["model_file"]).encoding
            self._hop = int(header["hop"])
        except (LatentcodeError, KeyError, ValueError, OSError):  # then there is no map
            self._encoding, self._hop = "", 0
        self._matched = header.get("synthesis") != "concat"

    def add(self, sources: Iterable[tuple[str, str]]) -> bool:
        """Sounds, (name, digest), to be shown; whether any of them was found."""
        grown = False
        for name, sound in sources if self._encoding else ():
            job = Job(Path(name=name, sound=sound), self._hop, None, self._matched)
            found = cache.load(job.key(self._encoding))
            name = name.partition(":")[0]  # all pitches of it are one cloud
            if found is not None and (name in self._frames or len(self._frames) < MOST):
                known = [self._frames[name]] if name in self._frames else []
                self._frames[name] = _thinned(np.concatenate([*known, found[0]]), FITTED)
                grown = True
        if not grown:
            return False
        rows = np.concatenate(list(self._frames.values()))
        self._axes = principal(rows)
        places = self._axes.place(rows)
        self._low, self._high = places.min(axis=0), places.max(axis=0)
        return True

    def told(self) -> dict[str, Any]:
        """The clouds, in a square from 0 to 1."""
        styles = colours(list(self._frames))
        clouds = [
            {"name": name, "colour": styles[name], "points": self._places(_thinned(rows, SHOWN))}
            for name, rows in self._frames.items()
        ]
        return {"is": "map", "clouds": clouds}

    def voices(self, latents: Iterable[tuple[int, bytes]]) -> list[tuple[int, float, float]]:
        """Where voices are: (voice, x, y) in the square, or a little outside of it."""
        if self._axes is None:
            return []
        rows = [(voice, np.frombuffer(data, np.float32)) for voice, data in latents]
        rows = [(voice, row) for voice, row in rows if len(row) == len(self._axes.mean)]
        if not rows:
            return []
        places = self._places(np.stack([row for _, row in rows]).astype(np.float64))
        return [(voice, x, y) for (voice, _), (x, y) in zip(rows, places, strict=True)]

    def _places(self, rows: Float64) -> list[list[float]]:
        assert self._axes is not None
        width = np.maximum(self._high - self._low, 1e-6)
        square = MARGIN + (1 - 2 * MARGIN) * (self._axes.place(rows) - self._low) / width
        found: list[list[float]] = np.clip(square, 0, 1).round(3).tolist()
        return found


def _thinned(rows: Float32 | Float64, most: int) -> Float64:
    places = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), most)).astype(int))
    return np.asarray(rows[places], np.float64)
