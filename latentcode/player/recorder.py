"""Writes what is played to WAV or FLAC files, on a thread of its own."""

from __future__ import annotations

import math
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Protocol

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio.flac import FlacFile
from latentcode.errors import AudioError
from latentcode.player.stems import Stems
from latentcode.player.transport import Report

_HEADER = struct.Struct("<4sI4s4sIQQQI4sIHHIIHHH4sII4sI")
_LARGEST = 0xFFFFFFFF
_GATHERED = 0.1  # seconds of sound that are written at a time
_STILL = 1 << 16  # frames of silence at a time
SETTLING = 2.0  # seconds in which somebody must say of the last samples that they are settled
_LOOK = 0.01
_FAR = 1 << 62


class OpenFile(Protocol):
    """A file that is written; whoever reads it finds all of it at any moment, but for what is
    gathered.
    """

    frames: int

    def write(self, block: Float32) -> None: ...
    def close(self) -> None: ...


class Recorder:
    """One recording. `sink` is for the transport; samples before the set begins are left out.

    channels  of the file: those of the first outputs
    stems     the voices, each for a file of its own beside it (take-d1.wav) as soon as it sounds
    settled   gives the sample before which is known for good how it came about: what lies behind is
              written later, so that whoever dies leaves no sound that the journal does not explain
    begun     gives the first sample of the set

    Samples from `until` on are left out.

    Reports ("recording", path, first sample), then after `stop` ("recorded", path, first sample,
    frames). The headers are brought up to date with each block, so that a crash leaves files of all
    that was written; a full disk ends the recording, and what was written before can be read.
    """

    def __init__(
        self,
        path: str,
        rate: int,
        report: Report,
        channels: int = 2,
        stems: Stems | None = None,
        settled: Callable[[], float] = lambda: math.inf,
        begun: Callable[[], int] = lambda: 0,
    ) -> None:
        self.path = path
        self._rate, self._report, self._channels, self._stems = rate, report, channels, stems
        self._settled, self._begun, self._cut, self.until = settled, begun, False, math.inf
        self._blocks: SimpleQueue[tuple[int, Float32] | None] = SimpleQueue()
        self._unsettled: deque[tuple[int, Float32]] = deque()
        self._full = False
        self._first: int | None = None
        self._voices: dict[int, OpenFile] = {}
        self._gathered: list[Float32] = []
        self._coming: deque[tuple[int, Float32]] = deque()
        try:
            self._file = _opened(path, rate, channels)
        except OSError as error:
            raise AudioError(f"cannot record to {path}: {error.strerror or error}") from error
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def sink(self, first: int, block: Float32) -> None:
        """Take one block (n, outputs) that begins at session sample `first`."""
        if not self._full and first < self.until:
            self._blocks.put((first, block))

    @property
    def writes(self) -> bool:
        """Whether it is not whole yet."""
        return self._thread.is_alive()

    def cut(self) -> None:
        """Write nothing any more of what is not settled: nobody is there to say so."""
        self._cut = True
        self._blocks.put(None)

    def stop(self, wait: float = 0.0) -> None:
        """Finish the files; waits for them up to `wait` seconds."""
        self._blocks.put(None)
        self._thread.join(wait)

    def _run(self) -> None:
        try:
            self._file.write(np.zeros((0, self._channels), np.float32))  # its header
            while (item := self._blocks.get()) is not None:
                self._take(*item)
                self._settle(self._settled())
                if sum(map(len, self._gathered)) >= _GATHERED * self._rate:
                    self._write()
            self._wait()
            self._write()
            self._finish()
        except OSError as error:
            self._full = True
            self._report("error", f"the recording {self.path} ends here: {error.strerror or error}")
            self._give_up()
        self._report("recorded", self.path, self._first or 0, self._file.frames)

    def _take(self, position: int, block: Float32) -> None:
        early = max(0, self._begins - position)
        position, block = position + early, block[early:]
        if not len(block):
            return
        if self._first is None:
            self._first = position
            self._report("recording", self.path, position)
        self._unsettled.append((position, block))

    @property
    def _begins(self) -> int:
        """The first sample that is recorded: of the set, and of the voices beside the mix."""
        if self._stems is None:
            return self._begun()
        return max(self._begun(), _FAR if self._stems.begun is None else self._stems.begun)

    def _wait(self) -> None:
        """Keep the rest when it is settled; where nobody says so, as it is, rather than lose it."""
        end = time.monotonic() + SETTLING
        self._settle(self._settled())
        while self._unsettled and not self._cut and time.monotonic() < end:
            time.sleep(_LOOK)
            self._settle(self._settled())
        if not self._cut:
            self._settle(math.inf)

    def _settle(self, until: float) -> None:
        while self._unsettled and _end(*self._unsettled[0]) <= until:
            self._keep(self._unsettled.popleft()[1])

    def _keep(self, block: Float32) -> None:
        block = block[:, : self._channels]
        missing = self._channels - block.shape[1]  # another device may have fewer
        self._gathered.append(np.pad(block, ((0, 0), (0, missing))) if missing else block)

    def _write(self) -> None:
        if self._gathered:
            self._file.write(np.concatenate(self._gathered))
            self._gathered.clear()
        if self._stems is not None and self._first is not None:
            self._coming.extend(self._stems.take())
            self._write_voices(self._first, self._first + self._file.frames)

    def _write_voices(self, first: int, last: int) -> None:
        """Write of the voices what there is of the mix; they are computed before it is."""
        while self._coming and self._coming[0][0] < last:
            position, voices = self._coming.popleft()
            if position + voices.shape[1] > last:
                self._coming.appendleft((last, voices[:, last - position :]))
                voices = voices[:, : last - position]
            for voice, block in enumerate(voices):
                self._add(voice, position - first, block)

    def _add(self, voice: int, begin: int, block: Float32) -> None:
        """What a voice gave from a frame on."""
        block, begin = block[max(-begin, 0) :], max(begin, 0)
        file = self._voices.get(voice)
        if file is None and not block.any():
            return
        if file is None:
            file = self._voices[voice] = _opened(stem_path(self.path, voice), self._rate, 2)
        _pad(file, begin, 2)
        file.write(block)

    def _finish(self) -> None:
        for file in self._voices.values():
            _pad(file, self._file.frames, 2)
        for file in (self._file, *self._voices.values()):
            file.close()

    def _give_up(self) -> None:
        for file in (self._file, *self._voices.values()):
            with suppress(OSError):
                file.close()


