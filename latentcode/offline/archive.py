"""A session with all that it needs in one file, and the way back; nothing in it is run here.

An archive is a ZIP file: the session as `session.py`, its sounds, models and recordings by the
names by which it asks for them, and `manifest.json` with their digests.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from latentcode import progress
from latentcode.audio import listing
from latentcode.audio import reading as audio
from latentcode.errors import LatentcodeError, ModelError, SessionError
from latentcode.files import atomic, limits, places, texts
from latentcode.files.whereabouts import know, known, located, looking_in
from latentcode.models import card_of
from latentcode.models.archives import in_pieces
from latentcode.models.card import BUILT_IN, MODEL_FILES, file_digest, model_file
from latentcode.models.families.streams.archive import recognises
from latentcode.session.branching import Cut, rewritten
from latentcode.session.journal import Session, read_session
from latentcode.session.records import Folder, Listening, Model, Record, Sound
from latentcode.set.recorded import recordings_of
from latentcode.sounds import library as sounds

SESSION, MANIFEST = "session.py", "manifest.json"
FORMAT = "latentcode pack 1"
MOST_FILES = 100_000
PIECE = 1 << 20
FOLDER = r"""\bfolder\(\s*["']([^"'\n]+)["']\s*\)"""  # as it is typed
UNREADABLE = (  # what an archive raises that was damaged: RuntimeError where it is encrypted
    OSError,
    EOFError,
    KeyError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)

Tell = Callable[[str], None]


def pack(path: Path, out: Path, tell: Callable[[str], None] = lambda name: None) -> dict[str, str]:
    """Write a session and all that it needs to an archive; gives the digest of each file by its
    name.

    `tell` gets the name of each. Raises SessionError with what is not there.
    """
    session = read_session(path)
    know(session.found)
    with looking_in(session.folders):
        found, missing, strange, moved = _needed(session)
    if missing:
        raise SessionError(f"{path} needs what is not there: {', '.join(map(repr, missing))}")
    if strange:
        raise SessionError(
            f"{path} names what is no sound and no model: {', '.join(map(repr, strange))}; nothing else of "
            "yours is packed. Take the marks (# @ sound …) that name it out of the session"
        )
    beside = partial(_beside, path=Path(path), moved=moved)
    text = rewritten(
        texts.read(path, "surrogateescape"), Cut(header=_header(session, found, moved), change=beside)
    )
    digests = {SESSION: hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()}
    try:
        with atomic.replacing(out) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(SESSION, text.encode("utf-8", "surrogateescape"))
            for name, file in sorted(found.items()):
                tell(name)
                archive.write(file, name)
                digests[name] = file_digest(file)
            archive.writestr(MANIFEST, json.dumps({"format": FORMAT, "files": digests}, indent=1))
    except OSError as error:
        raise SessionError(f"{out} cannot be written: {error.strerror or error}") from error
    return digests


def is_packed(path: str | os.PathLike[str]) -> bool:
    """Whether a file is an archive of a session."""
    with suppress(*UNREADABLE):
        return os.path.isfile(path) and zipfile.is_zipfile(path) and _has_manifest(path)
    return False


@contextmanager
def _opened(path: str | os.PathLike[str]) -> Iterator[zipfile.ZipFile]:
    with in_pieces(Path(path)) as file, zipfile.ZipFile(file) as archive:
        yield archive


def packed_files(path: str | os.PathLike[str]) -> list[str]:
    """The names of the files in an archive. Raises SessionError."""
    with _opened(path) as archive:
        return [*_manifest(archive)]


def unpacked(path: str | os.PathLike[str]) -> Path:
    """The session of an archive, in a folder of its own among the user's data, with all beside it.

    Names that lead elsewhere, links, what is not in the manifest or not of its digest, and what is
    far too large is refused before anything counts. Raises SessionError.
    """
    try:
        folder = places.private(places.find("data").folder / "packed") / file_digest(Path(path))
        if not (folder / MANIFEST).exists():
            with _whole_or_nothing(places.private(folder)):
                _unpack(path, folder)
    except UNREADABLE as error:
        why = str(error) or "it is not whole"
        raise SessionError(f"{path} cannot be unpacked: {why}; ask for it once more") from error
    return folder / SESSION


@contextmanager
def _whole_or_nothing(folder: Path) -> Iterator[None]:
    """Leave nothing of an archive that is refused, or for which there is no room."""
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _unpack(path: str | os.PathLike[str], folder: Path) -> None:
    with _opened(path) as archive:
        files = _manifest(archive)
        infos = {info.filename: info for info in archive.infolist()}
        _check(path, files, list(infos.values()))
        done, total = 0, sum(info.file_size for info in infos.values())
        with progress.shown_late("unpacking") as tell:
            for name, digest in files.items():
                target = folder.joinpath(*PurePosixPath(name).parts)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                state = hashlib.blake2b(digest_size=16)
                with archive.open(infos[name]) as packed, open(target, "wb", opener=places.opener) as file:
                    while piece := packed.read(PIECE):
                        state.update(piece)
                        file.write(piece)
                        done += len(piece)
                        tell(done, total, texts.shown(name))
                if state.hexdigest() != digest:
                    raise SessionError(f"{path} is damaged: {name} is not what was packed")
        atomic.write(folder / MANIFEST, archive.read(MANIFEST), 0o600)  # the last one: now it is whole


def _check(path: str | os.PathLike[str], files: dict[str, str], infos: list[zipfile.ZipInfo]) -> None:
    """Raise SessionError for an archive that no `pack` has made."""
    there = {info.filename for info in infos}
    if excess := limits.excess(sum(info.file_size for info in infos) // 4):
        raise SessionError(f"{path} is too large: it would take four times {excess}")
    for info in infos:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if not _safe(info.filename) or kind not in (0, stat.S_IFREG) or info.flag_bits & 1:
            raise SessionError(f"{path} is no packed session: {info.filename!r} has no place in one")
    if len(infos) != len(there) or there != {*files, MANIFEST} or SESSION not in files:
        raise SessionError(f"{path} is no packed session: it holds what its manifest does not name")


def _safe(name: str) -> bool:
    """Whether a name leads to a file beneath a folder, on any system."""
    parts = name.split("/")
    return (
        len(name.encode("utf-8", "replace")) < 1024
        and not any(part in ("", ".", "..") or part.endswith((" ", ".")) for part in parts)
        and not any(one in name for one in '\\:*?"<>|\0')
        and name.isprintable()
    )


def _manifest(archive: zipfile.ZipFile) -> dict[str, str]:
    """The digests of the files by their names. Raises SessionError."""
    info = archive.getinfo(MANIFEST)
    if info.file_size > 256 * MOST_FILES:
        raise SessionError(f"{archive.filename}: its manifest is far too large")
    try:
        found: Any = json.loads(archive.read(info))
        files = found["files"]
        if found["format"] != FORMAT or not all(isinstance(one, str) for one in (*files, *files.values())):
            raise ValueError(FORMAT)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SessionError(f"{archive.filename}: its manifest cannot be read: {error}") from error
    return dict(files)


def _has_manifest(path: str | os.PathLike[str]) -> bool:
    with _opened(path) as archive:
        return {SESSION, MANIFEST} <= {*archive.namelist()}


class Needed(NamedTuple):
    """What a session needs: the files by their names in an archive; what it names and is not there,
    or is no sound and no model, and so has no place in one; and where in it that lies which shares
    its name with something else, by what it is asked for.
    """

    found: dict[str, Path]
    missing: list[str]
    strange: list[str]
    moved: dict[str, str]


def _needed(session: Session) -> Needed:
    found, missing, strange, moved = need = Needed({}, [], [], {})
    elsewhere = _elsewhere()
    alone = {one.file for one in session.of(Sound)} - {*elsewhere}
    packed_whole = set[str]()
    for name, mine in _folders(session, alone):
        found |= _apart(name, mine, found, moved)
        if _inside(name) != name:
            moved.setdefault(name, _inside(name))
        packed_whole |= {one for one in alone if mine and _lies_in(one, name)}
        missing += [] if mine else [name]
    for kind, names in _named(session).items():
        for name in (one for one in names if one not in packed_whole):
            try:
                inside = elsewhere.get(name)
                mine = dict(kind.files(name)) if inside is None else {inside: Path(known()[name])}
                strange += [name] if kind.problem(name) else []
            except LatentcodeError:
                missing.append(name)
            else:
                found |= _apart(_stem(name), mine, found, moved)
    return need


def _folders(session: Session, within: Iterable[str]) -> Iterator[tuple[str, dict[str, Path]]]:
    """The folders that lines have named, as the names of their sounds begin, each with all of its
    sounds by their names in an archive, as they are played by their numbers; none of one that is
    gone. Of what only stands in the code, as in early sessions, those that have some of the sounds
    `within`.
    """
    noted = [one.place for one in session.of(Folder)]
    typed = re.findall(FOLDER, "\n".join(block.code for block in session.blocks))
    named = [*noted, *(one for one in typed if any(_lies_in(sound, one) for sound in within))]
    for given in dict.fromkeys(str(PurePosixPath(one)) for one in named):
        folder = located(given)
        if folder.is_dir():
            files = ((file.relative_to(folder).as_posix(), file) for file in listing.usable(folder))
            yield given, {f"{_inside(given)}/{place}": file for place, file in files}
        elif given in noted:
            yield given, {}


def _lies_in(name: str, folder: str) -> bool:
    return PurePosixPath(os.path.expanduser(name)).is_relative_to(os.path.expanduser(folder))


def _apart(
    name: str, mine: dict[str, Path], found: dict[str, Path], moved: dict[str, str]
) -> dict[str, Path]:
    """The files of a name in an archive: in a folder of their own where others are called as they
    are, which is noted in `moved`.
    """
    beneath = {one for one in found if one.startswith(f"{_inside(name)}/")}
    clash = any(inside in found and not _same(file, found[inside]) for inside, file in mine.items())
    clash |= bool(beneath) and beneath != {*mine}  # or what lies there would have other numbers
    if name not in moved and not clash:
        return mine
    own = moved.setdefault(name, f"found/{len(moved) + 1}/{_inside(name)}")
    return {f"{own.removesuffix(_inside(name))}{inside}": file for inside, file in mine.items()}


def _same(file: Path, other: Path) -> bool:
    return file == other or file_digest(file) == file_digest(other)


def _stem(name: str) -> str:
    """What is looked for: the folder of kit:3."""
    stem, _, place = name.rpartition(":")
    return stem if stem and place.isdigit() else name


class _Kind(NamedTuple):
    """A kind of what a session names: its files by their names in an archive, and what is wrong
    with one; both raise LatentcodeError where there is none.
    """

    files: Callable[[str], Iterable[tuple[str, Path]]]
    problem: Callable[[str], str]


def _named(session: Session) -> dict[_Kind, Iterable[str]]:
    """The names of what a session asks for, each once. Whoever wrote it may have named any file of
    ours: only what is what it is named for is packed.
    """
    models = [session.model, *(one.file for one in session.of(Model))]
    return {
        _Kind(_sound, lambda name: audio.problem(sounds.find(name).file)): dict.fromkeys(
            one.file for one in session.of(Sound)
        ),
        _Kind(_model, _model_problem): dict.fromkeys(name for name in models if name not in BUILT_IN),
        _Kind(_recording, audio.problem): dict.fromkeys(one.path for one in recordings_of(session)),
    }


def _model(name: str) -> Iterator[tuple[str, Path]]:
    yield os.path.basename(name), model_file(name)


def _model_problem(name: str) -> str:
    with suppress(ModelError):
        if not recognises(model_file(name)):
            card_of(name)
        return ""
    return f"{name} is no model"


def _recording(name: str) -> Iterator[tuple[str, Path]]:
    yield os.path.basename(name), audio.sound_file(name)


def _elsewhere() -> dict[str, str]:
    """The names in an archive of what was found elsewhere, by those by which it is asked for."""
    found = dict[str, str]()
    for name, file in known().items():
        if not os.path.isfile(file):
            continue  # it is gone; or a folder, and what lies in it is packed by its own name
        inside = f"found/{file_digest(Path(file))}{Path(file).suffix.lower()}"
        found |= {name: inside} | ({os.path.basename(name): inside} if _is_model(name) else {})
    return found


def _is_model(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in MODEL_FILES


def _sound(name: str) -> Iterator[tuple[str, Path]]:
    """A sound, and of one that is found by its place in a folder all that lies in it."""
    file = Path(sounds.find(name).file)
    stem = name.rpartition(":")[0] or name
    folder = located(stem)
    if not folder.is_dir():
        folder = next((one for one in file.parents if one.name == PurePosixPath(stem).name), file)
    if not folder.is_dir():
        yield _inside(name), file
        return
    for one in sorted(folder.rglob("*")):
        if one.suffix.lower() in audio.SUFFIXES and one.is_file():
            yield f"{_inside(stem)}/{one.relative_to(folder).as_posix()}", one


def _inside(name: str) -> str:
    """What a file is called in an archive: as it is asked for, or by its own name alone."""
    given = os.path.expanduser(name).replace(os.sep, "/").removeprefix("./")
    return given if _safe(given) else os.path.basename(given)


def _header(session: Session, found: dict[str, Path], moved: dict[str, str]) -> dict[str, object]:
    """Words of the header that lead nowhere else."""
    model = os.path.basename(session.model)
    header: dict[str, object] = {
        "model_file": model if model in found else session.model,
        "folder": ".",
        "looked_in": ".",
    }
    elsewhere = {name: inside for name, inside in _elsewhere().items() if inside in found} | moved
    if elsewhere:
        header["found"] = "\n".join(f"{name}\t{inside}" for name, inside in elsewhere.items())
    return header


def _beside(record: Record, path: Path, moved: dict[str, str]) -> Record:
    """A record of the session at `path` that looks for its file beside it."""
    if isinstance(record, Listening):
        file = os.path.abspath(path.parent / record.file)
        return replace(record, file=moved.get(file, os.path.basename(file)))
    if isinstance(record, Model) and record.file not in BUILT_IN:
        return replace(record, file=moved.get(record.file, os.path.basename(record.file)))
    return record
