"""A long evening in ten minutes: whether a set stays whole, and what it comes to.

    python -m bench.soak [--minutes N] [--kills N] [--seed N]

The prompt on a pseudo-terminal and a private jackd; a scripted musician types at it, mistakes included, and keeps
sixteen voices changing; a hand moves a fader over JACK MIDI. An idle pyo server counts at the same time what this
machine misses by itself. `--kills`: so often a process of the set is killed. Afterwards the journal is held against
what was typed, and rendered against what was recorded, sample for sample.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.common import VOICES, machine, show
from bench.rig import child, children, client_of, home, jack
from bench.start import shown, terminal, until_seen
from latentcode.offline.verifying import verified
from latentcode.protocol.wire import Child
from latentcode.session.journal import Session, read_session
from latentcode.session.records import Dry, Recording

ROLES = {  # of a process, by words of its command line
    "desk": "-m latentcode ",
    "engine": "latentcode.engine ",
    "encoder": "latentcode.sounds.encoder ",
    "player": "latentcode.player ",
    "MIDI": "latentcode.midi_osc ",
}
MISTAKES = ("1 / 0", 'd2 >> s("celo")', 'd3 >> s("a [b")', "d4 >> s('kick').fsat(2)", "d1 >>", "nothing.here")
SOUNDS = ("cello", "choir", "flute", "vibes", "kick", "hat", "snare", "trumpet", "harp", "guitar", "strings")
CHANGES: tuple[Callable[[random.Random, int], str], ...] = (
    lambda chance, v: VOICES[v],
    lambda chance, v: (
        f'd{v + 1} >> s("{sound(chance)}({chance.randint(1, 7)},8)").gain({chance.random():.2f} * .5)'
    ),
    lambda chance, v: (
        f'd{v + 1}.morph({chance.randint(1, 4)}) >> s("{sound(chance)}*{chance.randint(1, 4)}").gain(.3)'
    ),
    lambda chance, v: f'd{v + 1} >> meso("{sound(chance)}*2", "{sound(chance)}", cc(7)).gain(.3)',
    lambda chance, v: (
        f'd{v + 1} >> freeze("{sound(chance)}", {chance.random():.2f}).gain(cc(7).range(.05, .3))'
    ),
    lambda chance, v: f"d{v + 1}.fx(lowpass({chance.randint(300, 5000)}), reverb(.{chance.randint(1, 5)}))",
    lambda chance, v: f"d{v + 1}.fx()",
    lambda chance, v: f"bpm({chance.randint(80, 180)}, over={chance.randint(0, 4)})",
    lambda chance, v: f'scene("{chance.choice("abc")}")',
    lambda chance, v: f'go("{chance.choice("abc")}")' if chance.random() < 0.3 else "undo()",
    lambda chance, v: f"mute(d{v + 1})" if chance.random() < 0.5 else "unmute()",
    lambda chance, v: chance.choice(MISTAKES),
)
PACE = (0.4, 2.5)  # seconds between two lines
SETTLED, EVERY = 90.0, 5.0  # seconds until memory is looked at, and between two looks
GROWTH = 1.05
FADER = 7


def sound(chance: random.Random) -> str:
    """The name of a sound."""
    return chance.choice(SOUNDS)


@dataclass
class Evening:
    """What was seen while a set played: lines, kills, MiB of each process at each look."""

    typed: list[str] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    memory: dict[str, list[float]] = field(default_factory=dict)
    missed: int = 0


def measure(minutes: float, kills: int, seed: int) -> None:
    """Play, and print what came of it."""
    with home() as folder, jack() as ours, jack() as theirs:
        os.chdir(folder)
        with child("bench.idle", server=theirs) as idle, child("bench.hand", server=ours) as hand:
            evening = played(ours, folder, hand, minutes, kills, seed)
            idle.wire.send(("count",))
            evening.missed = idle.wire.receive()[1]
        told(evening, read_session(folder / "set.py"), minutes)


def played(server: str, folder: Path, hand: Child, minutes: float, kills: int, seed: int) -> Evening:
    """An evening at the prompt."""
    chance, evening = random.Random(seed), Evening()
    words = [sys.executable, "-m", "latentcode", "--driver", "jack", "--journal", str(folder / "set.py")]
    over = threading.Event()
    with terminal(words, client_of(server)) as (desk, pid):
        until_seen(desk, b">>>")
        threading.Thread(target=screen, args=(desk, over), daemon=True).start()
        threading.Thread(target=moved, args=(hand, seed, over), daemon=True).start()
        time.sleep(8.0)
        entered(desk, evening, 'record("take0.wav")')
        for line in VOICES:
            entered(desk, evening, line)
            time.sleep(0.3)
        begun, looked, length = time.monotonic(), 0.0, minutes * 60
        deaths = sorted(chance.uniform(0.1, 0.9) * length for _ in range(kills))
        while (now := time.monotonic() - begun) < length:
            entered(desk, evening, chance.choice(CHANGES)(chance, chance.randrange(16)))
            if now > SETTLED and now - looked > EVERY:
                looked = now
                look(pid, evening)
            if deaths and now > deaths[0]:
                deaths.pop(0)
                kill(pid, chance, evening)
                time.sleep(12.0)
                entered(desk, evening, f'record("take{len(evening.killed)}.wav")')
            time.sleep(chance.uniform(*PACE))
        entered(desk, evening, "record(None)")
        time.sleep(2.0)
        over.set()
    return evening


def entered(desk: int, evening: Evening, line: str) -> None:
    """Type a line."""
    evening.typed.append(line)
    os.write(desk, line.encode() + b"\r")


def screen(desk: int, over: threading.Event) -> None:
    """Read what is drawn, as a terminal does."""
    with suppress(OSError):
        while not over.is_set():
            shown(desk)


def moved(hand: Child, seed: int, over: threading.Event) -> None:
    """Move the fader until it is over."""
    with suppress(EOFError, OSError):
        while not over.is_set():
            hand.wire.send(("play", FADER, 4, seed))
            hand.wire.receive()


def processes(desk: int) -> dict[str, int]:
    """The processes of a set by their roles."""
    lines = {"desk": desk}
    waiting = [desk]
    while waiting:
        for pid, line in children(waiting.pop()):
            waiting.append(pid)
            lines |= {role: pid for role, words in ROLES.items() if words in line and role != "desk"}
    return lines


def look(desk: int, evening: Evening) -> None:
    """Note the memory that each process has for itself."""
    for role, pid in processes(desk).items():
        with suppress(OSError, StopIteration, ValueError):
            rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            size = next(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024
            evening.memory.setdefault(role, []).append(size)


def kill(desk: int, chance: random.Random, evening: Evening) -> None:
    """End a process of the set as a crash does; never the desk."""
    found = {role: pid for role, pid in processes(desk).items() if role != "desk"}
    role = chance.choice(sorted(found))
    evening.killed.append(role)
    with suppress(OSError):
        os.kill(found[role], signal.SIGKILL)


def told(evening: Evening, session: Session, minutes: float) -> None:
    """Print what came of it."""
    written = {line.strip() for block in session.blocks for line in block.code.splitlines()}
    lost = [line for line in evening.typed if line not in written and line not in MISTAKES]
    show(
        f"{len(evening.typed)} lines typed in {minutes:g} minutes; not in the journal: {len(lost)}",
        len(lost),
        most=0,
    )
    for line in lost:
        print(f"    {line}")
    dry, buffer = session.of(Dry), session.number("buffer")
    buffers = sum(1 + (span.last - span.first) // buffer for span in dry)
    text = f"{buffers} dry buffers in {len(dry)} spans; the idle server missed {evening.missed}"
    show(text, buffers / max(evening.missed, 1), most=1.0)
    for role, sizes in evening.memory.items():
        if not evening.killed and len(sizes) > 3:
            grown = np.median(sizes[-3:]) / np.median(sizes[:3])
            show(f"{role}: {sizes[0]:.0f} MiB, then {sizes[-1]:.0f}", float(grown), most=GROWTH)
    if evening.killed:
        print(f"  killed: {', '.join(evening.killed)}")
    begun = time.process_time()
    takes = session.of(Recording)
    different = [f"{take.path}: {count} samples" for take, count in compared(session, takes) if count]
    pace = len(takes) * session.end / session.number("rate") / max(time.process_time() - begun, 1e-9)
    show(
        f"{len(takes)} recordings, not equal to their replay: {len(different)} {different}",
        len(different),
        most=0,
    )
    show(f"rendered at {pace:.1f} × real time", pace, least=10.0)


def compared(session: Session, takes: list[Recording]) -> Iterator[tuple[Recording, int]]:
    """For each recording the number of its samples that differ from the replay."""
    assert session.path is not None
    for take in takes:
        found = verified(session.path, Path(take.path))
        yield (
            take,
            found.differing + found.beyond - max(-found.first, 0),
        )  # what was before the set is none of it


def main() -> None:
    """Read the command line, and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--kills", type=int, default=0, help="processes of the set that are killed")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(machine(), flush=True)
    measure(options.minutes, options.kills, options.seed)


if __name__ == "__main__":
    main()
