"""The player process: takes commands from the engine, keeps the graph going, reports back.

It is told `ToPlayer` and says `FromPlayer` (see `protocol/player_messages.py`).
"""

from __future__ import annotations

import argparse
import gc
import signal
import sys
import threading
import time
import traceback
from collections import deque
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from latentcode.errors import LatentcodeError
from latentcode.player import drivers, jack
from latentcode.player.chain import rehearse
from latentcode.player.converting import ConvertingDriver
from latentcode.player.graph import Graph
from latentcode.player.meter import Meter
from latentcode.player.mixer import Command, checked, checked_hand
from latentcode.player.recorder import Recorder
from latentcode.player.stems import Stems
from latentcode.player.transport import Transport
from latentcode.protocol.messages import Record, by_name
from latentcode.protocol.player_messages import (
    Ending,
    Error,
    FromPlayer,
    Listen,
    Now,
    PlayerCommand,
    Quit,
    Settled,
    Stand,
    ToPlayer,
)
from latentcode.protocol.ringbuffer import PlayerState, Ring
from latentcode.protocol.wire import Wire, connect

REPORTS = by_name(FromPlayer)
POLL_SECONDS = 0.02
START_SECONDS = 10.0
OTHER_RATES = (48000, 44100)
HANDED_OVER = 1.0  # seconds in which another server must begin to call
CLOSING_SECONDS = 10.0  # after which another device is looked for beside one that is not closed yet
MISNAMED = 2  # servers that are given up for their names
RELEASED = 1.0  # seconds in which one that is left must let go of its name
_SILENT_SECONDS = 2.0


