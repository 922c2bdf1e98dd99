"""What a spectral model learns from, what is wrong with what it makes of
it, and how it is saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor

from latentcode.arrays import Float64
from latentcode.models import files
from latentcode.models.card import Card
from latentcode.models.dataset import Sounds
from latentcode.models.families.spectral.analysis import Analysis, Features, balance
from latentcode.models.families.spectral.frames import Pool
from latentcode.models.families.spectral.loss import NEPER_DB, Loss, divergence
from latentcode.models.families.spectral.network import Layers
from latentcode.models.families.spectral.order import by_variance, permuted
from latentcode.models.families.spectral.sizes import hops_of, sizes_of
from latentcode.models.precision import mixed_precision
from latentcode.models.recipe import Plan

START = 1 << 15  # frames whose principal components a network begins as


class SpectralRecipe:
    """Frames of spectra and bands, and how far their levels are off."""

    def __init__(self, plan: Plan, sounds: Sounds, card: Card) -> None:
        self.plan = plan
        self.card = replace(card, kind="spectral", hops=hops_of(plan.window))
        analysis = Analysis(plan.window, plan.sample_rate)
        self.pool = Pool(sounds, analysis, plan.hop, plan.batch, plan.seed)
        self.distance = Loss(analysis, plan.sample_rate, magnitudes_alone=plan.anchor == "magnitudes")
        self.balance = balance(plan.window, plan.sample_rate)
        self.layers = Layers(sizes_of(plan))
        if plan.anchor == "components":
            self.layers.components_alone()
        elif plan.anchor == "magnitudes":
            self.layers.network_alone()

    def __len__(self) -> int:
        return len(self.pool)

    def to(self, device: torch.device) -> None:
        """The pool stays where the sounds are."""
        self.layers.to(device)
        self.distance.to(device)

    def begin(self) -> None:
        """Begin as the principal components of what there is to learn, where they are a part of
        it.
        """
        if self.plan.anchor == "magnitudes":
            return
        self.pool.at(0)
        known = self.pool.some(START)
        self.layers.begin(known.shape, self.distance.loudness(known), self.balance)

    def batch(self, step: int) -> Features:
        """The frames of a step."""
        return self.pool.at(step)

    def loss(self, batch: Features) -> tuple[Tensor, Tensor]:
        """The loss, and how far logarithms of magnitudes are off on average, by how loud frames
        are.
        """
        with mixed_precision(batch.shape.device.type):
            mean, logvar = self.layers.encoder(batch)
            spread = 0.0 if self.plan.anchor else torch.exp(0.5 * logvar) * torch.randn_like(mean)
            made = self.layers.decoder(mean + spread)
        weights = self.distance.loudness(batch)
        off = (made.shape.detach() - batch.shape).abs().mean(dim=1)
        loss = self.distance(made, batch)
        if not self.plan.anchor:
            loss = loss + self.plan.kl_beta * divergence(mean, logvar)
        return loss, torch.stack([(off * weights).sum(), weights.sum()]) / len(batch)

    def score(self, figures: Float64) -> float:
        """The mean distance of the levels of bins in dB, of what is made from one sample of the
        latent.
        """
        off, weights = figures
        return NEPER_DB * float(off / max(weights, 1e-9))

    @torch.no_grad()
    def save(self, weights: Mapping[str, Tensor], card: Card) -> Card:
        """Write the model, its latents in the order of the variance that they bring."""
        trained = Layers(self.layers.sizes)
        trained.load_state_dict(dict(weights))
        order = by_variance(trained, self.pool.some(1024), self.balance)
        sizes = {name: str(getattr(card, name)) for name in ("window", "latent_dim", "units")}
        return files.write(card, permuted(weights, order), card.file, more=sizes)
