"""Streams: from latents to consecutive samples, in three steps so that all layers share one decode.

`wanted(end)` gives the latents that must be decoded before `end` samples from the start on can be
taken, `place` lays the decoded frames down, `take` gives the next samples (silence where nothing
was laid). At the bottom of a stream is a frame source: grains, or frames that are continuous.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.synth.synthesis import CONTINUOUS, STREAM, Synthesis

JOINT = 8  # to a window: the part of it in which one aligned grain fades into the next
CONSTANCY = 0.02  # of likeness: what speaks for reading where the last window was read
TINY = 1e-12

Latents = Callable[[int, int], Float32]  # (first grain, count) → (count, D)


class Wanted(NamedTuple):
    """Latents (n, D) that are to be decoded, the number of the first on its grid, and `grid` as in
    `Job`; `due`: the sample at which they are heard, of those that were wanted before.
    """

    first: int
    latents: Float32
    grid: int = 0
    due: int | None = None


class Stream(ABC):
    """One that wants nothing is given nothing: its samples are there already.

    More may be wanted before what was wanted is laid down, if it is `promised`, and taken as
    `reach` was when it was wanted.

    `foresees`: whether it holds samples from beyond those that it has given; `at_once`: whether its
    samples have to be taken before more are wanted.
    """

    foresees = at_once = False
    reach = 0  # how far it has been asked for, where that changes what it takes from others

    def wanted(self, end: int) -> Wanted | None:
        """The latents that must be decoded before samples up to `end` can be taken;
        None when none must.
        """
        return None

    def promised(self, count: int) -> None:  # noqa: B027
        """So many windows, which were wanted, will be laid down: what is wanted next lies behind
        them.
        """

    def place(self, windows: Float32) -> None:  # noqa: B027
        """Lay down the decoded windows of what was wanted."""

    @abstractmethod
    def take(self, count: int, reach: int | None = None) -> Float32:
        """The next samples (count,); (2, count) of two channels. `reach`: as it was when they were
        wanted, where more was wanted since.
        """


class Sides(Stream):
    """Two streams side by side, of frames (n, 2, samples); what they are decoded from is asked of
    the
    left.
    """

    def __init__(self, left: Stream, right: Stream) -> None:
        self._left, self._right = left, right
        self.foresees, self.at_once = left.foresees, left.at_once

    def wanted(self, end: int) -> Wanted | None:
        self._right.wanted(end)
        found, self.reach = self._left.wanted(end), self._left.reach
        return found

    def promised(self, count: int) -> None:
        self._left.promised(count)
        self._right.promised(count)

    def place(self, windows: Float32) -> None:
        self._left.place(windows[:, 0])
        self._right.place(windows[:, 1])

    def take(self, count: int, reach: int | None = None) -> Float32:
        return np.stack([self._left.take(count, reach), self._right.take(count, reach)])


class FrameSource(Stream):
    """Decoded frames every hop; gives samples from position `start` of their grid on.

    `beyond`: samples that are asked for beyond the span in which they are needed.
    """

    beyond = 0

    def __init__(self, latents: Latents, shape: Synthesis, start: int) -> None:
        self._latents, self._shape, self._start = latents, shape, start
        self._first = self._next = self._asked = max((start - self._after) // shape.hop + 1, 0)
        # Positions: of the first sample in the accumulator, and of the next to be taken.
        self._base = self._heard = self._place(self._first)
        self._sum = np.zeros(2 * shape.window, np.float32)

    @property
    def _after(self) -> int:
        """Samples that a frame is heard for after its moment, where it is the first."""
        return self._shape.window - self._shape.before

    @abstractmethod
    def _faded(self, row: Float32) -> Float32:
        """The next frame as it is added to what there is."""

    def _place(self, number: int) -> int:
        return number * self._shape.hop - self._shape.before

    def wanted(self, end: int) -> Wanted | None:
        """The latents of the frames that begin before `end` samples after the start; None:
        nothing is missing.
        """
        shape = self._shape
        count = -(-(self._start + end + shape.before) // shape.hop) - self._asked
        return Wanted(self._asked, self._latents(self._asked, count)) if count > 0 else None

    def promised(self, count: int) -> None:
        self._asked += count

    def place(self, windows: Float32) -> None:
        window, hop = self._shape.window, self._shape.hop
        self._reserve(self._place(self._next + len(windows) - 1) + window)
        offset = self._place(self._next) - self._base
        for row in windows:
            self._sum[offset : offset + window] += self._faded(row)
            self._next += 1
            offset += hop
        self._asked = max(self._asked, self._next)

    def take(self, count: int, reach: int | None = None) -> Float32:
        begin = max(self._heard, self._start)
        self._reserve(begin + count)
        self._heard = begin + count
        taken: Float32 = self._sum[begin - self._base : self._heard - self._base].copy()
        return taken

    def _reserve(self, until: int) -> None:
        """Have room up to a position; where there is none, what was taken goes."""
        if until > self._base + len(self._sum):
            rest = self._sum[self._heard - self._base :]
            self._sum = np.zeros(2 * (until - self._heard), np.float32)
            self._sum[: len(rest)] = rest
            self._base = self._heard


class Grains(FrameSource):
    """Windows that begin at their moments, each under a shape; the first has one of its own."""

    @property
    def _after(self) -> int:
        return self._shape.hop

    def _faded(self, row: Float32) -> Float32:
        return row * (self._shape.first if self._next == self._first else self._shape.shape)


class Aligned(Grains):
    """Windows that are read from where they best go on with what was laid before.

    Windows decoded from like latents are alike in their course, not in where it stands, and cancel
    one another where they are overlapped as they are: a buzz at the hop's rate takes the place of
    the pitch. Source: WSOLA, Verhelst and Roelands 1993; a part of each window is laid, and the
    search reaches over the rest.
    """

    def __init__(self, latents: Latents, shape: Synthesis, start: int) -> None:
        super().__init__(latents, shape, start)
        self._joint = max(shape.window // JOINT, 1)
        rise = np.sin(0.5 * np.pi * (np.arange(self._joint) + 0.5) / self._joint) ** 2
        self._rise, self._fall = rise.astype(np.float32), rise[::-1].astype(np.float32)
        self._tail, self._last = np.zeros(0, np.float32), 0

    def _faded(self, row: Float32) -> Float32:
        hop, joint = self._shape.hop, self._joint
        begin = self._best(row[: len(row) - hop])
        laid = np.zeros_like(row)
        laid[: hop + joint] = row[begin : begin + hop + joint]
        self._tail = laid[hop : hop + joint].copy()
        laid[hop : hop + joint] *= self._fall
        if self._next != self._first:
            laid[:joint] *= self._rise
        return laid

    def _best(self, row: Float32) -> int:
        """Where a window is most like the end of what was laid, by correlation; 0 at first."""
        tail = self._tail
        if not len(tail):
            return 0
        power = energies(row.astype(np.float64), len(tail)) * np.dot(tail, tail)
        likeness = np.correlate(row, tail, "valid") / np.sqrt(power + TINY)  # short: faster than by spectra
        likeness[self._last] += CONSTANCY
        self._last = int(np.argmax(likeness))
        return self._last


class Continuous(FrameSource):
    """Frames that come windowed; where those before an onset are missing, the others make up for
    them.
    """

    def _faded(self, row: Float32) -> Float32:
        place, edge = self._place(self._next), self._shape.first
        if place >= len(edge):
            return row
        before, part = max(-place, 0), edge[max(place, 0) :]
        row = row.copy()
        row[before : before + len(part)] *= part
        return row


class Running(FrameSource):
    """Frames of a stream: the samples that come next, some samples late.

    The first is the one at the start, and what comes out before it is heard is left out. Frames are
    asked for when a span of the session begins in which they are needed, the same for all layers,
    so that they go through the model together; and before that as many at once as bring the first
    sample. All are asked for `ahead` samples sooner than they are needed.
    """

    def __init__(self, latents: Latents, shape: Synthesis, start: int, origin: int, ahead: int) -> None:
        super().__init__(latents, shape, start)
        self._first = self._next = self._asked = start // shape.hop
        self._base = self._heard = self._place(self._first)
        self._span = shape.together * shape.hop
        self._origin, self._ahead = origin, ahead
        opened = origin + self._place(self._first + shape.opening)
        self._grid, self.beyond = divmod(opened, self._span)

    def promised(self, count: int) -> None:
        """What was asked for is never asked again."""

    def _place(self, number: int) -> int:
        return number * self._shape.hop - self._shape.late

    def _faded(self, row: Float32) -> Float32:
        return row

    def place(self, windows: Float32) -> None:
        gone = self._heard - self._place(self._next)  # samples that came after they were to be heard
        skipped = min(max(-(-gone // self._shape.hop), 0), len(windows))
        self._next += skipped
        super().place(windows[skipped:])

    def wanted(self, end: int) -> Wanted | None:
        shape, first = self._shape, self._asked
        opened = self._first + shape.opening
        last = self._origin + self._start + end + self._ahead
        spans = -(-last // self._span) - self._grid
        count = opened + max(spans, 0) * shape.together - first
        if count <= 0:
            return None
        grid = self._grid + max(first - opened, 0) // shape.together
        found = Wanted(first, self._latents(first, count), grid)
        self._asked += count  # where latents are not there yet, they are asked for again with the next
        return found


SOURCES: dict[str, type[FrameSource]] = {"overlap": Grains, "concat": Grains, CONTINUOUS: Continuous}


def frame_source(
    latents: Latents, shape: Synthesis, start: int, aligned: bool = False, origin: int = 0, ahead: int = 0
) -> FrameSource:
    """What lays frames as `shape` says, from position `start` of their grid on, which begins at
    sample `origin` of the session; `aligned`: overlapping windows where they best go on; `ahead`:
    samples that frames of a stream are asked for before they are needed.
    """
    if shape.kind == STREAM:
        return Running(latents, shape, start, origin, ahead)
    return (Aligned if aligned and shape.kind == "overlap" else SOURCES[shape.kind])(latents, shape, start)


def unasked(first: int, count: int) -> Float32:
    """For a stream beside another that has asked."""
    return np.zeros((count, 0), np.float32)


def energies(field: Float64, length: int) -> Float64:
    """The energy of each stretch of so many samples in a field."""
    sums = np.concatenate([[0.0], np.cumsum(field * field)])
    return np.asarray(sums[length:] - sums[:-length])


class ResampledStream(Stream):
    """A stream at another rate, brought to the device's rate; starts at the onset."""

    foresees = True

    def __init__(self, inner: Stream, model_rate: float, rate: int) -> None:
        self._inner = inner
        self._ratio = model_rate / rate
        self._resample = _resampler(model_rate, rate)
        self._behind = look_ahead(self._ratio)
        self.reach = self._fed = 0  # samples of the inner stream
        self._ready = np.zeros(0, np.float32)

    def wanted(self, end: int) -> Wanted | None:
        self.reach = math.ceil(end * self._ratio) + self._behind
        return self._inner.wanted(self.reach)

    def promised(self, count: int) -> None:
        self._inner.promised(count)

    def place(self, windows: Float32) -> None:
        self._inner.place(windows)

    def take(self, count: int, reach: int | None = None) -> Float32:
        self._feed(self.reach if reach is None else reach)
        taken, self._ready = self._ready[:count], self._ready[count:]
        return taken if len(taken) == count else np.pad(taken, (0, count - len(taken)))

    def _feed(self, until: int) -> None:
        if until > self._fed:
            chunk = self._inner.take(until - self._fed)
            self._fed = until
            self._ready = np.concatenate([self._ready, self._resample(chunk)])


Resample = Callable[[Float32], Float32]


def _resampler(model_rate: float, rate: int) -> Resample:
    import soxr

    resample: Resample = soxr.ResampleStream(
        model_rate, rate, 1, dtype="float32", quality="HQ"
    ).resample_chunk
    return resample


def look_ahead(ratio: float) -> int:
    """Samples that a resampler must be given beyond those that come out;
    `ratio` of them make one that does.

    A bound: it works in blocks, of 1900 samples at most below an octave up, and twice as many for
    each octave.
    """
    return 2048 << max(0, math.ceil(math.log2(ratio)))
