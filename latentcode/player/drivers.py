"""Three ways to drive the one graph: a device, a timer, or nobody (offline, as fast as it goes)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from latentcode.player import jack
from latentcode.player.chain import make_server
from latentcode.player.graph import Graph, Outlet
from latentcode.player.library import pyo
from latentcode.player.transport import Transport
from latentcode.protocol.ringbuffer import INPUTS

Tick = Callable[[Graph], Any]

BACKENDS = ("jack", "portaudio")
CLIENT_NAME = "latentcode"
MOVING = f"{CLIENT_NAME}-moving"  # of a server that another of the usual name follows at once
STALLED_SECONDS = 1.0
LOOK_SECONDS = 0.01  # between two looks whether a server that stands still calls again
STEADY_SECONDS = 0.3  # for which one that does may still be dying
RETRY_SECONDS = {"jack": 1.5, "portaudio": 10.0}
PROBE_SECONDS = 10.0
_CATCH_UP_SECONDS = 0.5
_FLOAT32_STEP = 2.0**-24
MOST_OUTPUTS = 8
MOST_BUFFER = 8192  # samples; neither JACK nor PipeWire has larger ones


def outputs_of(backend: str, wanted: int = 0) -> int:
    """The outputs to open: as many as the device has, or as `wanted`;
    an even number from 2 to 8.
    """
    there = jack_outputs() if backend == "jack" else _portaudio_outputs()
    count = min(there, wanted or there, MOST_OUTPUTS)
    return max(2, count - count % 2)


def inputs_of(backend: str, least: int) -> int:
    """The inputs to open, up to 8: as many as the device has, and of JACK, whose ports others can
    be connected to, as many as are to be there at the `least`.
    """
    if backend == "jack":
        return min(max(jack.physical(jack.OUTPUT), least), INPUTS)
    return min(int(pyo.pa_get_input_max_channels(pyo.pa_get_default_input()) or 0), INPUTS)


def jack_outputs() -> int:
    """The playback ports of the device that the JACK server plays on; 0 when it cannot be asked."""
    return jack.physical(jack.INPUT)


def _portaudio_outputs() -> int:
    channels = pyo.pa_get_output_max_channels(pyo.pa_get_default_output())
    return int(channels or 0)


class Search:
    """Looks for a device on a thread of its own, as a sound server that hangs would hold up its
    caller.

    `inputs`: whether they are opened, and how many at the least; None: they are not.
    """

    def __init__(self, backends: Sequence[str], outputs: int = 0, inputs: int | None = None) -> None:
        self._outputs, self.inputs = outputs, inputs
        self._due = dict.fromkeys(backends, 0.0)
        self._found: tuple[str, Any] | None = None
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._thread is not None and self._thread.is_alive()

    def begin(self, rates: Sequence[int], buffer: int) -> None:
        """Look with each backend whose time has come; the first of `rates` that works is taken."""
        due = [backend for backend, moment in self._due.items() if time.monotonic() >= moment]
        if due and not self.busy:
            self._thread = threading.Thread(target=self._look, args=(due, rates, buffer), daemon=True)
            self._thread.start()

    def wait(self, seconds: float) -> tuple[str, Any] | None:
        """The backend and its booted server, when one was found within `seconds`."""
        if self._thread is not None:
            self._thread.join(seconds)
        found, self._found = self._found, None
        return found

    def _look(self, backends: Sequence[str], rates: Sequence[int], buffer: int) -> None:
        for backend in backends:
            server = self._open(backend, rates, buffer)
            self._due[backend] = time.monotonic() + RETRY_SECONDS[backend]
            if server is not None:
                self._found = backend, server
                return

    def another(self, backend: str, rate: int, buffer: int) -> Any | None:
        """Another server on a device that is open already; None where it cannot be had."""
        return self._open(backend, [rate], buffer)

    def moving(self, rate: int, buffer: int) -> Any | None:
        """The same on JACK, of another name and without inputs."""
        return _open_jack([rate], buffer, self._outputs, 0, MOVING)

    def _open(self, backend: str, rates: Sequence[int], buffer: int) -> Any | None:
        open_device = _open_jack if backend == "jack" else _open_portaudio
        inputs = 0 if self.inputs is None else inputs_of(backend, self.inputs)
        return open_device(rates, buffer, self._outputs, inputs)


def _open_jack(
    rates: Sequence[int], buffer: int, outputs: int, inputs: int, name: str = CLIENT_NAME
) -> Any | None:
    """A server on JACK, which imposes its own rate and buffer size, or None."""
    count = outputs_of("jack", outputs)
    with jack.asked() as ports:
        before = set() if ports is None else ports.clients()
        server = boot("jack", rates[0], buffer, count, inputs, name, 0 if ports is None else ports.buffer)
        if not server.getIsBooted():
            return None
        found = set() if ports is None else ports.clients() - before
    server.client = found.pop() if len(found) == 1 else ""
    return server


def _open_portaudio(rates: Sequence[int], buffer: int, outputs: int, inputs: int) -> Any | None:
    """A server on the default device, or None. pyo may crash at one that does not open:
    a child tries first.
    """
    if (pyo.pa_get_default_output() or 0) < 0:
        return None
    count = outputs_of("portaudio", outputs)
    for rate in dict.fromkeys(rates):
        sizes = map(str, (rate, buffer, count, inputs))
        command = [sys.executable, "-m", "latentcode.player.drivers", *sizes]
        with suppress(subprocess.TimeoutExpired):
            if subprocess.run(command, stdin=subprocess.DEVNULL, timeout=PROBE_SECONDS).returncode == 0:
                server = boot("portaudio", rate, buffer, count, inputs)
                return server if server.getIsBooted() else None
    return None


def boot(
    backend: str,
    rate: int,
    buffer: int,
    outputs: int = 2,
    inputs: int = 0,
    name: str = CLIENT_NAME,
    least: int = 0,
) -> Any:
    """A pyo server; whether it is booted is to be asked.

    JACK may make its buffers larger at any moment, and pyo, which takes memory for the first ones
    only, would write past it. So it takes some as a server without a device, for the largest there
    are (or for `least` samples), and keeps it when it is booted again for JACK.
    """
    if backend != "jack":
        server = make_server(rate, buffer, backend, outputs, name, inputs)
        return server.boot()
    server = make_server(rate, max(MOST_BUFFER, least), "manual", outputs, name, inputs)
    server.boot()
    server.shutdown()
    server.reinit(rate, outputs, buffer, int(inputs > 0), backend, name, inputs or None)
    return server.boot(newBuffer=False)


class Driver:
    """A server and the graph on it, a new one or that of another driver (`graph`).

    `tick(graph)` is called at each buffer border, in the audio thread; with the graph of another
    driver from `take` on.
    """

    def __init__(
        self,
        name: str,
        server: Any,
        transport: Transport,
        tick: Tick,
        headroom: int = 0,
        graph: Graph | None = None,
    ) -> None:
        self.name, self.called = name, False
        self.resized = False  # JACK has changed the size of its buffers: nothing is played any more
        self.beat = time.monotonic()
        self._server, self._transport = server, transport
        self._tick, self._on, self._headroom = tick, graph is None, headroom
        self.graph = graph or self._built()
        size = int(server.getBufferSize())
        self._outlet = Outlet(server, graph.outputs, size) if graph else self.graph.outlet
        self._settle = _Settle(server)
        self._hold = _Hold(server) if name == "jack" else None

    def start(self) -> None:
        """Begin to call `tick`."""
        self._outlet.play()
        self._server.setCallback(self._callback)
        self._server.start()

    def take(self, former: Driver) -> None:
        """Have the graph from another driver, between two buffers: nothing of it begins anew."""
        with self._transport.still():
            former._on = False
            self.graph.move(self._outlet)
            self._on = True

    def resize(self) -> bool:
        """Go on with a graph for the size that JACK's buffers have now: effects begin anew, and
        what the client is connected to stays. Whether it is another graph.
        """
        former, self.graph = self.graph, self._built()
        self._reopen(self.graph.outlet)
        former.close()
        return True

    def _reopen(self, outlet: Outlet | None = None) -> None:
        """Be heard again, through an outlet of the server's size."""
        server = self._server
        self._outlet = outlet or Outlet(server, self.graph.outputs, int(server.getBufferSize()))
        self._outlet.play()
        self.resized, self.called = False, False

    def _built(self) -> Graph:
        server, transport = self._server, self._transport
        return transport.adopt(lambda mixer: Graph(server, mixer, transport.bad, self._headroom))

    @property
    def client(self) -> str:
        """What JACK calls it; "" where that is not known."""
        return getattr(self._server, "client", "")

    @property
    def lost(self) -> bool:
        """Whether the device has gone: pyo has shut its server down, or no more callbacks come."""
        server = self._server
        if not (server.getIsBooted() and server.getIsStarted()):
            return True
        return self._still

    @property
    def _still(self) -> bool:
        return time.monotonic() - self.beat > STALLED_SECONDS

    def close(self, wait: float = 0.0) -> None:
        """Shut the server down, on a thread of its own:
        a device that has gone may block for ever.
        """
        self._closing = threading.Thread(target=self._shut_down, daemon=True)
        self._closing.start()
        self._closing.join(wait)

    @property
    def gone(self) -> bool:
        """Whether a server that was closed is no longer in the way of another one."""
        return not self._closing.is_alive() or (self._hold is not None and self._hold.held)

    def _shut_down(self) -> None:
        """One of JACK that stands still is left alone until it calls again: where it dies instead,
        while its client is taken down, that is a crash.
        """
        hold = self._hold
        if hold is not None and self._still:
            while self._still and not hold.held:
                time.sleep(LOOK_SECONDS)
            time.sleep(STEADY_SECONDS)
        if hold is None or hold.let_go():
            _shut_down(self._server)

    def _callback(self) -> None:
        self.beat, self.called = time.monotonic(), True
        if self._fits():
            self._settle.step()
            if self._on:
                self._tick(self.graph)
                self._fits()  # JACK tells of another size on a thread of its own, also meanwhile

    def _fits(self) -> bool:
        """Whether the outlet is of the server's size. One that is not is stopped before pyo adds
        what it plays to a place for the former size, beyond which its thread's stack begins.
        """
        if self._server.getBufferSize() != self._outlet.buffer:
            self.resized = True
            self._outlet.stop()
        return not self.resized


