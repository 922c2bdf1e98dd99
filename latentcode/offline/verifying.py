"""Whether a session made a recording, of the mix or of a voice: it is rendered, and held against it
sample by sample.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import SessionError
from latentcode.files.whereabouts import looking_in
from latentcode.models.card import default_is
from latentcode.offline.performed import Stamped
from latentcode.offline.playing import play_offline
from latentcode.parameters import VOICES
from latentcode.player.recorder import stem_path
from latentcode.player.stems import Stems
from latentcode.player.transport import Tap
from latentcode.session.journal import Session
from latentcode.session.reading import read_shown

STEPS = {"FLOAT": 0.0, "DOUBLE": 0.0, "PCM_24": 2**-23, "PCM_32": 2**-23, "PCM_16": 2.5 / (1 << 15)}
"""How far a sample may be off that is written so; 16 bits are dithered."""

PIECE = 1 << 16
SOUGHT = 1 << 15  # samples by which a recording is found in what is rendered
APART = 0.05  # seconds between two differences that are told apart
TRIED = 16  # places that are looked at more closely
ALIKE = 0.5  # correlation from which on a place is taken to be the right one

FRAME = 8  # bytes: two floats

Progress = Callable[[float, float], None]  # seconds done, seconds in all


@dataclass(frozen=True)
class Verdict:
    """How a recording and a session agree.

    first   the sample of the session with which the recording begins
    frames  how many samples were compared, `beyond` how many lie outside of the session
    spans   where they differ: first and last sample of the session; `differing` samples in all
    voice   whose stem it is, from 0; None: the mix
    """

    first: int
    frames: int
    beyond: int
    spans: tuple[tuple[int, int], ...]
    differing: int
    rate: int
    voice: int | None = None

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return not self.spans and self.frames > 0


class Written(NamedTuple):
    """A recording: its file and the name of its take, whose stem it is (None: the mix), its length
    in samples, and how far one of them may be off.
    """

    path: Path
    take: str
    voice: int | None
    frames: int
    step: float


def verified(
    path: Path,
    recording: Path,
    report: Progress = lambda done, total: None,
    notice: Callable[[str], None] = lambda text: None,
) -> Verdict:
    """Render a session and hold a recording of it against it. The session's code is run.

    Where its recording began is what the session has noted; where it has not, the place is sought.
    Raises SessionError where they cannot be compared.
    """
    return verified_each(path, [recording], report, notice)[0]


def verified_each(
    path: Path,
    recordings: Sequence[Path],
    report: Progress = lambda done, total: None,
    notice: Callable[[str], None] = lambda text: None,
) -> list[Verdict]:
    """As `verified`, for several recordings of one session, which is rendered once.

    Raises SessionError.
    """
    from latentcode.prompt.again import asked_again

    session = read_shown(path)
    written = [_comparable(session, recording) for recording in recordings]
    with looking_in(session.folders), default_is(session.value("default")), ExitStack() as files:
        asked = asked_again(session, notice)
        made = {
            voice: _Samples(files.enter_context(tempfile.TemporaryFile()))
            for voice in dict.fromkeys(one.voice for one in written)
        }
        stems = Stems(session.number("rate")) if any(voice is not None for voice in made) else None
        at = 0
        for block in _rendered(session, asked, report, notice, [] if stems is None else [stems.tap]):
            if None in made:
                made[None].write(at, block)
            at += len(block)
            for begin, voices in () if stems is None else stems.take():
                for voice, samples in made.items():
                    if voice is not None:
                        samples.write(begin, voices[voice])
        return [_judged(session, made[one.voice].read(), one) for one in written]


class _Samples:
    """What is rendered, (frames, 2), in a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, first: int, block: Float32) -> None:
        self._file.seek(first * FRAME)
        self._file.write(np.ascontiguousarray(block, np.float32).tobytes())

    def read(self) -> Float32:
        self._file.flush()
        if not self._file.seek(0, os.SEEK_END):
            return np.zeros((0, 2), np.float32)
        return np.memmap(self._file, np.float32, "r").reshape(-1, 2)


def _comparable(session: Session, recording: Path) -> Written:
    """How a recording is written. Raises SessionError for one that cannot be compared."""
    import soundfile

    if not recording.exists():
        raise SessionError(f"there is no file {recording}")
    try:
        info = soundfile.info(str(recording))
    except (soundfile.SoundFileError, OSError) as error:
        raise SessionError(f"{recording} cannot be read: {error}") from None
    rate = session.number("rate")
    if info.samplerate != rate:
        raise SessionError(
            f"{recording} has {info.samplerate} Hz, the session {rate} Hz: they cannot be compared; a take "
            "at another rate, or one that was resampled, has none of its samples"
        )
    if info.channels < 2:
        raise SessionError(f"{recording} has one channel, a session two: they cannot be compared")
    if info.subtype not in STEPS:
        raise SessionError(
            f"{recording} is compressed ({info.subtype}): only WAV, FLAC and AIFF can be compared"
        )
    return Written(recording, *_part(session, recording), info.frames, STEPS[info.subtype])


