"""The renderer without a player: sixteen voices, against the bare decode of as many frames in the same batches.

    python -m bench.offline [--full]

Both models of the package, overlap, the block of `lc.render`. Goal: 0.6 of the bare decode's rate. And the blocks of
a session, planned some ahead as a render does, against one at a time. Goal: 1.5 times as fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import numpy as np

from bench.common import MODELS, patterns, run, show, turns
from latentcode.arrays import Float32
from latentcode.models.family import Decoder, Job
from latentcode.models.pace import MOVED
from latentcode.offline.blocks import AHEAD
from latentcode.offline.pattern import BLOCK
from latentcode.set.performance import BLOCK as SESSION_BLOCK
from latentcode.sounds.model import Model, load_model
from latentcode.synth.building import ModelInUse, build_renderer
from latentcode.synth.renderer import Renderer, Trouble

GOAL = 0.6
AHEAD_GOAL = 1.5


class Counted:
    """A model's decoder that remembers how many frames of each layer it was asked for at a time."""

    def __init__(self, decoder: Decoder) -> None:
        self.open, self.close, self._step = decoder.open, decoder.close, decoder.step
        self.calls: list[list[int]] = []

    def step(self, jobs: Sequence[Job]) -> list[Float32]:
        self.calls.append([len(job.latents) for job in jobs])
        return self._step(jobs)


def measure(full: bool) -> None:
    """Print the ratios for the offline block, and for the block of a live set."""
    for name in MODELS:
        for block, least in ((BLOCK, GOAL), (256, None)):
            compare(load_model(name), block, 60 if full else 20, 5 if full else 3, least)
        ahead(load_model(name), 60 if full else 20, 5 if full else 3)


def compare(model: Model, block: int, seconds: int, rounds: int, least: float | None) -> None:
    """Print one line: some rounds in which the renderer and the bare decode take turns."""
    counted, voices = Counted(model.decoder), patterns()
    rendered(model, counted, voices, seconds, block)  # encodes what is needed
    calls = list(counted.calls)
    slots = [model.decoder.open(seed) for seed in range(max(map(len, calls)))]
    latents = random_latents(max(map(max, calls)), model.latent_dim)

    number = count()

    def bare() -> None:
        for sizes in calls:
            rows = latents + np.float32(MOVED * next(number))
            jobs = [Job(slot, 0, rows[:size]) for slot, size in zip(slots, sizes, strict=False)]
            model.decoder.step(jobs)

    taken = turns({"engine": lambda: rendered(model, counted, voices, seconds, block), "bare": bare}, rounds)
    frames = [sum(sizes) for sizes in calls]
    text = (
        f"{model.name}, blocks of {block:4}: {seconds / taken['engine']:5.1f} × real time, "
        f"{sum(frames) / seconds:.0f} frames/s of music in batches of {np.median(frames):.0f}; "
        f"bare decode {seconds / taken['bare']:5.1f} ×"
    )
    show(text, taken["bare"] / taken["engine"], least=least)


def ahead(model: Model, seconds: int, rounds: int) -> None:
    """Print one line: blocks of a session one at a time, and planned some ahead, by turns."""

    def blocks(together: int) -> None:
        renderer = begun(model, Counted(model.decoder), patterns())
        end = round(seconds * model.sample_rate)
        while renderer.position < end:
            for _ in range(together):
                renderer.plan(SESSION_BLOCK)
            renderer.finish()

    taken = turns({"alone": lambda: blocks(1), "ahead": lambda: blocks(AHEAD)}, rounds)
    text = f"{model.name}, blocks of {SESSION_BLOCK}: {seconds / taken['ahead']:5.1f} × real time, "
    text += f"{AHEAD} planned ahead; one at a time {seconds / taken['alone']:5.1f} ×"
    show(text, taken["alone"] / taken["ahead"], least=AHEAD_GOAL)


def random_latents(count: int, dimensions: int) -> Float32:
    """Latents (count, dimensions) as a prior would give them."""
    return np.random.default_rng(count).standard_normal((count, dimensions)).astype(np.float32)


def rendered(
    model: Model, decoder: Counted, voices: list[tuple[int, Any]], seconds: float, block: int
) -> None:
    """Render the sixteen voices."""
    renderer, end = begun(model, decoder, voices), round(seconds * model.sample_rate)
    while renderer.position < end:
        renderer.render(min(block, end - renderer.position))


def begun(model: Model, decoder: Counted, voices: list[tuple[int, Any]]) -> Renderer:
    """A renderer of the sixteen voices, at their first sample."""
    used = ModelInUse(model.card, model.store, decoder, model.find)
    renderer = build_renderer(used, model.sample_rate, _raise, lambda voice, error: None)
    for voice, pattern in voices:
        renderer.play(voice, pattern, None, 0)
    return renderer


def _raise(trouble: Trouble) -> None:
    raise trouble.error


if __name__ == "__main__":
    run(measure)
