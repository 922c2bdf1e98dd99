"""A device at another rate than the set's, which goes on at its own: what is heard is converted."""

from __future__ import annotations

from typing import Any

import numpy as np
import soxr

from latentcode.arrays import Float32
from latentcode.player.drivers import Driver, SteppedDriver, Tick
from latentcode.player.graph import Graph
from latentcode.player.transport import Transport

QUALITY = "LQ"
"""Flat up to 16 kHz, and twenty samples late: better ones work in pieces of a thousand."""


class ConvertingDriver(Driver):
    """Computes as many buffers at `rate` as the device needs at its own, in the device's thread.

    The graph is on a server without a device. So what is played, recorded and journaled knows of
    no other rate; nothing comes in.
    """

    def __init__(
        self, name: str, server: Any, rate: int, transport: Transport, tick: Tick, headroom: int = 0
    ) -> None:
        device, outputs = int(server.getSamplingRate()), int(server.getNchnls())
        buffer = int(server.getBufferSize())
        while buffer * device < int(server.getBufferSize()) * rate:  # one is enough for one of the device's
            buffer *= 2
        self._inner = SteppedDriver("converted", rate, buffer, transport, tick, headroom, outputs)
        self._stream = soxr.ResampleStream(rate, device, outputs, dtype="float32", quality=QUALITY)
        self._ahead: Float32 = np.zeros((0, outputs), np.float32)
        self.device_rate = device
        super().__init__(name, server, transport, self._convert, headroom, self._inner.graph)
        self._on = True

    def start(self) -> None:
        self._inner.start()
        super().start()

    def resize(self) -> bool:
        """The graph goes on as it is."""
        self._reopen()
        return False

    def _convert(self, graph: Graph) -> None:
        """Fill the device's next buffer."""
        samples = self._outlet.samples
        while len(self._ahead) < samples.shape[1]:
            self._inner.step()
            converted = self._stream.resample_chunk(graph.output())
            self._ahead = np.concatenate((self._ahead, converted))
        samples[:] = self._ahead[: samples.shape[1]].T
        self._ahead = self._ahead[samples.shape[1] :]

    def _shut_down(self) -> None:
        super()._shut_down()
        self._inner.close()
