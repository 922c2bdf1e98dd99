"""Windows a second through the one decode path, against one call per voice and the bare matrix products.

    python -m bench.decode [--full]

One torch thread. The ways take turns and the fastest of many calls counts, so that what else the machine
does falls on all of them alike; the ratios are steadier than the rates.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch

from bench.common import run, show
from latentcode.models.families.raw.codec import RawDecoder
from latentcode.models.families.raw.network import RawAudioVAE
from latentcode.models.packed import one_thread
from latentcode.sounds.model import load_model

ROWS = (1, 16, 32, 64)
SECONDS = 0.08  # of calls in one turn
GOALS = {16: 3.0}  # windows a second in one call, by those of one call per voice


def measure(full: bool) -> None:
    """Print the rate of each batch size and its two ratios."""
    network = load_model("raw").network
    decoder = RawDecoder(network, "cpu")
    card = network.card
    print(
        f"  {card.latent_dim} → {card.units} → {card.window}, buckets {decoder.buckets}, one thread",
        flush=True,
    )
    with one_thread(), torch.inference_mode():
        for rows in ROWS:
            together, apart, bare = rates(network, decoder, rows, 15 if full else 5)
            text = f"{rows:2} rows: {together:6.0f} windows/s"
            show(f"{text}; one call per voice {apart:5.0f}", together / apart, least=GOALS.get(rows))
            show(f"{'':23}; bare products      {bare:5.0f}", together / bare)


def rates(network: RawAudioVAE, decoder: RawDecoder, rows: int, rounds: int) -> tuple[float, float, float]:
    """Windows a second: all in one call, one call per row, and the two products without anything else."""
    latents = np.random.default_rng(0).standard_normal((rows, network.card.latent_dim)).astype(np.float32)
    fc3, fc4 = network.layers.fc3, network.layers.fc4
    given, hidden = torch.from_numpy(latents), torch.empty(rows, network.card.units)
    windows = torch.empty(rows, network.card.window)

    def together() -> None:
        decoder.decode(latents)

    def apart() -> None:
        for row in range(rows):
            decoder.decode(latents[row : row + 1])

    def bare() -> None:
        torch.addmm(fc3.bias, given, fc3.weight.t(), out=hidden)
        torch.addmm(fc4.bias, hidden, fc4.weight.t(), out=windows)

    ways = (together, apart, bare)
    best = [0.0] * len(ways)
    for _ in range(rounds):
        for index, way in enumerate(ways):
            best[index] = max(best[index], rows * calls_per_second(way))
    return best[0], best[1], best[2]


def calls_per_second(call: Callable[[], None]) -> float:
    """Calls per second: the fastest of those that fit into SECONDS."""
    fastest, end = float("inf"), time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        begin = time.perf_counter()
        call()
        fastest = min(fastest, time.perf_counter() - begin)
    return 1 / fastest


if __name__ == "__main__":
    run(measure)
