"""The door to the machine's MIDI: what every interface can do, and which ones work here.

python-rtmidi knows them all (ALSA, JACK, Core MIDI, Windows), where it is installed: it has no wheels for every
Python. JACK-Client needs no compiler, and hears what JACK and PipeWire carry.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Protocol

CLIENT = "latentcode"
QUEUE = 16384  # messages that wait for us: three seconds of a storm
SILENT = ("midi through", f"{CLIENT}:", f"{CLIENT}-")  # through ports, and our own
CHOSEN = "LATENTCODE_MIDI"  # the variable that names one package of `PACKAGES`


class OpenInput(Protocol):
    """An open input. What arrives waits in a queue of its own, so that no driver ever waits for us."""

    def read(self) -> Iterator[tuple[bytes, float]]:
        """The packets that have arrived, each with the seconds since the one before."""

    def close(self) -> None:
        """Hang up."""


class OpenOutput(Protocol):
    """An open output."""

    def send(self, data: bytes) -> None:
        """Send one message. Raises OSError where the port has gone."""

    def close(self) -> None:
        """Hang up."""


class Interface(Protocol):
    """One of the machine's ways to MIDI. What it opens stays open when it is closed itself."""

    name: str

    def inputs(self) -> list[str]:
        """The names of what can be listened to; nothing where the interface has gone."""

    def outputs(self) -> list[str]:
        """The names of what can be sent to; nothing where the interface has gone."""

    def plain(self, port: str) -> str:
        """A port's name as keys have it; two ports may have the same."""

    def listen(self, port: str, nth: int) -> OpenInput:
        """Listen to the nth input of a name. Raises OSError where it has gone."""

    def virtual(self, name: str) -> OpenInput:
        """Make an input that others connect to. Raises NotImplementedError where there are none (Windows)."""

    def shows(self, name: str) -> bool:
        """Whether others see our virtual input; not, where the server was started again meanwhile."""

    def send_to(self, port: str, own: str) -> OpenOutput:
        """Open an output, through a port of ours called `own`. Raises OSError where it has gone."""

    def virtual_output(self, name: str) -> OpenOutput:
        """Make an output that others connect to. Raises NotImplementedError where there are none (Windows)."""

    def close(self) -> None:
        """Let go of it."""


def _rtmidi() -> Iterator[Interface]:
    from latentcode.midi_osc.through_rtmidi import interfaces

    return interfaces()


def _jack() -> Iterator[Interface]:
    from latentcode.midi_osc.through_jack import interfaces

    return interfaces()


PACKAGES: dict[str, Callable[[], Iterator[Interface]]] = {"rtmidi": _rtmidi, "jack": _jack}


def installed() -> list[str]:
    """The packages for MIDI that are there, the better first; one alone where LATENTCODE_MIDI names it."""
    chosen = os.environ.get(CHOSEN, "").lower()
    names = [chosen] if chosen in PACKAGES else list(PACKAGES)
    return [name for name in names if importlib.util.find_spec(name) is not None]


def interfaces() -> Iterator[Interface]:
    """All that work here, of the first package that finds any."""
    for name in installed():
        found = False
        with suppress(ImportError, OSError):  # a library that the package needs is missing
            for interface in PACKAGES[name]():
                found = True
                yield interface
        if found:
            return


def working() -> Interface | None:
    """The first interface that works here."""
    return next(interfaces(), None)


def ours(port: str) -> bool:
    """Whether listening to a port would be a loop."""
    return any(part in port.lower() for part in SILENT)
