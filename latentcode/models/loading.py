"""Loading a model by what its file contains."""

from __future__ import annotations

import os

import torch

from latentcode.models import files
from latentcode.models.card import is_safetensors, model_file
from latentcode.models.rawaudio import RawAudioVAE


def load(name_or_path: str | os.PathLike[str] = "default", sample_rate: int | None = None) -> RawAudioVAE:
    """The model called "default" (or "house"), or the one in a file:
    ours or a rawaudiovae checkpoint.

    `sample_rate` (Hz) overrides what the file says. Raises ModelError; no file can run code by
    being loaded.
    """
    path = model_file(name_or_path)
    if is_safetensors(path):
        return files.read(path, sample_rate)
    from latentcode.models.checkpoint import read_checkpoint

    card, weights = read_checkpoint(path, sample_rate)
    return files.from_weights(
        card, {name: torch.from_numpy(array) for name, array in weights.arrays().items()}
    )
