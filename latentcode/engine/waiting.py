"""What lines wait for longer than a moment, told where the musician looks: now and then how far it
is, and that it is there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from latentcode.protocol.state import Preparing

FIRST, AGAIN = 3.0, 10.0  # seconds after which it is told, first and from then on
LOOK = 0.25  # … between two looks at how far it is


class Waiting:
    """Voices whose sounds are read and encoded; `left` says what of that is still to come, and may
    take its time.
    """

    def __init__(self, left: Callable[[], str]) -> None:
        self._left = left
        self.notice: Callable[[str], None] = lambda text: None
        self._waits: tuple[tuple[int, str], ...] = ()
        self._what = ""
        self._told: set[str] = set()
        self._telling = False
        self._changed = threading.Condition()

    @contextmanager
    def of(self, target: str, block: int = 0) -> Iterator[None]:
        """While this lasts `target` waits, as d1 does, for what a block of code asked for."""
        with self._changed:
            self._waits = (*self._waits, (block, target))
            if not self._telling:
                self._telling = True
                threading.Thread(target=self._tell, name="waiting", daemon=True).start()
        there = False
        try:
            yield
            there = True
        finally:
            with self._changed:
                place = self._waits.index((block, target))
                self._waits = self._waits[:place] + self._waits[place + 1 :]
                over = target in self._told and target not in self._targets
                self._told -= {target} if over else set()
                self._changed.notify_all()
            if over and there:
                self.notice(f"{target}: its sounds are there")

    @property
    def now(self) -> Preparing:
        """What waits, by block and target, and for what, as far as that is known; ((), "") where
        nothing does. Who asks waits for nobody.
        """
        waits = self._waits
        return (tuple(dict.fromkeys(waits)), self._what) if waits else ((), "")

    @property
    def _targets(self) -> list[str]:
        return list(dict.fromkeys(target for _, target in self._waits))

    def _tell(self) -> None:
        due = time.monotonic() + FIRST
        while not self._over(min(LOOK, due - time.monotonic())):
            self._what = self._left()
            if time.monotonic() < due:
                continue
            due += AGAIN
            with self._changed:
                targets = self._targets
                self._told.update(targets)
            if targets:
                self.notice(self._sentence(targets))

    def _over(self, seconds: float) -> bool:
        """Whether nothing waits any more, after so many seconds."""
        with self._changed:
            over = self._changed.wait_for(lambda: not self._waits, max(seconds, 0.0))
            self._telling, self._what = not over, "" if over else self._what
            return over

    def _sentence(self, targets: list[str]) -> str:
        verb = "wait" if len(targets) > 1 else "waits"
        return f"{', '.join(targets)} {verb} for {self._what}; until then all plays on as it does"
