"""Sessions are code: they are run when somebody said so, once for each content."""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from pathlib import Path

from latentcode.errors import SessionError
from latentcode.files import places
from latentcode.files.texts import shown
from latentcode.files.trust import Ask, asked, is_trusted, remember
from latentcode.prompt.options import last_noted, sessions_folder

SHIPPED = (Path(__file__).parents[1] / "data", Path(__file__).parents[2] / "sessions")


def trusted(path: str | Path, trust: bool = False, ask: Ask | None = None) -> None:
    """Return when the session at `path` may be run; asks, if need be, and remembers the answer yes.

    `trust`: the musician said so already. Raises SessionError otherwise.
    """
    digest = _digest(Path(path))
    if _ours(Path(path)) or is_trusted(digest):
        return
    if not trust:
        question = f"{shown(path)} is a program that will run as you. Do you know where it comes from?"
        if not (ask or asked)(f"{question} Run it? [y/N] "):
            raise SessionError(f"{path} was not run; look into it, then type --trust to run it")
    remember(digest, str(path))


def trust_own(path: str | Path) -> None:
    """Remember a session that was just played here. Raises SessionError where it cannot be read."""
    with suppress(SessionError):
        remember(_digest(Path(path)), str(path))


def _digest(path: Path) -> str:
    try:
        return hashlib.blake2b(path.read_bytes(), digest_size=32).hexdigest()
    except OSError as error:
        raise SessionError(f"{path} cannot be read: {error.strerror or error}") from error


def _ours(path: Path) -> bool:
    """Whether a session came with latentcode, lies where our own are, next to the list of those
    trusted, or is the one that was played here last, which may have been killed before its end.
    """
    found, sessions = path.resolve(), sessions_folder()
    if sessions.resolve() in found.parents:
        return places.mine(sessions) and places.mine(found)
    return _is_last(found) or any(folder.resolve() in found.parents for folder in SHIPPED)


def _is_last(path: Path) -> bool:
    """Whether a session is the last one of ours, and nobody else can have put it there."""
    noted = last_noted()
    if noted is None or noted.is_symlink() or noted.resolve() != path or not path.is_file():
        return False
    return places.mine(path) and (sys.platform == "win32" or not path.stat().st_mode & 0o022)
