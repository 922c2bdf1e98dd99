"""The journal of a set as it is written: line by line, whatever the disk takes."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

from latentcode.errors import SessionError
from latentcode.files import atomic, places
from latentcode.session.escaping import escaped
from latentcode.session.header import header_mark
from latentcode.session.marks import CommandMark, block_mark
from latentcode.session.reaching import Reaching
from latentcode.session.records import FIRST_LINE, Record, Unwritten

MOST = 1 << 24  # bytes that wait; hands alone make some 40 kB a second
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)


class Lines:
    """A file that is appended to, line by line. Not for several threads at once.

    `lost`: lines that there was no place for, not even in memory.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.lost = path, 0
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._file: int | None = None
        self._torn: int | None = None  # where what is only half written begins

    @property
    def waiting(self) -> bool:
        """Whether there is something that is not in the file yet."""
        return bool(self._waiting)

    def put(self, text: str) -> None:
        """Lines that come next."""
        data = text.encode("utf-8", "surrogateescape")
        if self._bytes + len(data) > MOST:
            self.lost += text.count("\n")
            return
        self._waiting.append(data)
        self._bytes += len(data)

    def flush(self) -> None:
        """Write all that waits, or nothing of it. Raises OSError."""
        self._follow()
        self._append(self._opened(), b"".join(self._waiting))
        self._waiting, self._bytes = [], 0

    def open(self) -> None:
        """Have the file, new or as it is. Raises OSError."""
        self._opened()

    def rescue(self) -> Path:
        """A file elsewhere with all that is in this one, and what waits. Raises OSError."""
        former = b"" if self._file is None else _contents(self._file)[: self._torn]
        number, name = tempfile.mkstemp(".py", f"{self.path.stem}-")
        with open(number, "wb") as file:
            file.write(former + b"".join(self._waiting))
        return Path(name)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None

    def _opened(self) -> int:
        if self._file is None:
            places.private(self.path.parent)
            self._file = places.opener(os.fspath(self.path), _FLAGS)
            size = os.fstat(self._file).st_size
            if size and not _contents(self._file, size - 1).endswith(b"\n"):
                self._waiting.insert(0, b"\n")  # who wrote it before was cut off
        return self._file

    def _append(self, file: int, data: bytes) -> None:
        self._mend(file)
        before, rest = os.fstat(file).st_size, memoryview(data)
        try:
            while rest:
                rest = rest[os.write(file, rest) :]
        except OSError:  # a disk that fills takes a part
            self._torn = before
            with suppress(OSError):
                self._mend(file)
            raise

    def _mend(self, file: int) -> None:
        if self._torn is not None:
            os.ftruncate(file, self._torn)
            self._torn = None

    def _follow(self) -> None:
        """Have the file where its name is: folders are removed,
        and editors put another file there.
        """
        if self._file is None:
            return
        try:
            if not os.path.samestat(os.stat(self.path), os.fstat(self._file)):
                self.close()
        except (FileNotFoundError, NotADirectoryError):
            self._put_back(self._file)
        except OSError:  # its folder cannot be looked into; the file is open, though
            pass

    def _put_back(self, file: int) -> None:
        """Write what is in a file that has no name any more to one that has. Raises OSError."""
        former, torn = _contents(file)[: self._torn], self._torn
        self._file = self._torn = None
        try:
            self._append(self._opened(), former)
        except OSError:
            if self._file is not None:
                self.close()
                with suppress(OSError):
                    self.path.unlink()
            self._file, self._torn = file, torn
            raise
        os.close(file)


def _contents(file: int, begin: int = 0) -> bytes:
    os.lseek(file, begin, os.SEEK_SET)
    parts = []
    while part := os.read(file, 1 << 20):
        parts.append(part)
    return b"".join(parts)


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
        # the sample since which lines wait, and when they are tried
        self._since: tuple[int, float] | None = None
        self._reaching: Reaching | None = None
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

    def put(self, text: str) -> None:
        """Lines as they are, of a session that goes on here."""
        self._write(text)

    def block(self, number: int, code: str, sample: int, cycle: Fraction | None = None) -> None:
        """A block was accepted while `sample`, at a cycle, was the next to be rendered."""
        self._write(f"\n{block_mark(number, sample, cycle)}\n{escaped(code)}\n")

    def command(self, number: int, mark: CommandMark) -> None:
        """A command of a block was stamped."""
        self._write(f"{mark.format(number)}\n")

    def note(self, record: Record) -> None:
        """Something else that happened."""
        self._write(f"{record.format()}\n")

    def reaches(self, sample: Callable[[], int]) -> None:
        """Have noted from here on where the set is, by its sample (`session/reaching.py`)."""
        self._reaching = Reaching(self.path, sample)
        self._write(self._reaching.line)
        self._reaching.start()

    def catch_up(self) -> None:
        """Write what waits, if the disk takes it by now; to be called now and then."""
        with self._lock:
            if self._since is not None and time.monotonic() >= self._since[1]:
                self._flush()

    def close(self) -> None:
        """Let go of the file, when what waits has been tried a last time."""
        if self._reaching is not None:
            self._reaching.close()
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
