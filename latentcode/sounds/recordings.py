"""What came in at the device, as it was recorded beside the journal: a file for each input, and for
each engine that has heard it.
"""

from __future__ import annotations

import mmap
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio.flac import FlacFile
from latentcode.sounds.hearing import STEPS

PIECE = 1 << 16  # samples that are read at a time
TAIL = 1 << 16  # samples that are kept beside a recording while it grows; the last half of them counts


class Recorded(NamedTuple):
    """A recording of an input (from 1), its first sample, and its file."""

    channel: int
    first: int
    path: str


class RecordedTape:
    """What recordings hold: the latest counts where there are several. See `hearing.Tape`.

    `notice` is told, once, of what is not there.
    """

    def __init__(self, recordings: Iterable[Recorded], rate: int, notice: Callable[[str], None]) -> None:
        self._parts = [_Part(found, rate, notice) for found in recordings]
        self._notice, self._told = notice, {part.recorded.channel for part in self._parts}

    def open(self, channel: int) -> bool:
        """All that there will be is there."""
        if channel not in self._told:
            self._told.add(channel)
            self._notice(f"nothing was recorded of what came in at input {channel}: it is silent here")
        return True

    def samples(self, channel: int, first: int, count: int) -> Float32:
        out = np.zeros(count, np.float32)
        for part in self._parts:
            if part.recorded.channel == channel:
                part.copy(first, out)
        return out


class _Part:
    """One recording, read in pieces that begin at the same places whoever asks."""

    def __init__(self, recorded: Recorded, rate: int, notice: Callable[[str], None]) -> None:
        self.recorded, self._rate, self._notice = recorded, rate, notice
        self._file: Any = None
        self._gone, self._tail = False, Tail.read(recorded.path)
        self._pieces: dict[int, Float32] = {}

    def copy(self, first: int, out: Float32) -> None:
        """Put what it has of the samples from `first` on into `out`."""
        self._copy_file(first, out)
        if self._tail is not None:
            begin, samples = self._tail[0] + self.recorded.first - first, self._tail[1]
            low, high = max(begin, 0), min(begin + len(samples), len(out))
            out[low : max(low, high)] = samples[low - begin : max(high, low) - begin]

    def _copy_file(self, first: int, out: Float32) -> None:
        begin, end = max(first - self.recorded.first, 0), first - self.recorded.first + len(out)
        while begin < end and not self._gone:
            piece, place = begin // PIECE, begin % PIECE
            found = self._piece(piece)[place : place + end - begin]
            if not len(found):
                return
            where = begin + self.recorded.first - first
            out[where : where + len(found)] = found
            begin += len(found)

    def _piece(self, number: int) -> Float32:
        if number not in self._pieces:
            if len(self._pieces) > 4:
                self._pieces.clear()
            self._pieces[number] = self._read(number * PIECE)
        return self._pieces[number]

    def _read(self, first: int) -> Float32:
        import soundfile

        try:
            if self._file is None:
                self._file = soundfile.SoundFile(self.recorded.path)
            self._file.seek(first)
            found: Float32 = self._file.read(PIECE, dtype="float32")
            return found
        except soundfile.SoundFileError:
            if self._file is None and self._tail is None:
                self._notice(
                    f"✗ what came in at input {self.recorded.channel} is silent here, as "
                    f"{self.recorded.path} is not there, or is no recording; put it beside the session"
                )
            self._gone = self._file is None
            return np.zeros(0, np.float32)


class Tail:
    """The last samples that came in, in a file beside a recording while it grows: what is put there
    stays although its process dies, where the recording lacks its last blocks.
    """

    def __init__(self, recording: Path) -> None:
        self._path = tail_of(recording)
        self._path.write_bytes(bytes(8 + 4 * TAIL))
        with self._path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 0)
        self._count = np.frombuffer(self._memory, np.int64, 1)
        self._samples = np.frombuffer(self._memory, np.float32, TAIL, 8)

    def put(self, samples: Float32) -> None:
        """The next samples (n,)."""
        count = int(self._count[0])
        self._samples[np.arange(count, count + len(samples)) % TAIL] = samples
        self._count[0] = count + len(samples)  # what was put counts from now on

    def close(self) -> None:
        """The recording is whole."""
        with suppress(OSError):
            self._path.unlink()

    @staticmethod
    def read(recording: str) -> tuple[int, Float32] | None:
        """The first of its samples in a recording, and these; None where there is none."""
        try:
            data = tail_of(Path(recording)).read_bytes()
        except OSError:
            return None
        if len(data) != 8 + 4 * TAIL:
            return None
        count = max(int.from_bytes(data[:8], sys.byteorder, signed=True), 0)
        first = max(count - TAIL // 2, 0)
        return first, np.frombuffer(data, np.float32, TAIL, 8)[np.arange(first, count) % TAIL]


def tail_of(recording: Path) -> Path:
    """The file of the last samples of a recording that was not ended."""
    return recording.with_name(f"{recording.name}.tail")


class Recorder:
    """Writes what comes in to a FLAC file, on a thread of its own; `told` hears what is amiss."""

    def __init__(self, path: Path, rate: int, told: Callable[[str], None]) -> None:
        self.path, self._rate, self._told = path, rate, told
        self._blocks: SimpleQueue[Float32 | None] = SimpleQueue()
        self._tail = self._kept()
        self._thread = threading.Thread(target=self._run, name="input recorder", daemon=True)
        self._thread.start()

    def put(self, samples: Float32) -> None:
        """The next samples (n,), `quantised`."""
        if self._tail is not None:
            self._tail.put(samples)
        self._blocks.put(samples)

    def close(self, wait: float) -> None:
        """Finish the file; waits for it up to so many seconds."""
        self._blocks.put(None)
        self._thread.join(wait)

    def _kept(self) -> Tail | None:
        try:
            return Tail(self.path)
        except OSError:  # the recording itself says what is wrong with the disk
            return None

    def _run(self) -> None:
        try:
            file = FlacFile(str(self.path), self._rate, 1)
            while (samples := self._blocks.get()) is not None:
                steps = np.round(samples.astype(np.float64) * STEPS)
                file.write((steps * 256).astype(np.int32))
            file.close()
            if self._tail is not None:
                self._tail.close()
        except OSError as error:
            self._told(f"✗ what comes in is not recorded any more, and a replay will not hear it: {error}")
            while self._blocks.get() is not None:  # nothing is kept that nobody will write
                pass
