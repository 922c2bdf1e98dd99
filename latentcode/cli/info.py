"""`latentcode info FILE`: what a model, a session or a sound is."""

from __future__ import annotations

import argparse
import os
import zipfile
from pathlib import Path

from latentcode.errors import LatentcodeError, SoundError
from latentcode.files.texts import shown

START = 128  # bytes that tell what a file is
LONGEST = 1000  # characters of a word of a header that are shown


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("file", metavar="FILE", help="or the name of a built-in sound, or 'default'")


def run(args: argparse.Namespace) -> int:
    """Print what it is."""
    print(describe(args.file))
    return 0


def describe(name: str) -> str:
    """What a model, a session or a sound is, in a few lines.

    Raises LatentcodeError for none of them.
    """
    return "\n".join(map(shown, _described(name)))


def _described(name: str) -> list[str]:
    from latentcode.models.card import BUILT_IN, MODEL_FILES, looks_like_model, model_names, split_choice
    from latentcode.models.family import recognised
    from latentcode.session.journal import begins_session

    path, _ = split_choice(Path(os.path.expanduser(name)))
    start = _start(path) if os.path.isfile(path) else b""
    if start and zipfile.is_zipfile(path) and (found := _packed_lines(path)):
        return found
    if name in BUILT_IN or path.suffix.lower() in MODEL_FILES or looks_like_model(start):
        return _model_lines(name)
    if begins_session(start):
        return _session_lines(path)
    if name in model_names() if not start else recognised(path):
        return _model_lines(name)
    return _sound_lines(name)


def _start(path: Path) -> bytes:
    """The first bytes of a file, which may be of any size."""
    try:
        with path.open("rb") as file:
            return file.read(START)
    except OSError as error:
        raise LatentcodeError(f"{path} cannot be read: {error.strerror or error}") from error


def _model_lines(name: str) -> list[str]:
    from latentcode.models import card_of
    from latentcode.models.card import model_file
    from latentcode.models.families.streams.archive import recognises

    if recognises(model_file(name)):
        return _export_lines(model_file(name))
    card = card_of(name)
    frames = "windows" if card.kind == "window" else "frames"
    sizes = (
        f"{frames} of {card.window} samples, {card.latent_dim} latents, {card.units} units, hop {card.hop}"
    )
    lines = [f"model {card.name} ({card.family})", f"  {card.sample_rate} Hz, {sizes}", f"  {card.file}"]
    return lines + [f"  {key}: {value}" for key, value in card.notes]


def _export_lines(path: Path) -> list[str]:
    """An exported model, of which nothing is run."""
    from latentcode.models import rates
    from latentcode.models.card import file_digest
    from latentcode.models.families.streams.archive import read_export, told
    from latentcode.models.trust import is_trusted

    export = read_export(path)
    lines = [f"model {path.stem} (exported)", *(f"  {line}" for line in told(export))]
    digest = file_digest(path)
    rate = "" if export.sample_rate or rates.told(digest) else ", sample_rate=44100"
    trusted = is_trusted(digest)
    said = (
        ""
        if trusted and not rate
        else f'; load_model("{path.name}"{rate}{"" if trusted else ", trust=True"})'
    )
    return [*lines, f"  {'trusted' if trusted else 'not trusted yet'}{said}", f"  {path}"]


def _shortened(word: str) -> str:
    """A word of a header that anybody may have written, as long as it can be read."""
    return word if len(word) <= LONGEST else f"{word[:LONGEST]} … ({len(word)} characters)"


def _session_lines(path: Path) -> list[str]:
    from latentcode.session.reading import read_shown

    session = read_shown(path)
    rate = session.number("rate")
    commands, failed = sum(len(b.marks) for b in session.blocks), sum(b.failed for b in session.blocks)
    minutes, seconds = divmod(session.end / rate, 60)
    lines = [
        f"session {path}",
        f"  {int(minutes)} min {seconds:.1f} s, {len(session.blocks)} blocks of code, {commands} commands",
    ]
    if failed:
        lines.append(f"  {failed} blocks raised an error when they were played")
    if session.model != session.header.get("model_file"):
        lines.append(f"  plays the model {session.model}, which its header means")
    lines += [f"  {line}" for line in (*session.unwritten, *session.faults)]
    return lines + [f"  {_shortened(key)}: {_shortened(value)}" for key, value in session.header.items()]


def _packed_lines(path: Path) -> list[str]:
    """The session of an archive, which is unpacked for that, and what else is in it; nothing where
    it is none.
    """
    from latentcode.offline.archive import SESSION, is_packed, packed_files, unpacked

    if not is_packed(path):
        return []
    lines = _session_lines(unpacked(path))
    beside = [name for name in packed_files(path) if name != SESSION]
    return [f"packed session {path}", *lines, *(f"  with {name}" for name in beside)]


def _sound_lines(name: str) -> list[str]:
    from latentcode.audio import reading as audio
    from latentcode.audio.decoding import opened
    from latentcode.sounds import library as sounds

    sound = sounds.find(name)
    try:
        frames, rate = audio.size(audio.sound_file(sound.file))
    except SoundError as error:
        if "not a sound" not in str(error):  # it is one, but too long, or of a rate that none has
            raise
        raise SoundError(f"neither a sound, nor a model, nor a session: {error}") from None
    with opened(sound.file) as found:
        channels = "mono" if found.channels == 1 else f"{found.channels} channels"
        among = f", one of {sound.count}" if sound.count > 1 else ""
        lines = [
            f"sound {sound.name}{among}",
            f"  {frames / rate:.2f} s, {rate} Hz, {channels}, {found.format}",
        ]
    if sound.pitch is not None:
        lines.append(f"  MIDI note {sound.pitch}")
    return [*lines, f"  {sound.file}"]
