"""Milliseconds from a key to its character on the screen, while sixteen voices sound.

    python -m bench.keys [--full]

`latentcode` is started on a pseudo-terminal and a private jackd. Behind half a line of code a character is typed
and taken away again, in a set that is silent and in one of sixteen voices; the bare line editor (ptpython) is
typed into in the same way. The goal is 30 ms for 99 of 100 keys.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

from bench.common import VOICES, run, show
from bench.rig import client_of, home, jack
from bench.start import shown, terminal, until_seen

HALF, KEYS, BACK = b'd1 >> s("cello(3,8)").gain(', (b"Q", b"X", b"Z"), b"\x7f"
PAUSE, QUIET, PATIENCE = 0.05, 0.4, 5.0  # seconds between keys, of a screen that is still, for a character
GOAL = 30.0  # ms
SOUNDING = 15.0  # seconds in which the sounds are encoded


def measure(full: bool) -> None:
    """Print the median and the 99th of 100 keys: silent, sounding, and of the bare editor."""
    count = 1000 if full else 200
    with home() as folder, jack() as server:
        with terminal([sys.executable, "-m", "ptpython"], client_of(server)) as (desk, _):
            until_seen(desk, b">>>")
            bare = typed(desk, count)
        line = [sys.executable, "-m", "latentcode", "--driver", "jack", "--load"]
        prepared = Path(folder) / "voices.py"
        prepared.write_text("\n\n".join(VOICES))
        with terminal([*line, str(prepared)], client_of(server)) as (desk, _):
            until_seen(desk, b"blocks")
            watched(desk, SOUNDING)
            sounding = typed(desk, count)
            os.write(desk, b"\x03panic()\r")
            watched(desk, 2.0)
            silent = typed(desk, count)
    peer = _late(bare)
    show(f"ptpython alone: median {statistics.median(bare):.1f} ms, 99 of 100 within {peer:.1f} ms", 1.0)
    for name, times in (("silent", silent), ("sixteen voices", sounding)):
        told = f"{name}: median {statistics.median(times):.1f} ms, 99 of 100 within {_late(times):.1f} ms"
        show(f"{told}, of the limit of {GOAL:.0f}", _late(times) / GOAL, most=1.0)
        show(f"{name}: 99 of 100, against ptpython", _late(times) / peer)


def _late(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def typed(desk: int, count: int) -> list[float]:
    """Milliseconds until each of so many characters is on the screen."""
    os.write(desk, HALF)
    watched(desk, QUIET)
    times = []
    for number in range(count):
        key = KEYS[number % len(KEYS)]  # another one each time: it is drawn even where the last still stands
        begun = time.perf_counter()
        os.write(desk, key)
        while key not in shown(desk):
            if time.perf_counter() - begun > PATIENCE:
                raise TimeoutError("a key is not drawn")
        times.append(1000 * (time.perf_counter() - begun))
        os.write(desk, BACK)
        watched(desk, PAUSE)
    os.write(desk, b"\x03")
    watched(desk, QUIET)
    return times


def watched(desk: int, seconds: float) -> None:
    """Read the terminal for so long."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        shown(desk)


if __name__ == "__main__":
    run(measure)
