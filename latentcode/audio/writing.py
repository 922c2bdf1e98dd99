"""Sound files as they are written: the format by the ending, whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32
from latentcode.audio import decoding
from latentcode.errors import AudioError
from latentcode.files import atomic, limits

PCM = {"16": "PCM_16", "24": "PCM_24"}
DEPTHS = (*PCM, "float")
MPEG = frozenset({8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000})
OPUS = frozenset({8000, 12000, 16000, 24000, 48000})
LARGEST = (1 << 32) - (1 << 16)  # bytes of samples that WAV and AIFF can name, beside their other chunks
ROOM = 1 << 20  # bytes; a disk with less has no place for another block
AT_ONCE = 1 << 12  # frames that are handed over at a time: the encoder of Vorbis lays more on the stack
DITHERED = 1 << 14  # samples that share a seed


class Ending(NamedTuple):
    """What a file with some ending holds: its container, sample types by depth, the usual one
    first, and the rates that it can have (None: all).
    """

    container: str
    subtypes: dict[str, str]
    rates: frozenset[int] | None = None


FORMATS = {
    ".wav": Ending("WAV", {"float": "FLOAT", **PCM}),
    ".flac": Ending("FLAC", {"24": "PCM_24", "16": "PCM_16"}),
    ".aif": Ending("AIFF", {"24": "PCM_24", "16": "PCM_16", "float": "FLOAT"}),
    ".aiff": Ending("AIFF", {"24": "PCM_24", "16": "PCM_16", "float": "FLOAT"}),
    ".caf": Ending("CAF", {"24": "PCM_24", "16": "PCM_16", "float": "FLOAT"}),
    ".ogg": Ending("OGG", {"": "VORBIS"}),
    ".opus": Ending("OGG", {"": "OPUS"}, OPUS),
    ".mp3": Ending("MP3", {"": "MPEG_LAYER_III"}, MPEG),
}


@dataclass(frozen=True)
class Written:
    """How a sound is written: container and sample type as libsndfile names them."""

    container: str
    subtype: str

    @property
    def clips(self) -> bool:
        """Whether nothing beyond full scale can be held."""
        return self.subtype not in ("FLOAT", "VORBIS", "OPUS")

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample of one channel; 0 where it is compressed."""
        if self.container in ("FLAC", "OGG", "MP3"):
            return 0
        return {"PCM_16": 2, "PCM_24": 3}.get(self.subtype, 4)


def written_as(out: str | os.PathLike[str], depth: str | None = None, rate: int | None = None) -> Written:
    """How a file is written by its ending: at a depth ("16", "24", "float"; None: the usual one),
    at
    a rate in Hz where that is known.

    Raises AudioError where it cannot be.
    """
    suffix = Path(out).suffix.lower()
    found = FORMATS.get(suffix)
    if found is None:
        raise AudioError(f"{out}: a sound is written as {', '.join(FORMATS)}; give the file such an ending")
    if depth is not None and depth not in found.subtypes:
        held = ", ".join(found.subtypes)
        cure = f"it holds {held}" if held else "it is compressed, and has none: leave it out, or write a .wav"
        raise AudioError(f"{out}: a {suffix} file has no depth {depth}; {cure}")
    if rate is not None and found.rates is not None and rate not in found.rates:
        rates = ", ".join(map(str, sorted(found.rates)))
        raise AudioError(
            f"{out}: a {suffix} file is of {rates} Hz, and this sound of {rate}; a .ogg is of any"
        )
    subtype = found.subtypes[depth] if depth is not None else next(iter(found.subtypes.values()))
    _check_known(out, found.container, subtype)
    return Written(found.container, subtype)


def _check_known(out: str | os.PathLike[str], container: str, subtype: str) -> None:
    import soundfile

    if not soundfile.check_format(container, subtype):
        version = soundfile.__libsndfile_version__
        raise AudioError(
            f"{out}: libsndfile {version} cannot write {subtype} in {container}; take a .wav file"
        )


