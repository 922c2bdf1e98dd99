"""The spectral network: an MLP beside a linear path on both sides, the level past both of them.

A VAE of log magnitudes that begins as their principal components (Colonel et al. 2018 and the
baseline of Engel et al. 2017 encode magnitudes, too, by layers alone).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from latentcode.models.families.spectral.analysis import FLOOR, SILENCE, Features
from latentcode.models.families.spectral.sizes import Sizes

LOUDEST = 400.0  # of a norm: 52 dB above a sine of full scale; beyond it no scale or bias goes
GAIN = 4.0  # of the norm in the first latent, which is then about 1 in music, as the others are
FULLEST = 0.3  # ln of a magnitude over its frame's norm, which is 0 at most where nothing is made up
CERTAIN = -12.0  # ln of the variance of the norm, over its square: it is measured, not guessed
SPREAD = 0.5  # of the first posterior, in units of the shape's logarithm
DEVIATION = 1.5  # bins
LEAST = 0.02  # ln: deviations below it are those of noise, and are not blown up


@dataclass(frozen=True)
class Heads:
    """What the decoder makes of latents, before it is made into spectra: one frame a row."""

    shape: Tensor  # (n, bins) as in `Features`
    tonality: Tensor  # (n, BANDS) logits
    delay: Tensor  # (n, BANDS)
    transience: Tensor  # (n, BANDS) logits
    deviation: Tensor  # (n, peaks) bins


@dataclass(frozen=True)
class Spectra:
    """Frames to be given phases, one a row: bounded whatever the latents are."""

    magnitudes: Tensor  # (n, bins) ≥ 0
    tonality: Tensor  # (n, BANDS) 0 to 1
    delay: Tensor  # (n, BANDS) −1 to 1, half windows from the middle
    transience: Tensor  # (n, BANDS) 0 to 1
    deviation: Tensor  # (n, peaks) −1.5 to 1.5 bins


class Residual(nn.Module):
    """A layer beside which its input goes on."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.layer = nn.Linear(units, units)

    def forward(self, rows: Tensor) -> Tensor:
        return rows + gelu(self.layer(rows))


class Encoder(nn.Module):
    """Shape and bands → mean and log-variance of the latents but the level."""

    centre: Tensor  # (bins,) the mean shape
    basis: Tensor  # (latents, bins) principal components over their deviations: fixed

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        latents, units = sizes.latent_dim - 1, sizes.units
        self.register_buffer("centre", torch.zeros(sizes.bins))
        self.register_buffer("basis", torch.zeros(latents, sizes.bins))
        self.first = nn.Linear(sum(sizes.heads), units)
        self.further = nn.Sequential(Residual(units))
        self.mean = nn.Linear(units, latents)
        self.logvar = nn.Linear(units, latents)

    def forward(self, features: Features) -> tuple[Tensor, Tensor]:
        shape = features.shape
        bands = (features.tonality, features.delay, features.transience)
        known = (0.3 * shape + 1.5, *bands, features.deviation)
        hidden = self.further(gelu(self.first(torch.cat(known, dim=1))))
        with torch.autocast(shape.device.type, enabled=False):  # the linear path in float32: its parts cancel
            linear = functional.linear(shape - self.centre, self.basis)
        return linear + self.mean(hidden).float(), self.logvar(hidden).float().clamp(-12, 2)


class Decoder(nn.Module):
    """Latents but the level → `Heads`."""

    centre: Tensor  # (bins,)

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        latents, units = sizes.latent_dim - 1, sizes.units
        self.sizes = sizes
        self.register_buffer("centre", torch.zeros(sizes.bins))
        self.linear = nn.Parameter(torch.zeros(sizes.bins, latents))
        self.first = nn.Linear(latents, units)
        self.further = nn.Sequential(Residual(units))
        self.heads = nn.Linear(units, sum(sizes.heads))

    def forward(self, latents: Tensor) -> Heads:
        heads = self.heads(self.further(gelu(self.first(latents)))).float()
        bent, *bands = heads.split(self.sizes.heads, dim=1)
        with torch.autocast(latents.device.type, enabled=False):
            linear = functional.linear(latents, self.linear, self.centre)
        return Heads(linear + bent, *bands)