def _part(session: Session, recording: Path) -> tuple[str, int | None]:
    """The name of the take to which a file belongs, and the voice, from 0, whose stem it is: one of
    a recording (take-d1.wav) or of a render (d1.wav).
    """
    name, takes = recording.name, {Path(one.path).name for one in session.takes}
    parts: dict[str, tuple[str, int | None]] = {
        f"d{voice + 1}{recording.suffix}": (name, voice) for voice in range(VOICES)
    }
    parts |= {stem_path(take, voice): (take, voice) for take in takes for voice in range(VOICES)}
    return (parts | {take: (take, None) for take in takes}).get(name, (name, None))


def _judged(session: Session, made: Float32, written: Written) -> Verdict:
    """A recording held against what was rendered, where it agrees best."""
    first = _noted(session, written)
    places = _sought(made, written.path) if first is None else [first]
    rate = session.number("rate")
    found = [_compared(made, written, place, rate) for place in places]
    return min(found, key=lambda one: (one.differing + one.beyond, one.first))


def _rendered(
    session: Session,
    asked: Stamped,
    report: Progress,
    notice: Callable[[str], None],
    taps: Sequence[Tap],
) -> Iterator[Float32]:
    done, rate = 0, session.number("rate")
    for block in play_offline(session, asked, notice, taps):
        yield block
        done += len(block)
        report(done / rate, session.end / rate)


def _noted(session: Session, written: Written) -> int | None:
    """Where a recording of this name and length began, by the session."""
    takes = [one for one in session.takes if Path(one.path).name == written.take]
    whole = (one.first for one in takes if one.frames == written.frames)
    return next(whole, takes[-1].first if takes else None)


def _sought(made: Float32, recording: Path) -> list[int]:
    """Where a recording may lie in what was rendered, as music repeats; it may have been cut.

    Raises SessionError.
    """
    import soundfile

    loudest, best, at = np.zeros((0, 2), np.float32), 0.0, 0
    for place, block in enumerate(soundfile.blocks(str(recording), SOUGHT, dtype="float32", always_2d=True)):
        energy = float(np.square(block[:, :2]).sum())
        if energy > best:
            loudest, best, at = block[:, :2], energy, place * SOUGHT
    if not best:
        raise SessionError(f"{recording} is silent: it says nothing of a session")
    found = [place for alike, place in _likeness(made, loudest) if alike >= ALIKE]
    if not found:
        raise SessionError(f"{recording} is nowhere in what the session renders to: it was made by another")

    def off(place: int) -> float:
        there = np.asarray(made[place : place + len(loudest)])
        return float(np.abs(there - loudest[: len(there)]).sum()) + len(loudest) - len(there)

    return [place - at for place in sorted(found, key=off)[:TRIED]]


def _likeness(made: Float32, loudest: Float32) -> Iterator[tuple[float, int]]:
    """Where a piece is most like another: correlation and place, for each piece some."""
    wanted, count, size = loudest.mean(axis=1, dtype=np.float64), len(loudest), 4 * SOUGHT
    spectrum, norm = np.conj(np.fft.rfft(wanted, size)), float(np.sqrt(np.square(wanted).sum())) or 1.0
    step = size - count + 1
    for begin in range(0, max(len(made), 1), step):
        piece = np.zeros(size)
        there = np.asarray(made[begin : begin + size]).mean(axis=1, dtype=np.float64)
        piece[: len(there)] = there
        products = np.fft.irfft(np.fft.rfft(piece) * spectrum, size)[:step]
        sums = np.concatenate([[0.0], np.cumsum(np.square(piece))])
        alike = products / (np.sqrt(np.maximum(sums[count:] - sums[:-count], 1e-9)) * norm)
        beside = np.pad(alike, 1, constant_values=-1.0)
        peaks = np.flatnonzero((alike >= beside[:-2]) & (alike >= beside[2:]))
        for place in peaks[np.argsort(alike[peaks])[-TRIED:]].tolist():
            yield float(alike[place]), begin + place


def _compared(made: Float32, written: Written, first: int, rate: int) -> Verdict:
    import soundfile

    wrong, frames, at, step = [], 0, first, written.step
    for block in soundfile.blocks(str(written.path), PIECE, dtype="float32", always_2d=True):
        begin, end = max(at, 0), min(at + len(block), len(made))
        if begin < end:
            heard = block[begin - at : end - at, :2]
            ours = np.asarray(made[begin:end])
            if step:
                ours = np.clip(ours, -1.0, 1.0 - step)
            wrong.append(begin + np.flatnonzero((np.abs(heard - ours) > step).any(axis=1)))
            frames += end - begin
        at += len(block)
    places = np.concatenate(wrong) if wrong else np.zeros(0, np.int64)
    spans = tuple(_spans(places, int(APART * rate)))
    return Verdict(first, frames, at - first - frames, spans, len(places), rate, written.voice)


def _spans(places: np.ndarray, apart: int) -> Iterator[tuple[int, int]]:
    """The first and last of places that lie close together."""
    if len(places):
        for part in np.split(places, np.flatnonzero(np.diff(places) > apart) + 1):
            yield int(part[0]), int(part[-1])
