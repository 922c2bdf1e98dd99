"""MIDI clock that is sent: 24 pulses a beat, each when the sound of its sample is heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from latentcode.engine.timing.clock import PULSES, TO_SIXTEENTH

PULSE, START, CONTINUE, STOP, POSITION = 0xF8, 0xFA, 0xFB, 0xFC, 0xF2
BEFORE = 0.001  # seconds by which a start comes before its pulse
SPARE = 0.01  # seconds between a stop and what comes next
FARTHEST = 1 << 14  # sixteenths that a song position can count

Send = Callable[[float, str, bytes], None]


class Tempo(Protocol):
    """What is needed of the tempo map."""

    def cycle_at(self, sample: int) -> Fraction: ...
    def sample_of(self, cycle: Fraction) -> int: ...


@dataclass
class Pulses:
    """The clock for one output.

    It starts at a cycle; where time was lost the others are told the new place.

    nudge   seconds by which all comes later
    """

    port: str
    beats: int
    send: Send
    nudge: float = 0.0
    waiting: str = "start"  # what comes at the next boundary: "start", "continue" or nothing
    running: bool = False
    _last: int | None = None  # the number of the pulse that was sent last
    _origin: int = 0  # of the pulse at which it was started
    _not_before: float = 0.0

    def advance(self, tempo: Tempo, begin: int, end: int, moment_of: Callable[[float], float]) -> None:
        """Send what falls on the samples from `begin` up to `end`, which are rendered."""
        unit = PULSES * self.beats
        last = int(tempo.cycle_at(end - 1) * unit // 1)
        first = int(-(-tempo.cycle_at(begin) * unit // 1))
        if self._last is None or first - self._last not in (1, 2):
            self._moved(first, moment_of(begin))
        assert self._last is not None
        for number in range(self._last + 1, last + 1):
            sample = tempo.sample_of(Fraction(number, unit))
            self._pulse(number, moment_of(sample) + self.nudge)

    def stop(self, moment: float) -> None:
        """Tell the others to stop; pulses go on."""
        self.waiting, self.running = "", False
        self.send(moment, self.port, bytes((STOP,)))

    def _moved(self, first: int, moment: float) -> None:
        """Time was lost, or has just begun."""
        self._last = first - 1
        if self.running:
            self.stop(moment + self.nudge)
            self.waiting, self._not_before = "continue", moment + self.nudge + SPARE

    def _pulse(self, number: int, moment: float) -> None:
        self._last = number
        if self.waiting == "start" and number % (PULSES * self.beats) == 0:
            self._origin = number
            self._go(bytes((START,)), moment)
        elif self._goes_on(number, moment):
            place = (number - self._origin) // TO_SIXTEENTH % FARTHEST
            self.send(moment - 2 * BEFORE, self.port, bytes((POSITION, place & 0x7F, place >> 7)))
            self._go(bytes((CONTINUE,)), moment)
        self.send(moment, self.port, bytes((PULSE,)))

    def _goes_on(self, number: int, moment: float) -> bool:
        on_sixteenth = (number - self._origin) % TO_SIXTEENTH == 0
        return self.waiting == "continue" and on_sixteenth and moment >= self._not_before

    def _go(self, data: bytes, moment: float) -> None:
        self.waiting, self.running = "", True
        self.send(moment - BEFORE, self.port, data)
