"""MIDI through JACK-Client: what JACK or PipeWire carries, on every Python, without a compiler.

JACK calls `_process` on its own thread once a buffer. It knows the frame of each packet, so moments
are exact.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import jack

from latentcode.inputs.keys import port_name
from latentcode.midi_osc.interface import CLIENT, PORT, QUEUE

WRAP = 1 << 32  # frames are counted in 32 bits


class JackPort:
    """A client of its own with one port: what others see under its name, as with rtmidi."""

    def __init__(self, client: str, kind: str, port: str) -> None:
        with told():
            self._client = opened(client)
            self._port = getattr(self._client, kind).register(port)
        self._gone = False
        self._client.set_process_callback(self._process)
        self._client.set_shutdown_callback(self._lost)
        with told():
            self._client.activate()

    @property
    def name(self) -> str:
        """The port's own name, with its client's."""
        return str(self._port.name)

    def close(self) -> None:
        """Hang up."""
        self._gone = True
        close(self._client)

    def _lost(self, status: object, reason: str) -> None:
        self._gone = True

    def _process(self, frames: int) -> None:
        """Called for each buffer of `frames` samples."""


class JackLine(JackPort):
    """An open input."""

    def __init__(self, client: str, port: str) -> None:
        self._packets: deque[tuple[int, bytes]] = deque(maxlen=QUEUE)
        self._last: int | None = None
        super().__init__(client, "midi_inports", port)

    def read(self) -> Iterator[tuple[bytes, float]]:
        while self._packets:
            frame, data = self._packets.popleft()
            since = 0 if self._last is None else (frame - self._last) % WRAP
            self._last = frame
            yield data, since / self._client.samplerate

    def _process(self, frames: int) -> None:
        begin = self._client.last_frame_time
        for offset, data in self._port.incoming_midi_events():
            self._packets.append((begin + offset, bytes(data)))


class JackOutgoing(JackPort):
    """An open output.

    A message leaves a buffer after it was sent, to the frame, so that it keeps its rhythm.
    """

    def __init__(self, client: str, port: str) -> None:
        self._waiting: deque[tuple[int, bytes]] = deque()
        super().__init__(client, "midi_outports", port)

    def send(self, data: bytes) -> None:
        """Send a message now. Raises OSError where the sound server has gone."""
        if self._gone:
            raise OSError("the sound server has gone")
        self._waiting.append((self._client.frame_time, data))

    def _process(self, frames: int) -> None:
        self._port.clear_buffer()
        begin, offset = self._client.last_frame_time - frames, 0
        while self._waiting:
            frame, data = self._waiting[0]
            after = (frame - begin + WRAP // 2) % WRAP - WRAP // 2
            if after >= frames:
                return  # it was sent in this very buffer
            offset = max(offset, after)
            try:
                self._port.write_midi_event(offset, data)
            except jack.JackError:  # the buffer is full: the rest leaves with the next one
                if self._fresh(frames):
                    self._waiting.popleft()  # … but this would not fit into an empty one either
                return
            self._waiting.popleft()

    def _fresh(self, frames: int) -> bool:
        return bool(len(self._waiting[0][1]) > self._port.max_event_size)


class Suspects:
    """Ports that may have lost us, as two looks in a row find: a connection that we have just made
    is seen a buffer later.
    """

    def __init__(self) -> None:
        self.new: deque[str] = deque(maxlen=QUEUE)
        self._loose: set[str] = set()

    def sure(self, lost: Callable[[str], bool]) -> set[str]:
        """Those that were lost at the look before, and are."""
        names = {self.new.popleft() for _ in range(len(self.new))}
        with suppress(OSError), told():
            loose = {name for name in names | self._loose if lost(name)}
            found, self._loose = loose & self._loose, loose - self._loose
            return found
        return set()


class Registrations:
    """Ports that were registered or disconnected, as JACK tells it: who looks now and then would
    not see that a port was away. Raises OSError where no server answers.
    """

    def __init__(self, name: str) -> None:
        self._new, self._cut = Suspects(), Suspects()
        self.lost = False  # the server is gone; a client of it goes on listing the ports that were there
        with told():
            self.client = opened(name)
            self.client.set_port_registration_callback(self._registered)
            self.client.set_port_connect_callback(self._connected)
            self.client.set_shutdown_callback(self._shut_down)
            self.client.activate()

    def returned(self) -> set[str]:
        """Those that were registered, and to which no port of ours is connected any more."""
        return self._new.sure(lambda name: not self._has_us(name))

    def cut(self) -> set[str]:
        """Those that are there, and from which a port of ours was disconnected."""
        return self._cut.sure(lambda name: self._has_us(name) is False)

    def close(self) -> None:
        """Let go of the server."""
        close(self.client)

    def _has_us(self, name: str) -> bool | None:
        """Whether a port of ours is connected to one of others; None where that has gone again."""
        try:
            others = self.client.get_all_connections(self.client.get_port_by_name(name))
        except jack.JackError:
            return None
        return any(other.name.startswith(CLIENT) for other in others)

    def _registered(self, port: Any, there: bool) -> None:
        if there:
            self._new.new.append(port.name)

    def _shut_down(self, status: object, reason: str) -> None:
        self.lost = True

    def _connected(self, one: Any, other: Any, joined: bool) -> None:
        names = [port.name for port in (one, other) if port is not None]
        ours = [name.startswith(CLIENT) for name in names]
        if not joined and sorted(ours) == [False, True]:
            self._cut.new.append(names[ours.index(False)])


class JackInterface:
    """The sound server. Raises OSError where none answers."""

    name = "JACK"

    def __init__(self) -> None:
        self._registrations = Registrations(f"{CLIENT}-probe")
        self._probe = self._registrations.client

    def inputs(self) -> list[str]:
        return self._ports(is_output=True)

    def outputs(self) -> list[str]:
        return self._ports(is_input=True)

    def gone(self) -> bool:
        return self._registrations.lost

    def plain(self, port: str) -> str:
        return port_name(port)

    def listen(self, port: str, nth: int) -> JackLine:
        line = JackLine(PORT, f"from {port_name(port)}")
        self._connect(port, line.name, line)
        return line

    def virtual(self, name: str) -> JackLine:
        return JackLine(f"{CLIENT}-{name}", name)

    def returned(self) -> set[str]:
        return self._registrations.returned()

    def cut(self) -> set[str]:
        return self._registrations.cut()

    def shows(self, name: str) -> bool:
        return any(f"{CLIENT}-{name}" in port for port in self.outputs())

    def send_to(self, port: str, nth: int, own: str) -> JackOutgoing:
        out = JackOutgoing(PORT, own)
        self._connect(out.name, port, out)
        return out

    def virtual_output(self, name: str) -> JackOutgoing:
        return JackOutgoing(f"{CLIENT}-{port_name(name)}", name)

    def close(self) -> None:
        self._registrations.close()

    def _ports(self, **kind: bool) -> list[str]:
        if self.gone():
            return []
        with suppress(OSError), told():
            return [port.name for port in self._probe.get_ports(is_midi=True, **kind)]
        return []

    def _connect(self, source: str, target: str, opened: JackPort) -> None:
        try:
            with told():
                self._probe.connect(source, target)
        except OSError:
            opened.close()
            raise


def interfaces() -> Iterator[JackInterface]:
    """The sound server, where one runs."""
    jack.set_error_function(lambda text: None)  # libjack's own words on standard error
    jack.set_info_function(lambda text: None)
    with suppress(OSError):
        yield JackInterface()


def opened(name: str) -> Any:
    """A client of a server that runs; none is started."""
    return jack.Client(name, no_start_server=True)


def close(client: Any) -> None:
    """Let go of a client, whether its server still runs or not."""
    with suppress(jack.JackError):
        client.deactivate()
    with suppress(jack.JackError):
        client.close()


@contextmanager
def told() -> Iterator[None]:
    """What JACK refuses, as an OSError."""
    try:
        yield
    except jack.JackError as error:
        raise OSError(str(error)) from error
