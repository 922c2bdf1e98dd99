"""A long evening in ten minutes: whether a set stays whole, and what it comes to.

    python -m bench.soak [--minutes N] [--kills N] [--seed N] [--keep FOLDER]

The prompt on a pseudo-terminal and a private jackd; a scripted musician types at it, mistakes included, and keeps
sixteen voices changing; a hand moves a fader over JACK MIDI. An idle pyo server counts at the same time what this
machine misses by itself. `--kills`: so often a process of the set is killed. Afterwards the journal is held against
what was typed, and rendered against what was recorded, sample for sample; that takes about half as long again.
`--keep`: where the journal and the recordings go then. `make soak MINUTES=60` plays an hour.

What a process has for itself is what no file backs (pages of libraries come and go as the system likes; resident
memory has them, and is told beside it). What grows is looked for from the end of the first minutes on, in which
sounds are loaded for the first time (after ten, in longer sets).
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import soundfile

from bench.common import VOICES, machine, show, tell_share
from bench.rig import child, children, client_of, home, jack, kept
from bench.start import shown, terminal, until_seen
from latentcode import progress
from latentcode.offline.verifying import Verdict, verified_each
from latentcode.protocol.wire import Child
from latentcode.session.journal import Session, read_session
from latentcode.session.records import Dry, Recording

ROLES = {  # of a process, by what its command line holds
    "engine": r"latentcode\.engine ",
    "encoder": r"latentcode\.sounds\.encoder ",
    "player": r"latentcode\.player ",
    "MIDI in": r"latentcode\.midi_osc \S+ in ",
    "MIDI out": r"latentcode\.midi_osc \S+ out ",
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
SETTLED, LATER = 120.0, 600.0  # seconds after which memory is to grow no more: in ten minutes, and in more
EVERY = 5.0  # seconds between two looks
LOOKS = 5  # of which the median is taken
GROWTH = 1.05
FADER = 7


def sound(chance: random.Random) -> str:
    """The name of a sound."""
    return chance.choice(SOUNDS)


@dataclass(frozen=True)
class Look:
    """When a process was looked at, in seconds; MiB that are resident, and those that no file backs."""

    at: float
    resident: float
    own: float


@dataclass
class Evening:
    """What was seen while a set played: lines, kills, the memory of each process; `length` in seconds."""

    length: float
    typed: list[str] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    memory: dict[str, list[Look]] = field(default_factory=dict)
    missed: int = 0

    @property
    def settled(self) -> float:
        """Seconds after which memory is to grow no more."""
        return LATER if self.length > 2 * LATER else min(SETTLED, self.length / 3)


def measure(minutes: float, kills: int, seed: int, keep: Path | None) -> None:
    """Play, and print what came of it."""
    with home() as folder, jack() as ours, jack() as theirs:
        os.chdir(folder)
        try:
            with child("bench.idle", server=theirs) as idle, child("bench.hand", server=ours) as hand:
                evening = played(ours, folder, hand, Evening(minutes * 60), kills, seed)
                idle.wire.send(("count",))
                evening.missed = idle.wire.receive()[1]
            told(evening, folder / "set.py")
        finally:
            if keep is not None:
                kept(folder, keep)


def played(server: str, folder: Path, hand: Child, evening: Evening, kills: int, seed: int) -> Evening:
    """An evening at the prompt."""
    chance, length = random.Random(seed), evening.length
    words = [sys.executable, "-m", "latentcode", "--driver", "jack", "--journal", str(folder / "set.py")]
    over = threading.Event()
    with terminal(words, client_of(server)) as (desk, pid), progress.shown("playing") as tell:
        until_seen(desk, b">>>")
        threading.Thread(target=screen, args=(desk, over), daemon=True).start()
        threading.Thread(target=moved, args=(hand, seed, over), daemon=True).start()
        time.sleep(8.0)
        entered(desk, evening, 'record("take0.wav")')
        for line in VOICES:
            entered(desk, evening, line)
            time.sleep(0.3)
        begun, looked = time.monotonic(), 0.0
        deaths = sorted(chance.uniform(0.1, 0.9) * length for _ in range(kills))
        while (now := time.monotonic() - begun) < length:
            entered(desk, evening, chance.choice(CHANGES)(chance, chance.randrange(16)))
            if now - looked > EVERY:
                looked = now
                look(pid, evening, now)
                tell(now, length, so_far(evening, now))
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


def so_far(evening: Evening, now: float) -> str:
    """How far it is, in a line."""
    sizes = ", ".join(f"{role} {looks[-1].resident:.0f}" for role, looks in evening.memory.items())
    return f"{now / 60:.1f} of {evening.length / 60:g} minutes, {len(evening.typed)} lines; MiB: {sizes}"


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
            lines |= {role: pid for role, words in ROLES.items() if re.search(words, line)}
    return lines


def look(desk: int, evening: Evening, now: float) -> None:
    """Note the memory that each process has."""
    for role, pid in processes(desk).items():
        with suppress(OSError, ValueError, KeyError):
            rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            sizes = {words[0]: int(words[1]) / 1024 for words in map(str.split, rows[1:])}
            evening.memory.setdefault(role, []).append(Look(now, sizes["Rss:"], sizes["Anonymous:"]))


def kill(desk: int, chance: random.Random, evening: Evening) -> None:
    """End a process of the set as a crash does; never the desk."""
    found = {role: pid for role, pid in processes(desk).items() if role != "desk"}
    role = chance.choice(sorted(found))
    evening.killed.append(role)
    with suppress(OSError):
        os.kill(found[role], signal.SIGKILL)


def told(evening: Evening, path: Path) -> None:
    """Print what came of it."""
    session = read_session(path)
    tell_lines(evening, session)
    dry, buffer = session.of(Dry), session.number("buffer")
    buffers = sum(1 + (span.last - span.first) // buffer for span in dry)
    text = f"{buffers} dry buffers in {len(dry)} spans; the idle server missed {evening.missed}"
    show(text, buffers / max(evening.missed, 1), most=1.0)
    if evening.killed:
        print(f"  killed, so that memory is not compared: {', '.join(evening.killed)}")
    else:
        tell_memory(evening)
    tell_recordings(session, path)


def tell_lines(evening: Evening, session: Session) -> None:
    """Whether all that was typed is in the journal."""
    written = Counter(line.strip() for block in session.blocks for line in block.code.splitlines())
    typed = Counter(line for line in evening.typed if line not in MISTAKES)
    lost = list((typed - written).elements())
    text = f"{len(evening.typed)} lines typed in {evening.length / 60:g} minutes; not in the journal: {len(lost)}"
    show(text, len(lost), most=0)
    for line in lost:
        print(f"    {line}")


def tell_memory(evening: Evening) -> None:
    """What each process has taken, and what it has grown by."""
    for role, looks in evening.memory.items():
        later = [one for one in looks if one.at >= evening.settled]
        if len(later) < 2 * LOOKS:
            print(f"  {role}: {looks[-1].resident:.0f} MiB; too short a time to say what it grows by")
            continue
        (first, last), (before, after) = (
            [
                float(np.median([getattr(one, name) for one in part]))
                for part in (later[:LOOKS], later[-LOOKS:])
            ]
            for name in ("own", "resident")
        )
        text = (
            f"{role}: {first:.0f} MiB of its own after {later[0].at / 60:.1f} minutes, {last:.0f} at the end "
            f"(resident {before:.0f}, {after:.0f})"
        )
        show(text, last / first, most=GROWTH)


def tell_recordings(session: Session, path: Path) -> None:
    """Whether what was recorded is what the session renders to, and how fast."""
    takes = [Path(take.path) for take in session.of(Recording)]
    begun = time.monotonic()
    with progress.shown("comparing") as tell:
        found = verified_each(path, takes, partial(tell_share, tell))
    pace = session.end / session.number("rate") / max(time.monotonic() - begun, 1e-9)
    different = [
        f"{take.name}: {text}" for take, one in zip(takes, found, strict=True) if (text := fault(one))
    ]
    text = f"{len(takes)} recordings, not equal to their replay: {len(different)} {different}"
    show(text, len(different) + (not takes), most=0)
    heard = sounding(takes)
    show(
        f"{heard:.0%} of the recorded seconds sound: silence equals silence, and is soon made",
        heard,
        least=0.5,
    )
    show(f"rendered at {pace:.1f} × real time, by the clock on the wall", pace, least=10.0)


def sounding(takes: list[Path]) -> float:
    """The share of the seconds of some recordings in which something is heard."""
    seconds = [
        bool(block.any())
        for take in takes
        for block in soundfile.blocks(str(take), soundfile.info(str(take)).samplerate)
    ]
    return sum(seconds) / max(len(seconds), 1)


def fault(found: Verdict) -> str:
    """How a recording differs from its replay; what was before the set is none of it."""
    count = found.differing + found.beyond - max(-found.first, 0)
    if not count:
        return ""
    at = f", from sample {found.spans[0][0]} on" if found.spans else ""
    return f"{count} samples of {found.frames}{at}"


def main() -> None:
    """Read the command line, and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--kills", type=int, default=0, help="processes of the set that are killed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the journal and the recordings")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(machine(), flush=True)
    keep = options.keep.resolve() if options.keep else None
    measure(options.minutes, options.kills, options.seed, keep)


if __name__ == "__main__":
    main()
