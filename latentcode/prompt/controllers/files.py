"""Files that a line reads and writes: what was read is noted,
so that a replay does not need them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from latentcode.errors import ControlError
from latentcode.files import atomic
from latentcode.files.texts import say
from latentcode.files.whereabouts import located
from latentcode.prompt.set_api import SetApi

MOST = 16 * 2**20  # bytes


def file_of(file: Any, ending: str, example: str) -> Path:
    """The file that is meant. Raises ControlError for what is none, or has another ending."""
    if not isinstance(file, (str, os.PathLike)) or not os.fspath(file):
        raise ControlError(f"a file is needed here, not {file!r}; as in {example}")
    path = Path(os.path.abspath(located(file)))
    if path.suffix.lower() != ending:
        raise ControlError(f"this is kept in a {ending} file, not {os.fspath(file)!r}; as in {example}")
    return path


def read(stage: SetApi, path: Path) -> bytes:
    """What is in a file; in a replay what was in it then. Raises ControlError."""
    found = stage.noted(lambda: _content(path))
    return _content(path) if found is None else bytes(found)


def write(stage: SetApi, path: Path, content: bytes, force: bool = False) -> None:
    """Write a file, whole or not at all; a replay writes none. Raises ControlError.

    Something else that is there already is kept, and this gets a number, unless `force`.
    """
    if not stage.live:
        return
    try:
        if path.is_file() and path.read_bytes() == content:
            return
        free = path if force else atomic.unused(path)
        if free != path:
            say(
                f"{path} is there already, and is kept: this is saved as {free.name}; save(…, force=True) replaces it"
            )
        path = free
        atomic.write(path, content)
    except OSError as error:
        raise ControlError(f"{path} cannot be written: {error.strerror or error}") from error


def _content(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise ControlError(f"{path} is no file")
        if path.stat().st_size > MOST:
            raise ControlError(f"{path} is larger than {MOST // 2**20} MiB; it was not written by latentcode")
        return path.read_bytes()
    except OSError as error:
        raise ControlError(f"{path} cannot be read: {error.strerror or error}") from error
