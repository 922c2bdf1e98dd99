"""The sizes of a spectral network, by what is asked for and by the shapes of its weights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from latentcode.errors import ModelError

FAMILY = "spectral"
BANDS = 48
PEAKS_BELOW = 700.0  # Hz: where partials lie so close that magnitudes do not tell their frequencies
OVERLAP = 4  # frames that lie over one another


class Asked(Protocol):
    """What a plan or a card says."""

    @property
    def window(self) -> int: ...
    @property
    def hop(self) -> int: ...
    @property
    def latent_dim(self) -> int: ...
    @property
    def units(self) -> int: ...
    @property
    def sample_rate(self) -> int: ...


@dataclass(frozen=True)
class Sizes:
    """What the shapes of a network follow from."""

    window: int  # samples
    peaks: int  # bins whose frequencies are told
    latent_dim: int  # the level among them
    units: int  # of each hidden layer

    @property
    def bins(self) -> int:
        return bins_of(self.window)

    @property
    def heads(self) -> tuple[int, ...]:
        """What the MLPs take and give: shape, tonality, delay, transience, deviation."""
        return (self.bins, BANDS, BANDS, BANDS, self.peaks)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every weight."""
        latents, units = self.latent_dim - 1, self.units
        layers = {
            "encoder.first": (units, sum(self.heads)),
            "encoder.further.0.layer": (units, units),
            "encoder.mean": (latents, units),
            "encoder.logvar": (latents, units),
            "decoder.first": (units, latents),
            "decoder.further.0.layer": (units, units),
            "decoder.heads": (sum(self.heads), units),
        }
        shapes: dict[str, tuple[int, ...]] = {f"{name}.weight": shape for name, shape in layers.items()}
        shapes |= {f"{name}.bias": shape[:1] for name, shape in layers.items()}
        return shapes | {
            "encoder.centre": (self.bins,),
            "encoder.basis": (latents, self.bins),
            "decoder.centre": (self.bins,),
            "decoder.linear": (self.bins, latents),
        }


def sizes_of(asked: Asked) -> Sizes:
    """The sizes that a plan or a card asks for. Raises ModelError for those that cannot be."""
    if asked.window % OVERLAP or asked.window < 2 * OVERLAP or asked.hop * OVERLAP != asked.window:
        raise ModelError(
            f"frames of {asked.window} samples, {asked.hop} apart; those of a spectral model are a quarter of "
            "their length apart, as 2048 and 512"
        )
    sizes = Sizes(asked.window, peaks_of(asked.window, asked.sample_rate), asked.latent_dim, asked.units)
    if not 2 <= sizes.latent_dim <= sizes.bins:
        raise ModelError(
            f"{sizes.latent_dim} latents of {sizes.bins} bins; from 2 to {sizes.bins} are allowed"
        )
    return sizes


def bins_of(window: int) -> int:
    """How many bins a spectrum has."""
    return window // 2 + 1


def peaks_of(window: int, sample_rate: int) -> int:
    """How many bins lie below `PEAKS_BELOW`."""
    return min(bins_of(window), math.ceil(PEAKS_BELOW * window / sample_rate))


def hops_of(window: int) -> tuple[int, int]:
    """Samples between two frames that can be decoded, that of the analysis first."""
    return window // OVERLAP, window // OVERLAP // 2
