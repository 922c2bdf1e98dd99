"""Where a set has come to, noted in its journal while it plays.

A journal tells what was done, and nothing of how long all went on after it. So it has one mark more
for each engine, `# @ reached SAMPLE`, whose number is written over in its place, each second: where
everything is killed, or the machine is switched off, the set goes on where the sound was. The file
does not grow by it, and a full disk takes it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import BinaryIO

from latentcode.session.records import Reached

EACH = 1.0  # seconds


class Reaching:
    """Writes over the number of a mark; the first is to be put into the file by `line`.

    The file is looked at anew each time, as an editor may have moved the mark: what is not the mark
    is not touched. `sample`: where the set is.
    """

    def __init__(self, path: Path, sample: Callable[[], int]) -> None:
        self._path, self._sample = path, sample
        self._mark, self._place = self._now(), 0
        self._over = Event()
        self._thread = Thread(target=self._run, name="reached", daemon=True)

    @property
    def line(self) -> str:
        """The mark as it stands in the file, with its line end."""
        return self._mark.decode()

    def start(self) -> None:
        """Write it each second, from a thread of its own: a disk may be slow."""
        self._thread.start()

    def write(self) -> None:
        """Write it over, where it is; nothing where there is none. Raises OSError."""
        with open(self._path, "r+b", buffering=0) as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode) and self._found(file):
                now = self._now()
                file.seek(self._place)
                file.write(now)
                self._mark = now

    def close(self) -> None:
        """Write no more."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(EACH)

    def _run(self) -> None:
        while not self._over.wait(EACH):
            with suppress(OSError):  # it is tried again
                self.write()

    def _found(self, file: BinaryIO) -> bool:
        file.seek(self._place)
        if self._place and file.read(len(self._mark)) == self._mark:
            return True
        file.seek(0)
        self._place = file.read().rfind(b"\n" + self._mark) + 1
        return self._place > 0

    def _now(self) -> bytes:
        return f"{Reached(max(self._sample(), 0)).format()}\n".encode()
