"""A stage for live measurements: private sound servers, a desk in its own process, processor time by process."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from latentcode.protocol import wire

RATE, BUFFER = 44100, 256
PATIENCE = 20.0


@contextmanager
def jack(buffer: int = BUFFER) -> Iterator[str]:
    """A jackd of its own with the dummy driver, which keeps real time; gives its name."""
    name = f"latentcode-bench-{uuid.uuid4().hex[:10]}"
    words = f"jackd --no-realtime -n {name} -d dummy -r {RATE} -p {buffer}".split()
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: "system:playback_2" in ports(name), "jackd does not start")
        yield name
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(5)
        server.kill()
        server.wait()
        for left in Path("/dev/shm").glob(f"jack*{name}*"):
            left.unlink(missing_ok=True)


def ports(server: str) -> list[str]:
    """The ports of a server."""
    found = subprocess.run(
        ["jack_lsp"], env=client_of(server), capture_output=True, text=True, timeout=PATIENCE
    )
    return found.stdout.split()


def client_of(server: str) -> dict[str, str]:
    """The environment that makes a program the client of a server."""
    return {**os.environ, "JACK_DEFAULT_SERVER": server, "JACK_NO_START_SERVER": "1"}


@contextmanager
def child(module: str, *words: str, server: str, hears: Any = wire.PLAIN) -> Iterator[wire.Child]:
    """A module of ours as a process, client of a sound server, with a wire to it."""
    before = dict(os.environ)
    os.environ.update(client_of(server))
    try:
        process = wire.start(module, *words, hears=hears, log=os.environ.get("LATENTCODE_BENCH_LOG"))
    finally:
        os.environ.clear()
        os.environ.update(before)
    try:
        yield process
    finally:
        process.close(8.0)


class Musician:
    """A desk without a screen (`bench.musician`), and the engine that it has started."""

    def __init__(self, process: wire.Child) -> None:
        self.process = process
        self.hello = self._ask("hello")

    def run(self, code: str) -> bool:
        """Run a block as the prompt does; whether it raised nothing."""
        return bool(self._ask("run", code))

    def state(self) -> dict[str, Any]:
        """What the engine said last, not older than this question."""
        return dict(self._ask("state"))

    def said(self) -> list[str]:
        """The lines that the musician has seen."""
        return list(self._ask("said"))

    def engine(self) -> int:
        """The engine's process id."""
        return next(pid for pid, words in children(self.process.process.pid) if "latentcode.engine " in words)

    def player(self) -> int:
        """The player's process id."""
        return next(pid for pid, words in children(self.engine()) if "latentcode.player " in words)

    def _ask(self, *message: Any) -> Any:
        self.process.wire.send(message)
        return self.process.wire.receive()[0]


@contextmanager
def musician(server: str, model: str = "default", lead: float = 20.0, **more: int) -> Iterator[Musician]:
    """A desk and its engine on a sound server; both are ended afterwards. `more`: further options of the engine."""
    words = [f"{name}={value}" for name, value in more.items()]
    with child("bench.musician", model, str(lead), *words, server=server) as process:
        yield Musician(process)


@contextmanager
def home() -> Iterator[Path]:
    """A folder for all that a set keeps, put in the place of the user's own."""
    with tempfile.TemporaryDirectory(prefix="latentcode-bench-") as folder:
        for name, kind in (("DATA", "HOME"), ("STATE", "HOME"), ("CACHE", "HOME"), ("RUNTIME", "DIR")):
            place = Path(folder, name.lower())
            place.mkdir(mode=0o700)
            os.environ[f"XDG_{name}_{kind}"] = str(place)
        os.environ["LATENTCODE_CACHE"] = str(Path(folder, "cache"))
        yield Path(folder)


def kept(folder: Path, keep: Path) -> None:
    """Copy what is worth a look."""
    keep.mkdir(parents=True, exist_ok=True)
    for file in [*folder.rglob("*.py"), *folder.glob("*.wav"), *folder.rglob("*.log")]:
        shutil.copy2(file, keep)
    print(f"  what was played is in {keep}", flush=True)


def play_sixteen(desk: Musician, lines: tuple[str, ...]) -> None:
    """Let all voices sound, and wait until they do and all is encoded."""
    for line in lines:
        if not desk.run(line):
            raise RuntimeError(f"{line}: {desk.said()}")

    def settled() -> bool:
        voices = desk.state().get("voices", ())
        return sum(1 for voice in voices if voice["playing"] and not voice["pending"]) == len(lines)

    try:
        until(settled, "the voices do not sound", 60.0)
    except TimeoutError as error:
        raise TimeoutError(f"{error}; the musician saw {desk.said()}") from None
    time.sleep(1.0)


def until(ready: Callable[[], Any], problem: str, seconds: float = PATIENCE) -> Any:
    """Wait for what `ready` gives once it is true."""
    deadline = time.monotonic() + seconds
    while not (found := ready()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{problem} within {seconds:g} s")
        time.sleep(0.05)
    return found


def children(pid: int) -> list[tuple[int, str]]:
    """The processes that a process has started, with their command lines."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            for word in (task / "children").read_text().split():
                line = Path(f"/proc/{word}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                found.append((int(word), line))
    return found


def processor_seconds(pid: int) -> float:
    """The processor time that all threads of a process have taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
