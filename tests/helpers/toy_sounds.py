"""Decoders and a store that make what a renderer does easy to see."""

from __future__ import annotations

import numpy as np

from latentcode.latents.path import Path
from latentcode.models.family import Stateless

RATE, WINDOW, LATENT = 44100, 64, 8


class Impulse(Stateless):
    """A decoder whose every window is one sample of 1 followed by silence."""

    def decode(self, latents: np.ndarray) -> np.ndarray:
        windows = np.zeros((len(latents), WINDOW), np.float32)
        windows[:, 0] = 1.0
        return windows


class Ones(Stateless):
    """A decoder whose windows are full of ones, whatever their latents."""

    def decode(self, latents: np.ndarray) -> np.ndarray:
        return np.ones((len(latents), WINDOW), np.float32)


class First(Stateless):
    """A decoder whose windows hold the first dimension of their latent throughout."""

    def decode(self, latents: np.ndarray) -> np.ndarray:
        return np.repeat(latents[:, :1], WINDOW, axis=1)


class Sounds:
    """A store in which every name is a sound of `frames` latent frames that hold their own number."""

    def __init__(self, frames: int = 1) -> None:
        self.count = frames

    def find(self, named):
        if named.name == "missing":
            raise LookupError("no sound called 'missing'")
        return Path(named.name, named.name, file=named.name)

    def length(self, path):
        return self.count * WINDOW

    def samples(self, path, rate):
        return np.ones(self.count * WINDOW, np.float32)

    def frames(self, path, hop, length=None):
        number = np.arange(self.count if length is None else length // WINDOW, dtype=np.float32)
        value = {"one": 0 * number + 1, "half": 0 * number + 0.5}.get(path.name, number)
        return np.repeat(value[:, None], LATENT, axis=1), None


def rendered(performance, samples, block=256, voice=0):
    """The left channel of a voice, rendered in blocks."""
    blocks = []
    while samples > 0:
        blocks.append(performance.render(min(block, samples))[2 * voice])
        samples -= block
    return np.concatenate(blocks)
