"""What the musician has said may run: programs, by the digests of their content.

Sessions and exported models are code. Each is asked for once; the list of what was answered with
yes lies in the user's own folder, a line for each.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from latentcode.files import places
from latentcode.files.texts import shown

LIST = "trusted"

Ask = Callable[[str], bool]
_here: set[str] = set()  # what was trusted in this process where the list has no place


def is_trusted(digest: str) -> bool:
    """Whether what has this digest may run."""
    return digest in _here or digest in _listed()


def remember(digest: str, name: str = "") -> None:
    """Put a digest on the list, with a name for whoever reads it. Raises nothing."""
    if is_trusted(digest):
        return
    line = f"{digest} {' '.join(shown(name).split())}".strip()
    try:
        with open(_list(), "a", opener=places.opener) as file:
            file.write(f"{line}\n")  # one write: lines of two sets do not mix
    except OSError:
        _here.add(digest)


def asked(question: str) -> bool:
    """Whether it was answered with yes at a terminal; no where there is none."""
    if not sys.stdin or not sys.stdin.isatty():
        return False
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _list() -> str:
    return os.path.join(places.find("data").folder, LIST)


def _listed() -> set[str]:
    """The digests on the list; a line of which only the beginning was written names nothing."""
    try:
        with open(_list(), encoding="utf-8", errors="replace") as file:
            return {line.split()[0] for line in file if line.strip()}
    except OSError:
        return set()
