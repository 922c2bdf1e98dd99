"""What all measurements share: the machine in one line, taking turns, ratios with their goals, sixteen voices."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

MODELS = ("raw", "spectral")  # of the package
VOICES = (
    'd1 >> "kick*4"',
    'd2 >> "~ snare"',
    'd3 >> "hat*8"',
    'd4 >> s("cello(3,8)").gain(sine)',
    'd5 >> meso(path("cello"), path("choir"), sine.slow(4))',
    'd6 >> stepwise("cello/2", "<choir flute>/2", 4)',
    'd7 >> s("flute(5,8)").every(3, lambda p: p.rev())',
    'd8 >> extend("piano", "harp", perlin).gain(.5)',
    'd9 >> "piano*2 [harp marimba]"',
    'd10 >> s("strings").bias(sine.range(-.2, .2))',
    'd11 >> "trumpet(3,8,2)"',
    'd12 >> s("vibes*3").pan(saw)',
    'd13 >> "bass*2"',
    'd14 >> n("0 3 7 10").s("guitar")',
    'd15 >> "organ/2"',
    'd16 >> s("voice").jitter(.05)',
)
"""Sixteen voices of ordinary patterns, as they are typed at the prompt."""


def machine() -> str:
    """Processor, cores, system and versions, in one line."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "numpy", "pyo"))
    python = f"Python {platform.python_version()}"
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, {python}, {versions}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "?")


def run(measure: Callable[[bool], None]) -> None:
    """The main program of one measurement: `measure` is told whether the long figures are wanted."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--full", action="store_true", help="the long figures")
    parser.add_argument("--silent", action="store_true", help="without the line about the machine")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    if not options.silent:
        print(machine(), flush=True)
    measure(options.full)


def show(text: str, ratio: float, least: float | None = None, most: float | None = None) -> None:
    """Print one result with its ratio and, where there is one, its goal."""
    goal = "" if least is None and most is None else f"  (goal {_goal(ratio, least, most)})"
    print(f"  {text}   ratio {ratio:.3g}{goal}", flush=True)


def _goal(ratio: float, least: float | None, most: float | None) -> str:
    wanted = f"≥ {least:g}" if least is not None else f"≤ {most:g}"
    reached = ratio >= least if least is not None else ratio <= (most or 0.0)
    return f"{wanted}: {'reached' if reached else 'MISSED'}"


def tell_share(tell: Callable[[float, float, str], None], done: float, total: float) -> None:
    """Show what share of something is done, in seconds of music."""
    tell(done, total, f"{done / 60:.1f} of {total / 60:.1f} minutes")


def turns(ways: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The median processor seconds of each way; they take turns, so that what disturbs one disturbs all."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            begun = time.process_time()
            way()
            taken[name].append(time.process_time() - begun)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def patterns() -> list[tuple[int, Any]]:
    """The sixteen voices as (voice, pattern), made with the prompt's own names."""
    from latentcode.prompt.names import Names
    from latentcode.prompt.replay import Collector
    from latentcode.prompt.set_api import SetApi

    kept = Collector()
    kept.begin("")
    space = Names(SetApi(kept), seed=0).space
    for line in VOICES:
        exec(line, space)
    return [(command.voice, command.arguments[0]) for command in kept.commands]
