"""Lines on their way to a file that may not take them for a while: they wait,
and none is ever half there.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from latentcode.files import places

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
