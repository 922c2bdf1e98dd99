"""What the tests know of the double of the engine (`double_engine.py`)."""

from __future__ import annotations

import ast
import time
from pathlib import Path
from typing import Any

DOUBLE = "helpers.double_engine"


def heard(journal: str | Path) -> list[tuple[Any, ...]]:
    """What a double was told."""
    file = Path(f"{journal}.heard")
    return [ast.literal_eval(line) for line in file.read_text().splitlines()] if file.exists() else []


def eventually(test, seconds: float = 10.0) -> Any:
    """The first true result of `test`, waiting for it."""
    end = time.monotonic() + seconds
    while not (result := test()):
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)
    return result
