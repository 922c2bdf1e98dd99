"""The raw-audio VAE: a multilayer perceptron on windows of samples (Tatar et al., arXiv 2305.15571)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from latentcode.arrays import Float32
from latentcode.errors import ModelError
from latentcode.models.card import Card

SLAB = 128  # rows that go through the network together; fixed, so that a row never depends on its neighbours


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
        """(batch, window) → its reconstruction from one sample of the latent, mean, log-variance."""
        mean, logvar = self.encode(windows)
        latents = mean + torch.exp(0.5 * logvar) * torch.randn_like(mean)
        return self.decode(latents), mean, logvar


@dataclass
class DecodeStep:
    """Decodes a fixed number of rows in buffers of its own: fill `latents`, `run()`, read `windows`."""

    layers: Layers
    latents: Tensor  # (rows, latent_dim)
    hidden: Tensor  # (rows, units)
    windows: Tensor  # (rows, window)

    def run(self) -> None:
        fc3, fc4 = self.layers.fc3, self.layers.fc4
        torch.addmm(fc3.bias, self.latents, fc3.weight.t(), out=self.hidden).relu_()
        torch.addmm(fc4.bias, self.hidden, fc4.weight.t(), out=self.windows).tanh_()


class RawAudioVAE:
    """A loaded raw-audio VAE: numpy in and out, one thread, rows bit-identical however many come together."""

    def __init__(self, card: Card, layers: Layers) -> None:
        self.card = card
        self.layers = layers.eval().requires_grad_(False)

    def encode(self, windows: Float32) -> tuple[Float32, Float32 | None]:
        """(N, window) samples → mean and log-variance, (N, latent_dim) each."""
        source = checked_rows(windows, self.card.window, "windows")
        means = np.empty((len(source), self.card.latent_dim), np.float32)
        logvars = np.empty_like(means)
        slab = np.zeros((SLAB, self.card.window), np.float32)
        with one_thread(), torch.inference_mode():
            for start in range(0, len(source), SLAB):
                rows = source[start : start + SLAB]
                slab[: len(rows)] = rows
                mean, logvar = self.layers.encode(torch.from_numpy(slab))
                means[start : start + SLAB] = mean.numpy()[: len(rows)]
                logvars[start : start + SLAB] = logvar.numpy()[: len(rows)]
        return means, logvars

    def decode(self, latents: Float32) -> Float32:
        """(N, latent_dim) → (N, window) samples within −1 and 1."""
        source = checked_rows(latents, self.card.latent_dim, "latents")
        windows = np.empty((len(source), self.card.window), np.float32)
        step = self.decode_step(SLAB)
        with one_thread(), torch.inference_mode():
            for start in range(0, len(source), SLAB):
                rows = source[start : start + SLAB]
                step.latents.numpy()[: len(rows)] = rows
                step.run()
                windows[start : start + SLAB] = step.windows.numpy()[: len(rows)]
        return windows

    def on(self, device: str) -> RawAudioVAE:
        """This network on a torch device; itself when it is there already."""
        if self.layers.fc3.weight.device.type == device:
            return self
        return RawAudioVAE(self.card, copy.deepcopy(self.layers).to(device))

    def decode_step(self, rows: int) -> DecodeStep:
        """A step for `rows` rows, on the device where the layers are."""
        card, weight = self.card, self.layers.fc3.weight
        sizes = (card.latent_dim, card.units, card.window)
        return DecodeStep(self.layers, *(weight.new_zeros(rows, size) for size in sizes))


def checked_rows(rows: Float32, width: int, what: str) -> Float32:
    """`rows` as float32, when they are two-dimensional and `width` wide."""
    rows = np.asarray(rows, dtype=np.float32)
    if rows.ndim != 2 or rows.shape[1] != width:
        raise ModelError(f"{what} have shape {rows.shape}; this model takes (N, {width})")
    return rows


@contextmanager
def one_thread() -> Iterator[None]:
    """torch on one thread, as the caller had it afterwards: two threads give other bits than one."""
    threads = torch.get_num_threads()
    if threads != 1:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        if threads != 1:
            torch.set_num_threads(threads)