class Player:
    """Everything but the audio thread's part of it, which is `Transport` and `_tick`."""

    def __init__(self, wire: Wire, ring: Ring, options: argparse.Namespace) -> None:
        self._wire = wire
        wire.unknown = partial(self._report, "error")
        self._ring = ring
        self._options = options
        self._inbox: SimpleQueue[PlayerCommand | Record | Listen | Quit | None] = SimpleQueue()
        self._reports: deque[tuple[Any, ...]] = deque()
        self._transport = Transport(ring, options.start, self._report)
        self._transport.sinks.append(ring.monitor)
        self._recorder: Recorder | None = None
        self._recorders: list[Recorder] = []  # this one, and those that are not whole yet
        self._alone = False  # the engine is gone
        self._driver: drivers.Driver | None = None
        self._former: drivers.Driver | None = None  # the one that was lost
        self._lost = 0.0  # when that was
        self._misnamed = 0  # how many were found since whose name that one still had
        self._search = drivers.Search(
            {"auto": drivers.BACKENDS, "timer": ()}.get(options.driver, (options.driver,)),
            options.outputs,
            options.inputs,
        )
        self._meter = Meter(ring)
        self._last_sample: int | None = None
        self._deadline = 0.0
        self._failed = False

    def run(self) -> None:
        """Play until told to quit, or until the engine is gone."""
        ring = self._ring
        ring.step(self._transport.position, time.monotonic())
        if self._options.again:
            self._take_over()
        driver = self._first_driver(ring.rate or self._options.rate)
        ring.rate, ring.buffer = driver.graph.rate, driver.graph.buffer
        ring.latency = driver.graph.latency
        rehearse(ring.rate, ring.buffer)
        threading.Thread(target=self._read, name="wire", daemon=True).start()
        self._go(driver)
        graph = driver.graph
        self._report("ready", graph.rate, graph.buffer, driver.name, _describe(driver), graph.outputs)
        gc.collect()
        gc.freeze()  # so that no long collection interrupts the audio thread
        if self._options.inputs:
            self._say_inputs(self._options.inputs)
        while not self._ended:
            self._listen()
            self._supervise()
            self._tidy()
            self._send()
        self._leave()

    def _take_over(self) -> None:
        """Stand where another player stood, before anything is heard."""
        with suppress(EOFError):  # nobody is there any more, as will be found
            message = self._wire.receive()
            assert isinstance(message, Stand)
            self._transport.stand([command for command in map(self._passed, message.commands) if command])

    def _passed(self, command: PlayerCommand) -> Command | None:
        try:
            return checked(command)
        except LatentcodeError as error:
            self._report("error", str(error))
            return None

    def leave(self, *_: Any) -> None:
        """Fade out and end; also a signal handler. The journal knows of no such fade, so recordings
        end where it begins.
        """
        if self._deadline:
            return
        begin = self._quit(self._options.farewell)
        for recorder in self._recorders:
            recorder.until = begin - self._ring.latency

    def _abandoned(self) -> None:
        """The engine is gone: recordings end where it has noted no more."""
        if not self._alone:
            self._alone = True
            for recorder in self._recorders:
                recorder.cut()
            self.leave()

    def _settled(self) -> int:
        """The sample before which the journal says how the output came about."""
        return self._ring.noted - self._ring.latency

    def _report(self, *message: Any) -> None:
        self._reports.append(message)

    # Messages

    def _read(self) -> None:
        """On a thread of its own: what hands do passes by all that waits,
        as by a chain that is being built.
        """
        while True:
            try:
                message = self._wire.receive()
                if isinstance(message, Now):
                    self._transport.hand(checked_hand(message.items))
                else:
                    self._inbox.put(message)
            except EOFError:
                self._inbox.put(None)
                return
            except LatentcodeError as error:
                self._report("error", str(error))

    def _listen(self) -> None:
        if self._deadline:
            time.sleep(POLL_SECONDS)
            return
        try:
            message = self._inbox.get(timeout=POLL_SECONDS)
            if message is None:
                self._abandoned()
            else:
                self._handle(message)
        except Empty:
            pass
        except LatentcodeError as error:
            self._report("error", str(error))

    def _handle(self, message: PlayerCommand | Record | Listen | Quit) -> None:
        match message:
            case Record():
                self._record(message)
            case Listen(inputs):
                self._open_inputs(inputs)
            case Quit(seconds) if not self._deadline:
                self._quit(seconds)
            case Quit():
                pass
            case _:
                self._transport.command(checked(message))

    def _send(self) -> None:
        settled = self._transport.settled  # before what is told
        self._recorders = [one for one in self._recorders if one.writes]
        try:
            while self._reports:
                name, *values = self._reports.popleft()
                self._wire.send(REPORTS[name](*values))
            if self._recorders:
                self._wire.send(Settled(settled))
        except EOFError:
            self._abandoned()

    def _record(self, asked: Record) -> None:
        transport, former = self._transport, self._recorder
        stems = Stems(self._ring.rate, mixer=transport.mixer) if asked.stems else None
        outputs = self._driver.graph.outputs if asked.outputs and self._driver is not None else 2
        self._recorder = None
        if asked.path is not None:
            ring = self._ring
            known = self._settled, lambda: ring.begun
            self._recorder = Recorder(asked.path, ring.rate, self._report, outputs, stems, *known)
            self._recorders.append(self._recorder)
        transport.sinks[:] = [self._ring.monitor]
        transport.taps[:] = []
        if self._recorder is not None:
            transport.sinks.append(self._recorder.sink)
            transport.taps += [stems.tap] if stems is not None else []
        if former is not None:
            transport.report_dry()  # before the file is whole
            former.stop()

    def _quit(self, seconds: float) -> float:
        """Fade out in so many seconds, and end; gives the sample at which the fade begins."""
        ring, transport = self._ring, self._transport
        begin = transport.position + 4 * ring.buffer
        transport.command(Ending(begin, seconds))
        self._report("ending", begin, seconds)
        self._last_sample = begin + round(seconds * ring.rate) + ring.rate // 10
        self._deadline = time.monotonic() + seconds + _SILENT_SECONDS
        ring.state = PlayerState.ENDING
        return begin

    @property
    def _ended(self) -> bool:
        if self._last_sample is None:
            return False
        return self._transport.position >= self._last_sample or time.monotonic() > self._deadline

    def _leave(self) -> None:
        if self._driver is not None:
            self._driver.close(1.0)
        self._transport.finish()
        self._send()
        for recorder in self._recorders:
            recorder.stop(5.0)
        self._send()
        self._ring.state = PlayerState.ENDED
        self._wire.close()

    # Devices

    def _supervise(self) -> None:
        now, ring, driver = time.monotonic(), self._ring, self._driver
        if ring.engine_beat and 0 < self._options.patience < now - ring.engine_beat:
            self._abandoned()
        if isinstance(driver, drivers.Timer):
            found = self._search.wait(0.0)
            if found is not None and self._has_its_name(found[1]):
                self._switch(self._device(*found), "back")
            elif found is not None:
                threading.Thread(target=found[1].shutdown, daemon=True).start()
            elif not self._deadline and self._is_free(now):
                self._search.begin([ring.rate, *OTHER_RATES], self._options.buffer)
        elif driver is not None and driver.resized:
            self._resize(driver)
        elif driver is not None and driver.lost:
            self._switch(self._timer(ring.rate), "lost")

    def _switch(self, driver: drivers.Driver, what: str) -> None:
        sample, former = self._transport.position, self._driver
        self._ring.buffer = driver.graph.buffer
        self._go(driver)
        if former is not None:
            former.close()
            former.graph.close()
            self._former, self._lost, self._misnamed = former, time.monotonic(), 0
        self._say_device(what, sample, driver)

    def _is_free(self, now: float) -> bool:
        """Whether another device may be looked for: one that was lost has the name of its client
        until it is closed.
        """
        return self._former is None or self._former.gone or now - self._lost > CLOSING_SECONDS

    def _has_its_name(self, server: Any) -> bool:
        """Whether a server that was found may be played on. While a sound server that stands still
        is waited for, one comes that is named anew: the one that was lost goes a moment later, and
        leaves the name that patchbays know to the next that is found.
        """
        client, before = getattr(server, "client", ""), self._former and self._former.client
        if client == before or not (client and before) or self._misnamed >= MISNAMED:
            return True
        self._misnamed += 1
        return False

    def _resize(self, driver: drivers.Driver) -> None:
        """JACK has buffers of another size: the same client goes on, with a graph for it."""
        sample = self._transport.position
        if not driver.resize():
            return
        self._ring.buffer = driver.graph.buffer
        self._meter.restart(driver)
        self._count_inputs()
        self._say_device("changed", sample, driver)

    def _say_device(self, what: str, sample: int, driver: drivers.Driver) -> None:
        """The size goes with it: when this is read, it may be another already."""
        graph = driver.graph
        self._report("device", what, _describe(driver), sample, graph.outputs, graph.buffer)

    def _open_inputs(self, wanted: int) -> None:
        """Have inputs opened: the same graph goes on through another server of the device.

        On JACK that is another client, and through a third it goes on under the name that the first
        had: patchbays remember it.
        """
        driver, ring, search = self._driver, self._ring, self._search
        if search.inputs is None:
            search.inputs = 0
        deaf = isinstance(driver, drivers.Timer | ConvertingDriver)
        if driver is not None and not deaf and not ring.inputs:
            if driver.name == "jack":
                driver = self._handed_over(driver, search.moving(ring.rate, ring.buffer))
            self._handed_over(driver, search.another(driver.name, ring.rate, ring.buffer))
            self._count_inputs()
        self._say_inputs(wanted)

    def _handed_over(self, former: drivers.Driver, server: Any | None) -> drivers.Driver:
        """Have the graph go on through a server where there is one; on JACK its outputs are
        connected as those of the former.
        """
        if server is None:
            return former
        if server.getBufferSize() != former.graph.buffer:
            server.shutdown()
            return former
        driver = self._device(former.name, server, former.graph)
        driver.start()
        deadline = time.monotonic() + HANDED_OVER
        while not driver.called and time.monotonic() < deadline:
            time.sleep(0.001)
        if former.client and driver.client:
            jack.connect_as(former.client, driver.client)
        self._driver = driver
        self._meter.restart(driver)
        driver.take(former)
        former.close(RELEASED)
        return driver

    def _count_inputs(self) -> None:
        assert self._driver is not None
        found = len(self._driver.graph.outlet.inputs)
        if found and not self._ring.inputs:
            self._ring.input_head = self._transport.position
        self._ring.inputs = max(found, self._ring.inputs)  # a device that is lost may come back

    def _say_inputs(self, wanted: int) -> None:
        there = self._ring.inputs
        few = "" if there >= wanted else _few_inputs(there, self._driver)
        self._report("listening", there, few)

    def _tidy(self) -> None:
        if self._driver is not None:
            self._driver.graph.tidy()

    def _go(self, driver: drivers.Driver) -> None:
        self._driver = driver
        self._ring.state = PlayerState.TIMER if driver.name == "timer" else PlayerState.DEVICE
        self._meter.restart(driver)
        self._count_inputs()
        driver.start()

    def _timer(self, rate: int) -> drivers.Driver:
        buffer = self._ring.buffer or self._options.buffer
        return drivers.Timer(rate, buffer, self._transport, self._tick, self._options.headroom)

    def _first_driver(self, rate: int) -> drivers.Driver:
        self._search.begin([rate, *OTHER_RATES], self._options.buffer)
        found = self._search.wait(START_SECONDS)
        return self._timer(rate) if found is None else self._device(*found)

    def _device(self, backend: str, server: Any, graph: Graph | None = None) -> drivers.Driver:
        rate, more = self._ring.rate, (self._transport, self._tick, self._options.headroom)
        if rate not in (0, int(server.getSamplingRate())):
            return ConvertingDriver(backend, server, rate, *more)
        return drivers.Driver(backend, server, *more, graph)

    # The audio thread

    def _tick(self, graph: Graph) -> None:
        now = time.monotonic()
        try:
            if self._ring.inputs:
                self._hear(graph)
            if self._transport.advance(graph):
                self._meter.update(graph, self._transport, now)
        except Exception:  # else pyo would play the last buffer for ever
            graph.silence()
            if not self._failed:
                self._failed = True
                self._report("error", f"the player failed: {traceback.format_exc()}")

    def _hear(self, graph: Graph) -> None:
        """What comes in with the buffer that is to be computed; silence without a device."""
        if self._transport.plays(graph):
            self._ring.hear(self._transport.position, graph.outlet.inputs)


