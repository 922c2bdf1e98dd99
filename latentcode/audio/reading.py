"""Reading sounds: any file that libsndfile reads, as mono float32 at the rate that is asked for."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio.decoding import decoded, length, opened
from latentcode.errors import SoundError
from latentcode.files import limits

RESAMPLED = 1 << 18  # samples at a time: the same bits as all at once, without a second copy of a long sound
KINDS = ".wav .wave .bwf .rf64 .bw64 .w64 .flac .ogg .oga .opus .mp3 .aif .aiff .aifc .au .snd .caf"
SUFFIXES = frozenset(KINDS.split())


def read(path: str | os.PathLike[str], sample_rate: int | None = None) -> tuple[Float32, int]:
    """The sound in a file: samples (n,), the mean of its channels, and their rate in Hz.

    Resampled to `sample_rate` (soxr, very high quality) when one is given. Of a file that is cut
    off, or holds samples far beyond full scale, there is what can be used, and a SoundWarning says
    so. Raises SoundError.
    """
    file = sound_file(path)
    samples, rate = decoded(file)
    if len(samples) == 0:
        raise SoundError(f"{file} holds no samples; record or export it again")
    if sample_rate is None or sample_rate == rate:
        return samples, rate
    return resampled(samples, rate, sample_rate), sample_rate


def size(path: str | os.PathLike[str]) -> tuple[int, int]:
    """How many frames a sound has, and its rate in Hz,
    without decoding it where its header is true.

    Raises SoundError.
    """
    return length(sound_file(path))


def brought(count: int, rate: int, sample_rate: int) -> int:
    """How many samples `count` of them at `rate` Hz are at `sample_rate` Hz.

    Raises SoundError for too many.
    """
    found = max(-(-count * sample_rate // rate), 1)
    if excess := limits.excess(4 * found):
        raise SoundError(f"{count} samples at {rate} Hz, brought to {sample_rate} Hz, would take {excess}")
    return found


def problem(path: str | os.PathLike[str]) -> str:
    """Why a file is no sound that can be read; empty when it begins as one does.

    Does not decode it.
    """
    try:
        with opened(sound_file(path)) as sound:
            return "" if len(sound.read(1)) else f"{path} holds no samples"
    except (SoundError, RuntimeError) as error:
        return str(error)


def resampled(samples: Float32, rate: int, sample_rate: int) -> Float32:
    """`samples` (n,) at `rate` Hz, at `sample_rate` Hz instead.

    Raises SoundError for a rate beyond 1000 to 768000 Hz.
    """
    if not 1000 <= sample_rate <= 768_000:
        raise SoundError(f"a sampling rate of {sample_rate} Hz; rates from 1000 to 768000 are allowed")
    brought(len(samples), rate, sample_rate)
    import soxr

    stream = soxr.ResampleStream(rate, sample_rate, 1, dtype="float32", quality="VHQ")
    firsts = range(0, max(len(samples), 1), RESAMPLED)
    pieces = [
        stream.resample_chunk(samples[first : first + RESAMPLED], last=first + RESAMPLED >= len(samples))
        for first in firsts
    ]
    return np.concatenate(pieces).astype(np.float32, copy=False)


def digest(path: str | os.PathLike[str]) -> str:
    """The blake2b digest of a file's content, as 32 hexadecimal digits.

    Raises SoundError where it cannot be read.
    """
    state, file = hashlib.blake2b(digest_size=16), sound_file(path)
    if file.stat().st_size > limits.most():
        size(file)  # what is too long is refused before all of it is read
    try:
        with file.open("rb") as opened:
            while block := opened.read(1 << 20):
                state.update(block)
    except OSError as error:
        raise SoundError(f"{path} cannot be read: {error.strerror or error}") from None
    return state.hexdigest()


def sound_file(path: str | os.PathLike[str]) -> Path:
    """`path` when a file with something in it is there; SoundError when not."""
    file = Path(os.path.expanduser(path))
    if os.path.isdir(file):
        raise SoundError(f"{file} is a folder; give a sound file in it")
    if not os.path.isfile(file):
        raise SoundError(f"no sound at {file}")
    if file.stat().st_size == 0:
        raise SoundError(f"{file} is empty; record or export it again")
    return file
