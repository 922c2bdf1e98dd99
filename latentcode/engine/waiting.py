"""What lines wait for longer than a moment, told where the musician looks: now and then how far it
is, and that it is there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FIRST, AGAIN = 3.0, 10.0  # seconds after which it is told, first and from then on


class Waiting:
    """Voices whose sounds are read and encoded; `left` says what of that is still to come."""

    def __init__(self, left: Callable[[], str]) -> None:
        self._left = left
        self.notice: Callable[[str], None] = lambda text: None
        self._targets: list[str] = []
        self._told: set[str] = set()
        self._changed = threading.Condition()

    @contextmanager
    def of(self, target: str) -> Iterator[None]:
        """While this lasts `target` waits, as d1 does."""
        with self._changed:
            self._targets.append(target)
            if len(self._targets) == 1:
                threading.Thread(target=self._tell, name="waiting", daemon=True).start()
        there = False
        try:
            yield
            there = True
        finally:
            with self._changed:
                self._targets.remove(target)
                over = target in self._told and target not in self._targets
                self._told -= {target} if over else set()
                self._changed.notify_all()
            if over and there:
                self.notice(f"{target}: its sounds are there")

    def _tell(self) -> None:
        pause = FIRST
        with self._changed:
            while not self._changed.wait_for(lambda: not self._targets, pause):
                pause = AGAIN
                self._told.update(self._targets)
                self.notice(self._sentence(list(dict.fromkeys(self._targets))))

    def _sentence(self, targets: list[str]) -> str:
        verb = "wait" if len(targets) > 1 else "waits"
        return f"{', '.join(targets)} {verb} for {self._left()}; until then all plays on as it does"
