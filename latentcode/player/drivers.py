"""Three ways to drive the one graph: a device, a timer, or nobody (offline, as fast as it goes)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pyo

from latentcode.player.graph import Graph
from latentcode.player.transport import Transport

Tick = Callable[[Graph], Any]

BACKENDS = ("jack", "portaudio")
CLIENT_NAME = "latentcode"
STALLED_SECONDS = 1.0
_CATCH_UP_SECONDS = 0.5
_FLOAT32_STEP = 2.0**-24


def open_device(backend: str, rate: int, buffer: int) -> Any | None:
    """A booted pyo server on JACK or PortAudio, or None. JACK imposes its own rate and buffer size."""
    if backend == "portaudio" and (pyo.pa_get_default_output() or 0) < 0:
        return None  # pyo crashes when it boots without a device
    server = _server(backend, rate, buffer)
    return server if server.getIsBooted() else None


def _server(backend: str, rate: int, buffer: int) -> Any:
    server = pyo.Server(
        sr=rate, nchnls=2, buffersize=buffer, duplex=0, audio=backend, jackname=CLIENT_NAME, verbosity=3
    )
    server.deactivateMidi()
    server.boot()
    return server


class Driver:
    """A server and the graph on it. `tick(graph)` is called at each buffer border, in the audio thread."""

    def __init__(self, name: str, server: Any, transport: Transport, tick: Tick) -> None:
        self.name = name
        self.beat = time.monotonic()
        self._server = server
        self._tick = tick
        self.graph = transport.adopt(lambda mixer: Graph(server, mixer))
        self._settle = _Settle(server, self.graph)

    def start(self) -> None:
        """Begin to call `tick`."""
        self._server.setCallback(self._callback)
        self._server.start()

    @property
    def lost(self) -> bool:
        """Whether the device has gone: pyo has shut its server down, or no more callbacks come."""
        return not self._server.getIsBooted() or time.monotonic() - self.beat > STALLED_SECONDS

    def close(self, wait: float = 0.0) -> None:
        """Shut the server down, on a thread of its own: a device that has gone may block for ever."""
        closing = threading.Thread(target=_shut_down, args=(self._server,), daemon=True)
        closing.start()
        closing.join(wait)

    def _callback(self) -> None:
        self.beat = time.monotonic()
        self._settle.step()
        self._tick(self.graph)


class Manual(Driver):
    """Driven by `step`, a buffer at a time; nothing is heard."""

    def __init__(self, name: str, rate: int, buffer: int, transport: Transport, tick: Tick) -> None:
        super().__init__(name, _server("manual", rate, buffer), transport, tick)

    def step(self) -> None:
        """Compute one buffer."""
        self._server.process()


class Timer(Manual):
    """Driven by a thread at the pace of time, while there is no device."""

    def __init__(self, rate: int, buffer: int, transport: Transport, tick: Tick) -> None:
        super().__init__("timer", rate, buffer, transport, tick)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="timer", daemon=True)

    def start(self) -> None:
        super().start()
        self._thread.start()

    def close(self, wait: float = 0.0) -> None:
        self._end.set()
        self._thread.join()
        super().close(1.0)

    def _run(self) -> None:
        period = self.graph.buffer / self.graph.rate
        due = time.monotonic()
        while not self._end.is_set():
            self.step()
            now = time.monotonic()
            due = max(due + period, now - _CATCH_UP_SECONDS)
            if due > now:
                self._end.wait(due - now)


class _Settle:
    """Brings pyo's own output gain to exactly 1.

    pyo fades a server in over 5 ms by adding steps in float32, and stays a few units beside 1. So the first
    fade is aimed below 1, and a second one takes steps so small that they add one unit below 1 and
    nothing at 1.
    """

    def __init__(self, server: Any, graph: Graph) -> None:
        self._server = server
        steps = int(0.005 * graph.rate)
        self._first = 1.0 - steps * _FLOAT32_STEP / 2
        self._second = self._first + 0.75 * steps * _FLOAT32_STEP
        self._buffers = steps // graph.buffer + 2
        server.setAmp(self._first)

    def step(self) -> None:
        if self._buffers >= 0:
            self._buffers -= 1
            if self._buffers == 0:
                self._server.setAmp(self._second)


def _shut_down(server: Any) -> None:
    if server.getIsBooted():
        if server.getIsStarted():
            server.stop()
        server.shutdown()
