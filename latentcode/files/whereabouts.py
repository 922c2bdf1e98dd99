"""Where files are looked for that are named without a whole path: beside a session,
where it was played, and here.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

_places: tuple[Path, ...] = ()
_known: dict[str, str] = {}  # files that lie elsewhere than where they are looked for, by name
_absent: list[str] | None = None  # what was not found, while that is noted


def places() -> tuple[Path, ...]:
    """The folders that come before the current one, in order;
    none in a set that is played for the first time.
    """
    return _places


def look_in(folders: Iterable[str | os.PathLike[str]]) -> None:
    """Look in these folders first, from now on, in the whole process."""
    global _places
    _places = tuple(map(Path, folders))


def know(found: Mapping[str, str]) -> None:
    """Take these files for what is asked for by these names, from now on, in the whole process."""
    _known.update(found)


def known() -> dict[str, str]:
    """The files that are taken for what is asked for, by name."""
    return dict(_known)


@contextmanager
def looking_in(folders: Iterable[str | os.PathLike[str]]) -> Iterator[None]:
    """Look in these folders first, for a while."""
    before = _places
    look_in(folders)
    try:
        yield
    finally:
        look_in(before)


@contextmanager
def noting_absent(into: list[str]) -> Iterator[None]:
    """Note what is not found, for a while, and let something else stand in for it:
    to name all of it at once.
    """
    global _absent
    before, _absent = _absent, into
    try:
        yield
    finally:
        _absent = before


def noting() -> bool:
    """Whether something may stand in for what is not found."""
    return _absent is not None


def stands_in(name: str | os.PathLike[str]) -> bool:
    """Note that this is not found; whether something is to stand in for it."""
    if _absent is not None and os.fspath(name) not in _absent:
        _absent.append(os.fspath(name))
    return noting()


def candidates(path: str | os.PathLike[str]) -> Iterator[Path]:
    """The paths that one may mean, the likeliest first; that in the current folder is the last.

    What is no longer where a whole path says may lie beside a session that was copied elsewhere,
    alone or in its folders.
    """
    yield from _elsewhere(os.fspath(path))
    given = Path(os.path.expanduser(path))
    if not given.is_absolute():
        yield from (place / given for place in _places)
    elif not os.path.lexists(given):
        ends = [Path(*given.parts[first:]) for first in range(1, len(given.parts))]
        yield from (place / end for place in _places for end in ends)
    yield given


def _elsewhere(text: str) -> Iterator[Path]:
    """Where something is known to lie, or a folder that it is in."""
    path = Path(text)
    for name in dict.fromkeys((text, *map(str, (path, *path.parents)))) if _known else ():
        if name in _known:
            yield Path(_known[name]) / path.relative_to(name)


def located(path: str | os.PathLike[str]) -> Path:
    """The file or folder that a path means, as it is written on the disk; here,
    where there is none.
    """
    found = [as_written(one) for one in candidates(path)]
    return next((one for one in found if os.path.exists(one)), found[-1])


def as_written(path: Path) -> Path:
    """A path as it is written on the disk: "é" may be one sign there, or two;
    as it is where nothing is there.
    """
    if str(path).isascii() or os.path.exists(path) or path.parent == path:
        return path
    folder = as_written(path.parent)
    with suppress(OSError):  # there is none, or it may not be looked into
        return next((file for file in folder.iterdir() if alike(file.name, path.name)), path)
    return path


def alike(name: str, other: str) -> bool:
    """Whether two names are the same to who reads them."""
    return unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", other)
