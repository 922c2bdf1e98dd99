"""What all drawings share: a grid of braille dots with colours, the palette,
and how lines are printed.
"""

from __future__ import annotations

import io
import os
import sys
import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from rich.console import Console
from rich.text import Text

from latentcode.arrays import Float64
from latentcode.files.texts import shown

PALETTE = (
    "#f0b429", "#4fb3f6", "#4cc38a", "#f2777a", "#b48ef2", "#ff9950", "#3fd0c9", "#e58ac9", "#a6c34c", "#8fa8ff",
)  # fmt: skip
DIM = "bright_black"
NOTES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
BLOCKS = " ▁▂▃▄▅▆▇█"
WIDTH, HEIGHT = 80, 40  # where there is no terminal
NARROWEST = 24
_DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], np.uint8)


class Canvas:
    """Dots, two by four to a character; a character has the colour that was plotted there last."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._bits = np.zeros((rows, columns), np.uint8)
        self._styles: list[list[str]] = [[""] * columns for _ in range(rows)]
        self._letters: dict[tuple[int, int], tuple[str, str]] = {}

    def plot(self, x: Float64, y: Float64, style: str) -> None:
        """Dots at x from 0 (left) to 1 and y from 0 (below) to 1."""
        across = np.clip(np.asarray(x) * self.columns * 2, 0, self.columns * 2 - 1).astype(int)
        down = np.clip((1.0 - np.asarray(y)) * self.rows * 4, 0, self.rows * 4 - 1).astype(int)
        for column, row in zip(across, down, strict=True):
            self._bits[row // 4, column // 2] |= _DOTS[row % 4, column % 2]
            self._styles[row // 4][column // 2] = style

    def curve(self, y: Float64, style: str) -> None:
        """A line through the values y (0 to 1), which spread over the whole width."""
        count = self.columns * 2
        heights = np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(y)), y)
        x = (np.arange(count) + 0.5) / count
        self.plot(x, heights, style)
        for place, (a, b) in enumerate(pairwise(heights)):
            steps = int(abs(a - b) * self.rows * 4) + 1
            if steps > 1:
                self.plot(np.full(steps, x[place]), np.linspace(a, b, steps, endpoint=False), style)

    def write(self, column: int, row: int, text: str, style: str) -> bool:
        """Letters over the dots, if there is room for all of them; whether there was."""
        cells = [(row, column + place) for place in range(len(text))]
        if not all(0 <= r < self.rows and 0 <= c < self.columns for r, c in cells):
            return False
        if any(cell in self._letters for cell in cells):
            return False
        self._letters.update(zip(cells, ((letter, style) for letter in text), strict=True))
        return True

    def lines(self) -> list[Text]:
        """The rows of the canvas, from above."""
        return [self._line(row) for row in range(self.rows)]

    def _line(self, row: int) -> Text:
        line = Text()
        for column, bits in enumerate(self._bits[row]):
            blank = (chr(0x2800 + int(bits)) if bits else " ", self._styles[row][column])
            line.append(*self._letters.get((row, column), blank))
        return line


def colours(names: Sequence[str]) -> dict[str, str]:
    """A colour for each name: the same name has the same colour again, unless another took it."""
    free, found = list(PALETTE), {}
    for name in dict.fromkeys(names):
        free = free or list(PALETTE)
        wanted = PALETTE[zlib.crc32(name.encode()) % len(PALETTE)]
        found[name] = wanted if wanted in free else free[0]
        free.remove(found[name])
    return found


def cut(text: str, room: int) -> str:
    """A text in at most `room` characters, as it may stand in a terminal."""
    text = shown(text)
    return text if len(text) <= room else text[: max(room - 1, 0)] + "…"


def width() -> int:
    """The terminal's width in characters; 80 where there is none."""
    size = _terminal()
    return max(size.columns, NARROWEST) if size else WIDTH


def height() -> int:
    """How many lines a drawing may fill."""
    size = _terminal()
    return max(size.lines - 8, 8) if size else HEIGHT


def _terminal() -> os.terminal_size | None:
    """The size of the terminal that is printed to; the environment's COLUMNS may be an old one."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()) if sys.stdout.isatty() else None
    except (OSError, ValueError):
        return None


def coloured() -> bool:
    """Whether what is printed can have colours."""
    return Console(file=sys.stdout).color_system is not None


def safe(line: Text) -> Text:
    """A line without what a terminal would obey."""
    if shown(line.plain) == line.plain:
        return line
    parts = line.render(Console(file=io.StringIO()), end="")
    return Text.assemble(*((shown(part.text), part.style or "") for part in parts))


def printed(lines: Iterable[Text]) -> None:
    """Print lines at the terminal's width, with its colours."""
    console = Console(file=sys.stdout, width=width(), highlight=False)
    for line in map(safe, lines):
        line.rstrip()
        console.print(line, no_wrap=True, overflow="crop", crop=True)
