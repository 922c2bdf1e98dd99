"""What the player shows of itself: levels, load, buffers that were late."""

from __future__ import annotations

import time

import numpy as np

from latentcode.player import drivers
from latentcode.player.graph import Graph
from latentcode.player.transport import Transport
from latentcode.protocol.ringbuffer import Ring

METER_BUFFERS = 4
"""Peaks are taken from one buffer in so many: looking at all of them would cost as much as playing."""
FALL_DB = 24.0  # in a second
HOLD_SECONDS = 2.0


class Meter:
    """Keeps the player's side of the ring's header, in the audio thread."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._device = False
        self._thread_time = 0.0
        self._buffers = 0
        self._held, self._over = _Hold(0.0), _Hold(1.0)

    def restart(self, driver: drivers.Driver) -> None:
        """A new driver, and so another thread, begins to call `update`."""
        self._device = driver.name != "timer"
        self._thread_time = 0.0

    def update(self, graph: Graph, transport: Transport, now: float) -> None:
        ring = self._ring
        if self._device and self._thread_time and now - ring.player_beat > 2 * graph.buffer / graph.rate:
            ring.xruns += 1
        ring.step(transport.position, now)
        spent = time.thread_time()
        if self._thread_time:
            load = (spent - self._thread_time) * graph.rate / graph.buffer
            ring.load += 0.05 * (load - ring.load)
        self._thread_time = spent
        ring.held = self._held.seen(graph.limiter.peak, now)
        ring.over = self._over.seen(graph.limiter.over, now)
        self._buffers += 1
        if self._buffers % METER_BUFFERS == 0:
            self._measure(graph, transport)

    def _measure(self, graph: Graph, transport: Transport) -> None:
        ring = self._ring
        ring.dry_buffers, ring.sanitised = transport.dry_buffers, transport.mended
        fall = 10.0 ** (-FALL_DB / 20.0 * METER_BUFFERS * graph.buffer / graph.rate)
        np.maximum(ring.peaks * fall, np.abs(graph.output()[:, :2]).max(axis=0), out=ring.peaks)
        voices = transport.peaks().reshape(-1, 2).max(axis=1) * transport.mixer.gains * graph.headroom
        np.maximum(ring.voice_peaks * fall, voices, out=ring.voice_peaks)


class _Hold:
    """The largest value of late."""

    def __init__(self, value: float) -> None:
        self._value, self._until = value, 0.0

    def seen(self, value: float, now: float) -> float:
        """The largest of the last seconds, with another value."""
        if value >= self._value or now >= self._until:
            self._value, self._until = value, now + HOLD_SECONDS
        return self._value
