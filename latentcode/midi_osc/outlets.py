"""MIDI outputs by name: found on whichever interface works, opened,
and opened again when they come back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from latentcode.inputs.keys import port_name
from latentcode.midi_osc.interface import CLIENT, Interface, OpenOutput
from latentcode.midi_osc.packages import interfaces

LOOK_SECONDS = 1.0  # between two looks at what is plugged in


@dataclass
class Outlet:
    """An output that is wanted: `name` is a part of a port's name,
    or the whole name of a virtual one.
    """

    name: str
    virtual: bool = False
    midi: OpenOutput | None = None  # the open port
    found: str = ""  # the port's name as the interface has it
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
        if not self._probes:
            self._probes = list(interfaces())
        there = {port for probe in self._probes for port in probe.outputs()}
        for outlet in outlets:
            if outlet.midi is None:
                self._open(outlet)
            elif not outlet.virtual and outlet.found not in there:
                self._lost(outlet)

    def _open(self, outlet: Outlet) -> None:
        opened = _virtual if outlet.virtual else _connected
        midi, found = opened(outlet.name, self._probes)
        if midi is None:
            if not outlet.told:
                outlet.told = True
                self._changed(outlet.name, False)
                self._notice(self._missing(outlet))
            return
        if outlet.told:
            self._notice(f"the MIDI output {outlet.name!r} is there: {found}")
        outlet.told, outlet.found, outlet.midi = False, found, midi
        self._changed(outlet.name, True)

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
        self._notice(f"the MIDI output {outlet.found!r} is gone; it goes on when it is back")
        if midi is not None:
            midi.close()

    def _let_go(self) -> None:
        for outlet in list(self._outlets.values()):
            midi, outlet.midi = outlet.midi, None
            if midi is not None:
                midi.close()
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
    """The ports that are not our own."""
    ports = {port for probe in probes for port in probe.outputs()}
    return sorted(port for port in ports if not port.startswith(CLIENT))


def _connected(name: str, probes: list[Interface]) -> tuple[OpenOutput | None, str]:
    """An output connected to the first port that has `name` in its name, and the port's name."""
    wanted = port_name(name)
    for probe in probes:
        for port in probe.outputs():
            if wanted in port_name(port) and not port.startswith(CLIENT):
                with suppress(OSError):
                    return probe.send_to(port, f"to {wanted}"), port
    return None, ""


def _virtual(name: str, probes: list[Interface]) -> tuple[OpenOutput | None, str]:
    for probe in probes:
        with suppress(OSError, NotImplementedError):
            return probe.virtual_output(name), name
    return None, ""
