"""The sizes of a raw-audio VAE, by the shapes of its five layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from latentcode.errors import ModelError

FAMILY = "rawaudiovae"


def layer_sizes(shapes: Mapping[str, tuple[int, ...]], path: Path) -> tuple[int, int, int]:
    """(window, units, latent_dim) from the shapes of the five layers;
    ModelError when they do not agree.
    """
    first, mean = shapes.get("fc1.weight", ()), shapes.get("fc21.weight", ())
    if len(first) != 2 or len(mean) != 2:
        raise ModelError(
            f"{path} is no raw-audio VAE: it has no layers fc1 and fc21 with two-dimensional weights"
        )
    (units, window), latent = first, mean[0]
    wanted = layer_shapes(window, units, latent)
    for name, shape in wanted.items():
        if shapes.get(name) != shape:
            found = shapes.get(name, "missing")
            raise ModelError(
                f"{path}: its layers do not fit together: {name} is {found}, {shape} was expected"
            )
    if min(window, units, latent) < 1:
        raise ModelError(f"{path}: its layers are empty ({window}, {units}, {latent})")
    return window, units, latent


def check_extra(names: Sequence[str], path: Path) -> None:
    """Refuse a model with layers that a raw-audio VAE has not: without them it would sound wrong.

    Raises ModelError with the names of its layers.
    """
    if names:
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        raise ModelError(
            f"{path} has layers that a raw-audio VAE does not have: {', '.join(names[:3])}{more}; "
            "without them it would sound wrong, so it is not loaded"
        )


def layer_shapes(window: int, units: int, latent: int) -> dict[str, tuple[int, ...]]:
    """The shape of every weight of a raw-audio VAE."""
    layers = {
        "fc1": (units, window),
        "fc21": (latent, units),
        "fc22": (latent, units),
        "fc3": (units, latent),
        "fc4": (window, units),
    }
    weights: dict[str, tuple[int, ...]] = {f"{name}.weight": shape for name, shape in layers.items()}
    return weights | {f"{name}.bias": shape[:1] for name, shape in layers.items()}
