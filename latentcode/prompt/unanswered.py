"""What the engine was told of blocks, and has not answered: should it die, the next one is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from latentcode.protocol.messages import Answered, Block, Done, Message, More, SentBy


class Unanswered:
    """By the numbers of blocks. Parts of one may be answered in any order. Nobody answers what
    belongs to a block (who sent it, what it was told, how it ended): it is kept as long as
    something of the block is unanswered, or to come.
    """

    def __init__(self) -> None:
        self._asked: dict[int, dict[int, Block | More]] = {}  # by their parts
        self._known = set[int]()  # of which some part was answered: their code is in the journal
        self._beside: defaultdict[int, list[Message]] = defaultdict(list)

    def __contains__(self, number: int) -> bool:
        return number in self._asked

    def __iter__(self) -> Iterator[int]:
        return iter(self._asked)

    def __len__(self) -> int:
        return len(self._asked)

    def sent(self, message: Message) -> None:
        """A message goes to the engine, now or when there is one."""
        match message:
            case Block():
                self._asked.setdefault(message.number, {})[0] = message
            case More():
                self._asked.setdefault(message.number, {})[message.part] = message
            case SentBy():
                self._beside[message.number].append(message)
            case Answered():
                self._beside[int(message.name.partition(".")[0])].append(message)
            case Done() if message.number in self._asked:
                self._beside[message.number].append(message)

    def answered(self, number: int, part: int) -> None:
        """A part of a block is taken, or refused."""
        parts = self._asked.get(number, {})
        parts.pop(part, None)
        self._known.add(number)
        if not parts:
            self.leave_out(number)

    def again(self) -> Iterator[Message]:
        """All that another engine must be told, each block in the order in which it was told."""
        for number in sorted({*self._asked, *self._beside}):
            beside = self._beside.get(number, [])
            yield from (message for message in beside if not isinstance(message, Done))
            yield from self._parts(number)
            yield from (message for message in beside if isinstance(message, Done))

    def _parts(self, number: int) -> Iterator[Message]:
        for part, message in self._asked.get(number, {}).items():
            known = number in self._known and isinstance(message, Block)
            yield More(number, part, message.commands) if known else message

    def leave_out(self, number: int) -> str | None:
        """No engine is told of a block any more; its code, None where all of it was answered."""
        self._known.discard(number)
        self._beside.pop(number, None)
        parts = self._asked.pop(number, None)
        if not parts:
            return None
        return next((one.code for one in parts.values() if isinstance(one, Block)), f"line {number}")
