"""Values that are read for every grain: many at a time where they are known,
as late as can be where not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float64
from latentcode.inputs.reader import Reader
from latentcode.latents.compile import ReadContext, Values, values
from latentcode.latents.trajectory import Curve
from latentcode.parameters import FADERS
from latentcode.patterns.tree import live_inputs
from latentcode.synth.clock import Clock, Rates, numbers

LOUDEST = FADERS["gain"].high  # as faders
AHEAD = 16  # latent frames read in one go: reading many costs little more than reading one
FINE = 64  # samples of the session between two readings of what hands move
POINTS = 64  # of these read in one go

Read = Callable[[int, int, Reader], NDArray[np.floating]]  # the first grain, how many, live inputs → values


class ReadAhead:
    """Values on the grain grid, read `ahead` at a time and kept until they are used.

    `live` looks live inputs up for each reading; what hands move (`by_hand`) is kept until one of
    these has moved.
    """

    def __init__(self, read: Read, live: Reader, ahead: int = AHEAD, by_hand: bool = False) -> None:
        self._read, self._live, self._ahead, self._by_hand = read, live, ahead, by_hand
        self._first = 0
        self._ready: NDArray[np.floating] = np.zeros(0)
        self._state: tuple[int, ...] | None = None  # of the live inputs, when they were asked

    def __call__(self, first: int, count: int) -> NDArray[np.floating]:
        """The values of `count` grains from grain `first` on."""
        there = self._first <= first <= first + count <= self._first + len(self._ready)
        holds = not self._by_hand or (self._state is not None and self._live.state == self._state)
        if not (there and holds):
            ahead = self._ahead if holds else 1  # a hand that moves will move again
            live = self._live = self._live.at(None)
            self._first, self._ready = first, self._read(first, max(count, ahead), live)
            self._state = live.state if self._by_hand else None
        return self._ready[first - self._first : first - self._first + count]

    @property
    def ready(self) -> NDArray[np.floating]:
        """What was read last, (n, …)."""
        return self._ready

    def near(self, grain: int) -> NDArray[np.floating] | None:
        """Of what was read last the value of a grain, or the nearest to it;
        None where nothing was read.
        """
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
    curve: Curve,
    clock: Clock,
    onset: int,
    rates: Rates,
    context: ReadContext,
    live: Reader,
    most: float = math.inf,
) -> Level:
    """The level that a curve is, on a grid that begins at sample `onset`,
    held to −`most` to `most`.
    """
    if isinstance(curve, float):
        return Constant(min(max(curve, -most), most))
    read = held(values(curve, context), most)
    return (
        HandLevel(read, clock, onset, rates, live) if live_inputs(curve) else Drawn(read, clock, rates, live)
    )


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

    def __init__(self, read: Values, clock: Clock, rates: Rates, live: Reader) -> None:
        def read_at(first: int, count: int, live: Reader) -> NDArray[np.floating]:
            return np.broadcast_to(read(clock.moments(numbers(first, count), live)), count)

        self._ahead = ReadAhead(read_at, live)
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

    def __init__(self, read: Values, clock: Clock, onset: int, rates: Rates, live: Reader) -> None:
        self._read, self._clock, self._onset = read, clock, onset
        self._rates, self._ahead = rates, ReadAhead(self._points, live, POINTS, by_hand=True)

    def over(self, begin: int, count: int) -> Float64:
        return drawn(self._ahead, self._onset + begin, count)

    def forget(self) -> None:
        self._ahead.forget()

    def _points(self, first: int, count: int, live: Reader) -> Float64:
        points = np.maximum(numbers(first, count) * FINE, self._onset)
        moments = self._clock.moments(self._rates.grains(points - self._onset), live)
        return np.broadcast_to(self._read(replace(moments, live=live.moved(points))), points.shape)


def drawn(read: Callable[[int, int], NDArray[np.floating]], begin: int, count: int) -> Float64:
    """What `read` (the first, how many) gives at the multiples of FINE samples,
    drawn one of them later.

    So nothing beyond the samples from `begin` up to `begin + count` is read: it is not known yet.
    """
    samples = np.arange(begin, begin + count)
    first = begin // FINE - 1
    points = np.arange(first, samples[-1] // FINE + 1)
    return np.asarray(np.interp(samples - FINE, points * float(FINE), read(first, len(points))))
