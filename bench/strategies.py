"""The three strategies, rendered by `lc.render` as published, against the public notebook's way in plain torch.

    python -m bench.strategies [--full]

Each in a process of its own, from two sounds in memory to all samples; time without imports and loading, peak
memory above what the process held before. `bench/notebook.py` tells what the notebook does. torch uses all
cores there, as it comes, and once more one alone; the renderer keeps to one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.common import run, show

STEPS, FACTOR, RATE = 6, 8, 44100
STRATEGIES = ("stepwise", "meso", "extend")
WAYS = ("ours", "notebook", "notebook on one thread")


def measure(full: bool) -> None:
    """Print speed and memory for a minute of each strategy, and for ten (of meso alone, unless `full`)."""
    for minutes in (1, 10):
        for strategy in STRATEGIES if full or minutes == 1 else ("meso",):
            compare(strategy, minutes, 3 if minutes == 1 else 1)


def compare(strategy: str, minutes: int, rounds: int) -> None:
    """Print one line: the medians of some rounds in which the ways take turns."""
    with tempfile.TemporaryDirectory(prefix="latentcode-bench-") as folder:
        runs = [[child(way, strategy, minutes, Path(folder, way)) for way in WAYS] for _ in range(rounds)]
        one, other = (np.load(Path(folder, f"{way}.npy"), mmap_mode="r") for way in WAYS[:2])
        count = min(len(one), len(other))
        apart = max(
            float(np.abs(one[n : n + RATE] - other[n : n + RATE]).max()) for n in range(0, count - RATE, RATE)
        )
    (ours, our_memory), (theirs, their_memory), (alone, _) = np.median(np.array(runs), axis=0)
    rate = 60 * minutes / np.array([ours, theirs, alone])
    name = f"{strategy:8} {minutes:2} min"
    show(f"{name}: {rate[0]:4.0f} × real time; notebook {rate[1]:4.0f} ×", theirs / ours)
    show(f"{'':15} {'':15}  on one thread {rate[2]:4.0f} ×", alone / ours)
    show(f"{'':15} {our_memory:.0f} MiB; notebook {their_memory:.0f} MiB", our_memory / their_memory)
    print(f"{'':18} largest difference of a sample {apart:.0e}", flush=True)


def child(way: str, strategy: str, minutes: int, out: Path) -> tuple[float, float]:
    """Seconds and MiB of one way, in a process of its own."""
    words = [sys.executable, "-m", "bench.strategies", way, strategy, str(minutes), str(out)]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    seconds, memory = json.loads(done.stdout)
    return seconds, memory


def sounds(strategy: str, minutes: int) -> tuple[np.ndarray, np.ndarray]:
    """Two sounds of noise and gliding tones from which a strategy makes so many minutes."""
    length = int(minutes * 60 * RATE / {"stepwise": STEPS, "meso": 1, "extend": FACTOR}[strategy])
    random, time_ = np.random.default_rng(1), np.arange(length, dtype=np.float32) / RATE
    noise = 0.05 * random.standard_normal(length).astype(np.float32)
    tones = (np.sin(2 * np.pi * hertz * time_ * (1 + 0.01 * np.sin(time_))) for hertz in (110, 277))
    one, other = (np.float32(0.3) * tone + noise for tone in tones)
    return one.astype(np.float32), other.astype(np.float32)


def ours(strategy: str, one: np.ndarray, other: np.ndarray, alpha: np.ndarray) -> Callable[[], np.ndarray]:
    """What renders a strategy as published with `lc.render`."""
    import latentcode as lc

    model = lc.load_model("raw")  # as published, windows
    model.decode(np.zeros((1, model.latent_dim), np.float32))

    def render() -> np.ndarray:
        a, b = lc.path(one, model), lc.path(other, model)
        if strategy == "stepwise":
            drone = lc.stepwise(a, b, steps=STEPS)
        else:
            drone = lc.meso(a, b, alpha) if strategy == "meso" else lc.extend(a, b, alpha, factor=FACTOR)
        return lc.render(drone, model=model, synthesis="concat")[:, 0]

    return render


def notebook(
    strategy: str, one: np.ndarray, other: np.ndarray, alpha: np.ndarray
) -> Callable[[], np.ndarray]:
    """What renders a strategy as the notebook does."""
    import torch

    from bench import notebook as theirs
    from latentcode.sounds.model import load_model

    network = load_model("raw").network
    layers, window = network.layers, network.card.window
    layers.decode(torch.zeros(1, network.card.latent_dim))
    if strategy == "stepwise":
        return lambda: theirs.stepwise(layers, one, other, window, STEPS)
    hop = window if strategy == "meso" else window // FACTOR
    return lambda: theirs.curve(layers, one, other, alpha, window, hop)


def notebook_alone(*given: Any) -> Callable[[], np.ndarray]:
    """The same on one thread."""
    import torch

    torch.set_num_threads(1)
    return notebook(*given)


def memory(name: str) -> float:
    """What this process holds (VmRSS) or has held at most since it was reset (VmHWM), in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def one_run(way: str, strategy: str, minutes: str, out: str) -> None:
    """The child: print seconds and MiB, write the samples."""
    one, other = sounds(strategy, int(minutes))
    alpha = np.sin(np.linspace(-500 * np.pi, 500 * np.pi, 20_000))
    render = dict(zip(WAYS, (ours, notebook, notebook_alone), strict=True))[way](strategy, one, other, alpha)
    Path("/proc/self/clear_refs").write_text("5")  # resets VmHWM
    before, begun = memory("VmRSS"), time.perf_counter()
    samples = render()
    taken, held = time.perf_counter() - begun, memory("VmHWM") - before
    np.save(out, samples)
    print(json.dumps([taken, held]))


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in WAYS:
        one_run(*sys.argv[1:])
    else:
        run(measure)
