"""MIDI clock: the tempo and beat of pulses that come, and the pulses that are sent, 24 to a beat.

They come when they come, through a delay-locked loop: that of F. Adriaensen, Using a DLL to filter
time (2005). A predicted moment and a period are both corrected by a share of the error. The shares
are those of a least-squares line through the pulses so far, until there are enough of them; fewer
count when the errors say that the tempo moves.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import mean, median
from typing import Protocol

PULSE, START, CONTINUE, STOP, POSITION = 0xF8, 0xFA, 0xFB, 0xFC, 0xF2
STARTED, STOPPED = "start", "stop"
PULSES = 24  # to a beat
TO_SIXTEENTH = 6  # pulses
MANY, FEW = 96, 6  # pulses that count at most, and at least
FASTEST, SLOWEST = 1000.0, 10.0  # beats per minute that are believed
NEAR = 0.4  # of a period: by which steps that agree may differ
ASIDE = 0.6  # of a period by which pulses must lie aside, all on one side, before they are counted anew
LATELY = 8  # pulses that are looked at for that
STEADY = 24  # pulses that must count, and
TREMBLING = 0.12  # of a period by which they may tremble, where a pulse
CLOSE = 0.25  # of a period from where another belongs is taken for that
ANEW = 6  # steps between pulses that agree on another tempo, after which all is learnt anew
OTHER = 0.12  # of a period by which they must differ
SURE = 6.0  # times what pulses tremble by, over so many steps, by which it must differ, too
TOGETHER = 1.3  # periods by which pulses that lie aside may differ: those of a bunch lie farther apart
GONE = 1.0  # seconds without a pulse, and
GONE_PULSES = 8  # periods of them, after which the clock has gone
LEARNT = 12  # pulses before the tempo is believed
BEFORE = 0.001  # seconds by which a start comes before its pulse
SPARE = 0.01  # seconds between a stop and what comes next
FARTHEST = 1 << 14  # sixteenths that a song position can count
_FAST, _SLOW = 60 / FASTEST / PULSES, 60 / SLOWEST / PULSES


class PulseClock:
    """What pulses say of the time; all moments are of time.monotonic().

    `running`: whether the sender plays (None: it has not said so). A start makes the next pulse
    beat 0; a position, in sixteenths, is that of the next pulse after a continue.
    """

    def __init__(self) -> None:
        self.running: bool | None = None
        self.absurd = 0
        self._number = 0.0  # of the pulse that came last
        self._moment = self._period = 0.0  # when it should have come, and seconds to the next
        self._count = 0  # pulses that the loop takes into account
        self._learnt = False  # whether enough have counted since it began
        self._next: float | None = None  # the number that a start gives the next pulse
        self._position = 0.0
        self._arrived: deque[float] = deque(maxlen=ANEW + 1)
        self._errors: deque[float] = deque(maxlen=LATELY)
        self._before: deque[tuple[float, float, float, float]] = deque(maxlen=LATELY)  # … and spread, then
        self._since = 0  # pulses since they were counted anew
        self._mean = self._spread = 0.0  # of the errors that lie near, lately
        self._tremble = 0.0  # the spread of all: what lies near in bunches is far too small

    def pulse(self, moment: float) -> None:
        """A pulse has come (0xF8)."""
        gap = moment - self._arrived[-1] if self._arrived else 0.0
        self._arrived.append(moment)
        if self._count and gap > GONE:
            self._again(gap)
        if self._count == 0:
            self._begin(moment)
        elif self._count == 1:
            self._second(moment)
        else:
            self._judge(moment)
        if self._next is not None:
            self._number, self._next = self._next, None
            self._before.clear()
            self._errors.clear()

    def start(self) -> None:
        """The next pulse is the beginning (0xFA)."""
        self.running, self._next, self._position = True, 0.0, 0.0

    def go_on(self) -> None:
        """The next pulse is where the sender was stopped, or has moved to (0xFB)."""
        self.running, self._next = True, self._position

    def stop(self) -> None:
        """The sender has stopped; its pulses may come on (0xFC)."""
        if self.running is not False:
            self._position = self._number + 1
        self.running = False

    def locate(self, sixteenths: int) -> None:
        """The sender has moved (0xF2); while it plays the next pulse is there."""
        self._position = float(sixteenths * TO_SIXTEENTH)
        if self.running:
            self._next = self._position

    @property
    def bpm(self) -> float | None:
        """The tempo; None while it is not known, or cannot be one."""
        if not self._learnt or not _FAST <= self._period <= _SLOW:
            return None
        return 60 / PULSES / self._period

    def gone(self, moment: float) -> bool:
        """Whether pulses have ceased."""
        if not self._arrived:
            return True
        return moment - self._arrived[-1] > max(GONE, GONE_PULSES * self._period)

    def beats_at(self, moment: float) -> tuple[float, float] | None:
        """The beat at a moment, and beats per second; None while they are not known."""
        if self.bpm is None:
            return None
        number = self._number + (moment - self._moment) / self._period
        return number / PULSES, 1 / self._period / PULSES

    # the loop

    def _begin(self, moment: float) -> None:
        self._moment, self._count, self._learnt = moment, 1, False

    def _second(self, moment: float) -> None:
        period = moment - self._moment
        if _FAST / 2 <= period <= 2 * _SLOW:
            self._period, self._count = period, 2
        else:  # in a bunch with the first, or long after it
            self.absurd += 1
        self._number += 1
        self._moment = moment

    def _again(self, gap: float) -> None:
        """Pulses come again after a while: how many were left out is guessed."""
        if self._period:
            self._number += round(gap / self._period)
        self._count = 0

    def _judge(self, moment: float) -> None:
        self._since += 1
        if self._elsewhere() and self._learn(moment):
            return
        error = moment - self._moment - self._period
        self._before.append((self._number, self._moment, self._period, self._spread))
        steps = self._slipped(error)
        if steps < 0:
            return
        if steps:
            self._number += steps
            self._moment += steps * self._period
            error -= steps * self._period
        self._errors.append(error / self._period)
        self._take(error)
        aside = median(self._errors)
        if len(self._errors) == LATELY and self._count >= LEARNT and abs(aside) > ASIDE:
            self._count_anew(round(aside))

    def _slipped(self, error: float) -> int:
        """Pulses left out before one that comes `error` seconds after its time,
        or −1 for one that comes twice.

        It is told at once from a clock that trembles little; from others only in a while (see
        `_count_anew`).
        """
        if self._count < STEADY or self._tremble**0.5 > TREMBLING * self._period:
            return 0
        steps = round(error / self._period)
        beside = abs(error - steps * self._period) < CLOSE * self._period
        return max(steps, -1) if beside else 0

    def _count_anew(self, steps: int) -> None:
        """Pulses were left out, or came twice: go back to before, and count so many more."""
        if not steps or any(error * steps < 0 for error in self._errors):
            return
        if max(self._errors) - min(self._errors) > TOGETHER:  # a sender stood still: they come all at once
            return
        if self._since < 4 * LATELY:  # again: it is the tempo
            self._count = FEW
            return
        number, then, self._period, _ = self._before[0]
        steps += LATELY
        self._number, self._moment = number + steps, then + steps * self._period
        self._errors.clear()
        self._before.clear()
        self._mean, self._since = 0.0, 0

    def _elsewhere(self) -> bool:
        """Whether the last pulses agree on another tempo."""
        if len(self._arrived) <= ANEW or len(self._before) < ANEW:
            return False
        steps = self._steps()
        period = mean(steps)
        agree = max(abs(step - period) for step in steps) <= NEAR * period
        trembles = self._before[-ANEW][3] ** 0.5  # before they did
        other = max(OTHER * self._period, SURE * trembles / ANEW)
        return agree and abs(period - self._period) > other

    def _steps(self) -> list[float]:
        times = list(self._arrived)
        return [after - before for before, after in pairwise(times)]

    def _take(self, error: float) -> None:
        """Go on by a pulse that came `error` seconds after its time."""
        self._count = min(self._count + 1, MANY)
        self._learnt = self._learnt or self._count >= LEARNT
        most = ASIDE * self._period
        within = min(max(error, -most), most)
        self._tremble += (within * within - self._tremble) / 32
        if abs(error) < most:
            self._weigh(error)
        n = self._count
        if n >= STEADY:  # a bunch that is late does not take the beat along
            error = within
        self._moment += self._period + error * 2 * (2 * n - 1) / (n * (n + 1))
        self._period = max(self._period + error * 6 / (n * (n + 1)), _FAST / 8)
        self._number += 1
        self.absurd = 0 if self.bpm else self.absurd

    def _weigh(self, error: float) -> None:
        """Let fewer pulses count when all errors lie on one side: the tempo moves."""
        self._mean += (error - self._mean) / 8
        self._spread += (error * error - self._spread) / 32
        if self._count > 4 * FEW and abs(self._mean) > max(0.8 * self._spread**0.5, 2e-4):
            self._count = max(self._count // 2, FEW)
            self._mean = 0.0

    def _learn(self, moment: float) -> bool:
        """The tempo is another one since a few pulses; False where it cannot be one, as in a
        bunch.
        """
        period = mean(self._steps())
        if not _FAST <= period <= _SLOW:
            self.absurd += 1
            return False
        self._number = self._before[-ANEW][0] + 1 + ANEW
        self._period, self._moment, self._count, self._learnt = period, moment, LEARNT, True
        self._mean = self._spread = self._tremble = 0.0
        self._before.clear()
        self._errors.clear()
        return True


class Followed:
    """The clock of the ports whose names have `port` in them;
    `events` are starts and stops not yet taken, `jump`: whether a start is jumped to.
    """

    def __init__(self, port: str, transport: bool, jump: bool = False) -> None:
        self.port, self.transport, self.jump = port, transport, jump
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
            self._events.append(STARTED)

    def _start(self, data: bytes, moment: float) -> None:
        self.clock.start()
        self._starting = True

    def _go_on(self, data: bytes, moment: float) -> None:
        self.clock.go_on()
        self._starting = True

    def _stop(self, data: bytes, moment: float) -> None:
        self.clock.stop()
        self._starting = False
        self._events.append(STOPPED)

    def _locate(self, data: bytes, moment: float) -> None:
        if len(data) == 3:
            self.clock.locate(data[1] | data[2] << 7)


_MEANINGS: dict[int, Callable[[Followed, bytes, float], None]] = {
    PULSE: Followed._pulse,
    START: Followed._start,
    CONTINUE: Followed._go_on,
    STOP: Followed._stop,
    POSITION: Followed._locate,
}


Send = Callable[[float, str, bytes], None]


class PulseTempo(Protocol):
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

    def advance(self, tempo: PulseTempo, begin: int, end: int, moment_of: Callable[[float], float]) -> None:
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
