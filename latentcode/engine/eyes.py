"""What observers see of the sound: thirty times a second, and only while one looks."""

from __future__ import annotations

import threading
import time

from latentcode.engine.live_set import LiveSet
from latentcode.engine.sound import PlayerLink
from latentcode.engine.sync import Sync
from latentcode.protocol.messages import Look

PACE = 1 / 30  # seconds between two looks
IDLE = 0.25  # … between two of nobody's


class Eyes:
    """Shows what is heard to those who look, on a thread of its own."""

    def __init__(self, live: LiveSet, sound: PlayerLink, timing: Sync) -> None:
        self._desks, self._sound, self._timing = live.desks, sound, timing
        self._seen, self._closed = 0, threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="eyes", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._closed.set()
        self._thread.join()

    def _look_on(self) -> None:
        while not self._closed.wait(PACE if self._desks.looking else IDLE):
            if self._desks.looking:
                self._desks.show(self._look())

    def _look(self) -> Look:
        sound, ring = self._sound, self._sound.ring
        heard = sound.wall.sample_at(time.monotonic() - self._timing.latency)
        self._seen, frames = ring.monitored_since(self._seen)
        return Look(
            heard=heard,
            peaks=tuple(ring.peaks.tolist()),
            voices=tuple(ring.voice_peaks.tolist()),
            sound=frames.tobytes(),
        )
