"""The sounds of a folder and of those below it."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from latentcode.audio import reading as audio
from latentcode.audio.decoding import CONVERT, UNREADABLE
from latentcode.errors import LeftOutWarning, SoundError

MOST = 100_000  # files and folders that are looked at
NAMED = 5  # files in a message
REMAINS = "__MACOSX"  # a folder that other systems find in archives, full of what belongs to none


@dataclass
class _Walk:
    """One walk through a folder: what lies there, each folder once,
    however many links lead to it.
    """

    seen: set[tuple[int, int]] = field(default_factory=set)
    closed: list[str] = field(default_factory=list)
    left: int = field(default_factory=lambda: MOST)

    def files(self, folder: str) -> Iterator[str]:
        """The files of a folder by name, then those of each folder in it;
        nothing that is hidden.
        """
        try:
            about = os.stat(folder)
            entries = [entry for entry in os.scandir(folder) if not hidden(entry.name)]
        except OSError:
            self.closed.append(folder)
            return
        if (about.st_dev, about.st_ino) in self.seen:
            return
        self.seen.add((about.st_dev, about.st_ino))
        self.left -= len(entries)
        if self.left < 0:
            raise SoundError(
                f"{folder}: this and what lies around it are more than {MOST} files; give a part"
            )
        entries.sort(key=lambda entry: entry.name)
        yield from (entry.path for entry in entries if _is(entry, os.DirEntry.is_file))
        folders = [entry for entry in entries if _is(entry, os.DirEntry.is_dir)]
        for entry in sorted(
            folders, key=os.DirEntry.is_symlink
        ):  # what a link leads to may be listed as itself
            yield from self.files(entry.path)


def hidden(name: str) -> bool:
    """Whether a file or folder is none of the musician's, as ._kick.wav, .git."""
    return name.startswith(".") or name == REMAINS


def listed(folder: Path) -> list[Path]:
    """All sounds in a folder and below it: its own by name, then those of its folders.

    Reads none of them.

    Kinds of sound that cannot be read are named in a LeftOutWarning. Raises SoundError when there
    are none.
    """
    if os.path.isfile(folder):
        raise SoundError(f"{folder} is a file; give the folder that it lies in, or another folder of sounds")
    if not os.path.isdir(folder):
        raise SoundError(f"no folder at {folder}; give a folder of sounds")
    walk = _Walk()
    files = [Path(file) for file in walk.files(os.fspath(folder))]
    sounds = [file for file in files if file.suffix.lower() in audio.SUFFIXES]
    foreign = [file for file in files if file.suffix.lower() in UNREADABLE]
    left_out = _foreign(foreign) + [
        f"left out: the folder {place}, which may not be looked into" for place in walk.closed
    ]
    if not sounds:
        searched = f"it is searched for {audio.KINDS}"
        raise SoundError(f"no sounds in the folder {folder}; {'; '.join([*left_out, searched])}")
    for text in left_out:
        warnings.warn(text, LeftOutWarning, stacklevel=2)
    return sounds


def usable(folder: Path) -> list[Path]:
    """The same, without those that are broken, which are named in a LeftOutWarning.

    Where all are broken none is left out: what reads them says why.
    """
    found = {file: _problem_of(file) for file in listed(folder)}
    sounds = [file for file, problem in found.items() if not problem]
    for problem in filter(None, found.values() if sounds else ()):
        warnings.warn(f"left out: {problem}", LeftOutWarning, stacklevel=2)
    return sounds or list(found)


def _foreign(files: list[Path]) -> list[str]:
    """What is said of kinds of sound that cannot be read."""
    if not files:
        return []
    kinds = Counter(file.suffix.lower() for file in files)
    names = ", ".join(file.name for file in files[:NAMED]) + (", …" if len(files) > NAMED else "")
    return [f"left out: {names} ({' '.join(sorted(kinds))} cannot be read; {CONVERT})"]


def _is(entry: os.DirEntry[str], kind: Callable[[os.DirEntry[str]], bool]) -> bool:
    try:
        return kind(entry)
    except OSError:  # a link that leads round in a circle
        return False


def _problem_of(file: Path) -> str:
    try:
        about = file.stat()
    except OSError as error:
        return f"{file}: {error.strerror or error}"
    return _problem(file, about.st_size, about.st_mtime_ns)


@lru_cache(maxsize=1 << 16)
def _problem(file: Path, size: int, changed: int) -> str:
    return audio.problem(file)
