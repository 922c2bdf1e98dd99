"""The shared ring: finished samples on their way from the engine to the player.

One piece of memory that both processes map. The engine writes blocks at the write head, at absolute
sample positions; the player copies them out a buffer at a time. No locks: every field of the header
has one writer.

The memory has no name that could be left behind: it is an unlinked file that the child inherits as
a descriptor (on Windows a named mapping, which goes with the last process that has it open).
"""

from __future__ import annotations

import mmap
import os
import sys
import tempfile
import uuid
from contextlib import suppress
from enum import IntEnum

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.errors import AudioError
from latentcode.parameters import VOICES

CHANNELS = 2 * VOICES
"""Voice v (0 to 15) plays on channels 2v (left) and 2v + 1 (right)."""

MONITOR = 32768
"""Samples of output that are kept for a look at them."""

INPUTS, INPUT_FRAMES = 8, 65536
"""Channels that come in at the most, and samples of them that are kept."""

_HEADER_BYTES = 4096
_INTEGERS = 64
_VOICE_PEAKS = 32
_MAGIC = 0x6C617465_6E743031


class PlayerState(IntEnum):
    """What the player is doing."""

    STARTING = 0
    DEVICE = 1
    TIMER = 2
    ENDING = 3
    ENDED = 4


class _Integer:
    """A header field: one aligned int64."""

    def __init__(self, slot: int) -> None:
        self._slot = slot

    def __get__(self, ring: Ring, owner: object = None) -> int:
        return int(ring._integers[self._slot])

    def __set__(self, ring: Ring, value: int) -> None:
        ring._integers[self._slot] = value


class _Real:
    """A header field: one aligned float64."""

    def __init__(self, slot: int) -> None:
        self._slot = slot

    def __get__(self, ring: Ring, owner: object = None) -> float:
        return float(ring._reals[self._slot])

    def __set__(self, ring: Ring, value: float) -> None:
        ring._reals[self._slot] = value


