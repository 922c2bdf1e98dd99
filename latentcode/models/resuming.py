"""What a training knows beside its model, so that it can go on where it was: `MODEL.training`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from latentcode.errors import ModelError
from latentcode.files import atomic
from latentcode.models.card import one_line

SUFFIX = ".training"


def state_file(model: Path) -> Path:
    """Where the state of a model's training lies: beside it."""
    return model.with_suffix(SUFFIX)


def write_state(path: Path, tensors: dict[str, Tensor], figures: dict[str, Any]) -> None:
    """Write a state, whole or not at all. Raises OSError."""
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    with atomic.replacing(path) as part:
        try:
            save_file(tensors, part, metadata={"figures": json.dumps(figures)})
        except SafetensorError as error:  # which is what it says of a full disk, too
            raise OSError(f"{path} cannot be written: {one_line(error)}") from None


def read_state(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """What `write_state` wrote. Raises ModelError where there is none, or it is damaged."""
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise ModelError(f"there is no training to resume at {path}; leave out --resume to begin one")
    try:
        with safe_open(path, framework="pt") as file:
            figures = json.loads(file.metadata()["figures"])
            return {name: file.get_tensor(name) for name in file.keys()}, dict(figures)  # noqa: SIM118
    except (SafetensorError, OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(
            f"{path} cannot be read: {one_line(error)}; without it the training has to begin anew"
        ) from None


def adam_state(optimizer: torch.optim.Adam, names: list[str]) -> dict[str, Tensor]:
    """The means that Adam keeps, by weight."""
    return {
        f"{kind}/{name}": value
        for name, weight in zip(names, optimizer.param_groups[0]["params"], strict=True)
        for kind, value in optimizer.state[weight].items()
    }


def restore_adam(optimizer: torch.optim.Adam, names: list[str], tensors: dict[str, Tensor]) -> None:
    """Give Adam the means that it had; none where it had taken no step."""
    for name, weight in zip(names, optimizer.param_groups[0]["params"], strict=True):
        kinds = ("step", "exp_avg", "exp_avg_sq")
        if all(f"{kind}/{name}" in tensors for kind in kinds):
            optimizer.state[weight] = {kind: tensors[f"{kind}/{name}"] for kind in kinds}
