"""Whoever plays an exported model: its side of the process in which that runs (`process.py`).

The process is started when something is asked of it, and again when it has ended, but for one that
ends again and again.
"""

from __future__ import annotations

import signal
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress

from latentcode.errors import ModelError
from latentcode.models.families.streams.messages import (
    Begin,
    Forget,
    FromModel,
    Improvise,
    Load,
    Loaded,
    Made,
    Step,
    ToModel,
    Unloaded,
)
from latentcode.protocol.wire import Child, start

LOADING = 120.0  # seconds within which a file is loaded, and measured
HANGING = 10.0  # seconds after which a call does not come back
MOST_ENDS = 3  # of a process; after that it is not started again


class ModelProcess:
    """The process of one file and method; any thread may ask.

    `ended` counts how often it has come to an end: what rows remembered is lost with it.
    """

    def __init__(self, name: str, load: Load) -> None:
        self.name, self.rows, self._load = name, load.rows, load
        self.ended = 0
        self._lock, self._number = threading.RLock(), 0
        self._lost = 0  # the last number that was asked of a process before this one
        self._mail: Mail | None = None
        self._child: Child | None = None
        self._starter: threading.Thread | None = None

    def at_once(self) -> bool:
        """Whether it is loaded, and has not ended; else it is started by a thread. One that does
        not come back is ended.
        """
        mail = self._mail
        if mail is not None and mail.hangs and self._lock.acquire(blocking=False):
            try:
                self.end()
            finally:
                self._lock.release()
        elif mail is not None and not mail.over:
            return True
        if self.ended < MOST_ENDS and (self._starter is None or not self._starter.is_alive()):
            self._starter = threading.Thread(target=self._try, daemon=True)
            self._starter.start()
        return False

    def _try(self) -> None:
        with suppress(ModelError):  # that is told when it is asked for
            self.loaded()

    def loaded(self) -> Loaded:
        """What it says of the model, which is loaded where it is not. Raises ModelError."""
        with self._lock:
            if self._mail is not None and self._mail.over:
                self._end()
            if self._mail is None:
                self._start()
            found = None if self._mail is None else self._mail.loaded
            assert found is not None
            return found

    def ask(self, message: Callable[[int], Begin | Step | Improvise]) -> int:
        """Ask for something; its number. Raises ModelError where the process cannot be had."""
        with self._lock:
            self.loaded()
            self._number += 1
            assert self._mail is not None
            self._mail.ask(message(self._number))
            return self._number

    def ask_at_once(self, message: Callable[[int], Begin | Step | Improvise]) -> int | None:
        """The same, waiting for nobody; None where the process is not there, and is started."""
        if not self.at_once() or not self._lock.acquire(blocking=False):
            return None
        try:
            if self._mail is None or self._mail.over:
                return None
            self._number += 1
            self._mail.ask(message(self._number))
            return self._number
        finally:
            self._lock.release()

    def end(self) -> None:
        """End a process that does not come back; it is started again when it is asked."""
        with self._lock:
            self._lost = self._number
            self._end()

    def forget(self, row: int) -> None:
        """No row from this one on is used."""
        if self._mail is not None and not self._mail.over:
            self._mail.send(Forget(row))

    def there(self, number: int) -> bool:
        """Whether what was asked for is there, or will never be."""
        mail = self._mail
        return mail is None or mail.over or number <= self._lost or number in mail.letters

    def take(self, number: int) -> Made:
        """What was asked for, waiting for it. Raises ModelError where it cannot be had."""
        mail = self._mail
        found = None if mail is None or number <= self._lost else mail.take(number, HANGING)
        if found is None:
            raise ModelError(self._why(number))
        return found

    def close(self) -> None:
        """End the process."""
        with self._lock:
            child, self._child, self._mail = self._child, None, None
        if child is not None:
            _kill(child)

    def _why(self, number: int) -> str:
        """End what does not answer; what is to be said of it.

        It waits for nobody who starts another: who asks may be the one that renders.
        """
        how = "ended"
        if self._lock.acquire(blocking=False):
            try:
                if number > self._lost:
                    hung = self._mail is not None and not self._mail.over
                    how = f"did not come back within {HANGING:g} s" if hung else f"ended ({self._status()})"
                    self._end()
            finally:
                self._lock.release()
        return f"the process of the model {self.name} {how}; it is started again when it is next asked for"

    def _status(self) -> str:
        if self._child is None:
            return "killed"
        code = self._child.close()
        return signal.Signals(-code).name if code < 0 else f"with status {code}"

    def _end(self) -> None:
        if self._child is not None:
            _kill(self._child)
            self.ended += 1
        self._child = self._mail = None

    def _start(self) -> None:
        if self.ended >= MOST_ENDS:
            raise ModelError(
                f"the process of the model {self.name} has ended {self.ended} times; it is not started again"
            )
        child = start("latentcode.models.families.streams.process", hears=FromModel)
        mail = Mail(child)
        weakref.finalize(self, _kill, child)
        mail.send(self._load)
        said = mail.first.wait(LOADING)
        if mail.loaded is None:
            why = mail.refused or ("its process ended" if said else f"it took more than {LOADING:g} s")
            _kill(child)
            self.ended += 1
            raise ModelError(f"the model {self.name} cannot be loaded: {why}")
        self._lost = self._number
        self._child, self._mail = child, mail


class Mail:
    """What one process has said; a thread of its own reads it."""

    def __init__(self, child: Child) -> None:
        self.letters: dict[int, Made] = {}
        self.loaded: Loaded | None = None
        self.refused, self.over = "", False
        self.first = threading.Event()
        self._open, self._since = 0, 0.0  # calls that have not come back, and since when none has
        self._news = threading.Condition()
        self._wire = child.wire
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, message: ToModel) -> None:
        """Say something; nobody may hear it any more."""
        try:
            self._wire.send(message)
        except EOFError:
            self._close()

    def ask(self, message: Begin | Step | Improvise) -> None:
        """Ask for something, which comes back as a letter."""
        with self._news:
            self._since = self._since if self._open else time.monotonic()
            self._open += 1
        self.send(message)

    @property
    def hangs(self) -> bool:
        """Whether nothing has come back for so long that nothing will."""
        return not self.over and bool(self._open) and time.monotonic() - self._since > HANGING

    def take(self, number: int, seconds: float) -> Made | None:
        """What came of a number; None where nothing comes for so many seconds."""
        due = time.monotonic() + seconds
        with self._news:
            while number not in self.letters and not self.over:
                before = len(self.letters)
                if not self._news.wait(max(due - time.monotonic(), 0.0)) and len(self.letters) == before:
                    break
                due = time.monotonic() + seconds  # it works on what was asked before
            return self.letters.pop(number, None)

    def _read(self) -> None:
        try:
            while True:
                self._hear(self._wire.receive())
        except EOFError:
            self._close()

    def _hear(self, message: FromModel) -> None:
        if isinstance(message, Made):
            with self._news:
                self.letters[message.number] = message
                self._open, self._since = self._open - 1, time.monotonic()
                self._news.notify_all()
        else:
            self.loaded = message if isinstance(message, Loaded) else None
            self.refused = message.text if isinstance(message, Unloaded) else ""
            self.first.set()

    def _close(self) -> None:
        with self._news:
            self.over = True
            self._news.notify_all()
        self.first.set()


def _kill(child: Child) -> None:
    """End a process that may be in a call which hears nothing else."""
    child.process.kill()
    child.close()
