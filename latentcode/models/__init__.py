"""The model families: loading, encoding and decoding, training.

Importing this room does not import torch.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from latentcode.models.card import Card, is_safetensors, model_file, read_header

if TYPE_CHECKING:
    from latentcode.models.rawaudio import RawAudioVAE

__all__ = ["Card", "load", "read_card"]


def read_card(name_or_path: str | os.PathLike[str], sample_rate: int | None = None) -> Card:
    """The card of a built-in model ("default", "house") or a model file, read without torch.

    `sample_rate` (Hz) overrides what the file says. Raises ModelError for a file that holds no
    model.
    """
    path = model_file(name_or_path)
    if is_safetensors(path):
        return read_header(path, sample_rate)[0]
    from latentcode.models.checkpoint import read_checkpoint

    return read_checkpoint(path, sample_rate)[0]


def load(name_or_path: str | os.PathLike[str] = "default", sample_rate: int | None = None) -> RawAudioVAE:
    """The model called "default" (or "house"), or the one in a file:
    ours or a rawaudiovae checkpoint.

    `sample_rate` (Hz) overrides what the file says. Raises ModelError; no file can run code by
    being loaded.
    """
    from latentcode.models.loading import load as load_by_content

    return load_by_content(name_or_path, sample_rate)
