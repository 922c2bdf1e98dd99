"""Waiting for what comes to pass by itself, and for moments."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


def until(
    ready: Callable[[], Any], seconds: float = 30.0, told: Callable[[], object] = lambda: "nothing more"
) -> Any:
    """What `ready()` gives once it is true; `told` says what is known where it never is."""
    deadline = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < deadline, f"not so within {seconds} s: {told()}"
        time.sleep(0.01)
    return found


def insisting(
    say: Callable[[], object],
    ready: Callable[[], Any],
    seconds: float = 90.0,
    told: Callable[[], object] = lambda: "nothing more",
    pause: float = 2.0,
) -> Any:
    """What `ready()` gives once it is true, while something is said again every `pause` seconds: JACK drops MIDI
    of buffers that a program misses.
    """
    due = time.monotonic()

    def asked() -> Any:
        nonlocal due
        if time.monotonic() >= due:
            say()
            due = time.monotonic() + pause
        return ready()

    return until(asked, seconds, told)


@contextmanager
def sleeper(step: float = 0.005) -> Iterator[list[float]]:
    """What a thread that only sleeps is late by meanwhile, in seconds: nothing on this machine is more in time."""
    late: list[float] = []
    done = threading.Event()

    def sleep() -> None:
        due = time.monotonic()
        while not done.is_set():
            due = max(due + step, time.monotonic())
            time.sleep(max(due - time.monotonic(), 0))
            late.append(time.monotonic() - due)

    thread = threading.Thread(target=sleep, daemon=True)
    thread.start()
    try:
        yield late
    finally:
        done.set()
        thread.join(10)


def usual(late: list[float], share: float = 90) -> float:
    """By what so much of it, in percent, is late at most."""
    return float(np.percentile(late, share)) if late else 0.0
