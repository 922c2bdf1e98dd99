"""The sound files that a render leaves, each with how loud it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio.loudness import Loudness, TruePeak
from latentcode.audio.writing import Written, sized, writing

STILL = 1 << 16  # frames of silence at a time
TOGETHER = 1 << 14  # frames that are written at once: a call for a small block costs as much as its samples


@dataclass(frozen=True)
class SoundMeasured:
    """A file that was written: factors of full scale, LUFS (−inf: silence), and whether what went
    beyond full scale was clipped.
    """

    path: Path
    peak: float
    true_peak: float
    loudness: float
    clipped: bool = False

    @property
    def told(self) -> str:
        """A line on it."""
        if not self.peak:
            return f"{self.path}: peak silence"
        loud = "too quiet to be measured" if math.isinf(self.loudness) else f"{self.loudness:.1f} LUFS"
        text = f"{self.path}: peak {decibels(self.peak)}, true peak {decibels(self.true_peak)}TP, {loud}"
        return f"{text}; clipped: a .wav file (--format float) holds it" if self.clipped else text


def decibels(factor: float) -> str:
    """A factor of full scale as people say it."""
    return f"{20 * math.log10(factor):.1f} dB"


class SoundFile:
    """One file of the samples from `first` up to `last` of a session; silent where none come.

    `add` takes blocks with their first session sample, in order. Where it is not `always` wanted it
    is opened when something sounds. `number`: 0 the mix, and of voices from 1.
    """

    def __init__(
        self, path: Path, rate: int, kind: Written, first: int, last: int, always: bool, number: int
    ) -> None:
        self.path, self._rate, self._last, self._number = path, rate, last, number
        self._kind = sized(path, kind, last - first) if always else kind
        self._first = self._done = self._written = first
        self._waiting: list[Float32] = []
        self._stack = ExitStack()
        self._write: Callable[[Float32], None] | None = None
        self.part: Path | None = None  # what is half written
        self._loudness, self._true_peak, self._peak = Loudness(rate), TruePeak(rate), 0.0
        if always:
            self._open()

    @property
    def begun(self) -> bool:
        return self._write is not None

    def add(self, first: int, block: Float32) -> None:
        """A block (n, 2). Raises OSError."""
        block = block[max(self._done - first, 0) : max(self._last - first, 0)]
        if not len(block) or (self._write is None and not block.any()):
            return
        if self._write is None:
            self._kind = sized(self.path, self._kind, self._last - self._first)
            self._open()
        self._pad(max(first, self._done))
        self._put(block)

    def close(self) -> SoundMeasured:
        """All has come. Raises OSError where it cannot be written."""
        self._pad(self._last)
        self._write_waiting()
        self._stack.close()
        clipped = self._kind.clips and self._peak > 1.0
        return SoundMeasured(
            self.path, self._peak, self._true_peak.highest(), self._loudness.integrated(), clipped
        )

    def give_up(self, error: BaseException) -> None:
        """Leave nothing behind."""
        with suppress(OSError):
            self._stack.__exit__(type(error), error, error.__traceback__)

    def _open(self) -> None:
        entered = writing(self.path, self._rate, self._kind, self._first, salt=self._number)
        writer, self.part = self._stack.enter_context(entered)
        self._write = writer.write

    def _put(self, block: Float32) -> None:
        self._waiting.append(block)
        self._done += len(block)
        if self._done - self._written >= TOGETHER:
            self._write_waiting()

    def _write_waiting(self) -> None:
        if self._write is None or not self._waiting:
            return
        piece = np.concatenate(self._waiting)
        self._waiting, self._written = [], self._done
        self._write(piece)
        self._loudness.add(piece)
        self._true_peak.add(piece)
        self._peak = max(self._peak, float(np.abs(piece).max(initial=0.0)))

    def _pad(self, until: int) -> None:
        for begin in range(self._done, until, STILL):
            self._put(np.zeros((min(STILL, until - begin), 2), np.float32))


@contextmanager
def kept_whole(files: list[SoundFile]) -> Iterator[None]:
    """What is not closed when this ends in an error leaves nothing behind."""
    try:
        yield
    except BaseException as error:
        for file in files:
            file.give_up(error)
        raise
