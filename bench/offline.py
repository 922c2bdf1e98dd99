"""The renderer without a player: sixteen voices, against the bare decode of the same windows in the same batches.

    python -m bench.offline [--full]

House model, overlap, the block of `latentcode/offline.py`. Goal: 0.6 of the bare decode's rate.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bench.common import patterns, run, show, turns
from latentcode.arrays import Float32
from latentcode.models.family import Stateless
from latentcode.offline.pattern import BLOCK
from latentcode.sounds.model import Model, load_model
from latentcode.synth.renderer import Renderer, Settings, Trouble

GOAL = 0.6


class Counted(Stateless):
    """A decoder that remembers how many windows it was asked for at a time."""

    def __init__(self, model: Model) -> None:
        self._decode = decode_of(model)
        self.sizes: list[int] = []

    def decode(self, latents: Float32) -> Float32:
        self.sizes.append(len(latents))
        return self._decode(latents)


def decode_of(model: Model) -> Callable[[Float32], Float32]:
    """The rows of a model, decoded as a set does it."""
    assert isinstance(model.decoder, Stateless)
    return model.decoder.decode


def measure(full: bool) -> None:
    """Print the ratio for the offline block, and for the block of a live set."""
    model = load_model()
    for block, least in ((BLOCK, GOAL), (256, None)):
        compare(model, block, 60 if full else 20, 5 if full else 3, least)


def compare(model: Model, block: int, seconds: int, rounds: int, least: float | None) -> None:
    """Print one line: some rounds in which the renderer and the bare decode take turns."""
    counted, voices = Counted(model), patterns()
    rendered(model, counted, voices, seconds, block)  # encodes what is needed
    sizes = list(counted.sizes)
    batches = {size: random_latents(size, model.latent_dim) for size in set(sizes)}

    decode = decode_of(model)

    def bare() -> None:
        for size in sizes:
            decode(batches[size])

    taken = turns({"engine": lambda: rendered(model, counted, voices, seconds, block), "bare": bare}, rounds)
    text = (
        f"blocks of {block:4}: {seconds / taken['engine']:5.1f} × real time, {sum(sizes) / seconds:.0f} windows"
        f"/s of music in batches of {np.median(sizes):.0f}; bare decode {seconds / taken['bare']:5.1f} ×"
    )
    show(text, taken["bare"] / taken["engine"], least=least)


def random_latents(count: int, dimensions: int) -> Float32:
    """Latents (count, dimensions) as a prior would give them."""
    return np.random.default_rng(count).standard_normal((count, dimensions)).astype(np.float32)


def rendered(model: Model, decoder: Counted, voices: list, seconds: float, block: int) -> None:
    """Render the sixteen voices."""
    settings = Settings(model.sample_rate, model.sample_rate, model.window)
    renderer = Renderer(settings, model.store, decoder, _raise)
    for voice, pattern in voices:
        renderer.play(voice, pattern, None, 0)
    end = round(seconds * model.sample_rate)
    while renderer.position < end:
        renderer.render(min(block, end - renderer.position))


def _raise(trouble: Trouble) -> None:
    raise trouble.error


if __name__ == "__main__":
    run(measure)
