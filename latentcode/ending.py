"""What ends a program from outside: SIGTERM, and SIGHUP where a terminal is closed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # Windows: one


class Ended(KeyboardInterrupt):
    """The program is to end, as with Ctrl-C. `number`: the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def raise_ended(number: int) -> None:
    """End whatever runs here, in order: what is open is closed, what is half written is removed."""
    raise Ended(number)


@contextmanager
def when_ended(action: Callable[[int], None] = raise_ended) -> Iterator[None]:
    """Let `action` be called with a signal that ends the program, on the main thread;
    elsewhere nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda number, _: action(number)) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
