"""Which of the machine's MIDI interfaces work here.

python-rtmidi knows them all (ALSA, JACK, Core MIDI, Windows), where it is installed: it has no
wheels for every Python. JACK-Client needs no compiler, and hears what JACK and PipeWire carry.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from contextlib import suppress

from latentcode.midi_osc.interface import CLIENT, Interface

SILENT = ("midi through", f"{CLIENT}:", f"{CLIENT}-")  # through ports, and our own
CHOSEN = "LATENTCODE_MIDI"  # the variable that names one package of `PACKAGES`


def _rtmidi() -> Iterator[Interface]:
    from latentcode.midi_osc.through_rtmidi import interfaces

    return interfaces()


def _jack() -> Iterator[Interface]:
    from latentcode.midi_osc.through_jack import interfaces

    return interfaces()


PACKAGES: dict[str, Callable[[], Iterator[Interface]]] = {"rtmidi": _rtmidi, "jack": _jack}


def installed() -> list[str]:
    """The packages for MIDI that are there, the better first;
    one alone where LATENTCODE_MIDI names it.
    """
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
