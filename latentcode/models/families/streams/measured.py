"""How late exported models are, kept by the digests of their files: measuring takes a second or
two.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from latentcode.files import atomic, places

VERSION = 2  # of how it is measured


def known(digest: str, method: str) -> int | None:
    """Samples by which a method of a model is late; None where it was not measured here."""
    with suppress(OSError, ValueError):
        found = json.loads(_file(digest, method).read_text())
        return found if isinstance(found, int) and 0 <= found < 1 << 24 else None
    return None


def keep(digest: str, method: str, delay: int) -> None:
    """It was measured; where it cannot be kept it is measured again."""
    file = _file(digest, method)
    with suppress(OSError):
        places.private(file.parent)
        with atomic.replacing(file) as part:
            part.write_text(json.dumps(delay))


def _file(digest: str, method: str) -> Path:
    name = hashlib.blake2b(f"{VERSION} {digest} {method}".encode(), digest_size=16).hexdigest()
    return places.find("cache").folder / "delays" / f"{name}.json"
