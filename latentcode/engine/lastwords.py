"""What an engine that hangs or crashes leaves behind,
so that the one after it knows what to leave out.

A call into C that does not return keeps Python's lock, and no thread of Python's can end it.
`faulthandler` waits outside of the lock: an engine that shows no sign of life for a while is ended,
and its stacks are written behind the marks of `clock/watchdog.py`, as they are when it crashes. One
that is merely killed leaves no stacks, and blames nobody.
"""

from __future__ import annotations

import faulthandler
import mmap
import os
import struct
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from latentcode.engine.underway import SIZE, Underway, left_underway
from latentcode.files.places import WORDS, opener
from latentcode.session.records import DirectValues

HUNG = 3.0  # seconds without a sign of life
PUT_BACK = 15.0  # … where a set is begun or put back, which is much work after many hours of it
RENEWED = 0.5  # seconds between two signs
TRIAL = "trial:"  # what the place of a command that is being tried begins with; its digest follows
_SLOTS, _BYTES = 32, 128
_SLOT = struct.Struct("<Bq100s")
_MARKS = _SLOTS * _BYTES
_REACHED = struct.Struct("<q")
_WHOLE = _MARKS + SIZE + _REACHED.size


class Left(NamedTuple):
    """What an engine was in when it ended: a place (see `clock/set_aside.py`), or a trial,
    and the sample.
    """

    place: str
    sample: int


class LastWords:
    """A file of marks, of what hands have underway, and of stacks, beside a door.

    `former` is what the engine before this one, if it hung or crashed, was in; `unnoted` what
    hands had given its player and its journal does not have, however it ended; `recorded` the
    sample up to which that player may have recorded.
    """

    def __init__(self, door: Path) -> None:
        path = door.with_suffix(WORDS)
        self.former, self.unnoted, self.recorded = _read(path)
        self._path, self._next, self._patience = path, 0.0, 0.0
        try:
            with open(path, "wb", opener=opener) as file:
                file.write(bytes(_WHOLE))
            with path.open("r+b") as file:
                self._marks = mmap.mmap(file.fileno(), _WHOLE)
            self._stacks = path.open("ab")
        except OSError:  # a full disk has no place for them: who hangs is ended all the same
            self._marks = mmap.mmap(-1, _WHOLE)
            self._stacks = open(os.devnull, "ab")  # noqa: SIM115 (until `close`)
        self.hands = Underway(self._marks, _MARKS)
        faulthandler.enable(self._stacks)

    def enter(self, slot: int, place: str, sample: int) -> None:
        """A thread's slot, and what it is in."""
        if slot < _SLOTS:
            _SLOT.pack_into(self._marks, slot * _BYTES, 1, sample, place.encode())

    def leave(self, slot: int) -> None:
        if slot < _SLOTS:
            self._marks[slot * _BYTES] = 0

    def settled(self, sample: int) -> None:
        """What lies before a sample may be recorded."""
        _REACHED.pack_into(self._marks, _MARKS + SIZE, sample)

    def alive(self, sounds: bool = True) -> None:
        """A sign of life, from the thread that renders; before the set `sounds` the next one may be
        long in coming.
        """
        now, patience = time.monotonic(), HUNG if sounds else PUT_BACK
        if now >= self._next or patience != self._patience:
            self._next, self._patience = now + RENEWED, patience
            faulthandler.dump_traceback_later(patience, exit=True, file=self._stacks)

    def give_up(self) -> None:
        """A thread does not come back from what it is in: the end."""
        faulthandler.dump_traceback_later(1e-3, exit=True, file=self._stacks)

    def close(self) -> None:
        """The engine ends well."""
        faulthandler.cancel_dump_traceback_later()
        faulthandler.disable()
        self._stacks.close()
        with suppress(OSError):
            self._path.unlink()


def _read(path: Path) -> tuple[Left | None, tuple[DirectValues, ...], int]:
    try:
        data = path.read_bytes()
    except OSError:
        return None, (), 0
    hands, rest = data[_MARKS : _MARKS + SIZE], data[_MARKS + SIZE : _WHOLE]
    recorded = _REACHED.unpack(rest)[0] if len(rest) == _REACHED.size else 0
    return _hung(data[:_MARKS], data[_WHOLE:]), left_underway(hands), recorded


def _hung(marks: bytes, stacks: bytes) -> Left | None:
    if not stacks:
        return None
    with suppress(OSError):  # the log's disk may be full
        print(stacks.decode(errors="replace"), end="", file=sys.stderr, flush=True)
    slots = [_SLOT.unpack_from(marks, slot * _BYTES) for slot in range(_SLOTS)]
    left = [Left(place.rstrip(b"\0").decode(), sample) for there, sample, place in slots if there]
    # While one is tried, another may have been entered, and wait for the lock.
    return min(left, key=lambda one: not one.place.startswith(TRIAL), default=None)
