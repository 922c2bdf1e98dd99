"""How fast a long set renders: sixteen voices that change as `bench/soak.py` changes them, typed by nobody.

    python -m bench.rendering [--full] [--write FILE]

A journal is made up: the sixteen voices, then a line of the scripted musician every 0.4 to 2.5 s, and a fader that is
moved on and on. It is rendered by one process and by as many as `latentcode render` takes here, in turns, without
files; the samples of both are held against one another. A journal of hours is the same for longer: goal, ten times as
fast as it was played, by the clock on the wall, on a machine where nothing else runs. Processor time is told beside
it, of all processes together. `--write` leaves the journal in a file, and renders nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from bench.common import VOICES, machine, show
from bench.soak import CHANGES, FADER, MISTAKES, PACE
from latentcode.files.whereabouts import looking_in
from latentcode.models.card import default_is
from latentcode.offline.playing import play_offline
from latentcode.offline.sharing import MOST, cores
from latentcode.prompt.again import asked_again
from latentcode.session.header import HABITS, header_mark
from latentcode.session.journal import read_session
from latentcode.session.marks import MARK

GOAL = 10.0
RATE = 44100
SECONDS, FULL = 60.0, 180.0
ROUNDS = 3
APART = 0.3  # seconds between the first lines
MOVES = (0.05, 0.4)  # seconds between two moves of the fader
HEADER = {"rate": RATE, "buffer": 256, "bpm": 120, "block": 512, "hop": 512, "headroom": 6, "grains": "auto"}
MODEL = {"default": "spectral", "model_file": "spectral"}


class Taken(NamedTuple):
    """Seconds by the clock on the wall, seconds of all processors, and the samples' digest."""

    wall: float
    processor: float
    digest: str


def journal(seconds: float, seed: int = 1) -> str:
    """The journal of a set of some seconds."""
    chance = random.Random(seed)
    typed = [(number * APART, line) for number, line in enumerate(VOICES)]
    at = len(VOICES) * APART
    while at < seconds:
        line = chance.choice(CHANGES)(chance, chance.randrange(16))
        if line not in MISTAKES and "over=0" not in line:
            typed.append((at, line))
        at += chance.uniform(*PACE)
    header = header_mark({"seed": seed, **HEADER, **MODEL, **dict.fromkeys(HABITS, 1)})
    lines = ["# latentcode session 1", header]
    for number, (moment, line) in enumerate(typed, 1):
        lines += ["", f"{MARK}{number} {round(moment * RATE)}", line]
    at = 0.0
    while at < seconds:
        lines.append(f"{MARK}in cc:{FADER} {round(at * RATE)} {chance.random():.3f}")
        at += chance.uniform(*MOVES)
    return "\n".join([*lines, f"{MARK}end {round(seconds * RATE)}", ""])


def measure(seconds: float) -> None:
    """Render by one process and by several, in turns, and print what each took."""
    several = min(cores(), MOST)
    ways = (1, several) if several > 1 else (1,)
    found: dict[int, list[Taken]] = {count: [] for count in ways}
    with tempfile.TemporaryDirectory() as folder:
        (path := Path(folder, "set.py")).write_text(journal(seconds))
        rendered(path, 1)  # encodes what is needed
        for _ in range(ROUNDS):
            for count in ways:
                found[count].append(rendered(path, count))
    for count, taken in found.items():
        wall, processor = (
            statistics.median(getattr(one, name) for one in taken) for name in Taken._fields[:2]
        )
        text = f"processes: {count}, {seconds / processor:.1f} × real time by processor time, "
        show(f"{text}{seconds / wall:.1f} × by the clock on the wall", seconds / wall, least=GOAL)
    walls = [statistics.median(one.wall for one in taken) for taken in found.values()]
    digests = {one.digest for taken in found.values() for one in taken}
    show(
        f"as fast as one process; {len(digests)} result{'s' if len(digests) > 1 else ''}",
        walls[0] / walls[-1],
    )


def rendered(path: Path, processes: int) -> Taken:
    """Render a session by so many processes."""
    digest, began, used = hashlib.blake2b(digest_size=8), time.monotonic(), processor_seconds()
    session = read_session(path)
    with looking_in(session.folders), default_is(session.value("default")):
        for block in play_offline(session, asked_again(session, lambda text: None), processes=processes):
            digest.update(block.tobytes())
    return Taken(time.monotonic() - began, processor_seconds() - used, digest.hexdigest())


def processor_seconds() -> float:
    """What this process and those that it has started and that have ended took of processors."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    """Read the command line, and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.rendering", description=__doc__)
    parser.add_argument("--full", action="store_true", help="a longer set")
    parser.add_argument("--silent", action="store_true", help="without the line about the machine")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the journal, and render nothing")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    seconds = FULL if options.full else SECONDS
    if options.write is not None:
        options.write.write_text(journal(seconds))
        return
    if not options.silent:
        print(machine(), flush=True)
    measure(seconds)


if __name__ == "__main__":
    main()
