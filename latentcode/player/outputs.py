"""How many outputs a device has: pyo must be told before it opens it."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Iterator
from pathlib import Path

from latentcode.player.library import pyo

MOST_OUTPUTS = 8
_NO_START_SERVER = 1
_IS_INPUT, _IS_PHYSICAL = 1, 4


def outputs_of(backend: str, wanted: int = 0) -> int:
    """The outputs to open: as many as the device has, or as `wanted`;
    an even number from 2 to 8.
    """
    there = jack_outputs() if backend == "jack" else _portaudio_outputs()
    count = min(there, wanted or there, MOST_OUTPUTS)
    return max(2, count - count % 2)


def jack_outputs() -> int:
    """The playback ports of the device that the JACK server plays on; 0 when it cannot be asked."""
    for library in _libraries():
        try:
            return _ask(ctypes.CDLL(library))
        except (OSError, AttributeError):
            continue
    return 0


def _portaudio_outputs() -> int:
    channels = pyo.pa_get_output_max_channels(pyo.pa_get_default_output())
    return int(channels or 0)


def _libraries() -> Iterator[str]:
    if found := ctypes.util.find_library("jack"):
        yield found
    for path in sorted(Path(pyo.__file__).parent.parent.glob("pyo.libs/libjack-*")):
        yield str(path)


def _ask(jack: ctypes.CDLL) -> int:
    jack.jack_client_open.restype = ctypes.c_void_p
    jack.jack_get_ports.restype = ctypes.POINTER(ctypes.c_char_p)
    words = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong)
    jack.jack_get_ports.argtypes = words
    client = jack.jack_client_open(b"latentcode-outputs", ctypes.c_int(_NO_START_SERVER), None)
    if not client:
        return 0
    try:
        audio = b"32 bit float mono audio"
        ports = jack.jack_get_ports(client, None, audio, _IS_INPUT | _IS_PHYSICAL)
        count = 0
        while ports and ports[count]:
            count += 1
        if ports:
            jack.jack_free(ctypes.cast(ports, ctypes.c_void_p))
        return count
    finally:
        jack.jack_client_close(ctypes.c_void_p(client))