class Layers(nn.Module):
    """The whole network, in tensors."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.encoder = Encoder(sizes)
        self.decoder = Decoder(sizes)
        for layer in (self.encoder.mean, self.encoder.logvar, self.decoder.heads):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    @torch.no_grad()
    def begin(self, shapes: Tensor, weights: Tensor, balance: Tensor) -> None:
        """Become the principal components of (n, bins) shapes, weighted (n,), in which bins count
        as `balance` (bins,) says: the MLPs give nothing yet.
        """
        centre, basis, deviations = components(shapes * balance, weights, self.sizes.latent_dim - 1)
        for part in (self.encoder, self.decoder):
            part.centre.copy_(centre / balance)
        self.encoder.basis.copy_(basis * balance / deviations[:, None])
        self.decoder.linear.copy_((basis / balance * deviations[:, None]).T)
        self.encoder.logvar.bias.copy_((2 * torch.log(SPREAD / deviations)).clamp(-10, 0))

    def components_alone(self) -> None:
        """Let shapes stay what the principal components make of them: what learns is how tonal
        bands are and when their energy comes.
        """
        self.encoder.requires_grad_(False)
        self.decoder.linear.requires_grad_(False)
        for weight in self.decoder.heads.parameters():
            weight.register_hook(self._bands_alone)  # type: ignore[no-untyped-call]

    def _bands_alone(self, gradient: Tensor) -> Tensor:
        shapes = torch.arange(len(gradient)) < self.sizes.bins
        return gradient.masked_fill(shapes.view(-1, *[1] * (gradient.ndim - 1)), 0)

    @torch.no_grad()
    def network_alone(self) -> None:
        """Have no linear path; the MLPs begin at random."""
        self.decoder.linear.requires_grad_(False)
        for layer in (self.encoder.mean, self.decoder.heads):
            nn.init.normal_(layer.weight, std=layer.in_features**-0.5)

    def encode(self, features: Features) -> tuple[Tensor, Tensor]:
        """Features → mean and log-variance, (n, latent_dim) each: `GAIN` times the norm, then the
        shape.

        The norm itself, not its logarithm: a scale makes it louder, a sum is as loud as both, and
        halfway to silence is half of it.
        """
        mean, logvar = self.encoder(features)
        norm = GAIN * features.level.exp()[:, None]
        sure = 2 * norm.log() + CERTAIN
        return torch.cat([norm, mean], dim=1), torch.cat([sure, logvar], dim=1)

    def decode(self, latents: Tensor) -> Spectra:
        """(n, latent_dim) → their spectra."""
        return spectra(latents[:, 0], self.decoder(latents[:, 1:]))


def spectra(first: Tensor, heads: Heads, loudest: float = LOUDEST) -> Spectra:
    """The first latent (n,) and what the decoder says of the others → spectra within bounds."""
    norm = (first.abs() / GAIN - SILENCE).clamp(0, loudest)
    magnitudes = unit(heads.shape)
    return Spectra(
        magnitudes * norm[:, None],
        heads.tonality.sigmoid(),
        heads.delay.clamp(-1, 1),
        heads.transience.sigmoid(),
        heads.deviation.clamp(-DEVIATION, DEVIATION),
    )


def unit(shape: Tensor) -> Tensor:
    """(n, bins) shapes → magnitudes of norm 1."""
    magnitudes = (shape.clamp(max=FULLEST).exp() - FLOOR).clamp_min(0)
    return magnitudes / (magnitudes.square().sum(dim=1, keepdim=True).sqrt() + 1e-9)


def components(shapes: Tensor, weights: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """The weighted mean (bins,) of shapes, its first `count` principal components (count, bins)
    and the deviations along them (count,), largest first.
    """
    parts = (weights / weights.sum())[:, None]
    centre = (shapes * parts).sum(dim=0)
    apart = shapes - centre
    values, vectors = torch.linalg.eigh((apart * parts).T @ apart)
    chosen = torch.arange(len(values) - 1, len(values) - 1 - count, -1)
    return centre, vectors.T[chosen], values[chosen].clamp_min(LEAST**2).sqrt()


def gelu(rows: Tensor) -> Tensor:
    """As oneDNN has it in one product."""
    return functional.gelu(rows, approximate="tanh")
