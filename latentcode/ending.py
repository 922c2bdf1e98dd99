"""What ends a program from outside: SIGTERM, and SIGHUP where a terminal is closed.

A set is left by SIGQUIT (Ctrl-\\), too, and by none of the signals that are not meant for it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager


def _known(*names: str) -> tuple[signal.Signals, ...]:
    return tuple(getattr(signal, name) for name in names if hasattr(signal, name))


SIGNALS = _known("SIGTERM", "SIGHUP")  # Windows: one
QUIT = _known("SIGQUIT")
STRAY = _known("SIGALRM", "SIGVTALRM", "SIGPROF", "SIGUSR1", "SIGUSR2", "SIGPOLL")


class Ended(KeyboardInterrupt):
    """The program is to end, as with Ctrl-C. `number`: the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def raise_ended(number: int) -> None:
    """End whatever runs here, in order: what is open is closed, what is half written is removed."""
    raise Ended(number)


@contextmanager
def when_ended(
    action: Callable[[int], None] = raise_ended, signals: Iterable[signal.Signals] = SIGNALS
) -> Iterator[None]:
    """Let `action` be called with a signal that ends the program, on the main thread;
    elsewhere nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda number, _: action(number)) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
