"""The folders that latentcode writes to: the user's own, and others where those cannot be had."""

from __future__ import annotations

import os
import socket
import stat
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import platformdirs

NAME = "latentcode"
OTHERS = 0o077  # what others may do
LONGEST_LOG, KEPT_LOG = 1 << 20, 1 << 18  # bytes
LOOK = 1.0  # seconds
DOOR = "4294967295.play.door"  # the longest name of a socket
WORDS = ".words"  # what ends the name of the file beside it in which an engine says what it is in

Usable = Callable[[Path], str]  # why a folder is of no use, empty when it is


@dataclass(frozen=True)
class Place:
    """A folder for a purpose; `remark`: what the musician should know of it; `usable`:
    whether it can be used.
    """

    folder: Path
    remark: str = ""
    usable: bool = True


def find(kind: str) -> Place:
    """The folder for "data", "cache", "log" or "runtime": made, the user's alone, and tried.

    Raises nothing.
    """
    return _found(kind, tuple(_usual(kind)), tuple(_others(kind)))


def remarks() -> list[str]:
    """What the musician should know of all the folders, in whole sentences."""
    return [place.remark for place in map(find, KINDS) if place.remark]


def all_of(kind: str) -> list[Path]:
    """Every folder that another set of the same user may have found for a purpose."""
    return [place for place in dict.fromkeys([*_usual(kind), *_others(kind)]) if not foreign(place)]


def private(folder: Path) -> Path:
    """A folder in one of ours: made, for the user alone. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def opener(path: str, flags: int) -> int:
    """For `open(…, opener=opener)`: a new file is the user's alone."""
    return os.open(path, flags, 0o600)


def mine(path: Path) -> bool:
    """Whether a file or folder belongs to the user."""
    return sys.platform == "win32" or path.stat().st_uid == os.getuid()


def trim(log: Path) -> None:
    """Keep the end of a log that has become long; who writes to it appends, and goes on.

    Raises OSError.
    """
    if log.stat().st_size <= LONGEST_LOG:
        return
    with log.open("r+b") as file:
        file.seek(-KEPT_LOG, os.SEEK_END)
        end = file.read(KEPT_LOG)
        file.truncate(0)
        file.seek(0)
        file.write(end[end.find(b"\n") + 1 :])


def keep_short(log: Path) -> None:
    """Trim a log as long as this process lives, as libraries and drivers may write to it without an
    end.
    """
    while True:
        time.sleep(LOOK)
        with suppress(OSError):
            trim(log)


