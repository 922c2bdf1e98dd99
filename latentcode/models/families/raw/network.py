"""The raw-audio VAE: a multilayer perceptron on windows of samples (Tatar et al., arXiv
2305.15571).
"""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import Tensor, nn

from latentcode.arrays import Float32
from latentcode.models.card import Card
from latentcode.models.family import checked_rows
from latentcode.models.packed import PackedLayer, one_thread
from latentcode.models.rows import SLAB


class Layers(nn.Module):
    """The five layers, with the names that the public checkpoints use."""

    def __init__(self, window: int, units: int, latent_dim: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(window, units)
        self.fc21 = nn.Linear(units, latent_dim)
        self.fc22 = nn.Linear(units, latent_dim)
        self.fc3 = nn.Linear(latent_dim, units)
        self.fc4 = nn.Linear(units, window)

    def encode(self, windows: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, window) → mean and log-variance, (batch, latent_dim) each."""
        hidden = torch.relu(self.fc1(windows))
        return self.fc21(hidden), self.fc22(hidden)

    def decode(self, latents: Tensor) -> Tensor:
        """(batch, latent_dim) → (batch, window), within −1 and 1."""
        return torch.tanh(self.fc4(torch.relu(self.fc3(latents))))

    def forward(self, windows: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(batch, window) → its reconstruction from one sample of the latent, mean,
        log-variance.
        """
        mean, logvar = self.encode(windows)
        latents = mean + torch.exp(0.5 * logvar) * torch.randn_like(mean)
        return self.decode(latents), mean, logvar


class RawAudioVAE:
    """A loaded raw-audio VAE: numpy in and out, one thread,
    rows bit-identical however many come together.
    """

    def __init__(self, card: Card, layers: Layers) -> None:
        self.card = card
        self.layers = layers.eval().requires_grad_(False)
        self._fc1 = PackedLayer(layers.fc1, "relu")
        self._fc21 = PackedLayer(layers.fc21, "none")
        self._fc22 = PackedLayer(layers.fc22, "none")
        self._fc3 = PackedLayer(layers.fc3, "relu")
        self._fc4 = PackedLayer(layers.fc4, "tanh")

    def encode(self, windows: Float32) -> tuple[Float32, Float32]:
        """(N, window) samples → mean and log-variance, (N, latent_dim) each."""
        source = checked_rows(windows, self.card.window, "windows")
        means = np.empty((len(source), self.card.latent_dim), np.float32)
        logvars = np.empty_like(means)
        slab = torch.zeros(SLAB, self.card.window)
        with one_thread(), torch.inference_mode():
            for start in range(0, len(source), SLAB):
                rows = source[start : start + SLAB]
                slab.numpy()[: len(rows)] = rows
                hidden = self._fc1(slab)
                means[start : start + SLAB] = self._fc21(hidden).numpy()[: len(rows)]
                logvars[start : start + SLAB] = self._fc22(hidden).numpy()[: len(rows)]
        return means, logvars

    def encode_alone(self, window: Float32) -> tuple[Float32, Float32]:
        """(window,) samples → mean and log-variance, (1, latent_dim) each: as a batch of one, in a
        fraction of the time.
        """
        with one_thread(), torch.inference_mode():
            hidden = self._fc1(torch.from_numpy(window[None]))
            return self._fc21(hidden).numpy(), self._fc22(hidden).numpy()

    def decode(self, latents: Float32) -> Float32:
        """(N, latent_dim) → (N, window) samples within −1 and 1."""
        source = checked_rows(latents, self.card.latent_dim, "latents")
        windows = np.empty((len(source), self.card.window), np.float32)
        slab = torch.zeros(SLAB, self.card.latent_dim)
        with one_thread(), torch.inference_mode():
            for start in range(0, len(source), SLAB):
                rows = source[start : start + SLAB]
                slab.numpy()[: len(rows)] = rows
                windows[start : start + SLAB] = self.decode_rows(slab).numpy()[: len(rows)]
        return windows

    def on(self, device: str) -> RawAudioVAE:
        """This network on a torch device; itself when it is there already."""
        if self.layers.fc3.weight.device.type == device:
            return self
        return RawAudioVAE(self.card, copy.deepcopy(self.layers).to(device))

    def decode_rows(self, latents: Tensor) -> Tensor:
        """The bare decoder, (rows, latent_dim) → (rows, window),
        in whatever mode and threads torch is.
        """
        return self._fc4(self._fc3(latents))