def _few_inputs(there: int, driver: drivers.Driver | None) -> str:
    """Why there are no more inputs than so many."""
    if driver is None or isinstance(driver, drivers.Timer):
        return "there is no sound device, so nothing comes in"
    if isinstance(driver, ConvertingDriver):
        return "the device runs at another rate than this set, so nothing comes in"
    if there:
        return f"{driver.name} has {there} input{'s' * (there > 1)}, live_in(1) to live_in({there})"
    if driver.name == "jack":
        return "the device has no inputs; --inputs 1 opens one that other programs can be connected to"
    return "the device has no inputs, or cannot open them while it plays; type latentcode --inputs 1"


def _describe(driver: drivers.Driver) -> str:
    at = f"{driver.graph.rate} Hz, {driver.graph.buffer} samples a buffer"
    if driver.name == "timer":
        return f"no sound device: a timer keeps time ({at}); a device or JACK is taken when it appears"
    if isinstance(driver, ConvertingDriver):
        at = f"{driver.device_rate} Hz; the set goes on at {driver.graph.rate} Hz, and is converted"
    more = f", {driver.graph.outputs} outputs" if driver.graph.outputs > 2 else ""
    return f"{driver.name}, {at}{more}"


def main(arguments: list[str]) -> int:
    """Run the player with the command line that the engine gave it; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m latentcode.player")
    parser.add_argument("address", help="of the wire to the engine")
    parser.add_argument("--ring", required=True, help="handle of the shared ring")
    parser.add_argument("--rate", type=int, default=44100, help="wanted, in Hz; JACK decides")
    parser.add_argument("--buffer", type=int, default=256, help="wanted, in samples; JACK decides")
    parser.add_argument("--outputs", type=int, default=0, help="at most so many, up to 8; 0: all there are")
    parser.add_argument("--inputs", type=int, help="open inputs, at least so many where that can be")
    parser.add_argument("--headroom", type=int, default=0, help="dB that the mix is turned down by")
    parser.add_argument("--start", type=int, default=0, help="first session sample")
    parser.add_argument("--again", action="store_true", help="take over from a player that died")
    parser.add_argument("--driver", choices=("auto", *drivers.BACKENDS, "timer"), default="auto")
    parser.add_argument("--patience", type=float, default=5.0, help="seconds without the engine; 0: for ever")
    parser.add_argument("--farewell", type=float, default=0.5, help="fade when the engine is gone, seconds")
    options = parser.parse_args(arguments)
    wire = connect(options.address, ToPlayer)
    sys.setswitchinterval(0.0005)
    try:
        player = Player(wire, Ring.attach(options.ring), options)
    except LatentcodeError as error:
        wire.send(Error(str(error)))
        return 1
    signal.signal(signal.SIGTERM, player.leave)
    player.run()
    return 0
