"""Where the stage hears of the set: as an observer at its door, and at that of the next one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

from latentcode.protocol import wire
from latentcode.protocol.messages import Message, Observe
from latentcode.protocol.observing import ToObserver, Touched

AGAIN = 0.5  # seconds until a set is looked for again
MOST_TOUCHES = 500  # that an engine has not taken

Tell = Callable[[Message | None], None]


class Observer:
    """Listens to the newest set, from when it is there until it ends, on a thread of its own.

    `tell` gets what is said there, and None when it has ended. `look` says whether what is heard
    is wanted, too, and `touch` what hands did; `sliders`: where sliders stand is wanted anyway.
    """

    def __init__(self, doors: Callable[[], list[Path]], tell: Tell, sliders: bool = False) -> None:
        self._doors, self._tell = doors, tell
        self._line: wire.Wire | None = None
        self._looks, self._sliders = False, sliders
        self._closed = threading.Event()
        self._touches: SimpleQueue[Touched] = SimpleQueue()
        for run in (self._listen_on, self._touch_on):
            threading.Thread(target=run, name="observer", daemon=True).start()

    def look(self, wanted: bool) -> None:
        """Have `Look` told, or not."""
        if wanted != self._looks:
            self._looks = wanted
            self._say()

    def touch(self, values: tuple[tuple[str, float], ...]) -> None:
        """Have the set hear what hands did, when it comes to it; lost where there is none. Where it
        does not come to it for long moves are left out, and nothing that ends at 0.
        """
        if self._touches.qsize() < MOST_TOUCHES or any(value == 0 for _, value in values):
            self._touches.put(Touched(values))

    def close(self) -> None:
        """Listen no more."""
        self._closed.set()
        if (line := self._line) is not None:
            line.close()

    def _touch_on(self) -> None:
        """On a thread of its own, as an engine that does not listen holds up who speaks."""
        while not self._closed.is_set():
            touched = self._touches.get()
            with suppress(EOFError, OSError):
                if (line := self._line) is not None:
                    line.send(touched)

    def _say(self) -> None:
        try:
            if self._line is not None:
                self._line.send(Observe(self._looks, self._sliders))
        except EOFError:  # the listening thread notices
            pass

    def _listen_on(self) -> None:
        while not self._closed.is_set():
            for door in self._doors()[:1]:
                self._listen(door)
            self._closed.wait(AGAIN)

    def _listen(self, door: Path) -> None:
        try:
            self._line = line = wire.call(door, ToObserver)
        except OSError:
            return
        self._say()
        try:
            while not self._closed.is_set():
                self._tell(line.receive())
        except EOFError:
            pass
        self._line = None
        line.close()
        self._tell(None)
