"""What the desk must know to put a set back after the engine has died: the commands that count still."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from latentcode.commands import Command

VOICED = frozenset({"play", "stop", "restart", "back"})
PAST = 32  # commands about what a voice plays that are kept, for what it can go back to
Stamped = tuple[int, bytes]


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
        self._kept: dict[tuple[str, int], list[Stamped]] = {}

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

    def unanswered(self) -> list[Sent]:
        """What was sent and neither accepted nor overtaken, in order."""
        return list(self._sent)

    def refused(self, number: int, target: str) -> None:
        """A command of a block will not be played."""
        found = self._found(number, target, "")
        if found is not None:
            self._sent.remove(found)

    def commands(self) -> tuple[Stamped, ...]:
        """The commands that count still, each with its stamp, in order."""
        return tuple(
            sorted((pair for pairs in self._kept.values() for pair in pairs), key=lambda pair: pair[0])
        )

    def _found(self, number: int, target: str, digest: str) -> Sent | None:
        mine = [sent for sent in self._sent if sent.number == number and sent.command.target == target]
        exact = (sent for sent in mine if digest and sent.command.digest == digest)
        return next(exact, mine[0] if mine else None)

    def keep(self, command: Command, stamp: int, data: bytes) -> None:
        """A command counts from its stamp on."""
        if command.kind in ("hush", "panic"):
            self._kept = {key: pairs for key, pairs in self._kept.items() if key[0] != "voice"}
        elif command.kind in VOICED:
            kept = self._kept.setdefault(("voice", command.voice), [])
            kept.append((stamp, data))
            del kept[:-PAST]
        elif command.kind == "tempo":
            self._kept.setdefault(("tempo", -1), []).append((stamp, data))
        else:
            self._kept[command.kind, command.voice] = [(stamp, data)]
