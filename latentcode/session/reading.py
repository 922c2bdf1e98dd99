"""A session as a command reads it: a journal of hours takes seconds, and a bar says so."""

from __future__ import annotations

from pathlib import Path

from latentcode.files.texts import shown
from latentcode.progress import waited
from latentcode.session.journal import Session, read_session


def read_shown(path: str | Path) -> Session:
    """The session in a file, with a bar on the error output while that takes long.

    Raises SessionError.
    """
    with waited(f"reading {shown(Path(path).name)}"):
        return read_session(path)
