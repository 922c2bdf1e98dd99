"""Ends what hangs in C outside of a set: in a render, where no other engine takes over.

No thread of Python's can end such a call, but a process beside it can. It reads, in memory that
both share, which piece of the musician's code the main thread is in. When that is the same for too
long it interrupts it, as Ctrl-C does, which `clock/watchdog.py` makes a pattern that is too slow;
where nobody hears that, it ends the process, and says so. It counts its own looks, as the guard
does: a render that is stopped in a shell stops this, too.

This file is that process's program as well, and imports none of ours before it has to.
"""

from __future__ import annotations

import atexit
import mmap
import os
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from threading import Event, Thread, current_thread, get_ident, main_thread

INTERRUPTED, ENDED = 7.0, 10.0  # seconds in one piece; the guard needs six for what it can end
LOOK = 0.1  # seconds
_MARK = struct.Struct("<Bqq100s")  # whether it is in one, which, the sample, and the place


class Deadman:
    """The marks of this process's main thread, and the process that reads them."""

    def __init__(self) -> None:
        number, name = tempfile.mkstemp(prefix="latentcode-", suffix=".mark")
        with open(number, "r+b") as file:
            file.write(bytes(_MARK.size))
            file.flush()
            self._mark = mmap.mmap(file.fileno(), _MARK.size)
        self._thread, self._serial = get_ident(), 0
        words = map(str, (os.getpid(), name, INTERRUPTED, ENDED))
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, *words], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        atexit.register(self.close)

    def enter(self, slot: int, place: str, sample: int) -> None:
        """The main thread is in another piece."""
        if get_ident() == self._thread:
            self._serial += 1
            _MARK.pack_into(self._mark, 0, 1, self._serial, sample, place.encode())

    def leave(self, slot: int) -> None:
        if get_ident() == self._thread:
            self._mark[0] = 0

    def tell(self, part: Path | None) -> None:
        """Which file is half written."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.write(b"\0" + os.fsencode(part or ""))
                self._process.stdin.flush()

    def close(self) -> None:
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)


@contextmanager
def ended_when_hung(part: Path | None = None) -> Iterator[None]:
    """While this lasts nothing of the musician's takes for ever;
    `part` is removed when this process has to end.

    On another thread than the main one, which alone can be interrupted, nothing changes.
    """
    from latentcode.clock.watchdog import GUARD, Unmarked

    if current_thread() is not main_thread() or not isinstance(GUARD.marks, Unmarked):
        yield
        return
    deadman = _of_process(os.getpid())
    deadman.tell(part)
    GUARD.marks = deadman
    try:
        yield
    finally:
        GUARD.marks = Unmarked()
        deadman.tell(None)


@lru_cache(maxsize=1)
def _of_process(number: int) -> Deadman:
    return Deadman()


def watch(process: int, name: str, interrupted: float, ended: float) -> None:
    """Look at the mark of a process until it hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is its affair
    gone, said = Event(), list[bytes]([b""])
    Thread(target=_listen, args=(said, gone), daemon=True).start()
    with open(name, "rb") as file:
        mark = mmap.mmap(file.fileno(), _MARK.size, access=mmap.ACCESS_READ)
    _unlinked(name)  # both have it mapped: whoever is killed leaves nothing behind
    looks, before = 0, b""
    while not gone.wait(LOOK):
        now = mark[:]
        looks, before = (looks + 1 if now[0] and now == before else 0), now
        if looks == round(interrupted / LOOK) and sys.platform != "win32":
            os.kill(process, signal.SIGINT)
        if looks == round(ended / LOOK):
            os.kill(process, getattr(signal, "SIGKILL", signal.SIGTERM))
            gone.wait(1.0)
            _tell(now, os.fsdecode(said[0].split(b"\0")[-1]))
    mark.close()
    _unlinked(name)


def _unlinked(name: str) -> None:
    with suppress(OSError):  # on Windows not while it is mapped elsewhere
        os.unlink(name)


def _listen(said: list[bytes], gone: Event) -> None:
    while data := os.read(0, 65536):
        said[0] = (said[0] + data)[-65536:]
    gone.set()


def _tell(mark: bytes, part: str) -> None:
    """Remove what is half written, and say what has happened."""
    _, _, sample, place = _MARK.unpack(mark)
    if part:
        with suppress(OSError):
            os.unlink(part)
    where = f"{place.rstrip(bytes(1)).decode() or 'a pattern'} at sample {sample}"
    print(
        f"\nlatentcode: {where} takes for ever, and nothing interrupts it: it was ended; simplify it",
        file=sys.stderr,
    )


if __name__ == "__main__":
    watch(int(sys.argv[1]), sys.argv[2], *map(float, sys.argv[3:]))
