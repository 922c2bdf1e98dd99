"""Waiting for what comes to pass by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def until(
    ready: Callable[[], Any], seconds: float = 30.0, told: Callable[[], object] = lambda: "nothing more"
) -> Any:
    """What `ready()` gives once it is true; `told` says what is known where it never is."""
    deadline = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < deadline, f"not so within {seconds} s: {told()}"
        time.sleep(0.01)
    return found
