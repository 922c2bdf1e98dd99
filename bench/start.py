"""Time to the prompt and to the first sound, against bare imports in the same run.

    python -m bench.start [--full]

`latentcode` is started on a pseudo-terminal and a private jackd; the prompt is there when its `>>>` is on the
screen. A line that starts a drone at once is typed then; the first sound is the first sample that is not zero and
has been played from the ring. The first time its source must be encoded, later its frames are in the cache.
"""

from __future__ import annotations

import mmap
import os
import pty
import select
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.common import run, show
from bench.rig import PATIENCE, children, client_of, home, jack, until
from latentcode.protocol.ringbuffer import CHANNELS, Ring

LINE = b'd1.play(path("cello"), quant="now")\r'
PEERS = ("prompt_toolkit", "ptpython.python_input", "torch")
POSITION, ANSWER = b"\x1b[6n", b"\x1b[1;1R"  # a terminal is asked where its cursor is
FAREWELL = 8.0


@dataclass
class Start:
    """Seconds from the start to the prompt, and to the first sound; from the line to the first sound."""

    prompt: float
    sound: float
    line: float


def measure(full: bool) -> None:
    """Print both times beside those of the imports."""
    rounds = 9 if full else 3
    with home(), jack() as server:
        first = started(server)
        peers: dict[str, list[float]] = {name: [] for name in PEERS}
        starts = []
        for _ in range(rounds):
            starts.append(started(server))
            for name, times in peers.items():
                times.append(imported(name))
    bare = {name: statistics.median(times) for name, times in peers.items()}
    prompt = statistics.median(start.prompt for start in starts)
    sound = statistics.median(start.sound for start in starts)
    line = statistics.median(start.line for start in starts)
    for name in PEERS[:2]:
        show(
            f"to the prompt {prompt:.2f} s; python -c 'import {name}' {bare[name]:.2f} s", prompt / bare[name]
        )
    for name, start in (("with an empty cache", first), ("median", Start(prompt, sound, line))):
        text = f"to the first sound, {name}: {start.sound:.2f} s ({start.line:.2f} s after the line)"
        show(f"{text}; 'import torch' {bare['torch']:.2f} s", start.sound / bare["torch"])


def imported(module: str) -> float:
    """Seconds of a Python that imports one module."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
    return time.perf_counter() - begun


def started(server: str) -> Start:
    """Start, type a line, wait for the sound, leave."""
    begun = time.perf_counter()
    with terminal([sys.executable, "-m", "latentcode", "--driver", "jack"], client_of(server)) as (desk, pid):
        until_seen(desk, b">>>")
        prompt = time.perf_counter() - begun
        os.write(desk, LINE)
        keeping = threading.Thread(target=answer, args=(desk,), daemon=True)
        keeping.start()
        heard(pid)
        sound = time.perf_counter() - begun
    return Start(prompt, sound, sound - prompt)


@contextmanager
def terminal(words: list[str], environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """A program on a pseudo-terminal; it is ended afterwards with Ctrl-C and SIGHUP, as a closed window would."""
    ours, theirs = pty.openpty()
    environment = {**environment, "TERM": "xterm-256color", "COLUMNS": "140", "LINES": "40"}
    process = subprocess.Popen(
        words, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    os.close(theirs)
    try:
        yield ours, process.pid
    finally:
        engines = [pid for pid, line in children(process.pid) if "latentcode.engine " in line]
        with suppress(OSError):
            os.write(ours, b"\x03exit()\r")
        try:
            process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pid in engines:
            with suppress(OSError):
                os.kill(pid, signal.SIGTERM)
        os.close(ours)


def until_seen(desk: int, text: bytes) -> None:
    """Read the terminal, answering as a terminal does, until a text has been shown."""
    seen, deadline = b"", time.monotonic() + PATIENCE
    while text not in seen:
        if time.monotonic() > deadline:
            raise TimeoutError(f"no {text!r} on the screen, but {seen[-500:]!r}")
        seen = (seen + shown(desk))[-8000:]


def shown(desk: int) -> bytes:
    """What has appeared on the terminal within a tenth of a second."""
    if not select.select([desk], [], [], 0.1)[0]:
        return b""
    data = os.read(desk, 65536)
    if POSITION in data:
        os.write(desk, ANSWER)
    return data


def answer(desk: int) -> None:
    """Go on reading until the terminal is closed."""
    with suppress(OSError, ValueError):
        while True:
            shown(desk)


def heard(desk: int) -> None:
    """Wait until a sample that is not zero has been played."""
    engine = until(first_child(desk, "latentcode.engine "), "no engine")
    ring = until(lambda: ring_of(engine), "no ring", 60.0)
    place, deadline = 0, time.monotonic() + 60.0
    out = np.empty((CHANNELS, 256), np.float32)
    while time.monotonic() < deadline:
        while place + 256 <= ring.playhead:
            if ring.copy(place, out) and out.any():
                return
            place += 256
        time.sleep(0.001)
    raise TimeoutError("nothing is heard")


def first_child(pid: int, words: str) -> Callable[[], int | None]:
    """Something that looks for a child by its command line."""
    return lambda: next((child for child, line in children(pid) if words in line), None)


def ring_of(engine: int) -> Ring | None:
    """The engine's ring, mapped for reading as the player maps it."""
    for descriptor in Path(f"/proc/{engine}/fd").iterdir():
        with suppress(OSError, ValueError):  # it is not ready yet
            if "latentcode-ring" in os.readlink(descriptor):
                with descriptor.open("rb") as file:
                    ring = Ring(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), "", None)
                return ring if ring.frames else None
    return None


if __name__ == "__main__":
    run(measure)