class SteppedDriver(Driver):
    """Driven by `step`, a buffer at a time; nothing is heard."""

    def __init__(
        self,
        name: str,
        rate: int,
        buffer: int,
        transport: Transport,
        tick: Tick,
        headroom: int = 0,
        outputs: int = 2,
    ) -> None:
        super().__init__(name, boot("manual", rate, buffer, outputs), transport, tick, headroom)

    def step(self) -> None:
        """Compute one buffer."""
        self._server.process()


class Timer(SteppedDriver):
    """Driven by a thread at the pace of time, while there is no device."""

    def __init__(self, rate: int, buffer: int, transport: Transport, tick: Tick, headroom: int = 0) -> None:
        super().__init__("timer", rate, buffer, transport, tick, headroom)
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

    pyo fades a server in over 5 ms by adding steps in float32, and stays a few units beside 1. So
    the first fade is aimed below 1, and a second one takes steps so small that they add one unit
    below 1 and nothing at 1.
    """

    def __init__(self, server: Any) -> None:
        self._server = server
        steps = int(0.005 * server.getSamplingRate())
        self._first = 1.0 - steps * _FLOAT32_STEP / 2
        self._second = self._first + 0.75 * steps * _FLOAT32_STEP
        self._buffers = steps // int(server.getBufferSize()) + 2
        server.setAmp(self._first)

    def step(self) -> None:
        if self._buffers >= 0:
            self._buffers -= 1
            if self._buffers == 0:
                self._server.setAmp(self._second)


class _Hold:
    """Keeps a server whole that JACK has left.

    When a sound server dies, pyo shuts its own down on JACK's thread, and frees what the audio
    thread reads without Python's lock: where that one comes a moment later, as on a loaded machine,
    the process crashes. Before it frees anything it tells its meter, which this is, that the server
    has stopped: JACK's thread stays here for ever, and nothing is freed.
    """

    def __init__(self, server: Any) -> None:
        self._server = server  # else it would be freed with the last that knows it
        self._lock, self.held, self._ours = threading.Lock(), False, False
        server.setMeter(self)

    def let_go(self) -> bool:
        """Whether the server may be shut down by us, from now on; False where JACK has left it."""
        with self._lock:
            self._ours = not self.held
            return self._ours

    def setStartButtonState(self, started: int) -> None:  # noqa: N802 (pyo's name)
        """The server has started or stopped."""
        if not started:
            with self._lock:
                self.held = not self._ours
            while self.held:
                threading.Event().wait()

    def setRms(self, *_: float) -> None:  # noqa: N802 (pyo's name)
        """What a meter is told of."""


def _shut_down(server: Any) -> None:
    if server.getIsBooted():
        if server.getIsStarted():
            server.stop()
        server.shutdown()


def probe(*sizes: str) -> None:
    """Boot a server and leave at once, without pyo's own way out: 0 where it opened a device."""
    rate, buffer, outputs, inputs = map(int, sizes)
    server = boot("portaudio", rate, buffer, outputs, inputs)
    os._exit(0 if server.getIsBooted() else 1)


if __name__ == "__main__":  # `python -m latentcode.player.drivers RATE BUFFER OUTPUTS INPUTS`
    probe(*sys.argv[1:])
