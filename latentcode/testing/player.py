"""A player without a process or a device, of the shape of `engine.sound.PlayerLink`:
nothing moves by itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from latentcode.arrays import Float32
from latentcode.protocol.player_messages import Listen, ToPlayer
from latentcode.protocol.ringbuffer import INPUTS


class FakePlayer:
    """What an engine plays to.

    `playhead` moves when a test moves it, and with `follow` as blocks come.

    `heard` holds the blocks, each (32, n); `sent` the messages, `hands` what hands did: (place,
    since, value, playhead).
    """

    text, outputs = "a fake: nothing is heard", 2

    def __init__(self, rate: int = 44100, buffer: int = 256, follow: bool = False) -> None:
        self.rate, self.buffer, self._follow = rate, buffer, follow
        self.playhead = self.head = 0
        self.first: int | None = None  # the sample that it began with
        self.heard: list[Float32] = []
        self.sent: list[ToPlayer] = []
        self.hands: list[tuple[tuple[Any, ...], int, float, int]] = []
        self.recording: str | None = None
        self.closed = False

    def begin(self, sample: int, lead: int) -> None:
        """Let `sample` be the first that is written, `lead` samples ahead."""
        self.first = self.head = sample
        self.playhead = sample if self._follow else sample - lead

    def border(self, sample: int) -> int:
        """The first border between two buffers that does not lie before `sample`."""
        return -(-sample // self.buffer) * self.buffer

    @property
    def ahead(self) -> int:
        """Samples written and not yet played."""
        return self.head - self.playhead

    @property
    def period(self) -> float:
        """Seconds of a buffer."""
        return self.buffer / self.rate

    def beat(self) -> None:
        """The engine is alive."""

    def taken_at(self, moment: float) -> float:
        """The sample that it takes at a moment: time stands still."""
        return float(self.playhead)

    def write(self, block: Float32) -> None:
        """The next samples, (32, n)."""
        self.heard.append(block.copy())
        self.head += block.shape[1]
        if self._follow:
            self.playhead = self.head

    def skip(self, sample: int) -> None:
        """Let the next block begin at `sample`."""
        self.head = sample

    def moment_of(self, sample: float) -> float:
        """Seconds: it began at 0."""
        return sample / self.rate

    def border_after(self, moment: float) -> float:
        """When it comes to its next border."""
        return moment + self.period / 8

    def send(self, message: ToPlayer) -> None:
        """Keep a message."""
        self.sent.append(message)

    def hand(self, items: tuple[tuple[tuple[Any, ...], int, float], ...]) -> None:
        """Keep what hands do: place, the sample since which a hand holds it, value."""
        self.hands += [(place, since, value, self.playhead) for place, since, value in items]

    input_head = 0  # nothing comes in

    def listen(self, inputs: int) -> None:
        """Keep what asks for inputs."""
        self.send(Listen(inputs))

    def came_in(self, since: int) -> tuple[int, Float32]:
        """What has come in from a sample on, (INPUTS, n): nothing."""
        return since, np.zeros((INPUTS, 0), np.float32)

    def record(self, path: str | None, stems: bool = False, outputs: bool = False) -> None:
        """Record to a file, or stop."""
        self.recording = path

    def close(self, fade: float) -> None:
        """End."""
        self.closed = True
