"""Writes what is played to a float32 WAV file, on a thread of its own."""

from __future__ import annotations

import struct
import threading
from pathlib import Path
from queue import SimpleQueue

from latentcode.arrays import Float32
from latentcode.errors import AudioError
from latentcode.player.transport import Report

_HEADER = struct.Struct("<4sI4s4sIQQQI4sIHHIIHHH4sII4sI")
_FRAME_BYTES = 8
_LARGEST = 0xFFFFFFFF


class Recorder:
    """One recording. `sink` is for the transport; samples before session sample 0 are left out.

    Reports ("recording", path, first sample), then after `stop` ("recorded", path, first sample,
    frames). The header is brought up to date with each block (3 µs), so that a crash leaves a file
    of all that was written; a full disk ends the recording, and what was written before can be
    read.
    """

    def __init__(self, path: str, rate: int, report: Report) -> None:
        self.path = path
        self._rate = rate
        self._report = report
        self._blocks: SimpleQueue[tuple[int, Float32] | None] = SimpleQueue()
        self._full = False
        try:
            self._file = Path(path).open("wb", buffering=0)  # noqa: SIM115 (closed by the thread)
        except OSError as error:
            raise AudioError(f"cannot record to {path}: {error.strerror}") from error
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def sink(self, first: int, block: Float32) -> None:
        """Take one block (n, 2) that begins at session sample `first`."""
        if not self._full:
            self._blocks.put((first, block))

    def stop(self, wait: float = 0.0) -> None:
        """Finish the file; waits for it up to `wait` seconds."""
        self._blocks.put(None)
        self._thread.join(wait)

    def _run(self) -> None:
        first: int | None = None
        frames = 0
        try:
            with self._file:
                self._write(_header(self._rate, 0))
                while (item := self._blocks.get()) is not None:
                    position, block = item
                    block = block[max(0, -position) :]
                    if not len(block):
                        continue
                    if first is None:
                        first = max(0, position)
                        self._report("recording", self.path, first)
                    try:
                        self._write(block.astype("<f4").tobytes())
                    except OSError as error:
                        self._full = True
                        self._report("error", f"the recording {self.path} ends here: {error.strerror}")
                        break
                    frames += len(block)
                    self._save_header(frames)
        except OSError as error:  # not even a header, or a device that is gone
            self._full = True
            self._report("error", f"the recording {self.path} is cut off: {error.strerror}")
        self._report("recorded", self.path, first or 0, frames)

    def _write(self, data: bytes) -> None:
        """Write all of it: a disk that fills takes a part, and refuses the rest."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]

    def _save_header(self, frames: int) -> None:
        self._file.seek(0)
        self._write(_header(self._rate, frames))
        self._file.seek(0, 2)


def _header(rate: int, frames: int) -> bytes:
    """The bytes before the samples of a two-channel WAV file of format 3 (IEEE float),
    as many for any length.

    From 4 GiB on it is an RF64 file (EBU Tech 3306): the true sizes stand in the chunk that was
    left free for them.
    """
    data = frames * _FRAME_BYTES
    riff, small = _HEADER.size - 8 + data, _HEADER.size - 8 + data <= _LARGEST
    sizes = (b"JUNK", 28, 0, 0, 0, 0) if small else (b"ds64", 28, riff, data, frames, 0)
    form = (b"fmt ", 18, 3, 2, rate, rate * _FRAME_BYTES, _FRAME_BYTES, 32, 0)
    kind, told = (b"RIFF", riff) if small else (b"RF64", _LARGEST)
    fact, length = min(frames, _LARGEST), data if small else _LARGEST
    return _HEADER.pack(kind, told, b"WAVE", *sizes, *form, b"fact", 4, fact, b"data", length)
