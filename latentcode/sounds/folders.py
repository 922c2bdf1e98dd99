"""Folders of sounds as values: `kit = folder("~/samples/kit")`, then `s("kit*4")`, `s("kit:3")`,
`kit[3]`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as File
from typing import TYPE_CHECKING

from latentcode.audio import listing
from latentcode.checks import is_whole, wrong
from latentcode.errors import SoundError
from latentcode.files.whereabouts import alike, located, stands_in
from latentcode.sounds import library as sounds
from latentcode.words import word

if TYPE_CHECKING:
    from latentcode.latents.path import Path


@dataclass(frozen=True)
class Folder:
    """The sounds of a folder and of those in it, in the order of their names.

    name   what the folder is called
    files  where its sounds lie
    place  where it lies itself, as they name it
    """

    name: str
    files: tuple[str, ...]
    place: str = ""

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> Path:
        """The path of a sound by its number from 0, round and round."""
        from latentcode.sounds.model import path

        if not is_whole(index):
            raise wrong("a folder of sounds", "their numbers", index, f"{self.name}[3]", SoundError)
        return path(self.files[index % len(self.files)])

    def __iter__(self) -> Iterator[Path]:
        return (self[index] for index in range(len(self)))

    def __repr__(self) -> str:
        return f"<folder {self.name}: {len(self)} sounds>"


@word('folder("~/samples/kit")')
def folder(place: str | os.PathLike[str]) -> Folder:
    """A folder of sounds, and of those in it, to be played under the name of the variable that
    holds it.

    `place`: a path, or the name of a folder in one of those that LATENTCODE_SOUNDS lists. What is
    hidden does not count; what cannot be read is named and left out. Raises SoundError.
    """
    if not isinstance(place, (str, os.PathLike)) or not os.fspath(place):
        raise SoundError(f'folder takes the path of a folder, not {place!r}; as in folder("~/samples/kit")')
    inside = located(place)
    found = _as_typed(File(place), inside)
    if not os.path.isdir(inside):
        known = sounds.named_folder(os.fspath(place))
        if known is None and stands_in(place):
            return Folder(found.name, (str(sounds.find("kick").file),))
        if known is None:
            raise SoundError(
                f"no folder at {os.fspath(place)!r}; give one that is there, as folder('~/samples/kit')"
            )
        inside = found = known
    files = (file.relative_to(inside) for file in listing.usable(inside))
    return Folder(found.name, tuple(str(found / file) for file in files), str(found))


def _as_typed(given: File, inside: File) -> File:
    """The path as it was typed, for names that are the same wherever it is found;
    its letters as on the disk.
    """
    whole, count = File(os.path.expanduser(given)), len(given.parts)
    if whole.is_absolute():
        return inside if alike(str(whole), str(inside)) and whole != inside else given
    return given if whole == inside else File(*inside.parts[-count:] if count else ())
