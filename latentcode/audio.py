"""Reading sounds: any file that libsndfile reads, as mono float32 at the rate that is asked for."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import SoundError

LIMIT_SAMPLES = 1 << 29  # more than three hours at 44100 Hz; a damaged header may claim any number
OGG_PAGE = 65_307  # bytes at most
SUFFIXES = frozenset(
    [".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au", ".caf"]
)


def read(path: str | os.PathLike[str], sample_rate: int | None = None) -> tuple[Float32, int]:
    """The sound in a file: samples (n,), the mean of its channels, and their rate in Hz.

    Resampled to `sample_rate` (soxr, very high quality) when one is given. Raises SoundError.
    """
    file = sound_file(path)
    samples, rate = _decoded(file)
    if len(samples) == 0:
        raise SoundError(f"{file} holds no samples; record or export it again")
    if not np.isfinite(samples).all():
        raise SoundError(f"{file} holds samples that are not numbers; export it again")
    if sample_rate is None or sample_rate == rate:
        return samples, rate
    return resampled(samples, rate, sample_rate), sample_rate


def size(path: str | os.PathLike[str]) -> tuple[int, int]:
    """How many frames a sound has, and its rate in Hz, from its header alone. Raises SoundError."""
    import soundfile

    file = sound_file(path)
    try:
        found = soundfile.info(str(file))
    except (soundfile.SoundFileError, OSError, ValueError) as error:
        raise SoundError(f"{file} is not a sound that can be read: {_reason(error)}") from None
    return int(found.frames), int(found.samplerate)


def resampled(samples: Float32, rate: int, sample_rate: int) -> Float32:
    """`samples` (n,) at `rate` Hz, at `sample_rate` Hz instead."""
    if not 1000 <= sample_rate <= 768_000:
        raise SoundError(f"a sampling rate of {sample_rate} Hz; rates from 1000 to 768000 are allowed")
    import soxr

    return np.asarray(soxr.resample(samples, rate, sample_rate, quality="VHQ"), dtype=np.float32)


def digest(path: str | os.PathLike[str]) -> str:
    """The blake2b digest of a file's content, as 32 hexadecimal digits."""
    state = hashlib.blake2b(digest_size=16)
    try:
        with sound_file(path).open("rb") as file:
            while block := file.read(1 << 20):
                state.update(block)
    except OSError as error:
        raise SoundError(f"{path} cannot be read: {error.strerror or error}") from None
    return state.hexdigest()


def sound_file(path: str | os.PathLike[str]) -> Path:
    """`path` when a file with something in it is there; SoundError when not."""
    file = Path(path).expanduser()
    if file.is_dir():
        raise SoundError(f"{file} is a folder; give a sound file in it")
    if not file.is_file():
        raise SoundError(f"no sound at {file}")
    if file.stat().st_size == 0:
        raise SoundError(f"{file} is empty; record or export it again")
    return file


def _decoded(file: Path) -> tuple[Float32, int]:
    import soundfile

    if _ends_early(file):
        raise SoundError(
            f"{file} is cut off: its header promises more than is there; copy or export it again"
        )
    try:
        with soundfile.SoundFile(file) as sound:
            frames, rate = sound.frames, int(sound.samplerate)
            if frames * sound.channels > LIMIT_SAMPLES:
                raise SoundError(
                    f"{file} claims {frames} frames of {sound.channels} channels; that is too long"
                )
            samples = sound.read(dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, OSError, MemoryError, ValueError) as error:
        raise SoundError(f"{file} is not a sound that can be read: {_reason(error)}") from None
    if len(samples) < frames * 0.98 - 4608:  # an MP3 may only guess its length
        raise SoundError(f"{file} is cut off: it holds {len(samples)} of {frames} frames; copy it again")
    mono = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1)
    return np.ascontiguousarray(mono, dtype=np.float32), rate


def _ends_early(file: Path) -> bool:
    """Whether a WAV, AIFF or Ogg file ends before its header or its last page says; libsndfile plays on."""
    size = file.stat().st_size
    with file.open("rb") as opened:
        head = opened.read(12)
        opened.seek(max(0, size - OGG_PAGE))
        tail = opened.read(OGG_PAGE)
    if head[:4] == b"RIFF" and head[8:] == b"WAVE":
        promised = int.from_bytes(head[4:8], "little")
        return promised < 0xFFFFFF00 and promised + 8 > size + 16  # a stream's length is unknown: all ones
    if head[:4] == b"FORM":
        return int.from_bytes(head[4:8], "big") + 8 > size + 16
    if head[:4] == b"OggS":
        return tail[tail.rfind(b"OggS") :][5:6] < b"\x04"  # the flag of the last page
    return False


def _reason(error: BaseException) -> str:
    return (str(getattr(error, "error_string", "")) or str(error) or type(error).__name__).rstrip(".")
