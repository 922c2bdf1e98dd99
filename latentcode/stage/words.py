"""Which words of the code sound: what the desk tells editors, told to the stage as well."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from latentcode.errors import EngineError
from latentcode.remote.client import Client

AGAIN = 0.5  # seconds until a desk is looked for again

Words = list[dict[str, Any]]


class Listener:
    """Hears from the desk which words sound, on a thread of its own, while that is wanted.

    `path` gives the socket at which the desk listens, or None for the newest; `tell` gets the
    words (see docs/editors.md), none when the desk has gone.
    """

    def __init__(self, path: Callable[[], Path | None], tell: Callable[[Words], None]) -> None:
        self._path, self._tell = path, tell
        self._line: Client | None = None
        self._wanted = threading.Event()
        threading.Thread(target=self._listen_on, name="words", daemon=True).start()

    def look(self, wanted: bool) -> None:
        """Have the words told, or not."""
        if wanted != self._wanted.is_set():
            (self._wanted.set if wanted else self._wanted.clear)()
            self._ask()

    def _ask(self) -> None:
        with suppress(EngineError):
            if (line := self._line) is not None:
                line.post("listen", events=["sounding"] if self._wanted.is_set() else [])

    def _listen_on(self) -> None:
        pause = threading.Event()
        while self._wanted.wait():
            with suppress(EngineError, OSError, ValueError):
                self._listen()
            self._line = None
            self._tell([])
            pause.wait(AGAIN)

    def _listen(self) -> None:
        path = self._path()
        self._line = line = Client("stage", None if path is None else str(path), self._told)
        self._ask()
        for _ in line.messages():
            pass

    def _told(self, event: dict[str, Any]) -> None:
        if event.get("event") == "sounding":
            self._tell(event["words"])
