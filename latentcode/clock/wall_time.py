"""Session samples and time.monotonic(), both ways: when the sound of a sample leaves the player."""

from __future__ import annotations

import time
from typing import NamedTuple

WINDOW = 2.0  # seconds of callbacks whose earliest holds
LONG = 8.0  # seconds of callbacks from which the device's pace is told
BIN = 1 / 32  # of these seconds the earliest callback counts
SETTLE = 0.15  # seconds in which an error goes down to a third
FIT = 0.05  # seconds between two fits
DRIFT = 3e-4  # by which a device's clock may differ from the machine's, as a share
STEEPEST, FLATTEST = 4.0, 0.2  # of the nominal rate, while a large error goes
CAREFUL = 20  # fits over which the pace is averaged
SLIP, SLIP_SECONDS = 0.002, 0.5  # callbacks so much later for so long: samples were left out
EVEN, EVEN_BINS = 0.0003, 4  # or so many bins that are equally late: nothing but left out samples does that


class _Line(NamedTuple):
    """Session samples over time from a moment on."""

    moment: float
    sample: float
    rate: float


class WallTime:
    """A line through the earliest callbacks of the last seconds: callbacks may be late,
    but never early.

    What it gives is continuous and never goes backwards; errors are slewed away.
    `see` is called by one thread, the rest by any.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.restart()

    def restart(self) -> None:
        """Forget all that was seen; what is seen next holds at once."""
        self._line = _Line(time.monotonic(), 0.0, float(self.rate))
        self._bins: dict[int, tuple[float, float]] = {}  # the earliest callback of each: sample, lateness
        self._begun: float | None = None
        self._fitted = self._slope = self._offset = 0.0
        self._fits = 0

    def see(self, sample: float, beat: float) -> None:
        """A callback at `beat` (time.monotonic()) handed over the buffer that begins with session
        `sample`.
        """
        if self._begun is None:
            self._begun, self._offset = beat, self._residual(sample, beat)
            self._line = _Line(beat, float(sample), float(self.rate))
        if beat < self._line.moment:
            return
        self._keep(sample, beat)
        if beat - self._fitted >= FIT:
            self._fitted = beat
            self._fit(beat)
        self._steer(beat)

    def sample_at(self, moment: float) -> float:
        """The session sample that leaves the player at `moment` (time.monotonic())."""
        line = self._line
        return line.sample + (moment - line.moment) * line.rate

    def moment_of(self, sample: float) -> float:
        """When (time.monotonic()) session `sample` leaves the player, or left it."""
        line = self._line
        return line.moment + (sample - line.sample) / line.rate

    def _residual(self, sample: float, beat: float) -> float:
        """How late a callback is, were the device's clock exact and sample 0 at moment 0."""
        return beat - sample / self.rate

    def _estimate(self, sample: float) -> float:
        """What the residual of a callback that is not late would be."""
        return self._offset + self._slope * sample / self.rate

    def _keep(self, sample: float, beat: float) -> None:
        place, late = int(beat / BIN), self._residual(sample, beat)
        if place not in self._bins or late < self._bins[place][1]:
            self._bins[place] = sample, late
        self._offset = min(self._offset, late - self._slope * sample / self.rate)

    def _fit(self, beat: float) -> None:
        """The line that lies below all points and is nearest to them."""
        self._forget(beat, LONG)
        recent = self._since(beat, SLIP_SECONDS)
        later = min(late - self._estimate(sample) for sample, late in recent)
        if self._evenly_late():
            self._bins = dict(list(self._bins.items())[-EVEN_BINS:])
        elif later > SLIP and len(recent) > 2 and beat - (self._begun or beat) > SLIP_SECONDS:
            self._forget(beat, SLIP_SECONDS)
        elif later < SLIP / 4:
            self._fit_slope()
        near = self._since(beat, WINDOW)
        self._offset = min(late - self._slope * sample / self.rate for sample, late in near)

    def _evenly_late(self) -> bool:
        """Whether the last callbacks are late, all by the same."""
        last = [late - self._estimate(sample) for sample, late in list(self._bins.values())[-EVEN_BINS:]]
        return len(self._bins) > EVEN_BINS and min(last) > SLIP and max(last) - min(last) < EVEN

    def _fit_slope(self) -> None:
        """The device's pace: an edge of the points' lower hull."""
        points = [(sample / self.rate, late) for sample, late in self._bins.values()]
        if points[-1][0] - points[0][0] < WINDOW / 2:
            return
        self._fits = min(self._fits + 1, CAREFUL)
        slope = min(max(_edge_slope(points), -DRIFT), DRIFT)
        self._slope += (slope - self._slope) / self._fits

    def _since(self, beat: float, seconds: float) -> list[tuple[float, float]]:
        """The points of the last seconds."""
        edge = int((beat - seconds) / BIN)
        return [point for place, point in self._bins.items() if place > edge]

    def _forget(self, beat: float, seconds: float) -> None:
        edge = int((beat - seconds) / BIN)
        self._bins = {place: point for place, point in self._bins.items() if place > edge}

    def _steer(self, beat: float) -> None:
        """Go on from where we are, towards the estimate."""
        here = self.sample_at(beat)
        pace = self.rate / (1 + self._slope)
        wanted = (beat - self._offset) * pace
        age = beat - (self._begun or beat)
        settle = min(max(age / 4, 0.02), SETTLE)
        turn = 1 + (wanted - here) / self.rate / settle
        self._line = _Line(beat, here, pace * min(max(turn, FLATTEST), STEEPEST))


def _edge_slope(points: list[tuple[float, float]]) -> float:
    """The slope of the lower convex hull's edge above the middle of the points (x ascending)."""
    hull: list[tuple[float, float]] = []
    for point in points:
        while len(hull) > 1 and _turns_down(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    middle = sum(x for x, _ in points) / len(points)
    after = next((index for index in range(1, len(hull)) if hull[index][0] >= middle), 0)
    if after == 0:
        return 0.0
    (x0, y0), (x1, y1) = hull[after - 1], hull[after]
    return (y1 - y0) / (x1 - x0)


def _turns_down(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """Whether b lies on or above the line from a to c."""
    return (b[0] - a[0]) * (c[1] - a[1]) <= (b[1] - a[1]) * (c[0] - a[0])
