"""`python -m bench.idle ADDRESS`: a pyo server that plays nothing and counts the buffers that it misses.

Asked anything, it answers how many of its callbacks came late by another buffer, and how many buffers were
missed in them.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress

from latentcode.player.drivers import boot
from latentcode.protocol.wire import connect


class Idle:
    """Counts in the callback of a server, by the rule that the player uses for its xruns."""

    def __init__(self) -> None:
        self.late = self.missed = 0
        self._beat = 0.0
        self._server = boot("jack", 44100, 256)
        self._period = self._server.getBufferSize() / self._server.getSamplingRate()
        self._server.setCallback(self._tick)
        self._server.start()

    def _tick(self) -> None:
        now = time.monotonic()
        if self._beat and now - self._beat > 2 * self._period:
            self.late += 1
            self.missed += round((now - self._beat) / self._period) - 1
        self._beat = now

    def close(self) -> None:
        self._server.stop()
        self._server.shutdown()


def main(address: str) -> None:
    """Serve until the measurement hangs up."""
    line = connect(address)
    idle = Idle()
    with suppress(EOFError):
        while True:
            line.receive()
            line.send((idle.late, idle.missed))
    idle.close()


if __name__ == "__main__":
    main(sys.argv[1])
