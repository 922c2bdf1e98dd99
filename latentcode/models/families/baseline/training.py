"""What a baseline autoencoder learns from, and the published loss."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from latentcode.arrays import Float64
from latentcode.models import files
from latentcode.models.card import Card
from latentcode.models.dataset import Sounds
from latentcode.models.families.baseline.network import Layers
from latentcode.models.families.baseline.sizes import BINS, FFT, HOP
from latentcode.models.families.baseline.spectra import RANGE_DB, analysed
from latentcode.models.precision import mixed_precision
from latentcode.models.recipe import Plan

LOWEST, EVEN = 10.0, 4000.0  # what bins at 0 Hz count; from there to EVEN (Hz) it falls to 1
NORMED = 16  # batches of which the norms in a file are the mean


class BaselineRecipe:
    """Notes from their begins on and what follows, and how far their levels are off."""

    def __init__(self, plan: Plan, sounds: Sounds, card: Card) -> None:
        self.plan, self.card = plan, card
        self.sounds = [sounds.sound(index) for index in range(len(sounds.lengths))]
        self.starts = [
            (number, start)
            for number, sound in enumerate(self.sounds)
            for start in range(0, max(len(sound) - plan.window // 2, 1), plan.hop)
        ]
        hertz = torch.arange(BINS) * plan.sample_rate / FFT
        self.counts = 1 + (LOWEST - 1) * (1 - hertz / EVEN).clamp_min(0)
        self.layers = Layers(plan.window // HOP, plan.units, plan.latent_dim, norms=True)

    def __len__(self) -> int:
        return len(self.starts)

    def to(self, device: torch.device) -> None:
        """With the network goes how much each bin counts."""
        self.layers.to(device)
        self.counts = self.counts.to(device)

    def begin(self) -> None:
        """They are random as they are."""

    def batch(self, step: int) -> Tensor:
        """(rows, 1, bins, frames) log magnitudes."""
        chance = np.random.default_rng((self.plan.seed % 2**64, step))
        picked = chance.integers(len(self.starts), size=self.plan.batch)
        moved = chance.integers(self.plan.hop, size=self.plan.batch)
        windows = np.zeros((self.plan.batch, self.plan.window), np.float32)
        for window, place, shift in zip(windows, picked, moved, strict=True):
            number, start = self.starts[place]
            start += shift if start else 0  # a note is learnt from its begin on
            part = self.sounds[number][start : start + self.plan.window]
            window[: len(part)] = part
        return torch.from_numpy(analysed(windows))

    def loss(self, batch: Tensor) -> tuple[Tensor, Tensor]:
        """The mean squared error of the log magnitudes, where low bins count for more; and their
        mean distance.
        """
        with mixed_precision(batch.device.type):
            made = self.layers(batch)
        off = made.float() - batch
        loss = (off.square() * self.counts[:, None]).mean()
        return loss, off.detach().abs().mean()[None]

    def score(self, figures: Float64) -> float:
        """The mean distance of the levels of bins in dB."""
        return RANGE_DB * float(figures[0])

    @torch.no_grad()
    def save(self, weights: Mapping[str, Tensor], card: Card) -> Card:
        """Write the model, its norms folded into its convolutions."""
        trained = Layers(self.plan.window // HOP, self.plan.units, self.plan.latent_dim, norms=True)
        trained.load_state_dict(dict(weights))
        for norm in (*trained.encoder.norms, *trained.decoder.norms):
            assert isinstance(norm, nn.BatchNorm2d)
            norm.reset_running_stats()  # those of the averaged weights are others
            norm.momentum = None  # a plain mean
        for step in range(NORMED):
            trained(self.batch(step))
        sizes = {name: str(getattr(card, name)) for name in ("window", "latent_dim", "units")}
        return files.write(card, trained.eval().folded(), card.file, more=sizes)
