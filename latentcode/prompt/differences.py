"""What is not as it was when a session is played again: the first lines of each kind, and how many
more there are.

One line is edited, and is named. Of a session whose every pattern has another digest in a later
version, hundreds of lines would push what matters off the screen.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable
from enum import Enum
from pathlib import Path

FEW = 4  # lines of each kind


class Kind(Enum):
    """What may be otherwise, of several commands or blocks."""

    CHANGED = "are not what they were"
    RAISES = "raise now"
    GONE = "were asked then, and are not now"
    WRITTEN = "have no mark"


class Differences:
    """Reports them as they are found, and at the `end` those that were too many; all of them where
    `every` one is asked for.
    """

    def __init__(self, report: Callable[[str], None], every: bool = False) -> None:
        self._report, self._every = report, every
        self._counts = Counter[Kind]()

    def tell(self, kind: Kind, line: str) -> None:
        """One that was found."""
        self._counts[kind] += 1
        if self._every or self._counts[kind] <= FEW:
            self._report(line)

    def end(self, path: Path | None) -> None:
        """Say how many more there are, and how to see them, of a session that was read from a file
        (None: from none).
        """
        more = [f"{self._counts[kind] - FEW} more {kind.value}" for kind in Kind if self._counts[kind] > FEW]
        if more and not self._every:
            how = "" if path is None else f"; latentcode retime {shlex.quote(str(path))} names each"
            self._report(f"and {', '.join(more)}{how}")
