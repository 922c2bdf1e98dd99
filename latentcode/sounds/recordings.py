"""What came in at the device, as it was recorded beside the journal: a file for each input, and for
each engine that has heard it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import numpy as np

from latentcode.arrays import Float32
from latentcode.sounds.hearing import STEPS

PIECE, GRAIN = 1 << 16, 1 << 8  # samples that are read at a time; and of what is cut off


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
        self._gone = False
        self._pieces: dict[int, Float32] = {}

    def copy(self, first: int, out: Float32) -> None:
        """Put what it has of the samples from `first` on into `out`."""
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
            if self._file is None:
                self._gone = True
                self._notice(
                    f"✗ what came in at input {self.recorded.channel} is silent here, as "
                    f"{self.recorded.path} is not there, or is no recording; put it beside the session"
                )
                return np.zeros(0, np.float32)
            return self._rest(first)

    def _rest(self, first: int) -> Float32:
        """What can be read of a piece of a file whose end was never written, as its engine died."""
        import soundfile

        found = [np.zeros(0, np.float32)]
        try:
            file = soundfile.SoundFile(self.recorded.path)  # one that has failed is of no use
            file.seek(first)
            while len(grain := file.read(GRAIN, dtype="float32")):
                found.append(grain)
        except soundfile.SoundFileError:
            pass
        self._file = None
        return np.concatenate(found)


class Recorder:
    """Writes what comes in to a FLAC file, on a thread of its own; `told` hears what is amiss."""

    def __init__(self, path: Path, rate: int, told: Callable[[str], None]) -> None:
        self.path, self._rate, self._told = path, rate, told
        self._blocks: SimpleQueue[Float32 | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="input recorder", daemon=True)
        self._thread.start()

    def put(self, samples: Float32) -> None:
        """The next samples (n,), `quantised`."""
        self._blocks.put(samples)

    def close(self, wait: float) -> None:
        """Finish the file; waits for it up to so many seconds."""
        self._blocks.put(None)
        self._thread.join(wait)

    def _run(self) -> None:
        import soundfile

        try:
            kind = {"format": "FLAC", "subtype": "PCM_24"}
            with soundfile.SoundFile(self.path, "w", self._rate, 1, **kind) as file:
                while (samples := self._blocks.get()) is not None:
                    steps = np.round(samples.astype(np.float64) * STEPS)
                    file.write((steps * 256).astype(np.int32))
        except (OSError, soundfile.SoundFileError) as error:
            self._told(f"✗ what comes in is not recorded any more, and a replay will not hear it: {error}")
            while self._blocks.get() is not None:  # nothing is kept that nobody will write
                pass
