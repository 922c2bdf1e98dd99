"""Values that are read for every grain: many at a time where they are known, as late as can be where not."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float64
from latentcode.inputs.reader import Reader
from latentcode.inputs.watching import Watch
from latentcode.latents.compile import ReadContext, Values, values
from latentcode.latents.trajectory import Curve
from latentcode.parameters import FADERS
from latentcode.patterns.event import LiveReader
from latentcode.patterns.tree import live_inputs
from latentcode.synth.clock import Clock, Rates, numbers

LOUDEST = FADERS["gain"].high  # as faders
AHEAD = 16  # latent frames read in one go: reading many costs little more than reading one
FINE = 64  # samples of the session between two readings of what hands move
POINTS = 64  # of these read in one go


class ReadAhead:
    """Values on the grain grid, read `ahead` at a time and kept until they are used.

    Where hands move them (`watch`) they are kept until one of these has moved.
    """

    def __init__(
        self, read: Callable[[int, int], NDArray[np.floating]], ahead: int = AHEAD, watch: Watch | None = None
    ) -> None:
        self._read, self._ahead, self._watch, self._first = read, ahead, watch, 0
        self._ready: NDArray[np.floating] = np.zeros(0)

    def __call__(self, first: int, count: int) -> NDArray[np.floating]:
        """The values of `count` grains from grain `first` on."""
        there = self._first <= first <= first + count <= self._first + len(self._ready)
        if self._watch is not None and not (there and self._watch.holds):
            self._watched(self._watch, first, count)
        elif not there:
            self._first, self._ready = first, self._read(first, max(count, self._ahead))
        return self._ready[first - self._first : first - self._first + count]

    def _watched(self, watch: Watch, first: int, count: int) -> None:
        ahead = self._ahead if watch.holds else 1  # a hand that moves will move again
        with watch.reading():
            self._first, self._ready = first, self._read(first, max(count, ahead))

    @property
    def ready(self) -> NDArray[np.floating]:
        """What was read last, (n, …)."""
        return self._ready

    def near(self, grain: int) -> NDArray[np.floating] | None:
        """Of what was read last the value of a grain, or the nearest to it; None where nothing was read."""
        if not len(self._ready):
            return None
        return np.asarray(self._ready[min(max(grain - self._first, 0), len(self._ready) - 1)])

    def forget(self) -> None:
        self._ready = self._ready[:0]

    def wait(self) -> None:
        """From here on nothing is read before it is asked for."""
        self._ahead = 1
        self.forget()


class Level(Protocol):
    """A gain or a place in the stereo field."""

    def over(self, begin: int, count: int) -> float | Float64:
        """The level of `count` samples from `begin` samples after the grid's origin on."""
        ...

    def forget(self) -> None:
        """What was read ahead is read again."""
        ...


def level(
    curve: Curve, clock: Clock, onset: int, rates: Rates, context: ReadContext, most: float = math.inf
) -> Level:
    """The level that a curve is, on a grid that begins at sample `onset`, held to −`most` to `most`."""
    if isinstance(curve, float):
        return Constant(min(max(curve, -most), most))
    read = held(values(curve, context), most)
    return HandLevel(read, clock, onset, rates, context) if live_inputs(curve) else Drawn(read, clock, rates)


def held(read: Values, most: float) -> Values:
    """What `read` gives, held to −`most` to `most`."""
    return lambda moments: np.clip(read(moments), -most, most)


class Constant:
    """A number."""

    def __init__(self, value: float) -> None:
        self._value = value

    def over(self, begin: int, count: int) -> float:
        return self._value

    def forget(self) -> None:
        """Nothing was read."""


class Drawn:
    """A curve read at every grain and drawn between them."""

    def __init__(self, read: Values, clock: Clock, rates: Rates) -> None:
        def read_at(first: int, count: int) -> NDArray[np.floating]:
            return np.broadcast_to(read(clock.moments(numbers(first, count))), count)

        self._ahead = ReadAhead(read_at)
        self._grains = rates.model / rates.device / rates.hop  # a device sample in grains

    def over(self, begin: int, count: int) -> Float64:
        grain = np.arange(begin, begin + count) * self._grains
        first = int(grain[0])
        known = self._ahead(first, int(grain[-1]) + 2 - first)
        return np.asarray(np.interp(grain, np.arange(first, first + len(known)), known))

    def forget(self) -> None:
        self._ahead.forget()


class HandLevel:
    """A curve that hands move: see `drawn`."""

    def __init__(self, read: Values, clock: Clock, onset: int, rates: Rates, context: ReadContext) -> None:
        self._read, self._clock, self._onset = read, clock, onset
        self._rates, self._live = rates, context.context.live
        self._ahead = ReadAhead(self._points, POINTS, watched(self._live))

    def over(self, begin: int, count: int) -> Float64:
        return drawn(self._ahead, self._onset + begin, count)

    def forget(self) -> None:
        self._ahead.forget()

    def _points(self, first: int, count: int) -> Float64:
        if self._live is not None:
            self._live.lag = 0
        points = np.maximum(numbers(first, count) * FINE, self._onset)
        moments = self._clock.moments(self._rates.grains(points - self._onset))
        return np.broadcast_to(self._read(replace(moments, sample=points)), points.shape)


def watched(live: LiveReader | None) -> Watch | None:
    """What sees whether hands have moved since something was read; None where nobody can."""
    return Watch(live) if isinstance(live, Reader) else None


def drawn(read: Callable[[int, int], NDArray[np.floating]], begin: int, count: int) -> Float64:
    """What `read` (the first, how many) gives at the multiples of FINE samples, drawn one of them later.

    So nothing beyond the samples from `begin` up to `begin + count` is read: it is not known yet.
    """
    samples = np.arange(begin, begin + count)
    first = begin // FINE - 1
    points = np.arange(first, samples[-1] // FINE + 1)
    return np.asarray(np.interp(samples - FINE, points * float(FINE), read(first, len(points))))
