"""The order of the latents: by how much of a spectrum they decide."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from latentcode.models.families.spectral.analysis import Features
from latentcode.models.families.spectral.network import Layers

ROWS = (
    "encoder.basis",
    "encoder.mean.weight",
    "encoder.mean.bias",
    "encoder.logvar.weight",
    "encoder.logvar.bias",
)
COLUMNS = ("decoder.linear", "decoder.first.weight")


def by_variance(layers: Layers, features: Features, balance: Tensor) -> Tensor:
    """The numbers of the latents but the level, those first without which shapes would be most
    wrong.

    What a latent brings is the mean squared change of the shapes (ln) where it is its mean
    instead.
    """
    latents = layers.encoder(features)[0]
    whole, mean = layers.decoder(latents).shape, latents.mean(dim=0)
    brought = []
    for index in range(latents.shape[1]):
        without = latents.clone()
        without[:, index] = mean[index]
        brought.append((layers.decoder(without).shape - whole).mul(balance).square().mean())
    return torch.stack(brought).argsort(descending=True)


def permuted(weights: Mapping[str, Tensor], order: Tensor) -> dict[str, Tensor]:
    """The weights of a network that is the same but for the order of its latents."""
    found = dict(weights)
    found |= {name: found[name][order] for name in ROWS}
    return found | {name: found[name][:, order] for name in COLUMNS}