def writable(folder: Path) -> str:
    """Why no file can be written in a folder, found by writing one."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"latentcode")
            file.flush()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def listens(folder: Path) -> str:
    """Why no socket can be opened in a folder, found by opening one with the longest name that is
    used.
    """
    if sys.platform == "win32":
        return writable(folder)
    path = folder / f"{os.getpid()}.try".ljust(len(DOOR), "_")
    with suppress(OSError):
        path.unlink()
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(os.fspath(path))
            one.listen(1)
    except OSError as error:
        return error.strerror or str(error)  # too long: from Python, without a strerror
    finally:
        with suppress(OSError):
            path.unlink()
    return ""


def foreign(folder: Path, strict: bool = True) -> str:
    """Why a folder is not the user's own; empty when it is, or is not there.

    `strict`: links are not, either.
    """
    if sys.platform == "win32":
        return ""
    try:
        own, there = folder.lstat(), folder.stat()
    except OSError as error:
        return "" if isinstance(error, FileNotFoundError) and not folder.is_symlink() else _said(error)
    if stat.S_ISLNK(own.st_mode) and strict:
        return "it is a link"
    if not stat.S_ISDIR(there.st_mode):
        return "it is no folder"
    if {own.st_uid, there.st_uid} != {os.getuid()}:
        return "it belongs to somebody else"
    return _exposed(folder.parent) if strict else ""


def _exposed(parent: Path) -> str:
    """Why others could put a folder of theirs in the place of one in `parent`."""
    try:
        there = parent.stat()
    except OSError as error:
        return _said(error)
    if there.st_uid not in (os.getuid(), 0):
        return f"{parent} belongs to somebody else"
    if there.st_mode & 0o022 and not there.st_mode & stat.S_ISVTX:
        return f"others may write to {parent} (mode {stat.S_IMODE(there.st_mode):o})"
    return ""


@lru_cache(maxsize=64)
def _found(kind: str, usual: tuple[Path, ...], others: tuple[Path, ...]) -> Place:
    what, usable = KINDS[kind]
    places = list(dict.fromkeys([*usual, *others]))
    first, troubles = places[0], list[str]()
    for place in places:
        trouble, opened = _taken(kind, place, kind == "runtime" or place not in usual, usable)
        if not trouble:
            told = (
                [f"{first} cannot be used for {what}: {troubles[0]}; they are in {place}"] if troubles else []
            )
            told += [f"{place} was open to others (mode {opened:o}); it is yours alone now"] if opened else []
            return Place(place, "; ".join(told))
        troubles.append(trouble)
    return Place(
        first, f"{first} cannot be used for {what}: {troubles[0]}; there are none in this set", False
    )


def _taken(kind: str, place: Path, strict: bool, usable: Usable) -> tuple[str, int]:
    """Make a folder the user's alone: why that fails,
    and the mode in which others could write to it.
    """
    try:
        place.parent.mkdir(mode=0o700 if strict else 0o777, parents=True, exist_ok=True)
        place.mkdir(mode=0o700, exist_ok=True)
        if trouble := foreign(place, strict):
            return trouble, 0
        mode = stat.S_IMODE(place.stat().st_mode)
        if mode & OTHERS and sys.platform != "win32":
            place.chmod(0o700)
    except OSError as error:
        return _said(error), 0
    trouble = next(filter(None, (_tried(place / name, usable) for name in INSIDE.get(kind, ("",)))), "")
    return trouble, mode if mode & 0o022 and sys.platform != "win32" else 0


def _tried(folder: Path, usable: Usable) -> str:
    try:
        private(folder)
    except OSError as error:
        return _said(error)
    return foreign(folder, strict=False) or usable(folder)


def _usual(kind: str) -> Iterator[Path]:
    """Where a kind of file belongs on this system."""
    if kind == "cache" and os.environ.get("LATENTCODE_CACHE"):
        yield Path(os.environ["LATENTCODE_CACHE"])
    if kind == "runtime" and os.environ.get("XDG_RUNTIME_DIR", "").strip() and sys.platform != "win32":
        yield Path(os.environ["XDG_RUNTIME_DIR"].strip()).absolute() / NAME
    with warnings.catch_warnings(), suppress(OSError, RuntimeError):
        warnings.simplefilter("ignore")  # that XDG_RUNTIME_DIR is not set is no news
        if kind == "cache":
            yield Path(platformdirs.user_cache_dir(NAME))
        else:
            yield Path(getattr(platformdirs, f"user_{kind}_dir")(NAME, appauthor=False))


def _others(kind: str) -> Iterator[Path]:
    """Where it can be kept when it cannot be kept there."""
    name = f"{NAME}-{os.getuid()}" if sys.platform != "win32" else NAME
    roots = [*_temporary(), *([Path("/tmp"), Path("/var/tmp")] if sys.platform != "win32" else [])]
    yield from (root / name / ("" if kind == "runtime" else kind) for root in roots)


def _temporary() -> Iterator[Path]:
    with suppress(OSError):
        yield Path(tempfile.gettempdir())


def _said(error: OSError) -> str:
    return error.strerror or str(error)


KINDS: dict[str, tuple[str, Usable]] = {
    "data": ("sessions, history and trust", writable),
    "cache": ("encoded sounds", writable),
    "log": ("logs", writable),
    "runtime": ("the sockets at which --resume calls", listens),
}
INSIDE = {"data": ("", "sessions"), "cache": ("frames", "grabs")}  # the folders in them
VARIABLES = {
    "data": "XDG_DATA_HOME",
    "cache": "LATENTCODE_CACHE",
    "log": "XDG_STATE_HOME",
    "runtime": "XDG_RUNTIME_DIR",
}  # of the environment, by which another folder is chosen
