"""The published algorithm, written down once more from its description, in float64 and without our code."""

from __future__ import annotations

import numpy as np


class Notebook:
    """The three strategies of Tatar, Cotton and Bisig (2023) over numpy weights."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.w = {name: array.astype(np.float64) for name, array in weights.items()}
        self.window = self.w["fc1.weight"].shape[1]

    def layer(self, name: str, x: np.ndarray) -> np.ndarray:
        return x @ self.w[f"{name}.weight"].T + self.w[f"{name}.bias"]

    def encode(self, audio: np.ndarray, hop: int) -> tuple[np.ndarray, np.ndarray]:
        padded = np.pad(audio.astype(np.float64), (0, -len(audio) % hop))
        count = (len(padded) - self.window) // hop + 1
        windows = np.stack([padded[k * hop : k * hop + self.window] for k in range(count)])
        hidden = np.maximum(self.layer("fc1", windows), 0)
        return self.layer("fc21", hidden), self.layer("fc22", hidden)

    def decode(self, z: np.ndarray) -> np.ndarray:
        return np.tanh(self.layer("fc4", np.maximum(self.layer("fc3", z), 0)))

    def pair(self, a: np.ndarray, b: np.ndarray, hop: int):
        length = max(len(a), len(b))
        return self.encode(np.resize(a, length), hop), self.encode(np.resize(b, length), hop)

    def stepwise(self, a: np.ndarray, b: np.ndarray, steps: int) -> np.ndarray:
        (mean_a, _), (mean_b, _) = self.pair(a, b, self.window)
        alphas = [k / (steps - 1) for k in range(steps)]
        return np.concatenate([self.decode((1 - x) * mean_a + x * mean_b).ravel() for x in alphas])

    def curve(self, a, b, alpha, hop: int) -> np.ndarray:
        (mean_a, _), (mean_b, _) = self.pair(a, b, hop)
        x = np.interp(np.linspace(0, 1, len(mean_a)), np.linspace(0, 1, len(alpha)), alpha)[:, None]
        return self.decode((1 - x) * mean_a + x * mean_b).ravel()

    def meso(self, a, b, alpha) -> np.ndarray:
        return self.curve(a, b, alpha, self.window)

    def extend(self, a, b, alpha, factor: int = 8) -> np.ndarray:
        return self.curve(a, b, alpha, self.window // factor)
