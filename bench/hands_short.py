"""The short way: how many of the player's buffers go by from a control's arrival to the border at which it holds.

    python -m bench.hands_short [--full]

House model, a private jackd, 46 ms of lead; a fader under a control that is moved at random moments, 3 to 30 ms
apart, in a set of one voice, of sixteen, and of sixteen while chains of effects are built all the time. A border
that comes at once is less than one buffer away; the goal is that 99 of 100 moves hold within two. A value that
another one overtakes in the same buffer is not counted.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import latentcode as lc
from bench.common import patterns, run, show
from bench.rig import child, home, jack, until
from bench.touched import Moved, Moves
from latentcode.protocol.messages import Accepted, Block, Hello, Message, State, ToDesk
from latentcode.protocol.wire import Child
from latentcode.set.commands import Command
from latentcode.set.kinds import packed

GOAL = 2.0  # buffers
TIMES = 300
BUFFERS = (256, 128)
BUILT = (lc.reverb(), lc.chorus(), lc.delay(), lc.phaser())


class Engine:
    """An engine without a desk."""

    def __init__(self, line: Child) -> None:
        self._line, self._said, self._number = line.wire, list[Any](), 0
        threading.Thread(target=self._listen, daemon=True).start()
        self.wait(Hello, 60.0)

    def play(self, *commands: Command) -> None:
        """Let commands take effect."""
        self._number += 1
        data = tuple(map(packed, commands))
        self._line.send(Block(self._number, "", False, data))
        until(
            lambda: any(isinstance(m, Accepted) and m.number == self._number for m in self._said),
            "nothing is stamped",
            60.0,
        )

    def moves(self, times: int) -> tuple[tuple[float, ...], int]:
        """How many buffers each move took, and how many moves there were."""
        self._said.clear()
        self._line.send(Moves(times, 1))
        moved: Moved = self.wait(Moved, 60.0)
        return moved.late, moved.count

    def wait(self, kind: type[Message], seconds: float) -> Any:
        """The first message of a kind."""
        return until(
            lambda: next((m for m in list(self._said) if isinstance(m, kind)), None), str(kind), seconds
        )

    def _listen(self) -> None:
        try:
            while True:
                message = self._line.receive()
                if not isinstance(message, State):
                    self._said.append(message)
        except EOFError:
            pass


def measure(full: bool) -> None:
    """Print the figures of both sizes of buffers."""
    times = TIMES * (5 if full else 1)
    for buffer in BUFFERS:
        with home() as folder, jack(buffer) as server, engine(folder, server) as one:
            one.play(Command("play", 0, (lc.s("kick*4"), "1")), Command("gain", 0, (lc.cc(7),)))
            report(f"{buffer} samples, one voice", *one.moves(times))
            one.play(*(Command("play", voice, (pattern, "1")) for voice, pattern in patterns()))
            time.sleep(3.0)
            report(f"{buffer} samples, sixteen voices", *one.moves(times))
            with building(one):
                report(f"{buffer} samples, sixteen voices, chains are built", *one.moves(times))


def report(what: str, late: tuple[float, ...], count: int) -> None:
    """Print median and p99."""
    median, high = np.percentile(late, 50), np.percentile(late, 99)
    counted = f"{len(late)} of {count} counted"
    text = f"{what}: median {median:.2f} buffers, p99 {high:.2f}, most {max(late):.2f}; {counted}"
    show(text, high / GOAL, most=1.0)


@contextmanager
def engine(folder: Path, server: str) -> Iterator[Engine]:
    """The engine process."""
    with tempfile.TemporaryDirectory(dir=folder) as kept:
        words = ["--journal", str(Path(kept, "set.py")), "--driver", "jack", "--seed", "1"]
        with child("bench.touched", *words, server=server, hears=ToDesk | Moved) as line:
            yield Engine(line)


@contextmanager
def building(one: Engine) -> Iterator[None]:
    """Chains of effects are built meanwhile."""
    over = threading.Event()

    def build() -> None:
        number = 0
        while not over.wait(0.3):
            number += 1
            one.play(Command("fx", 1 + number % 15, (BUILT[: 1 + number % 4],)))

    thread = threading.Thread(target=build)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    run(measure)
