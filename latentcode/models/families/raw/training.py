"""What a raw-audio VAE learns from, and the published loss."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from latentcode.arrays import Float64
from latentcode.models import files
from latentcode.models.card import Card
from latentcode.models.dataset import Sounds, Windows
from latentcode.models.families.raw.network import Layers
from latentcode.models.precision import mixed_precision
from latentcode.models.recipe import Plan


class RawRecipe:
    """Windows of samples, their mean squared error, and the signal-to-noise ratio."""

    def __init__(self, plan: Plan, sounds: Sounds, card: Card) -> None:
        self.plan, self.card = plan, card
        self.windows = Windows(sounds, plan.window, plan.hop)
        self.layers = Layers(plan.window, plan.units, plan.latent_dim)

    def __len__(self) -> int:
        return len(self.windows)

    def to(self, device: torch.device) -> None:
        """The loss needs nothing but the network."""
        self.layers.to(device)

    def begin(self) -> None:
        """They are random as they are."""

    def batch(self, step: int) -> Tensor:
        """(rows, window) samples."""
        return self.windows.batch(step, self.plan.batch, self.plan.seed, varied=not self.plan.anchor)

    def loss(self, batch: Tensor) -> tuple[Tensor, Tensor]:
        """The published loss; error and power."""
        with mixed_precision(batch.device.type):
            decoded, mean, logvar = self.layers(batch)
        loss, error = losses(batch, decoded.float(), mean.float(), logvar.float(), self.plan.kl_beta)
        return loss, torch.stack([error.detach(), batch.square().mean()])

    def score(self, figures: Float64) -> float:
        """The signal-to-noise ratio in dB, of reconstructions from one sample of the latent."""
        error, power = figures
        return 10 * math.log10((power + 1e-20) / (error + 1e-20))

    def save(self, weights: Mapping[str, Tensor], card: Card) -> Card:
        """See `files.write`."""
        return files.write(card, weights, card.file)


def losses(
    windows: Tensor, decoded: Tensor, mean: Tensor, logvar: Tensor, kl_beta: float
) -> tuple[Tensor, Tensor]:
    """The published loss, mean squared error + kl_beta × mean divergence, and the error alone."""
    error = functional.mse_loss(decoded, windows)
    divergence = -0.5 * torch.mean(1 + logvar - mean.square() - logvar.exp())
    return error + kl_beta * divergence, error
