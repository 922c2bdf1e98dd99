"""MIDI that leaves at its moment: one thread, and a heap of what is still to be sent.

Outputs are found by name on whichever interface works, opened, and opened again when they come
back.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from latentcode.inputs.keys import EXACTLY, port_meant, port_name
from latentcode.midi_osc.interface import CLIENT, Interface, OpenOutput
from latentcode.midi_osc.packages import interfaces
from latentcode.midi_osc.ports import Place, PortNames, places

LOOK_SECONDS = 0.25  # between two looks at what is plugged in
SETTLES = 0.1  # seconds until a connection of JACK counts: what is sent before is lost


NOWHERE: Place = ("", 0)
Named = tuple[Interface, dict[Place, str]]  # an interface, and the names of its outputs


@dataclass
class Outlet:
    """An output that is wanted: `name` is a port's name or a part of it,
    or the whole name of a virtual one.
    """

    name: str
    virtual: bool = False
    midi: OpenOutput | None = None  # the open port
    found: Place = NOWHERE  # the port's name as the interface has it, and which of that name
    told: bool = False  # that it is not there


class Outlets:
    """Opens outputs on a thread of its own, so that whoever sends never waits.

    `notice` is told what is missing, `changed` an output's name and whether it is there now.
    """

    def __init__(
        self,
        notice: Callable[[str], None] = lambda text: None,
        changed: Callable[[str, bool], None] = lambda name, there: None,
    ) -> None:
        self._notice, self._changed = notice, changed
        self._outlets: dict[str, Outlet] = {}
        self._probes: list[Interface] = []
        self._names: dict[str, PortNames] = {}  # that ports have, by their interface
        self._wake, self._end, self._renew = threading.Event(), threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def want(self, name: str, virtual: bool = False) -> None:
        """Let an output be there as soon as it can; a virtual one is a port of our own,
        others connect to it.
        """
        with self._lock:
            known = self._outlets.get(name)
            if known is not None and (known.virtual or not virtual):
                return
            self._outlets[name] = Outlet(name, virtual)
            if self._thread is None and not self._end.is_set():
                self._thread = threading.Thread(target=self._watch, name="midi outputs", daemon=True)
                self._thread.start()
        self._wake.set()

    def send(self, name: str, data: bytes) -> bool:
        """Send bytes; False where the output is not there."""
        outlet = self._outlets.get(name)
        midi = None if outlet is None else outlet.midi
        if midi is None:
            return False
        try:
            midi.send(data)
        except OSError:
            return False
        return True

    def is_open(self, name: str) -> bool:
        """Whether an output is there."""
        outlet = self._outlets.get(name)
        return outlet is not None and outlet.midi is not None

    def reopen(self) -> None:
        """Open all anew, on other clients: the sound server was started again."""
        self._renew.set()
        self._wake.set()

    def close(self) -> None:
        """Let go of all."""
        self._end.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(3.0)

    def _watch(self) -> None:
        while not self._end.is_set():
            self._wake.clear()
            if self._renew.is_set():
                self._renew.clear()
                self._let_go()
            self._look()
            self._wake.wait(LOOK_SECONDS)
        self._let_go()

    def _look(self) -> None:
        with self._lock:
            outlets = list(self._outlets.values())
        if any(probe.gone() for probe in self._probes):
            for outlet in outlets:
                if outlet.midi is not None:
                    self._lost(outlet)
            self._forget_probes()
        if not self._probes:
            self._probes = list(interfaces())
        away = {port for probe in self._probes for port in probe.returned()}
        there = [(probe, self._named(probe)) for probe in self._probes]
        for outlet in outlets:
            gone = outlet.found[0] in away or not any(outlet.found in ports for _, ports in there)
            if gone and outlet.midi is not None and not outlet.virtual:
                self._lost(outlet)
            if outlet.midi is None:
                self._open(outlet, there)

    def _named(self, probe: Interface) -> dict[Place, str]:
        """The outputs of an interface, and their names: those that inputs of these devices have."""
        found = places(_foreign(probe))
        names = self._names.setdefault(probe.name, PortNames())
        return names.of((place, probe.plain(place[0])) for place in found)

    def _open(self, outlet: Outlet, there: list[Named]) -> None:
        if outlet.virtual:
            midi, found = _virtual(outlet.name, self._probes)
        else:
            midi, found = _connected(outlet.name, there)
        if midi is None:
            if not outlet.told:
                outlet.told = True
                self._changed(outlet.name, False)
                self._notice(self._missing(outlet))
            return
        self._end.wait(SETTLES)
        told, outlet.told, outlet.found, outlet.midi = outlet.told, False, found, midi
        self._changed(outlet.name, True)
        if told:
            self._notice(f"the MIDI output {outlet.name!r} is there: {found[0]}")

    def _missing(self, outlet: Outlet) -> str:
        if not self._probes:
            return (
                f"✗ no MIDI output {outlet.name!r}: there is no MIDI on this machine (JACK is not running, or "
                "the ALSA sequencer is missing); latentcode doctor tells more. It is opened when it appears"
            )
        names = _others(self._probes)
        there = f"there are {', '.join(names)}" if names else "there is none"
        return (
            f"✗ no MIDI output has {outlet.name!r} in its name; {there}. It is opened when it appears; "
            f"midi_out({outlet.name!r}, virtual=True) makes a port for others to connect to"
        )

    def _lost(self, outlet: Outlet) -> None:
        midi, outlet.midi, outlet.told = outlet.midi, None, True
        self._changed(outlet.name, False)
        self._notice(f"the MIDI output {outlet.found[0]!r} is gone; it goes on when it is back")
        if midi is not None:
            midi.close()

    def _let_go(self) -> None:
        for outlet in list(self._outlets.values()):
            midi, outlet.midi = outlet.midi, None
            if midi is not None:
                self._changed(outlet.name, False)
                midi.close()
        self._forget_probes()

    def _forget_probes(self) -> None:
        probes, self._probes = self._probes, []
        for probe in probes:
            probe.close()


def outputs() -> list[str]:
    """The MIDI outputs that are there, as their interface names them."""
    found = list(interfaces())
    names = _others(found)
    for probe in found:
        probe.close()
    return names


def _others(probes: list[Interface]) -> list[str]:
    """The ports of all interfaces that are not our own."""
    return sorted({port for probe in probes for port in _foreign(probe)})


def _foreign(probe: Interface) -> list[str]:
    """The ports of an interface that are not our own."""
    return [port for port in probe.outputs() if not port.startswith(CLIENT)]


def _connected(name: str, there: list[Named]) -> tuple[OpenOutput | None, Place]:
    """An output connected to the port of that name, or the first that has it in its own, and which
    that is. Of two of one name the second is nano_2.
    """
    wanted = port_name(name)
    own = wanted.removeprefix(EXACTLY)
    ports = [(probe, place, called) for probe, named in there for place, called in named.items()]
    for probe, place, called in sorted(ports, key=lambda port: port[2] != own):
        if port_meant(wanted, called) or wanted in port_name(place[0]):
            with suppress(OSError):
                return probe.send_to(*place, f"to {own}"), place
    return None, NOWHERE


def _virtual(name: str, probes: list[Interface]) -> tuple[OpenOutput | None, Place]:
    for probe in probes:
        with suppress(OSError, NotImplementedError):
            return probe.virtual_output(name), (name, 0)
    return None, NOWHERE


CLOSE_SECONDS = 0.001  # before a moment, from where on the thread sleeps in short steps
STEP_SECONDS = 0.0002
NOTE_OFF, NOTE_ON = 0x80, 0x90

Key = tuple[int, int]  # channel, 0 to 15, and number


class Outputs(Protocol):
    """What bytes are sent to: outputs by their names."""

    def want(self, name: str, virtual: bool = False) -> None: ...
    def send(self, name: str, data: bytes) -> bool: ...
    def is_open(self, name: str) -> bool: ...
    def reopen(self) -> None: ...
    def close(self) -> None: ...


def key_of(data: bytes) -> tuple[Key, bool] | None:
    """The key that a message is about, and whether it is struck; None where it is about none."""
    if len(data) != 3 or data[0] & 0xE0 != NOTE_OFF:
        return None
    return (data[0] & 0x0F, data[1]), data[0] & 0xF0 == NOTE_ON and data[2] > 0


class Sender:
    """Sends bytes to MIDI outputs (or those given) at moments of time.monotonic().

    Outputs are meant by a part of their names. One that is not there is looked for again and again;
    what is sent to it meanwhile is dropped, which `notice` is told once. `changed` is told an
    output's name and whether it is there; keys that were to be let go of while it was away are let
    go of when it is back.
    """

    def __init__(
        self,
        notice: Callable[[str], None] = lambda text: None,
        outlets: Outputs | None = None,
        changed: Callable[[str, bool], None] = lambda port, there: None,
    ) -> None:
        self._changed_there = changed
        self._outlets: Outputs = outlets or Outlets(notice, self._there)
        self._notice, self._told = notice, set[str]()
        self._queue: list[tuple[float, int, str, bytes]] = []
        self._order, self._changed = count(), threading.Condition()
        self._sounding: dict[str, set[Key]] = {}  # by output
        self._struck: dict[str, set[Key]] = {}  # by output all that ever were
        self._closed = False
        self._thread: threading.Thread | None = None

    def open(self, port: str, virtual: bool = False) -> None:
        """Look for an output; with `virtual` make one of that name for others to connect to."""
        self._outlets.want(port, virtual)

    def is_open(self, port: str) -> bool:
        """Whether an output is there."""
        return self._outlets.is_open(port)

    def at(self, moment: float, port: str, data: bytes) -> None:
        """Send a MIDI message at a moment; at once when it is over.

        Those of one moment keep their order.
        """
        with self._changed:
            if self._closed:
                return
            self._outlets.want(port)
            heapq.heappush(self._queue, (moment, next(self._order), port, bytes(data)))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="midi out", daemon=True)
                self._thread.start()
            if self._queue[0][0] == moment:
                self._changed.notify()

    def now(self, port: str, data: bytes) -> None:
        """Send a message at once."""
        self.at(time.monotonic(), port, data)

    def struck(self, port: str, keys: Iterable[Key]) -> None:
        """Keys that another sender has struck on an output: they are let go of when it is there."""
        with self._changed:
            self._struck.setdefault(port, set()).update((channel, number) for channel, number in keys)

    def reopen(self) -> None:
        """Open all outputs anew: the sound server was started again."""
        self._outlets.reopen()

    def close(self) -> None:
        """Let go of all keys that sound, and of the outputs."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(2.0)
            self._let_go()
        self._outlets.close()

    def _run(self) -> None:
        while (entry := self._next()) is not None:
            if entry:
                self._send(*entry)

    def _next(self) -> tuple[str, bytes] | tuple[()] | None:
        """What is due; nothing when it is to be asked again, None at the end."""
        with self._changed:
            if self._closed:
                return None
            if not self._queue:
                self._changed.wait()
                return ()
            left = self._queue[0][0] - time.monotonic()
            if left <= 0:
                return heapq.heappop(self._queue)[2:]
            if left > CLOSE_SECONDS:
                self._changed.wait(left - CLOSE_SECONDS)
                return ()
        time.sleep(min(left, STEP_SECONDS))
        return ()

    def _send(self, port: str, data: bytes) -> None:
        try:
            sent = self._outlets.send(port, data)
        except Exception as error:  # whatever an interface raises: all else is still sent
            self._tell(port, f"✗ {port} did not take what was sent: {type(error).__name__}: {error}")
            return
        about = key_of(data)
        if about is None:
            return
        key, struck = about
        with self._changed:
            if not struck:
                self._sounding.get(port, set()).discard(key)
            elif sent:
                for keys in (self._sounding, self._struck):
                    keys.setdefault(port, set()).add(key)

    def _there(self, port: str, there: bool) -> None:
        """An output has come or gone: what was let go of meanwhile has not reached it."""
        self._changed_there(port, there)
        if there:
            with self._changed:
                keys = self._struck.get(port, set()) - self._sounding.get(port, set())
            self._off(port, keys)

    def _off(self, port: str, keys: Iterable[Key]) -> None:
        for channel, number in keys:
            self.now(port, bytes((NOTE_OFF | channel, number, 0)))

    def _tell(self, port: str, text: str) -> None:
        """Once for each output."""
        if port not in self._told:
            self._told.add(port)
            self._notice(text)

    def _let_go(self) -> None:
        for port, keys in self._sounding.items():
            for channel, note in keys:
                self._outlets.send(port, bytes((NOTE_OFF | channel, note, 0)))
        if any(self._sounding.values()):
            time.sleep(0.05)  # JACK takes what was sent at its next buffer