class Ring:
    """Samples at absolute positions, float32, shared by two processes.

    `channels` and `frames` (the capacity in samples) are fixed at creation.

    Written by the engine: `head`, the first sample not yet written, and `floor` (samples in [floor,
    head) can be read); `engine_beat`, time.monotonic() of its last sign of life; `noted`, the
    sample before which all that the player told is in the journal; `begun`, the first sample that
    is the set's, and a far one before that is known.

    Written by the player: `playhead`, the first sample of the next buffer; `player_beat`,
    time.monotonic() of its last buffer (both at once: `step` and `stepped`); `rate` (Hz), `buffer`
    and `latency` (samples that the graph's output is behind); `state`; `dry_buffers` since the
    first sound; `xruns`, buffers that were late by another one; `sanitised`, samples mended;
    `load`, the share of a buffer's time that its thread computes, 0 to 1; the meters `peaks` (2,),
    after the limiter, and `voice_peaks` (16,), after the gain and the headroom, which fall by 24 dB
    a second; `held`, the largest peak of the last two seconds, and `over`, the factor by which the
    limiter's ceiling was exceeded in them, 1 or more; the last `MONITOR` samples of output
    (`monitor`, `monitored`); `inputs`, how many are open, `input_head`, the first sample that has
    not come in yet, and what did (`hear`, `heard`).
    """

    head = _Integer(3)
    floor = _Integer(4)
    playhead = _Integer(5)
    rate = _Integer(6)
    buffer = _Integer(7)
    dry_buffers = _Integer(8)
    xruns = _Integer(9)
    state = _Integer(10)
    sanitised = _Integer(11)
    monitor_head = _Integer(12)
    steps = _Integer(13)  # odd while playhead and player_beat are being written
    latency = _Integer(14)
    inputs = _Integer(15)
    input_head = _Integer(16)
    noted = _Integer(17)
    begun = _Integer(18)
    load = _Real(0)
    held = _Real(3)
    over = _Real(4)
    engine_beat = _Real(1)
    player_beat = _Real(2)

    def __init__(self, memory: mmap.mmap, handle: str, descriptor: int | None) -> None:
        self._memory = memory
        self._descriptor = descriptor
        self.handle = handle
        self._integers = np.frombuffer(memory, np.int64, _INTEGERS)
        self._reals = np.frombuffer(memory, np.float64, _INTEGERS, offset=8 * _INTEGERS)
        self.peaks: Float64 = self._reals[_VOICE_PEAKS - 2 : _VOICE_PEAKS]
        self.voice_peaks: Float64 = self._reals[_VOICE_PEAKS : _VOICE_PEAKS + VOICES]
        self.channels, self.frames = int(self._integers[1]), int(self._integers[2])
        # One row per channel: the player copies rows into the tables that it plays.
        self._samples = np.frombuffer(
            memory, np.float32, self.channels * self.frames, offset=_HEADER_BYTES
        ).reshape(self.channels, self.frames)
        self._monitor = np.frombuffer(
            memory, np.float32, 2 * MONITOR, offset=_HEADER_BYTES + self._samples.nbytes
        ).reshape(MONITOR, 2)
        self._heard = np.frombuffer(
            memory,
            np.float32,
            INPUTS * INPUT_FRAMES,
            offset=_HEADER_BYTES + self._samples.nbytes + self._monitor.nbytes,
        ).reshape(INPUTS, INPUT_FRAMES)

    @classmethod
    def create(cls, channels: int = CHANNELS, frames: int = 65536, rate: int = 0) -> Ring:
        """A new ring of `frames` samples in `channels` rows, empty, its write head at 0.

        Raises AudioError for sizes below 1.
        """
        if channels < 1 or frames < 1:
            raise AudioError(f"a ring needs channels and frames of at least 1, not {channels} and {frames}")
        length = _HEADER_BYTES + 4 * (channels * frames + 2 * MONITOR + INPUTS * INPUT_FRAMES)
        memory, handle, descriptor = _allocate(length)
        integers = np.frombuffer(memory, np.int64, _INTEGERS)
        integers[:3] = _MAGIC, channels, frames
        del integers
        ring = cls(memory, handle, descriptor)
        ring.rate = rate
        return ring

    @classmethod
    def attach(cls, handle: str) -> Ring:
        """The ring whose `handle` was given to this process by its parent;
        AudioError if it is none.
        """
        try:
            memory = _map(handle)
        except (OSError, ValueError) as error:
            raise AudioError(
                f"no ring at {handle!r} ({error}): pass ring.handle and ring.pass_fds"
            ) from error
        if len(memory) < _HEADER_BYTES or int.from_bytes(memory[:8], sys.byteorder) != _MAGIC:
            raise AudioError(f"what is mapped at {handle!r} is not a ring")
        return cls(memory, handle, None)

    @property
    def pass_fds(self) -> tuple[int, ...]:
        """What to hand to Popen(pass_fds=…) so that a child can attach."""
        return () if self._descriptor is None else (self._descriptor,)

    @property
    def ahead(self) -> int:
        """Samples written and not yet played."""
        return self.head - self.playhead

    @property
    def free(self) -> int:
        """Samples that can be written without overwriting one that is not yet played."""
        return self.frames - self.ahead

    def step(self, playhead: int, beat: float) -> None:
        """The player has begun another buffer."""
        self.steps += 1
        self.playhead, self.player_beat = playhead, beat
        self.steps += 1

    def stepped(self) -> tuple[int, float]:
        """The playhead and the beat that belongs to it."""
        for _ in range(1000):
            before = self.steps
            found = self.playhead, self.player_beat
            if before % 2 == 0 and self.steps == before:
                return found
        return found

    def sample_at(self, moment: float) -> int:
        """The session sample that the playhead reaches at `moment` (time.monotonic()),
        between its steps.
        """
        return self.playhead + round((moment - self.player_beat) * self.rate)

    def write(self, block: Float32) -> int:
        """Write `block` (n, channels) at the write head; returns the new head.

        The oldest samples are overwritten when n is more than `free`.

        Raises AudioError for a block of another shape, or larger than the ring.
        """
        if block.ndim != 2 or block.shape[1] != self.channels or len(block) > self.frames:
            raise AudioError(
                f"a block is (n, {self.channels}) with n up to {self.frames}, not {tuple(block.shape)}"
            )
        head, count = self.head, len(block)
        # A reader that was in the middle of these samples sees the floor rise and drops its copy.
        self.floor = max(self.floor, head + count - self.frames)
        place = head % self.frames
        until_wrap = min(count, self.frames - place)
        self._samples[:, place : place + until_wrap] = block[:until_wrap].T
        self._samples[:, : count - until_wrap] = block[until_wrap:].T
        # Published last. An aligned 8-byte store is never seen by halves; x86 keeps the order of stores,
        # and where ARM may not, the reader is milliseconds behind what could be out of order.
        self.head = head + count
        return head + count

    def reset(self, position: int) -> None:
        """Move the write head to `position`.

        Samples before it stay readable when it is among those that are there; else the ring is
        empty.
        """
        head, floor = self.head, self.floor
        if floor <= position <= head:
            self.floor = max(floor, head - self.frames)
            self.head = position
        elif position > head:
            self.floor = position
            self.head = position
        else:
            self.head = position
            self.floor = position

    def promised(self, position: int) -> bool:
        """Whether the sample at `position` should be there: the engine has begun,
        at or before it.
        """
        return self.head > 0 and self.floor <= position

    def copy(self, position: int, out: Float32) -> bool:
        """Copy samples [position, position + n) into `out` (channels, n);
        False when not all are there.
        """
        count = out.shape[1]
        if not self.floor <= position <= self.head - count:
            return False
        place = position % self.frames
        until_wrap = min(count, self.frames - place)
        out[:, :until_wrap] = self._samples[:, place : place + until_wrap]
        out[:, until_wrap:] = self._samples[:, : count - until_wrap]
        return self.floor <= position

    def read(self, position: int, count: int) -> Float32 | None:
        """Samples [position, position + count) as (count, channels),
        or None when not all are there.
        """
        out = np.empty((self.channels, count), np.float32)
        return out.T.copy() if self.copy(position, out) else None

    def monitor(self, first: int, output: Float32) -> None:
        """Keep what was heard, (n, 2 or more) from session sample `first` on, for those who look at
        it; by the player.
        """
        output = output[:, :2]
        head, count = self.monitor_head, len(output)
        place = head % MONITOR
        until_wrap = min(count, MONITOR - place)
        self._monitor[place : place + until_wrap] = output[:until_wrap]
        self._monitor[: count - until_wrap] = output[until_wrap:]
        self.monitor_head = head + count

    def monitored(self) -> Float32:
        """What was heard last, the newest at the end: (up to 3/4 of MONITOR, 2)."""
        return self.monitored_since(0)[1]

    def monitored_since(self, since: int) -> tuple[int, Float32]:
        """How much was heard in all, and what of it came after the first `since` samples: as
        `monitored`.
        """
        head = self.monitor_head  # the rest is left to the writer, who goes on meanwhile
        rows = np.arange(min(max(head - 3 * MONITOR // 4, since), head), head) % MONITOR
        copied: Float32 = self._monitor[rows]
        return head, copied

    def hear(self, first: int, samples: Float32) -> None:
        """Keep what came in, (inputs, n) at the device's samples from `first` on, by the player;
        what nobody has heard before is silence.
        """
        head, count = self.input_head, samples.shape[1]
        if first < head:  # of a buffer that another driver has had
            return
        lost = min(first - head, INPUT_FRAMES - count)
        if lost:
            self._heard[:, np.arange(first - lost, first) % INPUT_FRAMES] = 0.0
        places = np.arange(first, first + count) % INPUT_FRAMES
        self._heard[: len(samples), places] = samples
        self._heard[len(samples) :, places] = 0.0
        self.input_head = first + count

    def heard(self, first: int, last: int) -> Float32:
        """What came in at samples from `first` up to `last`, (INPUTS, n): no more than half of what
        is kept, and nothing beyond `input_head`.
        """
        copied: Float32 = self._heard[:, np.arange(first, last) % INPUT_FRAMES]
        return copied

    def close(self) -> None:
        """Let go of the memory; it is gone with the last process that closes it."""
        for name in ("_integers", "_reals", "peaks", "voice_peaks", "_samples", "_monitor", "_heard"):
            self.__dict__.pop(name, None)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        with suppress(BufferError):  # somebody still holds a view: it is unmapped with the view
            self._memory.close()


def _allocate(length: int) -> tuple[mmap.mmap, str, int | None]:
    if sys.platform == "win32":
        handle = f"latentcode-{uuid.uuid4().hex}:{length}"
        return _map(handle), handle, None
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("latentcode-ring")
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.ftruncate(descriptor, length)
    return mmap.mmap(descriptor, length), str(descriptor), descriptor


def _map(handle: str) -> mmap.mmap:
    if sys.platform == "win32":
        name, length = handle.rsplit(":", 1)
        return mmap.mmap(-1, int(length), tagname=name)
    descriptor = int(handle)
    length = os.fstat(descriptor).st_size
    if hasattr(mmap, "MAP_POPULATE"):  # else the audio thread would pay for each page once
        memory = mmap.mmap(descriptor, length, flags=mmap.MAP_SHARED | mmap.MAP_POPULATE)
    else:
        memory = mmap.mmap(descriptor, length)
    os.close(descriptor)
    return memory
