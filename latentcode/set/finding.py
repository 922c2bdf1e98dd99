"""Sounds and models of a session that are not where it names them, sought by their content."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from latentcode.audio import reading as audio
from latentcode.audio.listing import hidden
from latentcode.errors import LatentcodeError, ModelError, SessionError
from latentcode.files import whereabouts
from latentcode.models.card import BUILT_IN, MODEL_FILES, file_digest, model_file
from latentcode.session.journal import Session
from latentcode.session.records import Folder, Model, Sound
from latentcode.sounds import library as sounds

SHORT = 12  # digits of a digest that are shown

Step = Callable[[float, float, str], None]


@dataclass(frozen=True)
class Lost:
    """A file by the name under which a session asks for it, and (the beginning of) its digest.

    changed: something is there, and it is something else
    """

    name: str
    digest: str
    changed: bool = False

    def __str__(self) -> str:
        return f"{self.name!r} ({self.digest[:SHORT]})" if self.digest else repr(self.name)


def lost(session: Session, own_model: bool = True) -> list[Lost]:
    """What a session names and nobody finds, or finds changed; `own_model`: whether its model is
    among what it needs.
    """
    found = [
        _sought(name, digest, _sound)
        for name, digest in dict.fromkeys((one.file, one.digest) for one in session.of(Sound))
    ]
    models = [(session.model, session.header.get("model", "").rpartition("@")[2])] if own_model else []
    for one in session.of(Model):
        if all(_model(name) != one.digest for name in (one.called, *BUILT_IN)):
            models.append((one.file, one.digest))
    found += [_sought(name, digest, _model) for name, digest in models if name not in BUILT_IN]
    return [one for one in found if one is not None]


def check(folders: Iterable[str]) -> None:
    """Raise SessionError for what is no folder to be looked through."""
    for folder in folders:
        if not os.path.isdir(os.path.expanduser(folder)):
            raise SessionError(f"--find {folder}: there is no such folder; as in --find ~/samples")


def search(wanted: Iterable[Lost], folders: Iterable[str], step: Step) -> dict[str, str]:
    """The files, by the names of what was lost, that have its content, somewhere in the folders.

    `step` is told how many files of how many were looked at.
    """
    left, found = {one for one in wanted if one.digest}, dict[str, str]()
    files = [file for folder in folders for file in _files(folder)]
    for count, file in enumerate(files, 1):
        if not left:
            break
        try:
            digest = file_digest(file)
        except OSError:
            continue  # it may not be read, or has just gone
        for one in [one for one in left if digest.startswith(one.digest)]:
            found[one.name] = str(file)
            left.discard(one)
        step(count, len(files), f"{count} of {len(files)} files")
    return found


def folders_of(session: Session, found: Mapping[str, str]) -> dict[str, str]:
    """The folders that lines of a session name, by those names, in which what was lost from them
    and `found` elsewhere lies as it lay in them.
    """
    return {
        folder: file.removesuffix(name.removeprefix(folder))
        for folder in dict.fromkeys(one.place for one in session.of(Folder))
        for name, file in found.items()
        if name.startswith(folder + os.sep) and file.endswith(name.removeprefix(folder))
    }


def missing(wanted: Iterable[Lost]) -> str:
    """A sentence on what is not there."""
    names = [str(one) for one in wanted if not one.changed]
    places = dict.fromkeys(os.path.abspath(one) for one in (*map(str, whereabouts.places()), "."))
    return (
        f"the session needs what is not there: {', '.join(names)}; looked for in "
        f"{', then in '.join(places)}: put it beside the session, or type --find FOLDER, and all below "
        "FOLDER is looked through for files with this content"
    )


def _sought(name: str, digest: str, digest_of: Callable[[str], str]) -> Lost | None:
    here = digest_of(name)
    return None if here and (not digest or here.startswith(digest)) else Lost(name, digest, bool(here))


def _sound(name: str) -> str:
    """The digest of a sound by its name; empty where there is none."""
    try:
        return audio.digest(sounds.find(name).file)
    except LatentcodeError:
        return ""


def _model(name: str) -> str:
    """The same of a model."""
    try:
        return file_digest(model_file(name))
    except (ModelError, OSError):
        return ""


def _files(folder: str) -> Iterator[Path]:
    """The files in a folder that can be sounds or models; no link is followed."""
    for place, below, names in os.walk(os.path.expanduser(folder)):
        below[:] = sorted(name for name in below if not hidden(name))
        for name in sorted(names):
            ending = os.path.splitext(name)[1].lower()
            if ending in audio.SUFFIXES or ending in MODEL_FILES:
                yield Path(os.path.abspath(place), name)
