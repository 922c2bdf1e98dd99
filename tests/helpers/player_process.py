"""The engine's part of a session, for tests of the player as the process that it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from latentcode.protocol import wire
from latentcode.protocol.player_messages import FromPlayer
from latentcode.protocol.ringbuffer import CHANNELS, Ring
from latentcode.testing.spoken import made, spoken

ROOT = Path(__file__).resolve().parents[2]


class PlayerProcess:
    """A test in the part of the engine: a ring, a player process, and its messages."""

    def __init__(self, folder: Path, *options: str, seconds: float = 4.0, rate: int = 44100) -> None:
        self.folder, self.rate = folder, rate
        self.ring = Ring.create(CHANNELS, int(seconds * rate))
        self.ring.noted = 1 << 62  # all that it will tell
        self.messages: list[tuple] = []
        self._options = options
        self._ended, self._supplier = threading.Event(), threading.Thread()

    def start(self, *more: str) -> tuple:
        arguments = ("--ring", self.ring.handle, "--rate", str(self.rate), *self._options, *more)
        self.child = wire.start(
            "latentcode.player",
            *arguments,
            hears=FromPlayer,
            pass_fds=self.ring.pass_fds,
            log=self.folder / "log",
        )
        return self.wait("ready", 60.0)

    def send(self, *message) -> None:
        self.child.wire.send(made(*message))

    def wait(self, kind: str, seconds: float = 30.0) -> tuple:
        """The next message of that kind."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.child.wire.poll(0.05):
                message = spoken(self._received(kind))
                if message[0] != "settled":  # which is said all the time
                    self.messages.append(message)
                if message[0] == kind:
                    return message
        raise AssertionError(f"no {kind!r} in {seconds} s, but {self.messages}; log: {self.log}")

    def _received(self, kind: str) -> Any:
        try:
            return self.child.wire.receive()
        except EOFError:
            said = f"exit status {self.child.process.wait(5)}; it said {self.messages}; its log: {self.log}"
            raise EOFError(f"the player ended before it said {kind!r}: {said}") from None

    def play_until(self, sample: int, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while self.ring.playhead < sample:
            assert time.monotonic() < deadline, f"still at {self.ring.playhead}; {self.messages}; {self.log}"
            time.sleep(0.005)

    def supply(self, sound: Callable[[int, int], np.ndarray]) -> None:
        """Keep the ring filled until the end with `sound(first, last)`, (n, CHANNELS): however slow the
        machine is, there is something to play.
        """

        def write() -> None:
            head = self.ring.head
            self.ring.write(sound(head, head + self.rate))

        def go_on() -> None:
            while not self._ended.wait(0.02):
                if self.ring.free > 2 * self.rate:
                    write()

        while self.ring.free > 2 * self.rate:
            write()
        self._supplier = threading.Thread(target=go_on)
        self._supplier.start()

    def feed(self, begin: int, sound: np.ndarray, *spans: tuple[int, int]) -> None:
        """Write `sound` from session sample `begin` on, but only these spans of it, each when it is time."""
        for first, last in spans:
            self.ring.reset(begin + first)
            self.ring.write(sound[first:last])
            self.play_until(begin + last)

    def record(self, name: str = "live.wav") -> Path:
        self.send("record", str(self.folder / name))
        return self.folder / name

    def recorded(self) -> tuple[int, np.ndarray]:
        """Stop recording; the first session sample and the sound."""
        self.send("record", None)
        _, path, first, frames = self.wait("recorded")
        sound, rate = soundfile.read(path, dtype="float32")
        assert (len(sound), rate) == (frames, self.rate)
        return first, sound

    def finish(self) -> int:
        """Read what is still to come, until the player has ended."""
        try:
            while True:
                self.wait("nothing more", 30.0)
        except EOFError:
            return self.child.close()

    def of(self, kind: str) -> list[tuple]:
        return [message[1:] for message in self.messages if message[0] == kind]

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def end(self) -> None:
        if hasattr(self, "child"):
            self.child.process.kill()
            self.child.close()
        self._ended.set()
        if self._supplier.ident is not None:
            self._supplier.join()
        self.ring.close()


def constant(level: float) -> Callable[[int, int], np.ndarray]:
    """A sound of `level` on all channels, for `supply`."""
    return lambda first, last: np.full((last - first, CHANNELS), level, np.float32)


def noise(samples: int, level: float = 0.02, seed: int = 1) -> np.ndarray:
    """(samples, 32) float32; sixteen voices of it stay far below full scale."""
    return (np.random.default_rng(seed).standard_normal((samples, CHANNELS)) * level).astype(np.float32)


def mix(sound: np.ndarray) -> np.ndarray:
    """What the graph gives with all faders at 1: the voices added in their order, in float32."""
    out = np.zeros((len(sound), 2), np.float32)
    for voice in range(CHANNELS // 2):
        out += sound[:, 2 * voice : 2 * voice + 2]
    return out
