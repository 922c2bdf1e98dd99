"""Lights up what sounds in the toolbar, while somebody looks at it.

Patterns are queried on a thread of their own: however heavy one is, no key waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

LOOK = 0.06  # seconds between two looks: the ear forgives a light that is so late
PATIENT = 0.25  # … where the engine needs the processor more

Seen = TypeVar("Seen")


class Lights(Generic[Seen]):
    """Asks what sounds while it is `on`, and has it in `seen`.

    look    gives what sounds
    busy    whether the engine has no time to spare
    """

    def __init__(self, look: Callable[[], Seen], busy: Callable[[], bool], dark: Seen) -> None:
        self.seen = dark
        self._look, self._busy = look, busy
        self._on, self._pause = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def on(self) -> None:
        """Somebody looks."""
        self._on.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="lights", daemon=True)
            self._thread.start()

    def off(self) -> None:
        """Nobody looks any more."""
        self._on.clear()

    def _watch(self) -> None:
        while self._on.wait():
            self.seen = self._look()
            self._pause.wait(PATIENT if self._busy() else LOOK)
