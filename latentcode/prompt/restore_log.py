"""What the desk must know to put a set back after the engine has died: all that was asked of it,
and when.
"""

from __future__ import annotations

import threading
import zlib
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from msgspec import msgpack

from latentcode.set.commands import Command
from latentcode.set.kinds import KINDS

MOST = 20_000  # commands that are kept; of older ones only the last of each kind, and all of the lasting ones
ROW = 256  # commands that are packed together: they are much alike, and take a tenth of the memory then
Stamped = tuple[int, bytes]


class Kept(NamedTuple):
    """A command that was accepted."""

    stamp: int
    kind: str
    voice: int
    data: bytes


@dataclass
class Sent:
    """A command on its way: sent, but not accepted yet."""

    number: int
    command: Command
    data: bytes


class Memory:
    """Learns from what is sent and accepted; `commands()` puts another engine where this one is."""

    def __init__(self) -> None:
        self._sent: deque[Sent] = deque(maxlen=4096)
        self._rows: list[bytes] = []  # packed, each of ROW commands
        self._kept: list[Kept] = []  # those since
        self._lock = threading.Lock()

    def sent(self, number: int, commands: Iterable[tuple[Command, bytes]]) -> None:
        """A block's commands have gone to the engine."""
        self._sent.extend(Sent(number, command, data) for command, data in commands)

    def accepted(self, number: int, marks: Iterable[tuple[str, str, int]]) -> None:
        """Some of a block's commands were stamped: (target, digest, sample) each."""
        for target, digest, stamp in marks:
            found = self._found(number, target, digest)
            if found is not None:
                self._sent.remove(found)
                self.keep(found.command, stamp, found.data)

    def refused(self, number: int, target: str) -> None:
        """A command of a block will not be played."""
        found = self._found(number, target, "")
        if found is not None:
            self._sent.remove(found)

    def commands(self) -> tuple[Stamped, ...]:
        """What was asked, each with its stamp, in order: scenes and undo() need what came before,
        too.
        """
        with self._lock:
            kept = self._all()
        return tuple(sorted(((one.stamp, one.data) for one in kept), key=lambda pair: pair[0]))

    def _found(self, number: int, target: str, digest: str) -> Sent | None:
        mine = [sent for sent in self._sent if sent.number == number and sent.command.target == target]
        exact = (sent for sent in mine if digest and sent.command.digest == digest)
        return next(exact, mine[0] if mine else None)

    def keep(self, command: Command, stamp: int, data: bytes) -> None:
        """A command counts from its stamp on."""
        with self._lock:
            self._kept.append(Kept(stamp, command.kind, command.voice, data))
            if len(self._kept) == ROW:
                self._pack(self._kept)
                self._kept = []
                if len(self._rows) * ROW > MOST - ROW:
                    self._forget()

    def _pack(self, kept: list[Kept]) -> None:
        self._rows.append(zlib.compress(_ENCODER.encode(kept), 1))

    def _all(self) -> list[Kept]:
        """All commands that are kept, in the order of their coming."""
        rows = (_DECODER.decode(zlib.decompress(row)) for row in self._rows)
        return [*chain.from_iterable(rows), *self._kept]

    def _forget(self) -> None:
        """Of the older half keep what still counts by itself."""
        kept = self._all()
        old, new = kept[: MOST // 2], kept[MOST // 2 :]
        last = {(one.kind, one.voice): one for one in old}
        counts = {id(one) for one in last.values()}
        kept = [one for one in old if KINDS[one.kind].lasting or id(one) in counts] + new
        self._rows = []
        whole = len(kept) // ROW * ROW
        for first in range(0, whole, ROW):
            self._pack(kept[first : first + ROW])
        self._kept = kept[whole:]


_ENCODER, _DECODER = msgpack.Encoder(), msgpack.Decoder(list[Kept])
