"""The MIDI clock of a port, as it arrives on the port's thread and is asked for by the render
thread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from latentcode.engine.timing.clock import PulseClock

START, STOP = "start", "stop"


class Followed:
    """The clock of the ports whose names have `port` in them;
    `events` are starts and stops not yet taken.
    """

    def __init__(self, port: str, transport: bool) -> None:
        self.port, self.transport = port, transport
        self.clock = PulseClock()
        self._lock, self._starting = threading.Lock(), False
        self._events: list[str] = []

    def hear(self, port: str, data: bytes, moment: float) -> None:
        """A message of a clock has arrived on a port, at a moment."""
        if self.port in port and data and data[0] in _MEANINGS:
            with self._lock:
                _MEANINGS[data[0]](self, data, moment)

    def beats_at(self, moment: float) -> tuple[float, float] | None:
        """The beat, and beats per second; None while they are not known, or pulses have ceased."""
        with self._lock:
            return None if self.clock.gone(time.monotonic()) else self.clock.beats_at(moment)

    def events(self) -> list[str]:
        """The starts and stops since this was asked last."""
        with self._lock:
            found, self._events = self._events, []
            return found

    @property
    def bpm(self) -> float | None:
        with self._lock:
            return self.clock.bpm

    @property
    def gone(self) -> bool:
        with self._lock:
            return self.clock.gone(time.monotonic())

    @property
    def absurd(self) -> bool:
        """Whether what comes cannot be a tempo."""
        with self._lock:
            return self.clock.absurd > 0 and self.clock.bpm is None

    def _pulse(self, data: bytes, moment: float) -> None:
        self.clock.pulse(moment)
        if self._starting:  # only now is it known where the beat is
            self._starting = False
            self._events.append(START)

    def _start(self, data: bytes, moment: float) -> None:
        self.clock.start()
        self._starting = True

    def _go_on(self, data: bytes, moment: float) -> None:
        self.clock.go_on()
        self._starting = True

    def _stop(self, data: bytes, moment: float) -> None:
        self.clock.stop()
        self._starting = False
        self._events.append(STOP)

    def _locate(self, data: bytes, moment: float) -> None:
        if len(data) == 3:
            self.clock.locate(data[1] | data[2] << 7)


_MEANINGS: dict[int, Callable[[Followed, bytes, float], None]] = {
    0xF8: Followed._pulse,
    0xFA: Followed._start,
    0xFB: Followed._go_on,
    0xFC: Followed._stop,
    0xF2: Followed._locate,
}
