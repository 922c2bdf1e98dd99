"""Decoding sound files block by block to one channel: what is damaged, wild or cancelled is mended,
with a word.
"""

from __future__ import annotations

import math
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.audio import headers
from latentcode.errors import SoundError, SoundWarning
from latentcode.files import limits

if TYPE_CHECKING:
    from soundfile import SoundFile

BLOCK = 1 << 16  # frames
MOST_AT_ONCE = 1 << 20  # numbers
RATES = range(1000, 768_001)  # Hz that sound can have
GUESSED = 0.98, 4608  # an MP3 may only guess its length: so much of it must be there, or so many frames less
CANCELLED = 1e-3  # of the louder side's power, which the mean of both must have
WILD = 8.0  # times full scale: no sound that was mixed goes so far
HEARD = 1e-4  # times full scale
FULL_SCALES = (2.0**15, 2.0**23, 2.0**31)  # of whole numbers that were written as floats
FOREIGN = ".m4a .m4b .mp4 .aac .wma .alac .ape .wv .mka .webm .amr .ac3 .dts .tta .ra .3gp"
UNREADABLE = frozenset(FOREIGN.split())
CONVERT = "convert them, as with ffmpeg -i x.m4a x.wav"
OGG_PAGE = 65_307  # bytes at most


def decoded(file: Path) -> tuple[Float32, int]:
    """The mean of a sound's channels (n,) and its rate in Hz, as much of it as can be read.

    Raises SoundError.
    """
    with opened(file) as sound:
        rate, promised = int(sound.samplerate), int(sound.frames)
        mono, levels = _mono(file, sound)
        if _cut_off(file, len(mono), promised) and len(mono):
            _tell(f"{file} is cut off: the {len(mono) / rate:.2f} s that are there are used; copy it again")
    if levels.cancelled:
        side = int(np.argmax(levels.sides))
        with opened(file) as sound:
            mono, levels = _mono(file, sound, side)
        name = ("left", "right")[side] if len(levels.sides) == 2 else f"loudest ({side + 1})"
        _tell(f"{file}: its sides cancel each other out; the {name} one is taken")
    return _tamed(file, mono, levels.peak), rate


def length(file: Path) -> tuple[int, int]:
    """How many frames can be read of a sound, and its rate in Hz;
    from its header where that tells the truth.
    """
    with opened(file) as sound:
        frames, rate = int(sound.frames), int(sound.samplerate)
        if _has_its_end(sound, frames):
            return frames, rate
    with opened(file) as sound:
        counted = sum(map(len, _blocks(sound)))
    return frames if _as_guessed(counted, frames) else counted, rate


@contextmanager
def opened(file: Path) -> Iterator[SoundFile]:
    """A sound file, its header amended where it does not say how much there is.

    Raises SoundError.
    """
    import soundfile

    try:
        found = headers.find(file)
        amended = headers.opened(file, found)
        with soundfile.SoundFile(amended or encoded(file)) as sound:
            _check_claims(file, int(sound.frames), int(sound.samplerate))
            yield sound
    except (soundfile.SoundFileError, OSError, MemoryError, ValueError) as error:
        suffix = file.suffix.lower()
        reason = f"{suffix} files cannot be; {CONVERT}" if suffix in UNREADABLE else _reason(error)
        raise SoundError(f"{file} is not a sound that can be read: {reason}") from None


def encoded(file: Path) -> str | bytes:
    """The name of a file as libsndfile takes it, in UTF-8 or not."""
    return os.fspath(file) if sys.platform == "win32" else os.fsencode(file)


def longest() -> int:
    """The frames that a sound may have: usually more than three hours at 44100 Hz."""
    return limits.most() // 4


def _check_claims(file: Path, frames: int, rate: int) -> None:
    """Refuse what is too long, as far as its file is large enough for what it claims;
    and rates that no sound has.
    """
    if rate not in RATES:
        raise SoundError(
            f"{file} says that its rate is {rate} Hz; from {RATES[0]} to {RATES[-1]} Hz are read: export it again"
        )
    if min(frames, file.stat().st_size) > longest():
        raise SoundError(f"{file} is too long: it would take {limits.excess(4 * frames)}; cut it")


