"""Spectral frames a second through their decoder, beside windows of the raw-audio model.

    python -m bench.spectral [--full]

One thread; the ways take turns and the fastest of many calls counts. The network is of the size that a
plan has by default, with weights by chance: its spectra are noise all over, which takes phases the longest.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count

import numpy as np
import torch

from bench.common import run, show, turns
from latentcode import models
from latentcode.arrays import Float32
from latentcode.models.card import Card
from latentcode.models.families.spectral.analysis import Analysis
from latentcode.models.families.spectral.codec import SpectralCodec, SpectralDecoder
from latentcode.models.families.spectral.network import Layers
from latentcode.models.families.spectral.sizes import Sizes, hops_of, peaks_of
from latentcode.models.family import Codec, Glide, Job
from latentcode.models.pace import MOVED
from latentcode.models.packed import one_thread

ROWS = (1, 16, 64)
VOICES, RATE = 64, 44100
SECONDS = 0.08  # of calls in one turn
MATERIAL = (("moving", 0.0, 0.0), ("held", 1.0, 0.0), ("half held, a quarter in loops", 0.5, 0.25))
LOOP = 20  # frames
GOAL = 25.0  # per cent of a core for all voices


def measure(full: bool) -> None:
    """Print what a frame takes, and what part of a core 64 voices do."""
    codecs = (by_chance(), models.load("raw"))
    for rows in ROWS:
        ways = [*(stepping(codec, rows) for codec in codecs), stepping(codecs[0], rows, glide=True)]
        best = [float("inf")] * len(ways)
        for _ in range(15 if full else 5):
            best = [min(least, fastest(way)) for least, way in zip(best, ways, strict=True)]
        frame, window, glided = (1e6 * taken / rows for taken in best)
        show(f"{rows:2} rows that glide: {glided:6.1f} µs a frame, against one that does not", glided / frame)
        share = VOICES * RATE / codecs[0].card.advance * frame / 1e4
        text = f"{rows:2} rows: {frame:6.1f} µs a frame, {window:6.1f} a window"
        show(f"{text}; per cent of a core for {VOICES} voices", share, most=GOAL if rows > 1 else None)
    codec = models.load("spectral")
    assert isinstance(codec, SpectralCodec)
    for rows in ROWS[1:]:
        for name, held, looped in MATERIAL:
            plain, cached = paired(codec, rows, (held, looped), 120 if full else 60)
            text = f"{rows:2} rows, {name}: {cached:6.1f} µs of processor time a frame"
            show(f"{text}; of {plain:6.1f} where no row is known", cached / plain)


def by_chance() -> Codec:
    """A model of the usual size that was never trained."""
    torch.manual_seed(0)
    layers = Layers(Sizes(2048, peaks_of(2048, RATE), 128, 1024))
    with torch.no_grad():
        layers.decoder.centre.copy_(torch.linspace(-3, -6, 1025))
        layers.decoder.linear.normal_(std=0.02)
        layers.decoder.heads.bias[1025:] = -6.0  # nothing is tonal, nothing begins
    card = Card("chance", "", "spectral", RATE, 2048, 128, 1024, 512, kind="spectral", hops=hops_of(2048))
    return SpectralCodec(card, layers, Analysis(2048, RATE))


def stepping(codec: Codec, rows: int, glide: bool = False) -> Callable[[], object]:
    """One frame more of each of `rows` layers at every call; `glide`: half-way to another."""
    decoder = codec.decoder("cpu")
    slots = [decoder.open(seed) for seed in range(rows)]
    given = np.random.default_rng(0).standard_normal((2, 64, rows, 1, codec.card.latent_dim), np.float32)
    given[..., 0] = -2.0  # the level of a spectral frame
    number, half = count(), np.full(1, 0.5, np.float32)

    def step() -> object:
        first = next(number)
        latents, others = given[:, first % given.shape[1]] + np.float32(MOVED * first)
        ends = [Glide(end, half) if glide else None for end in others]
        pairs = zip(slots, latents, ends, strict=True)
        return decoder.step([Job(slot, first, rows, end) for slot, rows, end in pairs])

    return step


def paired(codec: SpectralCodec, rows: int, parts: tuple[float, float], calls: int) -> tuple[float, float]:
    """Microseconds of processor time a frame, median of calls that take turns: with every row taken
    through the network, and with known ones kept. `parts` of the layers are held, and loop.
    """
    plain, cached = codec.decoder("cpu"), codec.decoder("cpu")
    plain.rows = codec.rows("cpu").rows
    given = music(rows, parts, 2 * LOOP + calls, codec.card.latent_dim)
    ways = {"plain": going_on(plain, given), "cached": going_on(cached, given)}
    with one_thread():
        for way in ways.values():
            for _ in range(2 * LOOP):
                way()
        found = turns(ways, calls)
    return 1e6 * found["plain"] / rows, 1e6 * found["cached"] / rows


def music(rows: int, parts: tuple[float, float], count: int, latent_dim: int) -> Float32:
    """Latents (count, rows, 1, latent_dim) by chance, of which parts of the rows are held, and loop."""
    held, looped = (round(rows * part) for part in parts)
    given = np.random.default_rng(0).standard_normal((count, rows, 1, latent_dim), np.float32)
    given[:, :held] = given[0, :held]
    loop = slice(held, held + looped)
    given[:, loop] = given[np.arange(count) % LOOP, loop]
    return given


def going_on(decoder: SpectralDecoder, given: Float32) -> Callable[[], object]:
    """A call that decodes the next frame of all rows."""
    slots, frames = [decoder.open(seed) for seed in range(given.shape[1])], enumerate(given)

    def step() -> object:
        number, rows = next(frames)
        return decoder.step([Job(slot, number, row) for slot, row in zip(slots, rows, strict=True)])

    return step


def fastest(call: Callable[[], object]) -> float:
    """Seconds of the fastest of those calls that fit into a turn."""
    least, end = float("inf"), time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        begin = time.perf_counter()
        call()
        least = min(least, time.perf_counter() - begin)
    return least


if __name__ == "__main__":
    run(measure)
