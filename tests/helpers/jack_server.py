"""Private sound servers for tests: jackd with its dummy driver, which keeps real time without a device."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

START_SECONDS = 30.0  # of a busy machine
REGISTRY = Path("/dev/shm/jack-shm-registry")  # of all servers; it has room for eight
ENTRY = 264  # bytes: the process id, then the name


def require_jack() -> None:
    """Skip the test when there is no jackd; fail it when LATENTCODE_REQUIRE_AUDIO=1."""
    if shutil.which("jackd") and shutil.which("jack_lsp"):
        return
    reason = "jackd is not installed (Debian: apt install jackd2)"
    if os.environ.get("LATENTCODE_REQUIRE_AUDIO") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


class Jack:
    """A jackd of its own name. `environment` makes a program its client."""

    def __init__(self, rate: int, period: int, outputs: int = 2) -> None:
        self.rate, self.period, self.outputs = rate, period, outputs
        self.name = f"latentcode-test-{uuid.uuid4().hex[:12]}"
        self.environment = {**os.environ, "JACK_DEFAULT_SERVER": self.name, "JACK_NO_START_SERVER": "1"}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._process = subprocess.Popen(
            f"jackd -n {self.name} --no-realtime -d dummy -r {self.rate} -p {self.period} -P {self.outputs}".split(),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + START_SECONDS
        while "system:playback_2" not in self.ports():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"jackd did not start (exit status {self._process.poll()})")
            time.sleep(0.05)

    def ports(self, *options: str) -> str:
        """What jack_lsp prints."""
        done = subprocess.run(
            ["jack_lsp", *options],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
        )
        return done.stdout

    def disconnect(self, port: str) -> None:
        """Take out what is connected to a port, as at a patchbay."""
        for other in map(str.strip, self.ports("-c", port).splitlines()[1:]):
            # its exit status tells of other things
            subprocess.run(["jack_disconnect", port, other], env=self.environment, timeout=START_SECONDS)

    def kill(self) -> None:
        """Let the server die as in a crash."""
        self.hang(signal.SIGKILL)
        assert self._process is not None
        self._process.wait()

    def hang(self, how: signal.Signals = signal.SIGSTOP) -> None:
        """Let the server stand still; SIGCONT lets it go on."""
        assert self._process is not None
        os.kill(self._process.pid, how)

    def set_period(self, period: int) -> None:
        """Change the buffer size while clients run."""
        command = ["jack_bufsize", str(period)]
        subprocess.run(command, env=self.environment, capture_output=True, timeout=START_SECONDS, check=True)

    def stop(self) -> None:
        """End the server, by its own process id, and remove what a killed one leaves in shared memory."""
        if self._process is not None and self._process.poll() is None:
            self.hang(signal.SIGCONT)
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            self._process.kill()
            self._process.wait()
        for path in Path("/dev/shm").glob(f"jack*{self.name}*"):
            path.unlink(missing_ok=True)
        self._sign_off()

    def _sign_off(self) -> None:
        """Give the place in the registry back that a killed server keeps for ever."""
        with suppress(OSError), REGISTRY.open("r+b") as registry:
            place = registry.read().find(f":{self.name}:".encode())
            if place >= 0:
                begin = place - len(f"jack-{os.getuid()}") - 4
                registry.seek(begin)
                registry.write(bytes(ENTRY))


@contextmanager
def private_jack(rate: int = 44100, period: int = 256, outputs: int = 2) -> Iterator[Jack]:
    """A running server of its own, ended afterwards; skips the test when jackd is missing."""
    require_jack()
    jack = Jack(rate, period, outputs)
    try:
        jack.start()
        yield jack
    finally:
        jack.stop()


@contextmanager
def servers_of() -> Iterator[Callable[[int, int], Jack]]:
    """Gives running servers by rate and period, each started when it is first asked for."""
    running: dict[tuple[int, int], Jack] = {}
    with ExitStack() as stack:

        def give(rate: int, period: int) -> Jack:
            if (rate, period) not in running:
                running[rate, period] = stack.enter_context(private_jack(rate, period))
            return running[rate, period]

        yield give