def _end(position: int, block: Float32) -> int:
    return position + len(block)


def stem_path(path: str, voice: int) -> str:
    """The file of a voice beside that of the mix."""
    mix = Path(path)
    return str(mix.with_name(f"{mix.stem}-d{voice + 1}{mix.suffix}"))


def _opened(path: str, rate: int, channels: int) -> OpenFile:
    kind = FlacFile if Path(path).suffix.lower() == ".flac" else _WavFile
    return kind(path, rate, channels)


def _pad(file: OpenFile, until: int, channels: int) -> None:
    """Let a file be silent up to a frame."""
    while file.frames < until:
        file.write(np.zeros((min(_STILL, until - file.frames), channels), np.float32))


class _WavFile:
    """32-bit floats; its header says at any moment how many there are."""

    def __init__(self, path: str, rate: int, channels: int) -> None:
        self.frames, self._rate, self._channels = 0, rate, channels
        self._file = Path(path).open("wb", buffering=0)  # noqa: SIM115 (closed by whoever writes it)

    def write(self, block: Float32) -> None:
        if self.frames == 0:
            self._save_header(0)
        self._put(block.astype("<f4").tobytes())
        self._save_header(self.frames + len(block))
        self.frames += len(block)

    def close(self) -> None:
        self._file.close()

    def _put(self, data: bytes) -> None:
        """Write all of it: a disk that fills takes a part, and refuses the rest."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]

    def _save_header(self, frames: int) -> None:
        self._file.seek(0)
        self._put(_header(self._rate, frames, self._channels))
        self._file.seek(0, 2)


def _header(rate: int, frames: int, channels: int = 2) -> bytes:
    """The bytes before the samples of a WAV file of format 3 (IEEE float), as many for any length.

    From 4 GiB on it is an RF64 file (EBU Tech 3306): the true sizes stand in the chunk that was
    left free for them.
    """
    size = 4 * channels
    data = frames * size
    riff, small = _HEADER.size - 8 + data, _HEADER.size - 8 + data <= _LARGEST
    sizes = (b"JUNK", 28, 0, 0, 0, 0) if small else (b"ds64", 28, riff, data, frames, 0)
    form = (b"fmt ", 18, 3, channels, rate, rate * size, size, 32, 0)
    kind, told = (b"RIFF", riff) if small else (b"RF64", _LARGEST)
    fact, length = min(frames, _LARGEST), data if small else _LARGEST
    return _HEADER.pack(kind, told, b"WAVE", *sizes, *form, b"fact", 4, fact, b"data", length)
