"""Model files of our own: safetensors, weights in float16,
everything else in the header's metadata.
"""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

import torch
from torch import Tensor

from latentcode.errors import ModelError
from latentcode.files import atomic, texts
from latentcode.models.card import Card, file_digest, one_line, read_header
from latentcode.models.rawaudio import Layers, RawAudioVAE


def save(network: RawAudioVAE, path: str | os.PathLike[str], dtype: torch.dtype = torch.float16) -> Card:
    """Write `network` to `path`, whole or not at all; returns its card with the file's digest.

    float16 halves the file and costs less than 0.1 dB; the weights are widened to float32 when
    loaded.

    Raises ModelError where weights are not finite, and where the file cannot be written.
    """
    from safetensors.torch import save as packed

    path = Path(path)
    weights = {name: weight.to(dtype).contiguous() for name, weight in network.layers.state_dict().items()}
    if not all(bool(torch.isfinite(weight).all()) for weight in weights.values()):
        raise ModelError(f"{path} was not written: the model's weights are not finite in {dtype}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, packed(weights, metadata=_metadata(network.card)))
    except OSError as error:
        raise ModelError(f"cannot write the model to {path}: {error.strerror or error}") from error
    return dataclasses.replace(network.card, digest=file_digest(path), file=str(path))


def read(path: Path, sample_rate: int | None = None) -> RawAudioVAE:
    """The network in one of our files; ModelError when it is damaged or foreign."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    card, _ = read_header(path, sample_rate)
    try:
        weights = load_file(path)
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{path} cannot be read: {one_line(error)}") from None
    return from_weights(card, weights)


def from_weights(card: Card, weights: dict[str, Tensor]) -> RawAudioVAE:
    """A network from a card and the ten weights it promises.

    Raises ModelError where they are not all finite.
    """
    with torch.device("meta"):
        layers = Layers(card.window, card.units, card.latent_dim)
    wide = {name: weights[name].to(torch.float32).contiguous() for name in layers.state_dict()}
    if not all(bool(torch.isfinite(weight).all()) for weight in wide.values()):
        raise ModelError(f"{card.file or card.name}: its weights are not all finite numbers")
    layers.load_state_dict(wide, assign=True)
    return RawAudioVAE(card, layers)


def _metadata(card: Card) -> dict[str, str]:
    return {
        "family": card.family,
        "name": texts.shown(card.name),  # a file's name need not be text
        "sample_rate": str(card.sample_rate),
        "hop": str(card.hop),
        "notes": json.dumps(dict(card.notes)),
    }
