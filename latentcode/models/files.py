"""Model files of our own: safetensors, weights in float16,
everything else in the header's metadata.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from latentcode.errors import ModelError
from latentcode.files import atomic, texts
from latentcode.models.card import Card, file_digest, one_line
from latentcode.models.family import card_of
from latentcode.models.header import beside, notes_beside, read_header


def write(
    card: Card,
    weights: Mapping[str, Tensor],
    path: str | os.PathLike[str],
    dtype: torch.dtype = torch.float16,
    more: Mapping[str, str] | None = None,
) -> Card:
    """Write a model to `path`, whole or not at all; returns its card with the file's digest.

    float16 halves the file and costs less than 0.1 dB; the weights are widened to float32 when
    loaded. `more`: what else the family has in its metadata.

    Raises ModelError where weights are not finite, and where the file cannot be written.
    """
    from safetensors.torch import save as packed

    path = Path(path)
    narrow = {name: weight.to(dtype).contiguous() for name, weight in weights.items()}
    if not all(bool(torch.isfinite(weight).all()) for weight in narrow.values()):
        raise ModelError(f"{path} was not written: the model's weights are not finite in {dtype}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, packed(narrow, metadata=_metadata(card) | dict(more or {})))
        beside(path).unlink(missing_ok=True)  # which was on another model
    except OSError as error:
        raise ModelError(f"cannot write the model to {path}: {error.strerror or error}") from error
    return dataclasses.replace(card, digest=file_digest(path), file=str(path))


def weights_of(card: Card) -> dict[str, Tensor]:
    """The weights in one of our files, by name, as float32.

    Raises ModelError where it is damaged, or where they are not all finite.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load, load_file

    try:
        text = card.file.isprintable()  # what is no text in a name its reader does not take
        weights = load_file(card.file) if text else load(Path(card.file).read_bytes())
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{card.file} cannot be read: {one_line(error)}") from None
    return widened(weights, card)


def widened(weights: Mapping[str, Tensor], card: Card) -> dict[str, Tensor]:
    """Weights as float32. Raises ModelError where they are not all finite."""
    wide = {name: weight.to(torch.float32).contiguous() for name, weight in weights.items()}
    if not all(bool(torch.isfinite(weight).all()) for weight in wide.values()):
        raise ModelError(f"{card.file or card.name}: its weights are not all finite numbers")
    return wide


def _metadata(card: Card) -> dict[str, str]:
    return {
        "family": card.family,
        "name": texts.shown(card.name),  # a file's name need not be text
        "sample_rate": str(card.sample_rate),
        "hop": str(card.hop),
        "notes": json.dumps(dict(card.notes)),
    }


def annotated(path: Path, notes: Mapping[str, str]) -> Card:
    """Add `notes` to the card of a model, in a file beside it; returns the card.

    Raises ModelError for a file that is none of ours, or where they cannot be written.
    """
    read_header(path)
    try:
        atomic.write(beside(path), json.dumps(notes_beside(path) | dict(notes), indent=1).encode())
    except OSError as error:
        raise ModelError(f"cannot write {beside(path)}: {error.strerror or error}") from error
    return card_of(path)
