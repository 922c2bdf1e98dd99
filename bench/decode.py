"""Windows per second through the decoder, against one call per voice and against the bare matrix products.

    python bench/decode.py [MODEL]

One torch thread. Each figure is the best of several rounds, and the three ways take turns, so that what
else the machine does falls on all of them alike; the ratios are steadier than the rates.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
import torch

from latentcode import models
from latentcode.errors import ModelError
from latentcode.models.card import Card
from latentcode.models.decoder import Decoder
from latentcode.models.rawaudio import Layers, RawAudioVAE, one_thread

ROWS = (1, 16, 32, 64, 128)
ROUNDS, SECONDS = 7, 0.08


def main() -> None:
    network = chosen(sys.argv[1] if len(sys.argv) > 1 else "default")
    card = network.card
    decoder = Decoder(network, "cpu")
    print(f"{card.latent_dim} → {card.units} → {card.window}, torch {torch.__version__}", decoder.buckets)
    print("  rows   windows/s    one call per voice    bare products")
    with one_thread(), torch.inference_mode():
        for rows in ROWS:
            together, apart, bare = rates(network, decoder, rows)
            print(f"{rows:6d} {together:11.0f} {together / apart:19.2f} × {together / bare:14.2f} ×")


def chosen(name: str) -> RawAudioVAE:
    """The model called `name`, or one of the usual size with random weights when there is none."""
    try:
        return models.load(name)
    except ModelError as error:
        print(f"{error}; random weights instead", file=sys.stderr)
        return RawAudioVAE(
            Card("random", "", "rawaudiovae", 44100, 1024, 128, 2048, 128), Layers(1024, 2048, 128)
        )


def rates(network: RawAudioVAE, decoder: Decoder, rows: int) -> tuple[float, float, float]:
    """Windows per second: all in one call, one call per row, and the two products without anything else."""
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
    for _ in range(ROUNDS):
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
    main()
