"""Whether a session made a recording, of the mix or of a voice: it is rendered, and held against it
sample by sample.
"""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, nullcontext, suppress
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
GAUGED = 1 << 12  # samples of which each tells a gain
SOUGHT = 1 << 15  # samples by which a recording is found in what is rendered
APART = 0.05  # seconds between two differences that are told apart
TRIED = 16  # places that are looked at more closely
ALIKE = 0.5  # correlation from which on a place is taken to be the right one
CONVERTED = 0.03  # share of a recording's power up to which it may have come of a conversion
LEVEL = 10 ** (0.01 / 20)  # a gain that is one: 0.01 dB
FULL = 0.95  # from which on a sample may have been clipped
QUIET = 0.1  # of the power of the loudest piece, below which one tells nothing of a gain

FRAME = 8  # bytes: two floats

Progress = Callable[[float, float], None]  # seconds done, seconds in all


@dataclass(frozen=True)
class Verdict:
    """How a recording and a session agree.

    first   the sample of the session with which the recording begins
    frames  how many samples were compared, `beyond` how many lie outside of the session
    spans   where they differ: first and last sample of the session; `differing` samples in all
    voice   whose stem it is, from 0; None: the mix
    apart   the power of what differs, as a share of the recording's
    gain    by what the session was multiplied to be held against it, to 16 bits where that is
            not 1; below 0: upside down
    """

    first: int
    frames: int
    beyond: int
    spans: tuple[tuple[int, int], ...]
    differing: int
    rate: int
    voice: int | None = None
    apart: float = 0.0
    gain: float = 1.0

    @property
    def equal(self) -> bool:
        """Whether nothing differs, but for its level where that is another."""
        return not self.spans and self.frames > 0

    @property
    def louder(self) -> float:
        """By how much the recording is louder than the session, in dB."""
        return 20 * math.log10(abs(self.gain))

    @property
    def alike(self) -> bool:
        """Whether it differs nearly everywhere, and by little: it was converted on its way."""
        return 2 * self.differing > self.frames and self.apart < CONVERTED


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
    """A recording held against what was rendered, where it agrees best; at another level, where it
    agrees better so.
    """
    first, whole = _noted(session, written)
    rate = session.number("rate")
    places = [] if first is None else [first]
    found = [_compared(made, written, place, rate) for place in places]
    if not found or not (whole or found[0].equal):
        with suppress(SessionError) if found else nullcontext():
            places = _sought(made, written.path)
            found += [_compared(made, written, place, rate) for place in places]
    best = min(found, key=_wrong)
    gain = 1.0 if best.equal else _gain(made, written, places[0])
    if 1 / LEVEL < gain < LEVEL:
        return best
    leveled = _compared(made, written, places[0], rate, gain)
    return min(best, leveled, key=_wrong) if leveled.apart < ALIKE else best


def _wrong(verdict: Verdict) -> tuple[int, float, int]:
    """How much of a recording does not agree; where nearly all of it differs, by how much, and of
    places that are alike the first counts.
    """
    all_of_it = 10 * verdict.differing > 9 * verdict.frames
    differing = verdict.frames if all_of_it else verdict.differing
    return differing + verdict.beyond, verdict.apart, verdict.first


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


def _noted(session: Session, written: Written) -> tuple[int | None, bool]:
    """Where a recording of this name began, by the session, and whether it is as long as that."""
    takes = [one for one in session.takes if Path(one.path).name == written.take]
    whole = [one.first for one in takes if one.frames == written.frames]
    return next(iter([*whole, *(one.first for one in takes[-1:])]), None), bool(whole)


