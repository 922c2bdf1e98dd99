"""The sizes of a baseline autoencoder, by what is asked for."""

from __future__ import annotations

from typing import Protocol

from latentcode.errors import ModelError

FAMILY = "baseline"
FFT, HOP = 1024, 256  # samples: of a spectrum, and from one to the next
BINS = FFT // 2  # as published the highest is left out, so that they can be halved
HALVINGS = 9  # of the bins, by as many convolutions; a tenth follows
WIDTHS = (1, 1, 1, 2, 2, 2, 4, 4, 4, 8)  # channels after each convolution, in eighths of the units


class Asked(Protocol):
    """What a plan or a card says."""

    @property
    def window(self) -> int: ...
    @property
    def latent_dim(self) -> int: ...
    @property
    def units(self) -> int: ...


def channels(units: int) -> tuple[int, ...]:
    """How many channels each of the ten convolutions of the encoder gives."""
    return tuple(units // 8 * width for width in WIDTHS)


def kernels(frames: int) -> tuple[tuple[int, int], ...]:
    """How high and long the kernel of each of the nine halvings is: of 4 bins and 4 frames, of one
    frame where there is only one left.
    """
    lengths = [frames >> step for step in range(HALVINGS)]
    return tuple((4, 4 if length > 1 else 1) for length in lengths)


def shapes_of(asked: Asked) -> dict[str, tuple[int, ...]]:
    """The shape of every weight. Raises ModelError for sizes that cannot be."""
    frames = asked.window // HOP
    if asked.window % HOP or frames & (frames - 1) or not 1 <= frames <= 1 << HALVINGS:
        raise ModelError(
            f"windows of {asked.window} samples; those of a baseline autoencoder are {HOP} times a power of 2 "
            f"up to {1 << HALVINGS}, as 65536 or 8192"
        )
    if asked.units % 8:
        raise ModelError(f"{asked.units} units; a baseline autoencoder has a multiple of 8, as 1024")
    wide = channels(asked.units)
    layers: dict[str, tuple[int, ...]] = {
        "encoder.last": (wide[-1], wide[-2], 1, 1),
        "encoder.latents": (asked.latent_dim, wide[-1], 1, 1),
        "decoder.latents": (wide[-1], asked.latent_dim, 1, 1),
        "decoder.last": (1, wide[0], 1, 1),
    }
    for step, kernel in enumerate(kernels(frames)):
        layers[f"encoder.halvings.{step}"] = (wide[step], wide[step - 1] if step else 1, *kernel)
        layers[f"decoder.doublings.{step}"] = (wide[step + 1], wide[step], *kernel)
    shapes = {f"{name}.weight": shape for name, shape in layers.items()}
    return shapes | {f"{name}.bias": (given(name, shape),) for name, shape in layers.items()}


def given(name: str, shape: tuple[int, ...]) -> int:
    """How many channels a layer gives: a transposed convolution names them second."""
    return shape[1 if "doublings" in name else 0]
