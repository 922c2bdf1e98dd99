"""The share of a core that the engine takes for sixteen voices, live.

    python -m bench.live [--full]

Both models of the package, a private jackd (44.1 kHz, 256 samples a buffer), 20 ms of lead; a desk that idles.
The limit is a quarter of a core for all threads of the engine's process.
"""

from __future__ import annotations

import time

from bench.common import MODELS, VOICES, run, show
from bench.rig import home, jack, musician, play_sixteen, processor_seconds

GOAL = 0.25
LEADS = (20.0, 46.0)


def measure(full: bool) -> None:
    """Print the shares of a core at each lead."""
    with home(), jack() as server:
        for model in MODELS:
            for lead in LEADS:
                at_lead(server, model, lead, 60.0 if full else 10.0)


def at_lead(server: str, model: str, lead: float, seconds: float) -> None:
    """Print the share of each process during `seconds`."""
    with musician(server, lead=lead, model=model) as desk:
        play_sixteen(desk, VOICES)
        pids = {"engine": desk.engine(), "player": desk.player(), "desk": desk.process.process.pid}
        before = {name: processor_seconds(pid) for name, pid in pids.items()}
        first, begun = desk.state(), time.monotonic()
        time.sleep(seconds)
        taken = time.monotonic() - begun
        shares = {name: (processor_seconds(pid) - before[name]) / taken for name, pid in pids.items()}
        last = desk.state()
    parts = ", ".join(f"{name} {100 * share:.1f} %" for name, share in shares.items())
    dry = last["dry"] - first["dry"]
    what = f"{model}, {lead:.0f} ms of lead, {seconds:.0f} s"
    text = f"{what}: {parts} of a core; {dry} dry buffers; engine of the limit"
    show(text, shares["engine"] / GOAL, most=1.0)


if __name__ == "__main__":
    run(measure)
