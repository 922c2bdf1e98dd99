"""The sampling rates of models whose files do not say them: asked for once, and kept by the digests
of their files.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from latentcode.files import atomic, places

NAME = "rates.json"


def told(digest: str) -> int | None:
    """The rate in Hz that was said of a file; None where nobody said it."""
    found = _told().get(digest)
    return found if isinstance(found, int) and 1000 <= found <= 768_000 else None


def remember(digest: str, rate: int) -> None:
    """Keep it. Raises nothing."""
    if told(digest) != rate:
        with suppress(OSError):
            atomic.write(_file(), json.dumps(_told() | {digest: rate}, indent=1).encode(), 0o600)


def _told() -> dict[str, object]:
    with suppress(OSError, ValueError):
        found = json.loads(_file().read_text())
        return found if isinstance(found, dict) else {}
    return {}


def _file() -> Path:
    return places.find("data").folder / NAME
