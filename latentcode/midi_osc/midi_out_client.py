"""MIDI out as the engine sees it: a process sends it, so that no driver can hold up the sound.

Opening a port keeps the interpreter for 14 to 28 ms (JACK).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue

from latentcode.midi_osc.restarts import Restarts
from latentcode.midi_osc.sending import Key, key_of
from latentcode.protocol import helper_messages, messages
from latentcode.protocol.wire import Child, start

NAMES_SECONDS = 1.5


class Posting:
    """A `Sender` in a process of its own, which is started when it is needed;
    nothing here ever waits.
    """

    def __init__(self, notice: Callable[[str], None] = lambda text: None) -> None:
        self._notice, self._restarts = notice, Restarts("MIDI out", notice)
        self._posted: SimpleQueue[helper_messages.ToMidiOut | None] = SimpleQueue()
        self._wanted: dict[str, bool] = {}  # outputs, and whether they are virtual
        self._there, self._looked = set[str](), set[str]()
        self._openings: dict[str, int] = {}
        self._struck: dict[str, set[Key]] = {}  # by output all keys that ever were
        self._names: tuple[str, ...] = ()
        self._told = threading.Event()
        self._lock, self._closed = threading.Lock(), False
        self._thread: threading.Thread | None = None
        self._child: Child | None = None

    def open(self, port: str, virtual: bool = False) -> None:
        """Look for an output; with `virtual` make one of that name for others to connect to."""
        if self._wanted.get(port, False) >= virtual and port in self._wanted:
            return
        self._wanted[port] = virtual
        self._post(helper_messages.Open(port, virtual))

    def is_open(self, port: str) -> bool:
        """Whether an output is there."""
        return port in self._there

    def opened(self, port: str) -> int:
        """How many times an output was opened, 0 while it is not there: whoever is behind it knows
        nothing of what was sent before the last time.
        """
        return self._openings[port] if port in self._there else 0

    def looked_for(self, port: str) -> bool:
        """Whether it is known of an output if it is there."""
        return port in self._looked

    def names(self) -> tuple[str, ...]:
        """The MIDI outputs that are there; waits for the process that knows."""
        self._told.clear()
        self._post(helper_messages.NameOutputs())
        self._told.wait(NAMES_SECONDS)
        return self._names

    def at(self, moment: float, port: str, data: bytes) -> None:
        """Send a MIDI message at a moment of time.monotonic(); at once when it is over."""
        about = key_of(data)
        if about is not None and about[1]:
            self._struck.setdefault(port, set()).add(about[0])
        self._post(helper_messages.At(moment, port, bytes(data)))

    def now(self, port: str, data: bytes) -> None:
        """Send a message at once."""
        self.at(time.monotonic(), port, data)

    def reopen(self) -> None:
        """Open all outputs anew: the sound server was started again."""
        if self._child is not None:
            self._post(helper_messages.Reopen())

    def close(self) -> None:
        """Let go of all keys that sound, and of the outputs."""
        with self._lock:
            self._closed, thread = True, self._thread
        self._posted.put(None)
        if thread is not None:
            thread.join(2.0)
        if self._child is not None:
            self._child.close(3.0)

    def _post(self, message: helper_messages.ToMidiOut) -> None:
        with self._lock:
            if self._closed:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._carry, name="posting", daemon=True)
                self._thread.start()
        self._posted.put(message)

    def _carry(self) -> None:
        child = self._begin()
        while (message := self._posted.get()) is not None:
            try:
                child.wire.send(message)
            except EOFError:
                child = self._again(child)

    def _begin(self) -> Child:
        self._child = child = start("latentcode.midi_osc", "out", hears=helper_messages.FromMidiOut)
        threading.Thread(target=self._listen, args=(child,), name="posted", daemon=True).start()
        with suppress(EOFError):
            for port, keys in list(self._struck.items()):  # by a process that died, and holds them for ever
                child.wire.send(helper_messages.Struck(port, tuple(keys.copy())))
            for port, virtual in list(self._wanted.items()):
                child.wire.send(helper_messages.Open(port, virtual))
        return child

    def _again(self, dead: Child) -> Child:
        dead.close(0.5)
        self._there.clear()
        time.sleep(self._restarts.died())
        return self._begin()

    def _listen(self, child: Child) -> None:
        with suppress(EOFError):
            while True:
                self._hear(child.wire.receive())

    def _hear(self, message: helper_messages.FromMidiOut) -> None:
        match message:
            case messages.Notice(text):
                self._notice(text)
            case helper_messages.OutputNames(names):
                self._names = names
                self._told.set()
            case helper_messages.OutputThere(name, there):
                self._looked.add(name)
                self._openings[name] = self._openings.get(name, 0) + there
                (self._there.add if there else self._there.discard)(name)
