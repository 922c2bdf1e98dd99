"""What the engine was told of blocks, and has not answered: should it die, the next one is told."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator

from latentcode.protocol.messages import Answered, Block, Done, Message, More, SentBy

BESIDE = (SentBy, Answered, Done)  # what belongs to a block, and is noted without an answer


class Unanswered:
    """By the numbers of blocks. Nobody answers what belongs to a block (who sent it, what it was
    told, how it ended): it is kept as long as something of the block is unanswered, or to come.
    """

    def __init__(self) -> None:
        self._asked: dict[int, deque[Block | More]] = {}
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
            case Block() | More():
                self._asked.setdefault(message.number, deque()).append(message)
            case SentBy():
                self._beside[message.number].append(message)
            case Answered():
                self._beside[int(message.name.partition(".")[0])].append(message)
            case Done() if message.number in self._asked:
                self._beside[message.number].append(message)

    def answered(self, number: int) -> None:
        """The first that was asked of a block is taken, or refused."""
        messages = self._asked.get(number)
        if messages:
            messages.popleft()
        if not messages:
            self.leave_out(number)

    def again(self) -> Iterator[Message]:
        """All that another engine must be told, each block in the order in which it was told."""
        for number in sorted({*self._asked, *self._beside}):
            beside = self._beside.get(number, [])
            yield from (message for message in beside if not isinstance(message, Done))
            yield from self._asked.get(number, ())
            yield from (message for message in beside if isinstance(message, Done))

    def leave_out(self, number: int) -> str | None:
        """No engine is told of a block any more; its code, None where all of it was answered."""
        self._beside.pop(number, None)
        messages = self._asked.pop(number, None)
        if not messages:
            return None
        return next((one.code for one in messages if isinstance(one, Block)), f"line {number}")
