"""Ends what a musician's function does for too long, wherever one runs.

A thread looks twenty times a second at what others are in. It raises Overdue in a thread that has
been in the same piece of the musician's code for too long, and when that is caught there, one that
comes again each time it is caught. It counts its own looks, not seconds: a machine that stands
still stands still for both. What no exception reaches, a call into C, is the affair of
`lastwords.py` in a set, and of `deadman.py` elsewhere.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from functools import partial
from threading import Lock, Thread, get_ident
from typing import Any, Protocol, TypeVar

from latentcode.errors import EngineError

LIVE, OFFLINE, TRIED = 0.25, 5.0, 5.0  # seconds that a piece may take: in a set, in a render, in a trial
CATCHING_UP = 2.0  # … before the first block of a set that is begun or put back: nothing sounds yet
LOOK = 0.05  # seconds between two looks
AGAIN = 2  # looks until an exception that was caught comes again
HOPELESS = 10  # times that it came in vain
IDLE = 40  # looks without anything to see, after which nobody looks

T = TypeVar("T")


class TooSlowError(EngineError):
    """A pattern, or a function in it, that takes more time than there is."""


class Overdue(BaseException):
    """Raised in a musician's code by the guard.

    No Exception: `except Exception` does not catch it.
    """


_raise = ctypes.PYFUNCTYPE(None, ctypes.c_ulong, ctypes.py_object)(
    ("PyThreadState_SetAsyncExc", ctypes.pythonapi)
)


def _insistent(thread: int) -> type[Overdue]:
    """One that is raised again as soon as anybody catches it; made without a line of Python,
    which it would hit.
    """
    found: type[Overdue] = type("Overdue", (Overdue,), {})
    again = partial(_raise, ctypes.c_ulong(thread), ctypes.py_object(found))
    found.__init__ = staticmethod(again)  # type: ignore[method-assign]
    return found


def _by_deadman(ended: BaseException, due: float) -> bool:
    """Whether a piece that was to end at `due` was interrupted from outside:
    a call into C hears nothing else.
    """
    return type(ended) is KeyboardInterrupt and time.monotonic() > due


class CallLog(Protocol):
    """Where it is written down what a thread is in,
    for those who find this process dead (`lastwords.py`).
    """

    def enter(self, slot: int, place: str, sample: int) -> None: ...
    def leave(self, slot: int) -> None: ...


class Unmarked:
    """Nobody would read it."""

    def enter(self, slot: int, place: str, sample: int) -> None: ...
    def leave(self, slot: int) -> None: ...


class CallSpan:
    """A piece of the musician's code that one thread is in; each has a `serial` of its own."""

    def __init__(self, thread: int, slot: int) -> None:
        self.thread, self.slot = thread, slot
        self.open, self.raised = False, False
        self.serial = self.seen = self.looks = 0
        self.seconds = 0.0
        self.whose = ("", 0)
        self.clear = partial(_raise, ctypes.c_ulong(thread), ctypes.py_object())


class Guard:
    """The one of this process.

    `lost` is called when a thread does not come back from an exception.
    """

    def __init__(self) -> None:
        self.marks: CallLog = Unmarked()
        self.lost: Callable[[], None] = lambda: None
        self._spans: dict[int, CallSpan] = {}
        self._lock = Lock()
        self._thread: Thread | None = None

    def run(self, action: Callable[[], T], seconds: float = LIVE, place: str = "", sample: int = 0) -> T:
        """What `action`, which may call a musician's functions, gives.

        Raises TooSlowError after `seconds`.

        `place` and `sample` say whose it is. Within another piece it is a part of that.
        """
        span = self._spans.get(get_ident()) or self._new()
        if span.open:
            return action()
        span.serial, span.seconds, span.whose = span.serial + 1, seconds, (place, sample)
        begun = time.monotonic()
        self.marks.enter(span.slot, place, sample)
        try:
            try:
                span.open = True
                if self._thread is None:
                    self._begin()
                return action()
            finally:
                if span.raised:
                    span.clear()  # the first thing here, and without Python: an insistent one is on its way
                self._close(span)
        except (Overdue, KeyboardInterrupt) as ended:
            span.clear()
            self._close(span)
            if not isinstance(ended, Overdue) and not _by_deadman(ended, begun + seconds):
                raise
            raise TooSlowError(
                f"it is too slow: it took more than {seconds:g} s at once; simplify it"
            ) from None

    def apart(self, action: Callable[[], T]) -> T:
        """What `action` gives, whose time is not the musician's: it reads or encodes a sound."""
        span = self._spans.get(get_ident())
        if span is None or not span.open:
            return action()
        self._close(span)
        try:
            return action()
        finally:
            span.serial += 1
            self.marks.enter(span.slot, *span.whose)
            span.open = True

    def _close(self, span: CallSpan) -> None:
        with self._lock:
            span.open = False
            if span.raised:
                span.clear()
                span.raised = False
        self.marks.leave(span.slot)

    def _new(self) -> CallSpan:
        with self._lock:
            thread = get_ident()
            return self._spans.setdefault(thread, CallSpan(thread, len(self._spans)))

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._watch, name="guard", daemon=True)
                self._thread.start()

    def _watch(self) -> None:
        idle, counted = 0, 0
        while True:
            time.sleep(LOOK)
            with self._lock:
                spans = list(self._spans.values())
                total, busy = sum(span.serial for span in spans), any(span.open for span in spans)
                idle = 0 if busy or total != counted else idle + 1
                counted = total
                if idle > IDLE:
                    self._thread = None
                    return
                lost = [span for span in spans if span.open and self._judge(span)]
            if lost:
                self.lost()

    def _judge(self, span: CallSpan) -> bool:
        """Raise what is due in a span that is open; whether nothing has helped."""
        if span.serial != span.seen:
            span.seen, span.looks = span.serial, 0
            return False
        span.looks += 1
        over = span.looks - round(span.seconds / LOOK)
        if over < 0 or over % AGAIN:
            return False
        times, span.raised = over // AGAIN, True
        what: Any = Overdue if not times else _insistent(span.thread)
        _raise(ctypes.c_ulong(span.thread), ctypes.py_object(what))
        return times > HOPELESS


GUARD = Guard()
