"""The public notebook's way with the three strategies (rawaudiovae, tutorial.ipynb), written down in plain torch.

Single windows are taken from a Dataset into batches of 256 and encoded, the results joined by growing `cat`;
stepwise decodes the whole mixed source once for each α and joins by `cat` again; meso and extension mix in
float64 and decode everything in one call. Without the notebook's noise, so that the samples can be compared.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from latentcode.models.families.raw.network import Layers

BATCH = 256


class Windows(Dataset[Tensor]):
    """Windows of a sound, one at a time."""

    def __init__(self, sound: np.ndarray, window: int, hop: int) -> None:
        self.sound = np.pad(sound, (0, -len(sound) % hop))
        self.window, self.hop = window, hop

    def __len__(self) -> int:
        return (len(self.sound) - self.window) // self.hop + 1

    def __getitem__(self, index: int) -> Tensor:
        return torch.from_numpy(self.sound[index * self.hop : index * self.hop + self.window])


def encoded(network: Layers, sound: np.ndarray, window: int, hop: int) -> tuple[Tensor, Tensor]:
    """Mean and log-variance of each window."""
    means, logvars = torch.empty(0), torch.empty(0)
    for batch in DataLoader(Windows(sound, window, hop), batch_size=BATCH):
        mean, logvar = network.encode(batch)
        means, logvars = torch.cat((means, mean)), torch.cat((logvars, logvar))
    return means, logvars


def mixed(a: tuple[Tensor, Tensor], b: tuple[Tensor, Tensor], alpha: Tensor | float) -> Tensor:
    """The mean of the mix; the log-variance is mixed too, as the notebook does."""
    mean, _ = ((1 - alpha) * x + alpha * y for x, y in zip(a, b, strict=True))
    return mean


@torch.no_grad()
def stepwise(network: Layers, one: np.ndarray, other: np.ndarray, window: int, steps: int) -> np.ndarray:
    """The whole source once for each α from 0 to 1."""
    a, b = (encoded(network, sound, window, window) for sound in (one, other))
    out = torch.empty(0)
    for alpha in np.linspace(0, 1, steps):
        out = torch.cat((out, network.decode(mixed(a, b, float(alpha)))))
    return out.view(-1).numpy()


@torch.no_grad()
def curve(
    network: Layers, one: np.ndarray, other: np.ndarray, alpha: np.ndarray, window: int, hop: int
) -> np.ndarray:
    """Meso-scale (hop = window) and extension (a smaller hop): α changes from frame to frame."""
    a, b = (encoded(network, sound, window, hop) for sound in (one, other))
    count = len(a[0])
    spread = np.interp(np.linspace(0, len(alpha) - 1, count), np.arange(len(alpha)), alpha)
    column = torch.repeat_interleave(torch.from_numpy(spread).unsqueeze(1), a[0].shape[1], dim=1)
    samples: np.ndarray = network.decode(mixed(a, b, column).float()).view(-1).numpy()
    return samples
