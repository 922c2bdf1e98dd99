"""Lines that come at once while sixteen voices play: whether the sound waits for their trials.

    python -m bench.bursts [--full]

A private jackd, 46 ms of lead. All sixteen lines again, each with a morph; then eight that wait for sounds which were
never encoded, so that they are tried together when these are there. The goal: no dry buffer.
"""

from __future__ import annotations

import time
from pathlib import Path

from bench.common import VOICES, run, show
from bench.rig import Musician, home, jack, musician, play_sixteen

LEAD = 46.0
AT_ONCE, EACH = 8, 's("{}*2").n("0 2 4 5").every(2, lambda p: p.rev()).gain(.3)'
REST = 8.0  # seconds in which all is taken over


def measure(full: bool) -> None:
    """Print the dry buffers of both kinds of bursts, beside those of as long a time without one."""
    with home(), jack() as server, musician(server, lead=LEAD) as desk:
        play_sixteen(desk, VOICES)
        time.sleep(REST)
        new, times = unused(), 3 if full else 1
        calm = known = waiting = 0
        for burst in range(times):
            calm += dry_after(desk, [])
            known += dry_after(desk, [line.replace(" >> ", ".morph(2) >> ", 1) for line in VOICES])
            names = new[burst * AT_ONCE : (burst + 1) * AT_ONCE]
            lines = [f"d{voice} >> {EACH.format(name)}" for voice, name in enumerate(names, 1 + burst)]
            waiting += dry_after(desk, lines)
    text = f"{times} bursts each, dry buffers: {calm} without"
    show(
        f"{text}, sixteen lines of known sounds {known}, eight of new ones {waiting}", known + waiting, most=0
    )


def unused() -> list[str]:
    """Sounds of the package of which no voice has spoken."""
    folder = Path(__file__).parents[1] / "latentcode" / "data" / "sounds"
    return sorted(file.stem for file in folder.iterdir() if not any(file.stem in line for line in VOICES))


def dry_after(desk: Musician, lines: list[str]) -> int:
    """The dry buffers in the time after some lines."""
    before: int = desk.state()["dry"]
    for line in lines:
        desk.run(line)
    time.sleep(REST)
    after: int = desk.state()["dry"]
    return after - before


if __name__ == "__main__":
    run(measure)