def sized(out: str | os.PathLike[str], kind: Written, frames: int, channels: int = 2) -> Written:
    """How so many frames are written: in RF64 where a WAV file cannot hold them.

    Raises OSError, and AudioError where the file or the disk cannot hold them.
    """
    size = channels * frames * kind.frame_bytes
    if not size:
        return kind
    _check_room(out, size)
    if size < LARGEST or kind.container == "CAF":
        return kind
    if kind.container == "WAV":
        return Written("RF64", kind.subtype)
    raise AudioError(
        f"{out}: {size / 2**30:.1f} GiB are more than an AIFF file holds ({LARGEST / 2**30:.0f}); "
        "a .wav or .flac file holds them: give it such an ending"
    )


def _check_room(out: str | os.PathLike[str], size: int) -> None:
    """Refuse what the disk has no room for, before hours are spent.

    Raises OSError, AudioError.
    """
    folder = atomic.replaceable(out).parent
    free = shutil.disk_usage(folder).free
    if size > free:
        raise AudioError(
            f"{out} would take {limits.spoken(size)}, and {folder} has room for {limits.spoken(free)}: "
            "make room, or write it elsewhere"
        )


class SoundWriter:
    """Takes blocks (n, channels) of float32 for an open file.

    16 bits are dithered (triangular, of one step) by a noise that depends on the session sample
    and `salt` alone, so that a part of a sound is written as in the whole; silence stays silent.
    """

    def __init__(self, file: Any, folder: Path, first: int, salt: int) -> None:
        self._file, self._folder, self._at, self._salt = file, folder, first, salt
        self._noise = -1, np.zeros((0, 0), np.float32)

    def write(self, block: Float32) -> None:
        """Add a block (n, channels). Raises OSError."""
        with _refused(self._folder):
            for begin in range(0, len(block), AT_ONCE):
                piece = block[begin : begin + AT_ONCE]
                self._file.write(self._dithered(piece) if self._file.subtype == "PCM_16" else piece)
                self._at += len(piece)

    def _dithered(self, piece: Float32) -> NDArray[np.int16]:
        noise = np.where(piece == 0.0, np.float32(0.0), self._dither(len(piece), piece.shape[1]))
        steps = np.clip(np.rint(piece * np.float32(32768.0) + noise), -32768, 32767)
        return np.asarray(steps, np.int16)

    def _dither(self, count: int, channels: int) -> Float32:
        """The noise of the next samples, (count, channels), in steps of 16 bits."""
        parts, at, end = [], self._at, self._at + count
        while at < end:
            number, place = divmod(at, DITHERED)
            if self._noise[0] != number:
                random = np.random.default_rng((self._salt, number)).random(
                    (2, DITHERED, channels), np.float32
                )
                self._noise = number, random[0] - random[1]
            parts.append(self._noise[1][place : place + end - at])
            at += len(parts[-1])
        return np.concatenate(parts)


@contextmanager
def writing(
    out: str | os.PathLike[str], rate: int, kind: Written, first: int = 0, channels: int = 2, salt: int = 0
) -> Iterator[tuple[SoundWriter, Path]]:
    """What takes a sound whose first sample is session sample `first`, and the partial file that it
    goes to; the file is there when all of it could be written.

    Raises OSError.
    """
    import soundfile

    with atomic.replacing(out) as part, _refused(part.parent):
        name, form = decoding.encoded(part), {"format": kind.container, "subtype": kind.subtype}
        with soundfile.SoundFile(name, "w", rate, channels, **form) as sound:
            yield SoundWriter(sound, part.parent, first, salt), part
            frames = sound.frames
        if not _read_back(name, frames):  # libsndfile tells nobody when a disk was full as it closed a file
            raise OSError(errno.ENOSPC, "the disk is full")


@contextmanager
def _refused(folder: Path) -> Iterator[None]:
    """What libsndfile says of a file in a folder as an OSError."""
    import soundfile

    try:
        yield
    except soundfile.SoundFileError as error:
        free = shutil.disk_usage(folder).free
        raise OSError(errno.ENOSPC, "the disk is full" if free < ROOM else str(error)) from error


def _read_back(name: str | bytes, frames: int) -> bool:
    """Whether a file has its last sample."""
    import soundfile

    with soundfile.SoundFile(name) as sound:
        if sound.format == "MP3":  # of whole frames, and some more
            return bool(sound.frames >= frames)
        sound.seek(max(frames - 1, 0))
        return sound.frames == frames and len(sound.read()) == min(frames, 1)
