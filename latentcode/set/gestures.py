"""Gestures as the engine takes them: from a boundary on for some cycles, out of what hands do.

Pure in inputs, commands and tempo: the same live and in a replay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float64
from latentcode.clock.tempo import TempoMap
from latentcode.inputs.history import Input, InputHistory
from latentcode.patterns.gestures import KNOWN, Curve

MOVING = 0.25  # seconds after a change for which a hand still counts as moving


@dataclass(eq=False)
class Gesture:
    """One gesture: `key` from cycle `begin` on for `cycles`, its positions counted from there.

    over     whether it counts only where the hand moved
    pause    cycles after a change in which the hand still moves
    """

    key: str
    begin: Fraction
    cycles: Fraction
    over: bool
    tempo: TempoMap
    here: Callable[[], int]
    start: float
    pause: float
    pace: float  # cycles a second when it was asked for
    times: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    samples: list[int] = field(default_factory=list)
    _made: tuple[int, Curve, Float64] | None = None

    @property
    def end(self) -> int:
        """The sample from which it is complete."""
        return self.tempo.sample_of(self.begin + self.cycles)

    def hear(self, value: float, sample: int) -> None:
        """The hand has this value from `sample` on."""
        cycle = self.tempo.cycle_at(sample)
        if cycle < self.begin:
            self.start = value
        elif cycle < self.begin + self.cycles:
            self.times.append(float(cycle - self.begin))
            self.values.append(value)
            self.samples.append(sample)

    def at(self, times: Float64, samples: Float64 | None, glide: float) -> tuple[Float64, NDArray[np.bool_]]:
        """See `patterns.gestures.Taken`."""
        samples = np.full(1, float(self.here())) if samples is None else samples
        curve, spans = self._known()
        complete = np.broadcast_to(samples >= self.end, times.shape)
        since = times - float(self.begin)
        values = curve.at(since, glide / 1000 * self.pace)
        if not self.over:
            return values, complete
        touched = _within(spans, curve.place(since))
        moving, last = self._moving(samples)
        return np.where(complete, values, last), np.where(complete, touched, moving)

    def points(self) -> tuple[list[float], list[float]]:
        """Positions and values of all changes, the first at 0."""
        return [0.0, *self.times], [self.start, *self.values]

    def edges(self) -> list[float]:
        """The positions in the loop at which something else counts."""
        _, spans = self._known()
        return [*self.points()[0], *(float(edge) for edge in spans.ravel() if edge < self.cycles)]

    def _known(self) -> tuple[Curve, Float64]:
        if self._made is None or self._made[0] != len(self.times):
            curve = Curve(*self.points(), float(self.cycles))
            self._made = (len(self.times), curve, _spans(self.times, self.pause))
        return self._made[1:]

    def _moving(self, samples: Float64) -> tuple[NDArray[np.bool_], Float64]:
        """Whether the hand moves at samples, and the value it has given last."""
        if not self.samples:
            return np.zeros(len(samples), np.bool_), np.zeros(len(samples))
        index = np.searchsorted(self.samples, samples, side="right") - 1
        pause = self.pause / self.pace * self.tempo.sample_rate
        there = (index >= 0) & (samples < np.asarray(self.samples)[index] + pause)
        return there, np.asarray(self.values)[index]


def _spans(times: list[float], pause: float) -> Float64:
    """Where changes lie no more than a pause apart, and the pause after the last of them:
    (spans, 2).
    """
    if not times:
        return np.zeros((0, 2))
    changes = np.sort(np.asarray(times))
    gaps = np.flatnonzero(np.diff(changes) > pause)
    begins, ends = changes[[0, *(gaps + 1)]], changes[[*gaps, -1]] + pause
    return np.stack([begins, ends], axis=1)


def _within(spans: Float64, places: Float64) -> NDArray[np.bool_]:
    inside = (places[:, None] >= spans[:, 0]) & (places[:, None] < spans[:, 1])
    return np.asarray(inside.any(axis=1))


class Gestures:
    """All gestures of a set; those who read patterns find them by name in `Inputs.known`."""

    def __init__(self, inputs: Callable[[], InputHistory], tempo: TempoMap, here: Callable[[], int]) -> None:
        self._inputs, self._tempo, self._here = inputs, tempo, here
        self._open: list[Gesture] = []

    def take(
        self, begin: Fraction, sample: int, name: str, key: str, cycles: str, over: bool, default: float
    ) -> None:
        """Take a gesture of an input from cycle `begin` on; asked for at `sample`.

        For the others see `Gesture`.
        """
        pace = float(self._tempo.cps_at(sample))
        gesture = Gesture(
            key, begin, Fraction(cycles), over, self._tempo, self._here,
            self._value(key, sample, default), MOVING * pace, pace,
        )  # fmt: skip
        self._inputs().known[KNOWN + name] = gesture
        self._open.append(gesture)

    def hear(self, given: Input, sample: int) -> None:
        """An input counts from `sample` on."""
        inputs = self._inputs()
        for gesture in self._open:
            if inputs.reaches(given.key, gesture.key):
                gesture.hear(self._value(gesture.key, sample, gesture.start), sample)
        self._open = [gesture for gesture in self._open if gesture.end > sample]

    def _value(self, key: str, sample: int, default: float) -> float:
        found = self._inputs().read(key, np.array([float(sample)]), default=default)
        return default if found is None else float(found[0])

    def state(self, cycle: float) -> tuple[tuple[str, float, float], ...]:
        """What is being taken at a cycle: (key, cycles done, below 0 before it begins, cycles in
        all).
        """
        return tuple(
            (gesture.key, cycle - float(gesture.begin), float(gesture.cycles))
            for gesture in self._open
            if cycle < float(gesture.begin + gesture.cycles)
        )
