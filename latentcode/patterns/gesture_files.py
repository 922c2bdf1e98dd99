"""Gestures as text files, which are TOML:

    # a gesture of latentcode
    of = "cc(1)"
    cycles = "4"
    tau = 0.0
    points = [
      [0.0, 0.5],
      [1.25, 0.75]
    ]

`points`: positions in cycles from its beginning, and the value from there on. `tau`: the time
constant, in cycles, with which it is smooth.
"""

from __future__ import annotations

import json
import math
import re
from fractions import Fraction
from typing import Any

from latentcode.errors import PatternError
from latentcode.patterns.gestures import Loop

TITLE = "# a gesture of latentcode"
MOST = 100_000  # points
_CYCLES = re.compile(r"[0-9]{1,40}([./][0-9]{1,40})?")
_ENTRY = re.compile(r"^(\w+)\s*=\s*", re.MULTILINE)


def written(loop: Loop, of: str = "") -> str:
    """A gesture as text."""
    points = ",\n".join(f"  [{t!r}, {v!r}]" for t, v in zip(loop.times, loop.values, strict=True))
    head = f'of = {json.dumps(of)}\ncycles = "{loop.cycles}"\ntau = {loop.tau!r}'
    return f"{TITLE}\n{head}\npoints = [\n{points}\n]\n"


def understood(text: str, name: str) -> Loop:
    """The gesture in a text; `name` is what errors call it.

    Raises PatternError for what is none.
    """
    try:
        entries = _entries(text)
        points = [(float(t), float(v)) for t, v in entries["points"]]
        cycles, tau = _cycles(entries["cycles"]), float(entries.get("tau", 0.0))
    except (KeyError, ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise PatternError(
            f"{name} is no gesture: {error}; it must have cycles and points as wave.save('wave.toml') writes them"
        ) from error
    numbers = [number for point in points for number in point]
    usable = all(map(math.isfinite, [*numbers, tau])) and tau >= 0 and 0 < len(points) <= MOST
    if not usable or cycles <= 0 or not all(0 <= time < cycles for time, _ in points):
        raise PatternError(
            f"{name} is no gesture: it must have 1 to {MOST} points, each from 0 up to its {cycles} cycles"
        )
    times, values = zip(*sorted(points, key=lambda point: point[0]), strict=True)
    return Loop(times, values, cycles, tau)


def _cycles(text: Any) -> Fraction:
    """A number of cycles; one with an exponent could take any memory."""
    if isinstance(text, str) and not _CYCLES.fullmatch(text):
        raise ValueError(f"{text[:40]!r} cycles")
    return Fraction(text)


def _entries(text: str) -> dict[str, Any]:
    bare = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))
    pieces = _ENTRY.split(bare)
    return {
        name: json.loads(value.replace(",\n]", "\n]"))
        for name, value in zip(pieces[1::2], pieces[2::2], strict=True)
    }