@dataclass
class _Levels:
    """How strong a sound is: its peak, the power of each channel and of their mean (of one channel:
    not measured).
    """

    sides: Float64
    mean: float = 0.0
    peak: float = 0.0

    @property
    def cancelled(self) -> bool:
        return len(self.sides) > 1 and self.mean < CANCELLED * float(self.sides.max())

    def hear(self, block: Float32, mono: Float32) -> None:
        self.peak = float(np.max([self.peak, mono.max(), -mono.min()]))  # no number stays none
        if len(self.sides) > 1:
            self.mean += float(np.dot(mono, mono))
            self.sides += np.einsum("ij,ij->j", block, block)


def _mono(file: Path, sound: SoundFile, side: int | None = None) -> tuple[Float32, _Levels]:
    """The mean of the channels, or one of them, and the levels; whatever can be decoded."""
    levels, count = _Levels(np.zeros(sound.channels)), 0
    claimed = min(
        int(sound.frames), file.stat().st_size
    )  # what is packed more tightly makes room as it comes
    made = np.empty(max(min(claimed, longest()), BLOCK), np.float32)
    for block in _blocks(sound):
        with np.errstate(invalid="ignore"):  # two infinities; it is said below
            mono = block[:, side or 0] if len(block[0]) == 1 or side is not None else block.mean(axis=1)
        levels.hear(block, mono)
        if excess := limits.excess(4 * (count + len(mono))):
            raise SoundError(f"{file} is too long: it would take {excess}; cut it")
        if count + len(mono) > len(made):
            made = np.concatenate([made[:count], np.empty(max(count, len(mono)), np.float32)])
        made[count : count + len(mono)] = mono
        count += len(mono)
    if not math.isfinite(levels.peak):
        raise SoundError(f"{file} holds samples that are not numbers; export it again")
    return made[:count], levels


def _blocks(sound: SoundFile) -> Iterator[Float32]:
    """A sound's frames (n, channels), up to its end or to where it cannot be decoded any more."""
    import soundfile

    rows = max(min(BLOCK, MOST_AT_ONCE // sound.channels), 1)
    buffer, first = np.empty((rows, sound.channels), np.float32), True
    while True:
        buffer.fill(np.nan)
        try:
            count = len(sound.read(out=buffer))
        except soundfile.SoundFileError:
            there = np.flatnonzero(~np.isnan(buffer).all(axis=1))  # what was decoded before it failed
            count = int(there[-1]) + 1 if len(there) else 0
            if first and not count:
                raise
        if count:
            yield buffer[:count]
        if count < rows:
            return
        first = False


def _has_its_end(sound: SoundFile, frames: int) -> bool:
    """Whether the last frame that is promised can be read."""
    import soundfile

    if not 0 < frames <= longest():
        return frames == 0
    try:
        sound.seek(frames - 1)
        return len(sound.read(1)) == 1
    except (soundfile.SoundFileError, RuntimeError):
        return False


def _cut_off(file: Path, count: int, promised: int) -> bool:
    """Whether a sound ends before its header, or the last page of an Ogg file, says;
    libsndfile plays on.
    """
    found = headers.find(file)
    if found is not None:
        return found.cut_off
    with file.open("rb") as opened:
        if opened.read(4) != b"OggS":
            return promised <= longest() and not _as_guessed(count, promised)
        opened.seek(max(0, file.stat().st_size - OGG_PAGE))
        tail = opened.read()
    return tail[tail.rfind(b"OggS") :][5:6] < b"\x04"  # the flag of the last page


def _as_guessed(count: int, promised: int) -> bool:
    return count >= promised * GUESSED[0] - GUESSED[1]


def _tamed(file: Path, mono: Float32, peak: float) -> Float32:
    """A sound without what is far beyond full scale: whole numbers are scaled,
    single wild samples left out.
    """
    if peak <= WILD:
        return mono
    wild = np.abs(mono) > WILD
    if np.count_nonzero(wild) > np.count_nonzero(np.abs(mono) > HEARD) / 2:
        whole = next((scale for scale in FULL_SCALES if peak <= scale), peak)
        scale = whole if peak > FULL_SCALES[0] / 64 else peak
        _tell(f"{file} reaches {peak:.3g} times full scale; it is played at 1/{scale:.6g} of its level")
        return np.asarray(mono / scale, np.float32)
    count = int(np.count_nonzero(wild))
    _tell(f"{file} has {count} samples far beyond full scale (up to {peak:.3g}); they are left out")
    return np.asarray(np.where(wild, 0, mono), np.float32)


def _tell(text: str) -> None:
    warnings.warn(text, SoundWarning, stacklevel=2)


def _reason(error: BaseException) -> str:
    return (str(getattr(error, "error_string", "")) or str(error) or type(error).__name__).rstrip(".")
