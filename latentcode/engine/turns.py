"""Who renders goes first: trials of what was typed run beside it, one after another, and between
blocks.

Both are Python in one process, where one thread runs at a time, and each call into torch hands the
turn to another. A dozen lines that waited for one sound are tried at once when it is there; then a
block of a few milliseconds took fifty.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from latentcode.clock.watchdog import GUARD

T = TypeVar("T")
PATIENCE = 0.005  # seconds that a step waits: a set that is always behind must still be told what to do


class Turns:
    """Entered while a block is rendered; others call `give_way` between two steps of their own."""

    def __init__(self) -> None:
        self._free, self._trial = threading.Event(), threading.Lock()
        self._free.set()

    def __enter__(self) -> None:
        self._free.clear()

    def __exit__(self, *raised: object) -> None:
        self._free.set()

    def give_way(self) -> None:
        """Wait while a block is rendered, but not for long."""
        if not self._free.is_set():
            GUARD.apart(self._wait)

    def alone(self, trial: Callable[[], T]) -> T:
        """What a trial gives, which runs when no other does."""
        with self._trial:
            return trial()

    def _wait(self) -> None:
        self._free.wait(PATIENCE)
