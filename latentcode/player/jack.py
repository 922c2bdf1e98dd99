"""What is asked of a JACK server beside pyo: which ports there are, and how they are connected."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from latentcode.player.library import pyo

INPUT, OUTPUT = 1, 2  # ways of ports, as JACK sees them
_PHYSICAL, _NO_START_SERVER = 4, 1
_AUDIO = b"32 bit float mono audio"
_CLIENT, _WORD = ctypes.c_void_p, ctypes.c_char_p
_WORDS = ctypes.POINTER(ctypes.c_char_p)
_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "jack_client_open": (_CLIENT, [_WORD, ctypes.c_int, ctypes.c_void_p]),
    "jack_client_close": (ctypes.c_int, [_CLIENT]),
    "jack_get_buffer_size": (ctypes.c_uint32, [_CLIENT]),
    "jack_get_ports": (_WORDS, [_CLIENT, _WORD, _WORD, ctypes.c_ulong]),
    "jack_port_by_name": (ctypes.c_void_p, [_CLIENT, _WORD]),
    "jack_port_get_all_connections": (_WORDS, [_CLIENT, ctypes.c_void_p]),
    "jack_connect": (ctypes.c_int, [_CLIENT, _WORD, _WORD]),
    "jack_disconnect": (ctypes.c_int, [_CLIENT, _WORD, _WORD]),
    "jack_free": (None, [ctypes.c_void_p]),
}


class Ports:
    """The ports of a server, as a client of ours sees them that has none."""

    def __init__(self, library: Any, client: int) -> None:
        self._library, self._client = library, client

    def physical(self, way: int) -> int:
        """How many of the device there are that a way."""
        return len(self._named(way | _PHYSICAL))

    @property
    def buffer(self) -> int:
        """The size of its buffers, in samples."""
        return int(self._library.jack_get_buffer_size(self._client))

    def clients(self) -> set[str]:
        """Those that have outputs."""
        return {port.partition(b":")[0].decode() for port in self._named(OUTPUT)}

    def connect_as(self, former: str, later: str) -> None:
        """Connect the outputs of a client to what those of another are connected to, and nothing
        else.
        """
        for port in self._named(OUTPUT):
            client, _, name = port.partition(b":")
            if client != former.encode():
                continue
            own = later.encode() + b":" + name
            wanted, there = self._connections(port), self._connections(own)
            for other in wanted - there:
                self._library.jack_connect(self._client, own, other)
            for other in there - wanted:
                self._library.jack_disconnect(self._client, own, other)

    def _named(self, way: int) -> list[bytes]:
        return self._words(self._library.jack_get_ports(self._client, None, _AUDIO, way))

    def _connections(self, port: bytes) -> set[bytes]:
        found = self._library.jack_port_by_name(self._client, port)
        return (
            set(self._words(self._library.jack_port_get_all_connections(self._client, found)))
            if found
            else set()
        )

    def _words(self, found: Any) -> list[bytes]:
        words = list[bytes]()
        while found and found[len(words)]:
            words.append(found[len(words)])
        if found:
            self._library.jack_free(ctypes.cast(found, ctypes.c_void_p))
        return words


@contextmanager
def asked() -> Iterator[Ports | None]:
    """The ports of the server; None where it cannot be asked."""
    library = _library()
    client = (
        None if library is None else library.jack_client_open(b"latentcode-outputs", _NO_START_SERVER, None)
    )
    if library is None or not client:
        yield None
        return
    try:
        yield Ports(library, client)
    finally:
        library.jack_client_close(client)


def physical(way: int) -> int:
    """The ports of the device that there are that a way; 0 where the server cannot be asked."""
    with asked() as ports:
        return 0 if ports is None else ports.physical(way)


def connect_as(former: str, later: str) -> None:
    """See `Ports`."""
    with asked() as ports:
        if ports is not None:
            ports.connect_as(former, later)


def _library() -> Any | None:
    """JACK's, the system's or that of pyo, with what its functions take."""
    for path in _paths():
        try:
            library = ctypes.CDLL(path)
            for name, (gives, takes) in _SIGNATURES.items():
                function = getattr(library, name)
                function.restype, function.argtypes = gives, takes
        except (OSError, AttributeError):
            continue
        return library
    return None


def _paths() -> Iterator[str]:
    if found := ctypes.util.find_library("jack"):
        yield found
    for path in sorted(Path(pyo.__file__).parent.parent.glob("pyo.libs/libjack-*")):
        yield str(path)
