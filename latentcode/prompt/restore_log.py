"""What the desk must know to put a set back after the engine has died: all that was asked of it,
and when.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from latentcode.set.commands import Command
from latentcode.set.kinds import KINDS

MOST = 20_000  # commands that are kept; of older ones only the last of each kind, and all of the lasting ones
Stamped = tuple[int, bytes]


@dataclass(frozen=True)
class Kept:
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
        self._kept: list[Kept] = []

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
        return tuple(sorted(((kept.stamp, kept.data) for kept in self._kept), key=lambda pair: pair[0]))

    def _found(self, number: int, target: str, digest: str) -> Sent | None:
        mine = [sent for sent in self._sent if sent.number == number and sent.command.target == target]
        exact = (sent for sent in mine if digest and sent.command.digest == digest)
        return next(exact, mine[0] if mine else None)

    def keep(self, command: Command, stamp: int, data: bytes) -> None:
        """A command counts from its stamp on."""
        self._kept.append(Kept(stamp, command.kind, command.voice, data))
        if len(self._kept) > MOST:
            self._forget()

    def _forget(self) -> None:
        """Of the older half keep what still counts by itself."""
        old, new = self._kept[: MOST // 2], self._kept[MOST // 2 :]
        last = {(kept.kind, kept.voice): kept for kept in old}
        counts = {id(kept) for kept in last.values()}
        self._kept = [kept for kept in old if KINDS[kept.kind].lasting or id(kept) in counts] + new
