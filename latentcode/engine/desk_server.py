"""What the engine tells its desks: through one queue, so that no desk can hold up the sound."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

from latentcode.protocol.wire import Door, Message, Wire

LAST_WORDS = 0.3  # seconds for a desk to take what it was told
HELD = "another prompt holds this set: latentcode --resume takes it back"


class Desks:
    """The desk that is attached, if any, and the door at which another may call.

    The last desk that attached itself is told, and heard; `receive` gets what it says, on its thread.
    """

    def __init__(self, receive: Callable[[Message], None], door: str | None) -> None:
        self._receive = receive
        self._hello: Message | None = None
        self._queue: SimpleQueue[Message] = SimpleQueue()
        self._attached: list[Wire] = []
        self._callers: list[Wire] = []
        self._gone_since: float | None = None
        self._door = Door(door) if door else None
        threading.Thread(target=self._send_on, name="desk sender", daemon=True).start()
        if self._door:
            threading.Thread(target=self._welcome, args=(self._door,), name="door", daemon=True).start()

    def take(self, wire: Wire) -> None:
        """Attach the desk that started the engine."""
        self._hear(wire)
        self._attach(wire)

    def _hear(self, wire: Wire) -> None:
        self._callers.append(wire)
        threading.Thread(target=self._listen, args=(wire,), name="desk", daemon=True).start()

    def _attach(self, wire: Wire) -> None:
        for former in self._attached[-1:]:
            with suppress(EOFError):
                former.send("replaced", HELD)
        self._attached.append(wire)
        self._gone_since = None
        if self._hello:
            wire.send(*self._hello)

    def ready(self, info: dict[str, Any]) -> None:
        """Say hello to the desk that is attached, and to each that comes."""
        self._hello = ("hello", info)
        self.tell(*self._hello)

    def tell(self, *message: Any) -> None:
        """A message to the desk; lost when there is none."""
        self._queue.put(message)

    @property
    def busy(self) -> bool:
        """Whether a desk has not taken what it was told."""
        return self._queue.qsize() > 20

    def gone_for(self) -> float:
        """Seconds since the last desk hung up; 0 while there is one."""
        return 0.0 if self._gone_since is None else time.monotonic() - self._gone_since

    def close(self) -> None:
        if self._door:
            self._door.close()
        deadline = time.monotonic() + LAST_WORDS
        while not self._queue.empty() and time.monotonic() < deadline:
            time.sleep(0.01)
        for wire in self._callers:
            with suppress(OSError):
                wire.close()

    def _send_on(self) -> None:
        while True:
            message = self._queue.get()
            for wire in self._attached[-1:]:
                with suppress(EOFError):
                    wire.send(*message)

    def _listen(self, wire: Wire) -> None:
        with suppress(EOFError):
            while True:
                self._said(wire, wire.receive())
        self._callers.remove(wire)
        if wire in self._attached:
            self._attached.remove(wire)
            if not self._attached:
                self._gone_since = time.monotonic()

    def _said(self, wire: Wire, message: Message) -> None:
        if message == ("attach",):
            self._attach(wire)
        elif self._attached[-1:] == [wire]:
            self._receive(message)
        else:
            wire.send("notice", HELD)

    def _welcome(self, door: Door) -> None:
        with suppress(EOFError):
            while True:
                self._hear(door.accept())