def _sought(made: Float32, recording: Path) -> list[int]:
    """Where a recording may lie in what was rendered, the likeliest first, as music repeats; it may
    have been cut, and its level may be another.

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

    def off(place: int) -> tuple[float, float]:
        there = np.zeros_like(loudest)
        piece = made[place : place + len(loudest)]
        there[: len(piece)] = piece
        gain = _ratio(there, loudest) or 1e-9
        apart = float(np.square(loudest - np.float32(gain) * there).sum()) / best
        return round(apart, 3), abs(math.log(abs(gain))) + (gain < 0)

    return [place - at for place in sorted(found, key=off)[:TRIED]]


def _likeness(made: Float32, loudest: Float32) -> Iterator[tuple[float, int]]:
    """Where a piece is most like another: correlation and place, for each piece some."""
    wanted, count, size = loudest.mean(axis=1, dtype=np.float64), len(loudest), 4 * SOUGHT
    wanted -= wanted.mean()
    spectrum, norm = np.conj(np.fft.rfft(wanted, size)), float(np.sqrt(np.square(wanted).sum())) or 1.0
    step = size - count + 1
    for begin in range(0, max(len(made), 1), step):
        piece = np.zeros(size)
        there = np.asarray(made[begin : begin + size]).mean(axis=1, dtype=np.float64)
        piece[: len(there)] = there
        products = np.fft.irfft(np.fft.rfft(piece) * spectrum, size)[:step]
        sums = np.concatenate([[0.0], np.cumsum(np.square(piece))])
        alike = np.abs(products) / (np.sqrt(np.maximum(sums[count:] - sums[:-count], 1e-9)) * norm)
        beside = np.pad(alike, 1, constant_values=-1.0)
        peaks = np.flatnonzero((alike >= beside[:-2]) & (alike >= beside[2:]))
        for place in peaks[np.argsort(alike[peaks])[-TRIED:]].tolist():
            yield float(alike[place]), begin + place


def _gain(made: Float32, written: Written, first: int) -> float:
    """By what a session is to be multiplied to be as loud as a recording: in most of its pieces."""
    pieces = [
        (float(np.square(ours).sum()), _ratio(*_below_full(ours, heard)))
        for _, heard, ours in _pairs(made, written, first, GAUGED)
    ]
    loudest = max((power for power, _ in pieces), default=0.0)
    ratios = [ratio for power, ratio in pieces if power > QUIET * loudest]
    return float(np.median(ratios) if ratios else 0.0) or 1.0


def _below_full(ours: Float32, heard: Float32) -> tuple[Float32, Float32]:
    """Without what has come near full scale, and was clipped there."""
    kept = np.abs(heard) < FULL
    return ours[kept], heard[kept]


def _ratio(ours: Float32, heard: Float32) -> float:
    """By what ours is to be multiplied to come closest to what is heard."""
    power = float(np.square(ours, dtype=np.float64).sum())
    return float(np.multiply(ours, heard, dtype=np.float64).sum()) / power if power else 1.0


def _pairs(
    made: Float32, written: Written, first: int, size: int = PIECE
) -> Iterator[tuple[int, Float32, Float32]]:
    """A recording and what was rendered, piece by piece, each with its first sample there."""
    import soundfile

    at = first
    for block in soundfile.blocks(str(written.path), size, dtype="float32", always_2d=True):
        begin, end = max(at, 0), min(at + len(block), len(made))
        if begin < end:
            yield begin, block[begin - at : end - at, :2], np.asarray(made[begin:end])
        at += len(block)


def _compared(made: Float32, written: Written, first: int, rate: int, gain: float = 1.0) -> Verdict:
    wrong, frames, powers = [np.zeros(0, np.int64)], 0, np.zeros(2)
    step = written.step if gain == 1.0 else STEPS["PCM_16"] * max(abs(gain), 1.0)
    for begin, heard, rendered in _pairs(made, written, first):
        ours = rendered if gain == 1.0 else rendered * np.float32(gain)
        if written.step:
            ours = np.clip(ours, -1.0, 1.0 - written.step)
        off = heard - ours
        wrong.append(begin + np.flatnonzero((np.abs(off) > step).any(axis=1)))
        powers += [np.square(one, dtype=np.float64).sum() for one in (off, heard)]
        frames += len(ours)
    places = np.concatenate(wrong)
    spans, apart = tuple(_spans(places, int(APART * rate))), float(powers[0] / max(powers[1], 1e-20))
    beyond = written.frames - frames
    return Verdict(first, frames, beyond, spans, len(places), rate, written.voice, apart, gain)


def _spans(places: np.ndarray, apart: int) -> Iterator[tuple[int, int]]:
    """The first and last of places that lie close together."""
    if len(places):
        for part in np.split(places, np.flatnonzero(np.diff(places) > apart) + 1):
            yield int(part[0]), int(part[-1])
