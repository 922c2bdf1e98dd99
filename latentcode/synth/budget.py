"""How much time a voice may take from the others."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from latentcode.clock.watchdog import TooSlowError

SHARE = 0.25  # of real time, for one voice
BURST_CPU, BURST_WALL = (
    0.15,
    0.6,
)  # seconds above its share; a machine may stall for a quarter of a second by itself


@dataclass
class Budget:
    """A leaky bucket for one voice: time taken flows in,
    its share of the time rendered flows out.
    """

    cpu: float = 0.0
    wall: float = 0.0

    def charge(self, action: Callable[[], None], rendered: float) -> None:
        """Run `action`, during which `rendered` seconds are rendered. Raises TooSlowError."""
        cpu, wall = time.thread_time(), time.perf_counter()
        action()
        cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
        self._flow(cpu, wall, rendered)
        if self.cpu > BURST_CPU or self.wall > BURST_WALL:
            self.cpu = self.wall = 0.0
            raise TooSlowError(
                f"the pattern is too slow: it took {1000 * max(cpu, wall):.0f} ms; simplify it"
            )

    def rest(self, rendered: float) -> None:
        """Nothing was to be done while `rendered` seconds were rendered."""
        self._flow(0.0, 0.0, rendered)

    def _flow(self, cpu: float, wall: float, rendered: float) -> None:
        self.cpu = max(self.cpu + cpu - SHARE * rendered, 0.0)
        self.wall = max(self.wall + wall - rendered, 0.0)


class Unmetered(Budget):
    """For what a hand plays: it was tried before, and the clock must not decide what is heard of
    it.
    """

    def charge(self, action: Callable[[], None], rendered: float) -> None:
        action()
