"""What every model family offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from latentcode.arrays import Float32
from latentcode.models.card import Card

if TYPE_CHECKING:
    from torch import Tensor


class Network(Protocol):
    """An encoder and decoder of windows: numpy in and out,
    rows bit-identical whatever comes with them.
    """

    card: Card

    def encode(self, windows: Float32) -> tuple[Float32, Float32 | None]:
        """(N, window) → mean (N, D), log-variance (N, D) or None."""
        ...

    def decode(self, latents: Float32) -> Float32:
        """(N, D) → (N, window)."""
        ...

    def decode_rows(self, latents: Tensor) -> Tensor:
        """The bare decoder, (rows, D) → (rows, window), in whatever mode and threads torch is."""
        ...

    def on(self, device: str) -> Network:
        """This network on a torch device, "cpu" or "cuda"."""
        ...
