"""A raw-audio VAE with its weights: read from files, written to them, and how it encodes sounds."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from latentcode.arrays import Float32
from latentcode.frames import Frames, cut
from latentcode.models import files
from latentcode.models.card import Card
from latentcode.models.families.raw.checkpoint import read_checkpoint
from latentcode.models.families.raw.network import Layers, RawAudioVAE
from latentcode.models.family import Device, Report, Stateless
from latentcode.models.header import is_safetensors
from latentcode.models.rows import SLAB, Rows, chosen_device

AT_ONCE = 8192  # windows copied at a time, so that long sounds at small hops do not fill the memory


class RawCodec:
    """See `Codec`: a frame is a window, which begins at its moment."""

    at_once = SLAB

    def __init__(self, network: RawAudioVAE) -> None:
        self.card, self.network = network.card, network

    def encode(self, samples: Float32, hop: int, report: Report | None = None) -> Frames:
        windows = cut(samples, self.card.window, hop)
        means, logvars = [], []
        for first in range(0, len(windows), AT_ONCE):
            mean, logvar = self.network.encode(np.ascontiguousarray(windows[first : first + AT_ONCE]))
            means.append(mean)
            logvars.append(logvar)
            if report:
                report(min(first + AT_ONCE, len(windows)), len(windows))
        return np.concatenate(means), np.concatenate(logvars)

    def encode_part(self, samples: Float32, hop: int, part: range) -> Frames:
        """See `PartCodec`."""
        windows = cut(samples, self.card.window, hop)[part.start : part.stop]
        return self.network.encode(np.ascontiguousarray(windows))

    @property
    def around(self) -> tuple[int, int]:
        """See `FrameCodec`: a window, which begins at its moment."""
        return 0, self.card.window

    def encode_frame(self, samples: Float32) -> Frames:
        """See `FrameCodec`."""
        return self.network.encode_alone(samples)

    def decoder(self, device: Device = "auto", hop: int | None = None) -> RawDecoder:
        return RawDecoder(self.network, device)


class RawDecoder(Stateless):
    """See `Decoder`."""

    def __init__(self, network: RawAudioVAE, device: Device = "auto") -> None:
        self.device = chosen_device(device)
        sizes = (network.card.latent_dim, network.card.window)
        self.rows = Rows(network.on(self.device).decode_rows, sizes, self.device)

    @property
    def buckets(self) -> tuple[int, ...]:
        """The batch sizes in use, ascending."""
        return self.rows.buckets

    def decode(self, latents: Float32) -> Float32:
        """(N, latent_dim) → (N, window) samples within −1 and 1."""
        return self.rows(latents)


def read(card: Card) -> RawAudioVAE:
    """The network of a card, from our file or a checkpoint.

    Raises ModelError when it is damaged or foreign.
    """
    path = Path(card.file)
    if is_safetensors(path):
        return from_weights(card, files.weights_of(card))
    arrays = read_checkpoint(path)[1].arrays()
    return from_weights(card, {name: torch.from_numpy(array) for name, array in arrays.items()})


def save(network: RawAudioVAE, path: str | os.PathLike[str], dtype: torch.dtype = torch.float16) -> Card:
    """Write a network to one of our files; returns its card (see `files.write`).

    Raises ModelError.
    """
    return files.write(network.card, network.layers.state_dict(), path, dtype)


def from_weights(card: Card, weights: dict[str, Tensor]) -> RawAudioVAE:
    """A network from a card and the ten weights it promises.

    Raises ModelError where they are not all finite.
    """
    with torch.device("meta"):
        layers = Layers(card.window, card.units, card.latent_dim)
    layers.load_state_dict(
        files.widened({name: weights[name] for name in layers.state_dict()}, card), assign=True
    )
    return RawAudioVAE(card, layers)
