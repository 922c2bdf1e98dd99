"""A baseline autoencoder with its weights: notes into latent frames, and those into notes."""

from __future__ import annotations

import numpy as np
import torch

from latentcode.arrays import Float32
from latentcode.errors import ModelError
from latentcode.frames import Frames, cut
from latentcode.models import files
from latentcode.models.card import Card
from latentcode.models.families.baseline.network import Layers
from latentcode.models.families.baseline.sizes import HOP
from latentcode.models.families.baseline.spectra import analysed, sounding
from latentcode.models.family import Device, Report, Stateless, checked_rows
from latentcode.models.packed import one_thread
from latentcode.models.rows import chosen_device

WIDEST = 1e4  # of any latent


class BaselineCodec:
    """See `Codec`: a frame is a window, which begins at its moment.

    One window goes through the network at a time, so that it is the same in any company.
    """

    def __init__(self, card: Card, layers: Layers) -> None:
        self.card, self.layers = card, layers.eval().requires_grad_(False)

    def encode(self, samples: Float32, hop: int, report: Report | None = None) -> Frames:
        windows = cut(samples, self.card.window, hop)
        means = np.empty((len(windows), self.card.latent_dim), np.float32)
        with one_thread(), torch.inference_mode():
            for place in range(len(windows)):
                levels = analysed(windows[place : place + 1])
                means[place] = self.layers.encoder(torch.from_numpy(levels)).numpy()[0]
                if report:
                    report(place + 1, len(windows))
        return means, None

    def decoder(self, device: Device = "auto", hop: int | None = None) -> BaselineDecoder:
        """See `Codec`. Raises ModelError for a GPU."""
        if device == "cuda":
            raise ModelError(f"{self.card.name} is decoded on a CPU; give device='cpu' or 'auto'")
        return BaselineDecoder(self, chosen_device("cpu"))


class BaselineDecoder(Stateless):
    """See `Decoder`. A window takes long, and all of it at once: see docs/models.md."""

    def __init__(self, codec: BaselineCodec, device: str) -> None:
        self.card, self.layers, self.device = codec.card, codec.layers, device

    def decode(self, latents: Float32) -> Float32:
        """(N, latent_dim) → (N, window) samples."""
        rows = np.clip(checked_rows(latents, self.card.latent_dim, "latents"), -WIDEST, WIDEST)
        windows = np.empty((len(rows), self.card.window), np.float32)
        with one_thread(), torch.inference_mode():
            for place in range(len(rows)):
                levels = self.layers.decoder(torch.from_numpy(rows[place : place + 1])).numpy()
                windows[place] = sounding(levels[0, 0])
        return windows


def read(card: Card) -> BaselineCodec:
    """The model of a card, from our file. Raises ModelError where it is damaged."""
    with torch.device("meta"):
        layers = Layers(card.window // HOP, card.units, card.latent_dim)
    layers.load_state_dict(files.weights_of(card), assign=True)
    return BaselineCodec(card, layers)
