"""A map of latent space: paths and voices on the two directions in which the paths spread most
(PCA).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rich.text import Text

from latentcode.arrays import Float32, Float64
from latentcode.pictures.canvas import DIM, Canvas, colours, cut
from latentcode.pictures.sight import Latents

MOST_FRAMES = 240  # of one path: no sound counts more because it is longer
BLOCK, MOST_ROUNDS, CLOSE = 8, 400, 1e-13  # of the subspace iteration
MARGIN = 0.06
ROWS = 18
APART = 0.12  # names are written where medians are so far apart, as a share of the map
DOT, VOICE = "●", "bold"


@dataclass(frozen=True, eq=False)
class Principal:
    """Directions of the largest spread: `mean` (D,), `axes` (2, D),
    `shares` of the variance (2,).
    """

    mean: Float64
    axes: Float64
    shares: Float64

    def place(self, latents: Float64) -> Float64:
        """Latents (n, D) → places (n, 2)."""
        placed = np.einsum("nd,ad->na", np.asarray(latents, np.float64) - self.mean, self.axes)
        return np.asarray(placed, np.float64)


@dataclass(frozen=True, eq=False)
class LatentMap:
    """Places (n, 2) by name, those of the voices (the last is now),
    and how much of the variance the axes show.
    """

    paths: dict[str, Float64]
    voices: dict[str, Float64]
    shares: Float64

    @property
    def styles(self) -> dict[str, str]:
        """The colour of each path."""
        return colours(list(self.paths))

    @property
    def bounds(self) -> tuple[Float64, Float64]:
        """The lowest and the highest place, with a margin."""
        every = np.concatenate([*self.paths.values(), *self.voices.values()])
        low, high = every.min(axis=0), every.max(axis=0)
        margin = np.maximum((high - low) * MARGIN, 1e-6)
        return low - margin, high + margin


def principal(rows: Float64) -> Principal:
    """The two principal components of (n, D); signs are such that the largest entry is positive.

    A direction that is not there (one dimension, one frame) is zero.
    """
    rows = np.asarray(rows, np.float64)
    mean = rows.mean(axis=0)
    spread = np.einsum("ni,nj->ij", rows - mean, rows - mean) / len(rows)
    sizes, directions = _leading(spread)
    axes, shares = np.zeros((2, rows.shape[1])), np.zeros(2)
    total = float(np.trace(spread)) or 1.0
    for place, (size, direction) in enumerate(zip(sizes[:2], directions.T[:2], strict=True)):
        axes[place] = direction * np.sign(direction[np.argmax(np.abs(direction))] or 1.0)
        shares[place] = max(size, 0.0) / total
    return Principal(mean, axes, shares)


def _leading(spread: Float64) -> tuple[Float64, Float64]:
    """The largest eigenvalues of a covariance (D, D), and their directions (D, k):
    by subspace iteration.

    einsum stays on one thread: what numpy's linear algebra does on several would wait for the
    engine's core, and the engine for it (measured on two busy cores: seconds instead of
    milliseconds).
    """
    size = min(BLOCK, len(spread))
    basis = np.linalg.qr(np.random.default_rng(0).standard_normal((len(spread), size)))[0]
    reached = 0.0
    for _ in range(MOST_ROUNDS):
        basis, upper = np.linalg.qr(np.einsum("ij,jk->ik", spread, basis))
        now = float(np.abs(np.diag(upper)[:2]).sum())
        if abs(now - reached) <= CLOSE * now:
            break
        reached = now
    inner = np.einsum("ki,kj->ij", basis, np.einsum("ij,jk->ik", spread, basis))
    sizes, turned = np.linalg.eigh((inner + inner.T) / 2)
    return sizes[::-1], np.einsum("ij,jk->ik", basis, turned)[:, ::-1]


def latent_map(paths: Sequence[Latents], voices: Mapping[str, Float32]) -> LatentMap:
    """Paths of one model, and the voices' latest latents (n, D),
    on the principal components of the paths.
    """
    thinned = {path.name: _thinned(path.mean) for path in paths}
    found = principal(np.concatenate(list(thinned.values())))
    places = {name: found.place(rows) for name, rows in thinned.items()}
    here = {name: found.place(np.asarray(latents, np.float64)) for name, latents in voices.items()}
    return LatentMap(places, here, found.shares)


def lines(shown: LatentMap, width: int, most: int) -> list[Text]:
    """The map as text, with a legend below it."""
    canvas = Canvas(width - 4, min(ROWS + width // 40, most))
    low, high = shown.bounds
    styles = shown.styles
    for name, places in shown.paths.items():
        x, y = ((places - low) / (high - low)).T
        canvas.plot(x, y, styles[name])
    for name, places in shown.voices.items():
        x, y = (places[-1] - low) / (high - low)
        _marked(canvas, f"◆{name}", float(x), float(y), VOICE)
    for name, (x, y) in middles(shown).items():
        _marked(canvas, name, x, y, f"bold {styles[name]}")
    first, second = (f"{share:.0%}" for share in shown.shares)
    made = [Text(f"PC 2 ({second} of the variance)", DIM)]
    made += [Text("│ ", DIM) + line for line in canvas.lines()]
    made.append(Text("└" + "─" * (width - 22) + f" PC 1 ({first})", DIM))
    return made + _legend(shown, width)


def middles(shown: LatentMap) -> dict[str, tuple[float, float]]:
    """Where the names of paths stand that lie apart from all others: medians, from 0 to 1."""
    low, high = shown.bounds
    found = {name: (np.median(rows, axis=0) - low) / (high - low) for name, rows in shown.paths.items()}
    return {
        name: (float(here[0]), float(here[1]))
        for name, here in found.items()
        if all(np.abs(here - other).max() > APART for known, other in found.items() if known != name)
    }


def _thinned(rows: Float32) -> Float64:
    places = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_FRAMES)).astype(int))
    return np.asarray(rows[places], np.float64)


def _marked(canvas: Canvas, text: str, x: float, y: float, style: str) -> None:
    """A name at a place, or as near to it as there is room."""
    column, row = int(x * canvas.columns), int((1 - y) * canvas.rows)
    left = min(max(column - (0 if text[0] == "◆" else len(text) // 2), 0), canvas.columns - len(text))
    for shift in (0, 1, -1, 2, -2, 3, -3):
        if canvas.write(left, row + shift, text, style):
            return


def _legend(shown: LatentMap, width: int) -> list[Text]:
    styles = shown.styles
    items = [Text(f"{DOT} {cut(name, width - 6)}  ", styles[name]) for name in shown.paths]
    if shown.voices:
        items.append(Text("◆ voices, now", VOICE))
    made: list[Text] = [Text("  ")]
    for item in items:
        if len(made[-1]) + len(item) > width and len(made[-1]) > 2:
            made.append(Text("  "))
        made[-1] += item
    return made
