"""Ends a player in which nothing of Python's can run any more.

Where a sound server dies, JACK's library may end one of its threads while that holds Python's own
lock. Then every thread waits for good, no signal is heard and no message read; another player goes
on, but only once this process has gone.
"""

from __future__ import annotations

import faulthandler
import threading
import time

LOCKED = 20.0  # seconds in which no thread of Python's has run; opening a device may hold the lock for some


def ended_when_locked(seconds: float = LOCKED) -> None:
    """End this process, its stacks on standard error, where Python stands still for so long."""
    threading.Thread(target=_put_off, args=(seconds,), name="not locked", daemon=True).start()


def _put_off(seconds: float) -> None:
    while True:
        faulthandler.dump_traceback_later(seconds, exit=True)  # a thread of C's, which needs no lock
        time.sleep(seconds / 8)
