"""Dry buffers while the desk keeps its interpreter busy, beside an idle pyo server on another sound server.

    python -m bench.hostile [--full]

Sixteen voices. A desk (the prompt's interpreter in its own process) runs a long `sum`, a regular expression
that backtracks for ever and imports, again and again. The idle server runs at the same time on a jackd of its
own: a machine stalls now and then by itself, so its missed buffers are what cannot be blamed on us.
"""

from __future__ import annotations

import time
from itertools import cycle

from bench.common import VOICES, run, show
from bench.rig import Musician, child, home, jack, musician, play_sixteen
from latentcode.protocol.wire import Child

HOSTILE = (
    "sum(range(30_000_000))",
    "import re; re.match('(a+)+b', 'a' * 24)",
    "import sys; [sys.modules.pop(m) for m in list(sys.modules) if m.startswith('email')]; import email.mime.text",
    "x = [str(i) for i in range(400_000)]; x.sort()",
)


def measure(full: bool) -> None:
    """Print the dry buffers of quiet and hostile spans in turn, and what the idle server missed meanwhile."""
    spans, seconds = (6, 10.0) if full else (1, 10.0)
    with home(), jack() as ours, jack() as theirs, child("bench.idle", server=theirs) as idle:
        for lead in (20.0, 46.0):
            with musician(ours, lead=lead) as desk:
                play_sixteen(desk, VOICES)
                at_lead(desk, idle, lead, spans, seconds)


def at_lead(desk: Musician, idle: Child, lead: float, spans: int, seconds: float) -> None:
    """Take turns at one lead and print what was counted."""
    counts = {"quiet": [0, 0, 0], "hostile": [0, 0, 0]}
    blocks = 0
    for _ in range(spans):
        for kind, count in counts.items():
            before = counted(desk, idle)
            blocks += hostile(desk, seconds) if kind == "hostile" else quiet(seconds)
            after = counted(desk, idle)
            counts[kind] = [sum(three) - first for *three, first in zip(count, after, before, strict=True)]
    for kind, (dry, late, missed) in counts.items():
        what = f"{blocks} blocks at the prompt" if kind == "hostile" else "an idle prompt"
        text = (
            f"{lead:.0f} ms of lead, {spans * seconds:.0f} s, {kind} ({what}): {dry} dry buffers; "
            f"the idle server missed {missed} in {late} stalls"
        )
        show(text, dry / max(missed, 1), most=1.0)


def counted(desk: Musician, idle: Child) -> tuple[int, int, int]:
    """Dry buffers, the idle server's stalls, and the buffers that it missed in them, up to now."""
    idle.wire.send(("count",))
    late, missed = idle.wire.receive()
    return desk.state()["dry"], late, missed


def quiet(seconds: float) -> int:
    """Let the prompt idle."""
    time.sleep(seconds)
    return 0


def hostile(desk: Musician, seconds: float) -> int:
    """Keep the desk's interpreter busy; returns how many blocks were run."""
    end, blocks = time.monotonic() + seconds, 0
    for code in cycle(HOSTILE):
        if time.monotonic() > end:
            return blocks
        desk.run(code)
        blocks += 1
    return blocks


if __name__ == "__main__":
    run(measure)
