"""An address as a QR code in the terminal, so that a phone need not type it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

EDGE = 2  # modules of quiet around it
HALVES = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}  # light is drawn: terminals are dark


def lines(text: str) -> Iterable[str]:
    """The lines of its code, with what to do with it; nothing where segno is not installed."""
    if find_spec("segno") is None:
        return ()
    import segno

    rows = [list(row) for row in segno.make(text, error="l", micro=False).matrix_iter(border=EDGE)]
    rows += [[0] * len(rows[0])] * (len(rows) % 2)
    pairs = zip(rows[::2], rows[1::2], strict=True)
    drawn = ("".join(HALVES[bool(a), bool(b)] for a, b in zip(*pair, strict=True)) for pair in pairs)
    return ("a phone in the same network touches it by this code:", *drawn)
