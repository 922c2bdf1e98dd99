"""MIDI input as the engine sees it: a process listens for it,
so that no driver can hold up the sound.

Opening a port keeps the interpreter for 14 to 28 ms (JACK), and for ever when the server hangs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from latentcode.errors import LatentcodeError
from latentcode.inputs.keys import ANY, HeldInputs, Input
from latentcode.midi_osc.packages import installed
from latentcode.midi_osc.restarts import Restarts
from latentcode.protocol import helper_messages, messages
from latentcode.protocol.wire import Child, start

NONE = "none"  # how no input is spelled on the command line
NO_PACKAGE = (
    "no MIDI here: neither python-rtmidi nor JACK-Client is installed; type pip install JACK-Client, "
    "and latentcode doctor tells more"
)
FAULTS = (LatentcodeError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError)

Arrive = Callable[[Input, float], None]
Clock = Callable[[str, bytes, float], None]


class Listening:
    """The inputs of the machine; what they say reaches `arrive` and `realtime`,
    on a thread of ours.

    names   those that are listened to, as keys have them
    there   all that could be
    """

    def __init__(
        self,
        arrive: Arrive,
        realtime: Clock = lambda port, data, moment: None,
        notice: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._arrive, self._realtime, self._notice = arrive, realtime, notice
        self._looked = False
        self.names: tuple[str, ...] = ()
        self.there: tuple[str, ...] = ()
        self.chosen: tuple[str, ...] = (ANY,)
        self.virtual: tuple[str, ...] = ()
        self._told: set[str] = set()
        self._held, self._restarts = HeldInputs(), Restarts("MIDI input", notice)
        self._child: Child | None = None
        self._lock, self._closed = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to listen, where that is not so yet; returns at once."""
        if self._thread is not None or self._closed.is_set():
            return
        if not installed():
            self._notice(NO_PACKAGE)
            return
        self._thread = threading.Thread(target=self._run, name="midi in", daemon=True)
        self._thread.start()

    @property
    def looked(self) -> bool:
        """Whether it is known what is there; so it is where nobody looks."""
        return self._looked or self._thread is None

    def choose(self, fragments: Iterable[str]) -> None:
        """Listen to inputs with one of these in their names, ANY for all; nothing: to none,
        not even virtual.
        """
        with self._lock:
            self.chosen = tuple(fragments)
            self.virtual = self.virtual if self.chosen else ()
            self._send(helper_messages.Choose(self.chosen))

    def make(self, name: str) -> None:
        """Make an input of our own of that name, for others to connect to."""
        with self._lock:
            if name not in self.virtual:
                self.virtual += (name,)
                self._send(helper_messages.Make(name))

    def close(self) -> None:
        """Listen no more."""
        self._closed.set()
        self._hang_up()

    def _send(self, message: helper_messages.ToMidiIn) -> None:
        if self._child is not None:
            with suppress(EOFError):
                self._child.wire.send(message)

    def _run(self) -> None:
        while not self._closed.is_set():
            child = self._begin()
            with suppress(EOFError):
                while not self._closed.is_set():
                    self._hear(child.wire.receive())
            self._hang_up()
            if self._closed.is_set():
                return
            self.names = self.there = ()
            for given in self._held.release():  # nobody else will tell that they are let go of
                self._give(given, time.monotonic())
            self._closed.wait(self._restarts.died())

    def _begin(self) -> Child:
        child = start("latentcode.midi_osc", "in", hears=helper_messages.FromMidiIn)
        with self._lock:
            self._child = child
            self._send(helper_messages.Choose(self.chosen))
            for name in self.virtual:
                self._send(helper_messages.Make(name))
        return child

    def _hang_up(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.close(1.0)

    def _give(self, given: Input, moment: float) -> None:
        try:
            self._arrive(given, moment)
        except FAULTS as error:  # whoever listens fails; the hands play on
            if (text := f"✗ {given.key}: {error}") not in self._told:
                self._told.add(text)
                self._notice(text)

    def _hear(self, message: helper_messages.FromMidiIn) -> None:
        match message:
            case helper_messages.Inputs(found):
                for key, value, moment in found:
                    self._held.hear(key, value)
                    self._give(Input(key, value), moment)
            case helper_messages.Realtime(port, data, moment):
                self._realtime(port, data, moment)
            case helper_messages.InputNames(heard, there):
                self.names, self.there, self._looked = heard, there, True
            case messages.Notice(text):
                self._notice(text)
