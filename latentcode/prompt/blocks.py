"""The running block of code, and how its commands reach the engine.

The commands of a block are sent together when it ends, so that they share a stamp; after 20 ms
those that were issued so far go out while it still runs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from latentcode.errors import EngineError
from latentcode.protocol.messages import Answered, Block, Done, Message, More, SentBy, State
from latentcode.session.marks import text_of, value_of
from latentcode.set.commands import numbered
from latentcode.set.kinds import packed

if TYPE_CHECKING:
    from latentcode.set.commands import Command

Noted = Callable[[int, "list[tuple[Command, bytes]]"], None]
PATIENCE = 0.02  # seconds from a block's first command that is not sent yet until it is


@dataclass
class Running:
    """A block that runs: its code, the thread that runs it,
    and the commands that have not been sent.
    """

    number: int
    code: str
    thread: int
    waiting: list[Command] = field(default_factory=list)
    parts: int = 0  # that were sent
    named: int = 0
    timer: threading.Timer | None = None


class Blocks:
    """Takes the commands of one block at a time and sends them as messages to the engine.

    send    called with a message, from the thread of the block or from a timer
    noted   called with a block's number and its commands when they are sent
    state   the engine's latest state
    shield  a context in which Ctrl-C waits
    answer  what the engine answers to a question (see `questions.py`)
    """

    live = True

    def __init__(
        self,
        send: Callable[[Message], None],
        noted: Noted = lambda number, commands: None,
        state: Callable[[], State] = State,
        shield: Callable[[], AbstractContextManager[Any]] = nullcontext,
        patience: float = PATIENCE,
        answer: Callable[..., Any] = lambda *question, **how: None,
    ) -> None:
        self._send, self._noted, self.state, self._shield = send, noted, state, shield
        self._patience, self.question = patience, answer
        self._lock = threading.RLock()
        self._running: Running | None = None
        self.number = 0
        self._by = ""

    @contextmanager
    def sent_by(self, name: str) -> Iterator[None]:
        """While this lasts blocks come from somebody whose name is to be in the journal."""
        before, self._by = self._by, name or self._by
        try:
            yield
        finally:
            self._by = before

    def begin(self, code: str) -> int:
        """A block begins, on this thread; returns its number."""
        with self._shield(), self._lock:
            self.number += 1
            self._running = Running(self.number, code, threading.get_ident())
            if self._by:
                self._send(SentBy(self.number, self._by))
            return self.number

    def end(self, failed: bool = False) -> None:
        """The block has ended, or raised."""
        with self._shield(), self._lock:
            block = self._running
            if block is None:
                return
            self._running = None
            if block.timer is not None:
                block.timer.cancel()
            if not block.parts:
                self._flush(block, failed)
                return
            if block.waiting:
                self._flush(block, False)
            self._send(Done(block.number, failed))

    def beside(self, code: str, command: Command, by: str = "") -> int:
        """A block of one command that waits for no other: from any thread, also while one runs,
        which is told first as far as it is. Returns its number.
        """
        with self._shield(), self._lock:
            running = self._running
            if running is not None and (running.waiting or not running.parts):
                self._late(running)
            self.number += 1
            if by:
                self._send(SentBy(self.number, by))
            self._flush(Running(self.number, code, threading.get_ident(), [command]), False)
            return self.number

    def take(self, command: Command) -> None:
        """One command of the running block. Raises EngineError outside of a block."""
        packed(command)  # what cannot travel says so here, in its own line
        with self._shield(), self._lock:
            block = self._running
            if block is None or block.thread != threading.get_ident():
                raise _elsewhere(command.target)
            block.waiting.append(command)
            if block.timer is None:
                block.timer = threading.Timer(self._patience, self._late, (block,))
                block.timer.daemon = True
                block.timer.start()

    def name(self) -> str:
        """Block and place in it of something that is asked for.

        Raises EngineError outside of a block.
        """
        with self._lock:
            block = self._running
            if block is None or block.thread != threading.get_ident():
                raise _elsewhere("it")
            block.named += 1
            return f"{block.number}.{block.named}"

    def ask(self, message: Message) -> None:
        """Something that is not part of the journal."""
        with self._shield():
            self._send(message)

    def noted(self, make: Callable[[], Any]) -> Any:
        """What `make` gives; the journal keeps it."""
        name, text = self.name(), text_of(make())
        self.ask(Answered(name, text))
        return value_of(text)

    def _late(self, block: Running) -> None:
        with self._lock:
            if self._running is block:
                if block.timer is not None:
                    block.timer.cancel()
                    block.timer = None
                self._flush(block, False)

    def _flush(self, block: Running, failed: bool) -> None:
        commands, block.waiting = numbered(block.waiting, block.number), []
        data = tuple(map(packed, commands))
        self._noted(block.number, list(zip(commands, data, strict=True)))
        if block.parts:
            self._send(More(block.number, block.parts, data))
        else:
            self._send(Block(block.number, block.code, failed, data))
        block.parts += 1


def _elsewhere(target: str) -> EngineError:
    return EngineError(
        f"{target} was asked by a thread of its own; only lines of the prompt can be replayed: "
        "type it there, or let a pattern do it"
    )
