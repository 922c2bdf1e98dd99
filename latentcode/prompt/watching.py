"""Prepared code that is watched: what has changed in a file is run when it is saved.

Files are looked at a few times a second; one that is still being written, or is gone for a moment
while an editor puts another in its place, is waited for.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from latentcode.errors import EngineError
from latentcode.prompt.inbox import Done
from latentcode.prompt.loading import blocks_in, content
from latentcode.remote.incoming import Incoming, Outcome

LOOK = 0.2  # seconds between two looks

Stamp = tuple[int, int, int]  # time, size and place of a file
Put = Callable[[Incoming, Done], None]


@dataclass
class Watched:
    """A file: what it was when it was looked at last, and how often each of its blocks has run."""

    file: Path
    ran: Counter[str] = field(default_factory=Counter)
    stamp: Stamp | None = None
    coming: Stamp | None = None  # that of a file which may still be written


class Watcher:
    """Puts the blocks that have changed where they are run (`put`), from a thread of its own, which
    is there while something is watched.
    """

    def __init__(self, put: Put) -> None:
        self._put = put
        self._watched: dict[Path, Watched] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def watch(self, file: Path, ran: Iterable[str], begin: bool = True) -> None:
        """Watch a file whose blocks `ran` have run as they are; where it is watched already they
        are known now.
        """
        with self._lock:
            if not begin and file not in self._watched:
                return
            self._watched[file] = Watched(file, Counter(ran), _stamp(file))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
                self._thread.start()

    def end(self, file: Path) -> None:
        """Watch a file no more."""
        with self._lock:
            self._watched.pop(file, None)

    def look(self) -> None:
        """Look at all files once: what is the same for two looks has been saved."""
        for watched in list(self._watched.values()):
            stamp = _stamp(watched.file)
            if stamp is None or stamp == watched.stamp or not stamp[1]:
                continue
            if stamp != watched.coming:
                watched.coming = stamp
                continue
            watched.stamp = stamp
            self._changed(watched)

    def _run(self) -> None:
        while True:
            time.sleep(LOOK)
            with self._lock:
                if not self._watched:
                    self._thread = None
                    return
            self.look()

    def _changed(self, watched: Watched) -> None:
        try:
            blocks = blocks_in(content(watched.file), watched.file)
        except EngineError:  # it is no text at the moment
            return
        before, watched.ran = watched.ran, Counter()
        for origin, code in blocks:
            if before[code]:
                before[code] -= 1
                watched.ran[code] += 1
                continue

            def done(outcome: Outcome, code: str = code) -> None:
                if not outcome.error:
                    watched.ran[code] += 1

            self._put(Incoming(code, watched.file.name, origin.file, origin.line), done)


def _stamp(file: Path) -> Stamp | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
