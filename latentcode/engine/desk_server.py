"""What the engine tells its desk and observers: each through a queue of its own,
so that none holds up the sound.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue

from latentcode.protocol.messages import (
    Answer,
    Attach,
    Hello,
    Message,
    Notice,
    Observe,
    Replaced,
    name_of,
)
from latentcode.protocol.observing import FromCaller, Look, Sliders, Touched
from latentcode.protocol.wire import Door, Wire, log_line

LAST_WORDS = 0.3  # seconds for a desk to take what it was told
MOST_WAITING = 20  # messages that a desk has not taken, from where on it is not told the state
MOST_LOOKS = 8  # … from where on it is not shown what is heard
MOST_OBSERVED = 500  # … that an observer has not taken, from where on it is let go of
HELD = "another prompt holds this set: latentcode --resume takes it back"
LISTENS = "an observer listens; a desk, which says attach, can speak"


class Caller:
    """Who is at the other end of a wire, and what it is still to be told."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.follows = False  # … and one that is told where sliders stand
        self.looks = False  # whether it is an observer that is shown what is heard
        self._queue: SimpleQueue[Message | None] = SimpleQueue()
        threading.Thread(target=self._send_on, name="desk sender", daemon=True).start()

    def tell(self, message: Message | None) -> None:
        """A message, when all before it is told; None: there will be no more."""
        self._queue.put(message)

    @property
    def waiting(self) -> int:
        """How many messages it has not taken."""
        return self._queue.qsize()

    def _send_on(self) -> None:
        while (message := self._queue.get()) is not None:
            try:
                self.wire.send(message)
            except EOFError:
                pass
            except (TypeError, OverflowError) as error:  # an answer that is not plain
                log_line(f"{name_of(message)} cannot be told: {error}")


class Desks:
    """The desk that is attached, if any, its observers, and the door at which others may call.

    The last desk that attached itself is told, and heard: `receive` gets what it says, on its
    thread. Observers are told the same, but for answers; what they say does not count, but for
    hands on their pages, of which `touched` is told.
    """

    def __init__(self, receive: Callable[[Message], None], door: str | None) -> None:
        self._receive = receive
        self._hello: Hello | None = None
        self._callers: list[Caller] = []
        self._attached: list[Caller] = []
        self._observers: list[Caller] = []
        self._gone_since: float | None = None
        self.looked = 0  # how often an observer has begun to look
        self.touched: Callable[[Touched], None] = lambda touched: None
        self._door = Door(door, FromCaller) if door else None
        if self._door:
            threading.Thread(target=self._welcome, args=(self._door,), name="door", daemon=True).start()

    def take(self, wire: Wire) -> None:
        """Attach the desk that started the engine."""
        self._attach(self._hear(wire))

    def ready(self, hello: Hello) -> None:
        """Say hello to the desk that is attached, and to each that comes."""
        self._hello = hello
        self.tell(hello)

    def notice(self, text: str) -> None:
        """A sentence for the musician."""
        self.tell(Notice(text))

    def tell(self, message: Message) -> None:
        """A message to the desk and its observers; lost when there is nobody."""
        for desk in self._attached[-1:]:
            desk.tell(message)
        for observer in () if isinstance(message, Answer) else tuple(self._observers):
            if observer.waiting < MOST_OBSERVED:
                observer.tell(message)
            else:
                observer.wire.close()

    @property
    def looking(self) -> bool:
        """Whether an observer wants to be shown what is heard."""
        return any(observer.looks for observer in tuple(self._observers))

    @property
    def following(self) -> bool:
        """Whether an observer wants to be told where sliders stand."""
        return any(observer.follows for observer in tuple(self._observers))

    def show(self, look: Look | Sliders) -> None:
        """What is heard, or can be moved, to the observers that look or follow; what is heard only
        where they have taken what they were told.
        """
        for observer in tuple(self._observers):
            moved = isinstance(look, Sliders)
            if observer.follows if moved else observer.looks and observer.waiting < MOST_LOOKS:
                observer.tell(look)

    @property
    def busy(self) -> bool:
        """Whether a desk has not taken what it was told."""
        return any(desk.waiting > MOST_WAITING for desk in self._attached[-1:])

    def gone_for(self) -> float:
        """Seconds since the last desk hung up; 0 while there is one."""
        return 0.0 if self._gone_since is None else time.monotonic() - self._gone_since

    def close(self) -> None:
        """Close the door, and hang up when the last words are told."""
        if self._door:
            self._door.close()
        deadline = time.monotonic() + LAST_WORDS
        while any(desk.waiting for desk in self._attached[-1:]) and time.monotonic() < deadline:
            time.sleep(0.01)
        for caller in tuple(self._callers):
            with suppress(OSError):
                caller.wire.close()

    def _hear(self, wire: Wire) -> Caller:
        caller = Caller(wire)
        self._callers.append(caller)
        threading.Thread(target=self._listen, args=(caller,), name="desk", daemon=True).start()
        return caller

    def _attach(self, caller: Caller) -> None:
        for former in self._attached[-1:]:
            former.tell(Replaced(HELD))
        self._attached.append(caller)
        self._gone_since = None
        self._greet(caller)

    def _greet(self, caller: Caller) -> None:
        if self._hello:
            caller.tell(self._hello)

    def _listen(self, caller: Caller) -> None:
        with suppress(EOFError):
            while True:
                self._said(caller, caller.wire.receive())
        caller.tell(None)
        for group in (self._callers, self._attached, self._observers):
            if caller in group:
                group.remove(caller)
                if group is self._attached and not group:
                    self._gone_since = time.monotonic()

    def _said(self, caller: Caller, message: FromCaller) -> None:
        if isinstance(message, Observe) and caller not in self._attached:
            self._observe(caller, message)
        elif caller in self._observers and isinstance(message, Touched):
            self.touched(message)
        elif caller in self._observers:
            caller.tell(Notice(LISTENS))
        elif isinstance(message, Attach):
            self._attach(caller)
        elif self._attached[-1:] == [caller]:
            self._receive(message)
        else:
            caller.tell(Notice(HELD))

    def _observe(self, caller: Caller, wanted: Observe) -> None:
        caller.looks, caller.follows = wanted.looks, wanted.looks or wanted.sliders
        self.looked += caller.follows
        if caller not in self._observers:
            self._observers.append(caller)
            self._greet(caller)

    def _welcome(self, door: Door) -> None:
        with suppress(EOFError):
            while True:
                self._hear(door.accept())
