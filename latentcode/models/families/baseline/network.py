"""The ten convolutions of a baseline autoencoder each way, in tensors."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from latentcode.models.families.baseline.sizes import channels, kernels

LEAK = 0.1  # of the rectifiers

Size = tuple[int, int]


class Encoder(nn.Module):
    """Log magnitudes (n, 1, bins, frames) → (n, latents)."""

    def __init__(self, wide: Sequence[int], sizes: Sequence[Size], latent_dim: int, norms: bool) -> None:
        super().__init__()
        self.halvings = nn.ModuleList(
            nn.Conv2d(before, after, size, *moved(size))
            for before, after, size in zip((1, *wide), wide, sizes, strict=False)
        )
        self.last = nn.Conv2d(wide[-2], wide[-1], 1)
        self.latents = nn.Conv2d(wide[-1], latent_dim, 1)
        self.norms = normalised((*wide, latent_dim), norms)

    def forward(self, spectra: Tensor) -> Tensor:
        hidden, *norms = spectra, *self.norms
        for layer, norm in zip((*self.halvings, self.last), norms, strict=False):
            hidden = functional.leaky_relu(norm(layer(hidden)), LEAK)
        latents: Tensor = norms[-1](self.latents(hidden))
        return latents.flatten(1)

    def named_layers(self) -> list[str]:
        """The names of the layers that are followed by a norm, in the order of these."""
        return [*(f"halvings.{step}" for step in range(len(self.halvings))), "last", "latents"]


class Decoder(nn.Module):
    """(n, latents) → log magnitudes (n, 1, bins, frames), within 0 and 1."""

    def __init__(self, wide: Sequence[int], sizes: Sequence[Size], latent_dim: int, norms: bool) -> None:
        super().__init__()
        self.latents = nn.Conv2d(latent_dim, wide[-1], 1)
        self.doublings = nn.ModuleList(
            nn.ConvTranspose2d(before, after, size, *moved(size))
            for before, after, size in zip(wide[1:], wide, sizes, strict=False)
        )
        self.last = nn.Conv2d(wide[0], 1, 1)
        self.norms = normalised(wide, norms)

    def forward(self, latents: Tensor) -> Tensor:
        hidden = latents[:, :, None, None]
        for layer, norm in zip((self.latents, *reversed(self.doublings)), reversed(self.norms), strict=True):
            hidden = functional.leaky_relu(norm(layer(hidden)), LEAK)
        return torch.sigmoid(self.last(hidden))

    def named_layers(self) -> list[str]:
        """The names of the layers that are followed by a norm, in the order of these."""
        return [*(f"doublings.{step}" for step in range(len(self.doublings))), "latents"]


class Layers(nn.Module):
    """The whole network, for windows of so many frames.

    While it learns, `norms` normalise what each convolution gives by its batch; in a file they are
    a part of the weights.
    """

    def __init__(self, frames: int, units: int, latent_dim: int, norms: bool = False) -> None:
        super().__init__()
        wide, sizes = channels(units), kernels(frames)
        self.encoder = Encoder(wide, sizes, latent_dim, norms)
        self.decoder = Decoder(wide, sizes, latent_dim, norms)

    def forward(self, spectra: Tensor) -> Tensor:
        made: Tensor = self.decoder(self.encoder(spectra))
        return made

    def folded(self) -> dict[str, Tensor]:
        """The weights of the same network without norms: what these do to each channel is done by
        its convolution.
        """
        weights = {name: value for name, value in self.state_dict().items() if ".norms." not in name}
        for side, part in (("encoder", self.encoder), ("decoder", self.decoder)):
            for layer, norm in zip(part.named_layers(), part.norms, strict=True):
                assert isinstance(norm, nn.BatchNorm2d)
                mean, variance = norm.running_mean, norm.running_var
                assert mean is not None
                assert variance is not None
                scale, name = norm.weight / torch.sqrt(variance + norm.eps), f"{side}.{layer}"
                at = (1, -1, 1, 1) if "doublings" in layer else (-1, 1, 1, 1)
                weights[f"{name}.weight"] = weights[f"{name}.weight"] * scale.view(at)
                weights[f"{name}.bias"] = (weights[f"{name}.bias"] - mean) * scale + norm.bias
        return weights


def moved(size: Size) -> tuple[Size, Size]:
    """By how much a kernel of this size moves on, and what is added around: so that halves come
    out, or as many frames where there is only one.
    """
    return ((2, 2), (1, 1)) if size[1] > 1 else ((2, 1), (1, 0))


def normalised(wide: Sequence[int], norms: bool) -> nn.ModuleList:
    """One for each convolution, which does nothing in a model that is played."""
    return nn.ModuleList(nn.BatchNorm2d(count) if norms else nn.Identity() for count in wide)
