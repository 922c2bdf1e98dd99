"""Processes of a set that are killed one after another: whether its sound comes back, and replays.

    python -m bench.kills [--times N] [--seed N] [--keep FOLDER]

A desk without a screen and a private jackd; six voices and an input. Engine, player, encoder and the processes
of MIDI are killed by chance, as a crash does it. Each time it is waited until the process is there again and the
voices are heard; then a take is recorded. Afterwards all takes are held against the replay, sample for sample.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np

from bench.common import VOICES, machine, show, tell_share
from bench.rig import Musician, children, home, jack, kept, musician, play_sixteen, until
from latentcode import progress
from latentcode.offline.verifying import verified_each
from latentcode.session.journal import Session, read_session
from latentcode.session.records import Dry, Jump, Recording

ROLES = {  # of a process, by words of its command line
    "engine": "latentcode.engine ",
    "player": "latentcode.player ",
    "encoder": "latentcode.sounds.encoder ",
    "MIDI": "latentcode.midi_osc ",
}
BACK = 60.0  # seconds until it is given up
TAKE = 1.0  # seconds
QUIET = 1e-3
DRY = 0.98  # the share of a take from which on what is missing says all of its silence
FADER = "cc(7)"


def measure(times: int, seed: int, keep: Path | None) -> None:
    """Play, kill, and print what came of it."""
    chance, killed = random.Random(seed), list[tuple[str, float]]()
    with home() as folder, jack() as server:
        os.chdir(folder)
        with musician(server) as desk:
            play_sixteen(desk, (*VOICES[:5], f"d6 >> s('flute*4').gain({FADER}.range(.2, .5))"))
            for number in range(times):
                role, pid = chance.choice(list(processes(desk)))
                os.kill(pid, signal.SIGKILL)
                killed.append((role, back(desk, role, pid)))
                recorded(desk, f"take{number}.wav")
                print(
                    f"  {number + 1} of {times}: the {role} is back after {killed[-1][1]:.1f} s", flush=True
                )
        told(folder, killed)
        if keep is not None:
            kept(folder, keep)


def processes(desk: Musician) -> Iterator[tuple[str, int]]:
    """The processes of the set, with their roles."""
    waiting = [desk.process.process.pid]
    while waiting:
        with suppress(OSError):  # it has just ended
            found = children(waiting.pop())
            waiting += [pid for pid, _ in found]
            yield from ((role, pid) for pid, line in found for role, words in ROLES.items() if words in line)


def back(desk: Musician, role: str, pid: int) -> float:
    """Wait until another process has taken the place of one, and time goes on; the seconds that it took."""
    begun = time.monotonic()

    def there() -> bool:
        others = [other for known, other in processes(desk) if known == role]
        return role == "encoder" or (bool(others) and pid not in others)

    try:
        until(there, f"no {role} comes back", BACK)
        until(lambda: moves(desk), f"nothing is played after the {role} has died", BACK)
    except TimeoutError as error:
        raise TimeoutError(f"{error}; the musician saw {desk.said()[-5:]}") from None
    return time.monotonic() - begun


def moves(desk: Musician) -> bool:
    """Whether the playhead goes on, and something is heard."""
    before, now = desk.state(), desk.state()
    return before["playhead"] < now["playhead"] and max(now["peak"], default=0.0) > QUIET


def recorded(desk: Musician, name: str) -> None:
    """Record a take, waiting until it is written."""
    desk.run(f'record("{name}")')
    until(lambda: desk.state()["recording"], f"{name} does not begin", BACK)
    time.sleep(TAKE)
    desk.run("record(None)")
    until(lambda: not desk.state()["recording"], f"{name} does not end", BACK)


def told(folder: Path, killed: list[tuple[str, float]]) -> None:
    """Print what came of it."""
    for role in ROLES:
        taken = [seconds for known, seconds in killed if known == role]
        if taken:
            print(
                f"  {role} killed {len(taken)} times: back after {np.median(taken):.1f} s, {max(taken):.1f} at most"
            )
    path = next((folder / "data").rglob("*.py"))
    session = read_session(path)
    takes = {Path(take.path).name: take for take in session.of(Recording)}
    lost = [f"take{number}.wav" for number in range(len(killed)) if f"take{number}.wav" not in takes]
    show(f"takes that were not recorded: {lost}", len(lost), most=0)
    silent = {
        name: dry_share(session, take)
        for name, take in sorted(takes.items())
        if loudest(folder / name) < QUIET
    }
    for name, share in silent.items():
        print(f"  {name} is without sound; in {share:.0%} of it this machine was too slow to render any")
    unexplained = [name for name, share in silent.items() if share < DRY]
    show(f"takes without sound, of a machine that had time: {unexplained}", len(unexplained), most=0)
    names = sorted(takes)
    with progress.shown("comparing") as tell:
        found = verified_each(path, [folder / name for name in names], partial(tell_share, tell))
    different = [name for name, one in zip(names, found, strict=True) if not one.equal]
    show(f"takes that are not equal to the replay: {different}", len(different), most=0)


def dry_share(session: Session, take: Recording) -> float:
    """The share of a recording in which this machine was too slow to render anything."""
    first, last = take.first, take.first + take.frames
    spans = [(one.first, one.last + 1) for one in session.of(Dry)]
    spans += [(one.before, one.after) for one in session.of(Jump)]
    missing = np.zeros(take.frames, bool)
    for begin, end in spans:
        if begin < last and end > first:
            missing[max(begin - first, 0) : end - first] = True
    return float(missing.mean())


def loudest(file: Path) -> float:
    """The highest sample of a recording."""
    import soundfile

    samples, _ = soundfile.read(str(file))
    return float(np.abs(samples).max(initial=0.0))


def main() -> None:
    """Read the command line, and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the journal and the recordings")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(machine(), flush=True)
    measure(options.times, options.seed, options.keep and options.keep.resolve())


if __name__ == "__main__":
    main()
