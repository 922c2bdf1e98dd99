"""FLAC files that are whole at any moment while they grow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32
from latentcode.audio.decoding import encoded

_BLOCK_AT, _FRAMES_AT = 10, 18  # bytes of a FLAC file at which it says so
_FRAME_BITS = 36


class FlacFile:
    """24 bits, compressed; its header says at any moment how many whole blocks there are, so that
    what was written can be read although nobody closed it.
    """

    def __init__(self, path: str, rate: int, channels: int) -> None:
        import soundfile

        self.frames, self._failed = 0, soundfile.SoundFileError
        Path(path).open("wb").close()  # which says what is wrong with it
        with self._spoken():
            self._file = soundfile.SoundFile(
                encoded(Path(path)), "w", rate, channels, "PCM_24", format="FLAC"
            )
        self._header = Path(path).open("r+b", buffering=0)  # noqa: SIM115 (closed by whoever writes it)

    def write(self, block: Float32 | NDArray[np.int32]) -> None:
        """Samples (n,) or (n, channels), ±1 or of 32 bits. Raises OSError."""
        with self._spoken():
            self._file.write(block)
        self.frames += len(block)
        self._save_frames()

    def close(self) -> None:
        """Write the last block. Raises OSError."""
        self._header.close()
        with self._spoken():
            self._file.close()

    def _save_frames(self) -> None:
        """libFLAC says how many frames there are when it closes a file, and nobody else does."""
        self._header.seek(0)
        head = self._header.read(_FRAMES_AT + 8)
        block = int.from_bytes(head[_BLOCK_AT : _BLOCK_AT + 2], "big")
        if len(head) < _FRAMES_AT + 8 or not block:
            return
        there = max(self.frames - 1, 0) // block * block  # a block is written with the frame after it
        former = int.from_bytes(head[_FRAMES_AT:], "big") >> _FRAME_BITS << _FRAME_BITS
        self._header.seek(_FRAMES_AT)
        self._header.write((former | there).to_bytes(8, "big"))

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        """What libsndfile says as an OSError."""
        try:
            yield
        except self._failed as error:
            raise OSError(str(error)) from error
