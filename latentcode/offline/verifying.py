"""Whether a session made a recording: it is rendered, and held against it sample by sample."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import SessionError
from latentcode.files.whereabouts import looking_in
from latentcode.models.card import default_is
from latentcode.offline.performed import Stamped
from latentcode.offline.playing import play_offline
from latentcode.session.journal import Session, read_session

STEPS = {"FLOAT": 0.0, "DOUBLE": 0.0, "PCM_24": 2**-23, "PCM_32": 2**-23, "PCM_16": 2.5 / (1 << 15)}
"""How far a sample may be off that is written so; 16 bits are dithered."""

PIECE = 1 << 16
SOUGHT = 1 << 15  # samples by which a recording is found in what is rendered
APART = 0.05  # seconds between two differences that are told apart
TRIED = 16  # places that are looked at more closely
ALIKE = 0.5  # correlation from which on a place is taken to be the right one

Progress = Callable[[float, float], None]  # seconds done, seconds in all


@dataclass(frozen=True)
class Verdict:
    """How a recording and a session agree.

    first   the sample of the session with which the recording begins
    frames  how many samples were compared, `beyond` how many lie outside of the session
    spans   where they differ: first and last sample of the session; `differing` samples in all
    """

    first: int
    frames: int
    beyond: int
    spans: tuple[tuple[int, int], ...]
    differing: int
    rate: int

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return not self.spans and self.frames > 0


class Written(NamedTuple):
    """Of a recording: its length in samples, and how far one of them may be off."""

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

    session = read_session(path)
    written = [_comparable(recording, session.number("rate")) for recording in recordings]
    with looking_in(session.folders), default_is(session.value("default")), tempfile.TemporaryFile() as file:
        asked = asked_again(session, notice)
        for block in _rendered(session, asked, report, notice):
            file.write(np.ascontiguousarray(block, np.float32).tobytes())
        file.flush()
        made = (
            np.memmap(file, np.float32, "r").reshape(-1, 2) if file.tell() else np.zeros((0, 2), np.float32)
        )
        return [_judged(session, made, *one) for one in zip(recordings, written, strict=True)]


def _comparable(recording: Path, rate: int) -> Written:
    """How a recording is written. Raises SessionError for one that cannot be compared."""
    import soundfile

    if not recording.exists():
        raise SessionError(f"there is no file {recording}")
    try:
        info = soundfile.info(str(recording))
    except (soundfile.SoundFileError, OSError) as error:
        raise SessionError(f"{recording} cannot be read: {error}") from None
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
    return Written(info.frames, STEPS[info.subtype])


def _judged(session: Session, made: Float32, recording: Path, written: Written) -> Verdict:
    """A recording held against what was rendered, where it agrees best."""
    first = _noted(session, recording, written.frames)
    places = _sought(made, recording) if first is None else [first]
    rate = session.number("rate")
    found = [_compared(made, recording, place, written.step, rate) for place in places]
    return min(found, key=lambda one: (one.differing + one.beyond, one.first))


def _rendered(
    session: Session, asked: Stamped, report: Progress, notice: Callable[[str], None]
) -> Iterator[Float32]:
    done, rate = 0, session.number("rate")
    for block in play_offline(session, asked, notice):
        yield block
        done += len(block)
        report(done / rate, session.end / rate)


def _noted(session: Session, recording: Path, frames: int) -> int | None:
    """Where a recording of this name and length began, by the session."""
    takes = [one for one in session.takes if Path(one.path).name == recording.name]
    return next((one.first for one in takes if one.frames == frames), takes[-1].first if takes else None)


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


def _compared(made: Float32, recording: Path, first: int, step: float, rate: int) -> Verdict:
    import soundfile

    wrong, frames, at = [], 0, first
    for block in soundfile.blocks(str(recording), PIECE, dtype="float32", always_2d=True):
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
    return Verdict(
        first, frames, at - first - frames, tuple(_spans(places, int(APART * rate))), len(places), rate
    )


def _spans(places: np.ndarray, apart: int) -> Iterator[tuple[int, int]]:
    """The first and last of places that lie close together."""
    if len(places):
        for part in np.split(places, np.flatnonzero(np.diff(places) > apart) + 1):
            yield int(part[0]), int(part[-1])
