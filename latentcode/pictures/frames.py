"""Latents over time as a heat map: dimensions from above, those that move most first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from latentcode.arrays import Float64
from latentcode.pictures.canvas import DIM, cut
from latentcode.pictures.sight import Latents

SHADES = " ·:-=+*#%@"  # of a magnitude, where there are no colours
COLD, NEUTRAL, WARM = (79, 179, 246), (18, 18, 22), (255, 170, 60)
LABEL = 9  # characters beside the map
MOST_ROWS = 14  # lines of text
LEGEND = 12


@dataclass(frozen=True, eq=False)
class HeatMap:
    """What is shown of latents.

    dimensions  which, from above: those with the largest standard deviation over time first
    values      (dimensions, columns): means over the frames of a column
    reach       the magnitude that has the strongest colour
    still       whether nothing moves
    """

    name: str
    seconds: float
    frames: int
    total: int
    dimensions: NDArray[np.int64]
    values: Float64
    reach: float
    still: bool


def heat_map(latents: Latents, columns: int, most: int) -> HeatMap:
    """The `most` dimensions that move most, in at most `columns` columns."""
    mean = np.asarray(latents.mean, np.float64)
    moves = mean.std(axis=0)
    chosen = np.argsort(-moves, kind="stable")[:most]
    values = _in_columns(mean[:, chosen].T, columns)
    reach = float(np.percentile(np.abs(mean[:, chosen]), 99)) or 1.0
    return HeatMap(
        latents.name, latents.seconds, len(mean), mean.shape[1], chosen, values, reach, not moves.max() > 1e-6
    )


def lines(latents: Latents, width: int, most: int, coloured: bool = True) -> list[Text]:
    """The heat map as text: two dimensions to a line with colours, one without."""
    columns, rows = width - LABEL - 2, min(most, MOST_ROWS)
    shown = heat_map(latents, columns, 2 * rows if coloured else rows)
    made = [_head(shown, width)]
    body = _halves(shown) if coloured else _shades(shown)
    made += [Text(f"{label:>{LABEL}} ", DIM) + line for label, line in body]
    made += _axis(shown.seconds, columns)
    if coloured:
        made.append(_legend(shown.reach))
    return made


def _in_columns(rows: Float64, columns: int) -> Float64:
    """(n, frames) as (n, columns): the mean of what falls into a column,
    the nearest where nothing does.
    """
    frames = rows.shape[1]
    edges = np.arange(columns) * frames // columns
    if frames < columns:
        return rows[:, edges]
    made: Float64 = np.add.reduceat(rows, edges, axis=1) / np.diff([*edges, frames])
    return made


def _head(shown: HeatMap, width: int) -> Text:
    count = len(shown.dimensions)
    which = f"{shown.total} dimensions"
    if count < shown.total:
        which = f"the {count} of {shown.total} dimensions that move most"
    if shown.still:
        which = f"{count} of {shown.total} dimensions; nothing moves"
    about = f"  {shown.seconds:.2f} s, {shown.frames} frames, {which}"
    return Text(cut(shown.name, max(width - len(about), 12)), "bold") + Text(about, DIM)


def colour(value: float, reach: float) -> tuple[int, int, int]:
    """The colour of a value: cold below 0, warm above, dark around it."""
    share = min(abs(value) / reach, 1.0) ** 0.8
    end = WARM if value > 0 else COLD
    r, g, b = (round(n + (e - n) * share) for n, e in zip(NEUTRAL, end, strict=True))
    return r, g, b


def _rgb(value: float, reach: float) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour(value, reach))


def _halves(shown: HeatMap) -> list[tuple[str, Text]]:
    made = []
    for first in range(0, len(shown.dimensions), 2):
        pair = shown.dimensions[first : first + 2]
        line = Text()
        for column in shown.values[first : first + 2].T:
            ink, *paper = (_rgb(value, shown.reach) for value in column)
            line.append("▀", f"{ink} on {paper[0]}" if paper else ink)
        made.append((" ".join(f"z{index}" for index in pair), line))
    return made


def _shades(shown: HeatMap) -> list[tuple[str, Text]]:
    strength = np.clip(np.abs(shown.values) / shown.reach, 0, 1) * (len(SHADES) - 1)
    return [
        (f"z{index}", Text("".join(SHADES[level] for level in row)))
        for index, row in zip(shown.dimensions, np.rint(strength).astype(int), strict=True)
    ]


def step(seconds: float, most: int = 8) -> float:
    """A round number of seconds between two marks, so that there are at most so many."""
    rough = seconds / most
    power = 10.0 ** np.floor(np.log10(rough))
    return float(next(n * power for n in (1, 2, 5, 10) if n * power >= rough * 0.999))


def _axis(seconds: float, columns: int) -> list[Text]:
    ticks, numbers = ["─"] * columns, [" "] * (columns + 8)
    apart = step(seconds, max(columns // 9, 1))
    for mark in range(int(seconds / apart + 1e-9) + 1):
        place = int(mark * apart / seconds * columns)
        text = f"{mark * apart:g}" + (" s" if not mark else "")
        if place < columns:
            ticks[place] = "┬"
            numbers[place : place + len(text)] = text
    start = " " * (LABEL + 1)
    return [Text(start + "".join(row).rstrip(), DIM) for row in (ticks, numbers)]


def _legend(reach: float) -> Text:
    line = Text(" " * (LABEL + 1)) + Text(f"−{reach:.2g} ", DIM)
    for value in np.linspace(-reach, reach, 2 * LEGEND + 1):
        line.append("█", _rgb(float(value), reach))
    return line + Text(f" +{reach:.2g}", DIM)
