"""MIDI through python-rtmidi. Opening a port may take tens of milliseconds without a break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import rtmidi

from latentcode.inputs.keys import port_name
from latentcode.midi_osc.interface import CLIENT, PORT, QUEUE

if TYPE_CHECKING:
    from latentcode.midi_osc.through_jack import Registrations

TRIES = 3  # to open a port while others come and go


class RtLine:
    """An open input."""

    def __init__(self, midi: Any) -> None:
        self._midi = midi
        # whatever is ignored takes the seconds before it with it
        midi.ignore_types(sysex=False, timing=False, active_sense=False)

    def read(self) -> Iterator[tuple[bytes, float]]:
        while (found := self._midi.get_message()) is not None:
            yield bytes(found[0]), found[1]

    def close(self) -> None:
        _free(self._midi)


class RtOutgoing:
    """An open output."""

    def __init__(self, midi: Any) -> None:
        self._midi = midi

    def send(self, data: bytes) -> None:
        self._midi.send_message(data)

    def close(self) -> None:
        _free(self._midi)


class RtInterface:
    """One of the interfaces that rtmidi knows. Raises OSError where it fails."""

    def __init__(self, api: int) -> None:
        self.api, self.name = api, str(rtmidi.get_api_display_name(api))
        self._numbered = api == rtmidi.API_WINDOWS_MM  # names end with a number that changes
        self._into = self._in(f"{CLIENT}-inputs")
        self._registrations = _registrations() if api == rtmidi.API_UNIX_JACK else None
        self._out: Any = None  # made when it is asked for: a set that sends nothing has no second client

    def inputs(self) -> list[str]:
        return [] if self.gone() else _ports(self._into)

    def outputs(self) -> list[str]:
        if self.gone():
            return []
        with suppress(OSError):
            self._out = self._out or rtmidi.MidiOut(self.api, name=f"{CLIENT}-probe")
            return _ports(self._out)
        return []

    def gone(self) -> bool:
        return self._registrations is not None and self._registrations.lost

    def plain(self, port: str) -> str:
        return port_name(re.sub(r"\s+\d+$", "", port) if self._numbered else port)

    def listen(self, port: str, nth: int) -> RtLine:
        return RtLine(_opened(self._in(PORT), port, nth, f"from {port_name(port)}"))

    def virtual(self, name: str) -> RtLine:
        return RtLine(_made(self._in(f"{CLIENT}-{name}"), name))

    def returned(self) -> set[str]:
        return set() if self._registrations is None else self._registrations.returned()

    def cut(self) -> set[str]:
        return set() if self._registrations is None else self._registrations.cut()

    def shows(self, name: str) -> bool:
        with suppress(OSError):
            outside = rtmidi.MidiOut(self.api, name=f"{CLIENT}-look")
            seen = any(f"{CLIENT}-{name}" in port for port in outside.get_ports())
            _free(outside)
            return seen
        return False

    def send_to(self, port: str, nth: int, own: str) -> RtOutgoing:
        return RtOutgoing(_opened(rtmidi.MidiOut(self.api, name=PORT), port, nth, own))

    def virtual_output(self, name: str) -> RtOutgoing:
        return RtOutgoing(_made(rtmidi.MidiOut(self.api, name=f"{CLIENT}-{port_name(name)}"), name))

    def close(self) -> None:
        _free(self._into)
        if self._registrations is not None:
            self._registrations.close()
        if self._out is not None:
            _free(self._out)

    def _in(self, name: str) -> Any:
        return rtmidi.MidiIn(self.api, name=name, queue_size_limit=QUEUE)


def interfaces() -> Iterator[RtInterface]:
    """Those that work here."""
    for api in rtmidi.get_compiled_api():
        if api != rtmidi.API_RTMIDI_DUMMY:
            with suppress(OSError):
                yield RtInterface(api)


def _registrations() -> Registrations | None:
    """What JACK tells and rtmidi does not, where the package for it is there."""
    with suppress(ImportError, OSError):
        from latentcode.midi_osc.through_jack import Registrations

        return Registrations(f"{CLIENT}-registrations")
    return None


def _ports(midi: Any) -> list[str]:
    with suppress(OSError):
        return list(midi.get_ports())
    return []


def _opened(midi: Any, port: str, nth: int, own: str) -> Any:
    """Connect to the nth port of a name, or let go of it all.

    rtmidi knows ports by their places, and looks them up anew when it opens one: where others have
    come or gone meanwhile it was another's.
    """
    try:
        for _ in range(TRIES):
            before = midi.get_ports()
            places = [place for place, name in enumerate(before) if name == port]
            if nth >= len(places):
                break
            up_to = places[nth] + 1
            midi.open_port(places[nth], name=own)
            if midi.get_ports()[:up_to] == before[:up_to]:
                return midi
            midi.close_port()
        raise OSError(f"{port} has gone")
    except OSError:
        _free(midi)
        raise


def _made(midi: Any, name: str) -> Any:
    try:
        midi.open_virtual_port(name)
    except (OSError, NotImplementedError):
        _free(midi)
        raise
    return midi


def _free(midi: Any) -> None:
    with suppress(OSError):
        midi.close_port()
    with suppress(OSError):
        midi.delete()
