"""The MIDI inputs of the machine, through rtmidi. Opening one may take tens of milliseconds without a break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from latentcode.control.keys import port_name
from latentcode.control.outlets import CLIENT

QUEUE = 16384  # messages that wait for us: three seconds of a storm
SILENT = ("midi through", f"{CLIENT}:", f"{CLIENT}-")  # through ports, and our own


class Line:
    """An open input. What arrives waits in a queue of its own, so that no driver ever waits for us."""

    def __init__(self, midi: Any) -> None:
        self._midi = midi
        midi.ignore_types(
            sysex=False, timing=False, active_sense=False
        )  # the seconds before those would be lost

    def read(self) -> Iterator[tuple[bytes, float]]:
        """The packets that have arrived, each with the seconds since the one before."""
        while (found := self._midi.get_message()) is not None:
            yield bytes(found[0]), found[1]

    def close(self) -> None:
        """Hang up."""
        _free(self._midi)


class Interface:
    """One of the interfaces that rtmidi knows (ALSA, JACK, Core MIDI, Windows). Raises OSError where it fails."""

    def __init__(self, api: int) -> None:
        import rtmidi

        self.api, self.name = api, str(rtmidi.get_api_display_name(api))
        self._numbered = api == rtmidi.API_WINDOWS_MM  # names end with a number that changes
        self._probe = self._client(f"{CLIENT}-inputs")

    def inputs(self) -> list[str]:
        """The names of what can be listened to, as the interface has them; nothing where it has gone."""
        with suppress(OSError):
            return list(self._probe.get_ports())
        return []

    def plain(self, port: str) -> str:
        """A port's name as keys have it; two ports may have the same."""
        return port_name(re.sub(r"\s+\d+$", "", port) if self._numbered else port)

    def listen(self, port: str, nth: int) -> Line:
        """Listen to the nth input of a name."""
        midi = self._client(CLIENT)
        places = [place for place, name in enumerate(midi.get_ports()) if name == port]
        if nth >= len(places):
            _free(midi)
            raise OSError(f"{port} has gone")
        try:
            midi.open_port(places[nth], name=f"from {port_name(port)}")
        except OSError:
            _free(midi)
            raise
        return Line(midi)

    def virtual(self, name: str) -> Line:
        """Make an input that others connect to. Raises NotImplementedError where there are none (Windows)."""
        midi = self._client(f"{CLIENT}-{name}")
        try:
            midi.open_virtual_port(name)
        except (OSError, NotImplementedError):
            _free(midi)
            raise
        return Line(midi)

    def shows(self, name: str) -> bool:
        """Whether others see our virtual input; not, where the server was started again meanwhile."""
        import rtmidi

        with suppress(OSError):
            outside = rtmidi.MidiOut(self.api, name=f"{CLIENT}-look")
            seen = any(f"{CLIENT}-{name}" in port for port in outside.get_ports())
            _free(outside)
            return seen
        return False

    def close(self) -> None:
        """Let go of it; open lines stay."""
        _free(self._probe)

    def _client(self, name: str) -> Any:
        import rtmidi

        return rtmidi.MidiIn(self.api, name=name, queue_size_limit=QUEUE)


def working() -> Interface | None:
    """The first interface that works here."""
    import rtmidi

    for api in rtmidi.get_compiled_api():
        if api != rtmidi.API_RTMIDI_DUMMY:
            with suppress(OSError):
                return Interface(api)
    return None


def ours(port: str) -> bool:
    """Whether listening to a port would be a loop."""
    return any(part in port.lower() for part in SILENT)


def _free(midi: Any) -> None:
    with suppress(OSError):
        midi.close_port()
    with suppress(OSError):
        midi.delete()
