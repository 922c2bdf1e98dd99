"""The journal of a set as it is written: line by line, whatever the disk takes."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

from latentcode.errors import SessionError
from latentcode.files import atomic
from latentcode.session.escaping import escaped
from latentcode.session.lines import Lines
from latentcode.session.records import FIRST_LINE, CommandMark, Record, Unwritten, block_mark, header_mark

AGAIN = 1.0  # seconds until a disk that was full is tried again


class Journal:
    """Appends to a session file, from any thread; each call is on the disk's way when it returns.

    What the disk does not take waits in memory until it does: no call raises, and the set plays on.
    `tell` gets what the musician should know of that, `sample` gives the next sample to be
    rendered.
    """

    def __init__(self, path: Path, again: bool = False) -> None:
        """A new file, or one that is continued (`again`).

        Raises SessionError when a new one cannot be had.

        A file that is there is never written into: a new one gets the next free number.
        """
        self.path = path = path if again or _is_device(path) else atomic.unused(path)
        self.tell: Callable[[str], None] = lambda text: None
        self.sample: Callable[[], int] = lambda: 0
        self._lines, self._lock = Lines(path), threading.RLock()
        self._since: tuple[int, float] | None = (
            None  # the sample since which lines wait, and when they are tried
        )
        try:
            self._lines.open()
        except OSError as error:
            if not again:
                raise SessionError(
                    f"the set cannot be written down in {path}: {error.strerror or error}; "
                    "give --journal another file"
                ) from error

    def header(self, values: Mapping[str, object]) -> None:
        """What the set is played with; the first thing in the file."""
        self._write(f"{FIRST_LINE}\n{header_mark(values)}\n")

    def block(self, number: int, code: str, sample: int, cycle: Fraction | None = None) -> None:
        """A block was accepted while `sample`, at a cycle, was the next to be rendered."""
        self._write(f"\n{block_mark(number, sample, cycle)}\n{escaped(code)}\n")

    def command(self, number: int, mark: CommandMark) -> None:
        """A command of a block was stamped."""
        self._write(f"{mark.format(number)}\n")

    def note(self, record: Record) -> None:
        """Something else that happened."""
        self._write(f"{record.format()}\n")

    def catch_up(self) -> None:
        """Write what waits, if the disk takes it by now; to be called now and then."""
        with self._lock:
            if self._since is not None and time.monotonic() >= self._since[1]:
                self._flush()

    def close(self) -> None:
        """Let go of the file, when what waits has been tried a last time."""
        with self._lock:
            if self._since is not None:
                self._flush()
            if self._lines.waiting:
                self._rescue()
            self._lines.close()

    def _rescue(self) -> None:
        """The set is over, and the disk still takes nothing: have it in another place."""
        try:
            self.tell(f"✗ {self.path} lacks the end of the set: all of it is in {self._lines.rescue()}")
        except OSError:
            self.tell(f"✗ {self.path} lacks the end of the set, which is lost: no disk takes it")

    def _write(self, text: str) -> None:
        with self._lock:
            self._lines.put(text)
            if self._since is None or time.monotonic() >= self._since[1]:
                self._flush()

    def _flush(self) -> None:
        former = self._since
        try:
            self._lines.flush()
            if former is not None:
                self._caught_up(former[0])
        except OSError as error:
            if former is None:
                self.tell(
                    f"✗ {self.path} cannot be written: {error.strerror or error}; "
                    "the set plays on, and its journal is kept in memory until there is space"
                )
            self._since = (self.sample() if former is None else former[0], time.monotonic() + AGAIN)

    def _caught_up(self, since: int) -> None:
        """Say in the journal what it could not be told in time. Raises OSError."""
        lost, now = self._lines.lost, self.sample()
        self._lines.put(f"{Unwritten(since, now, lost).format()}\n")
        self._lines.flush()
        self._since, self._lines.lost = None, 0
        missing = f"{lost} lines of it are lost" if lost else "nothing is lost"
        self.tell(f"{self.path} is written again: {missing}")


def _is_device(path: Path) -> bool:
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)
