"""What is wrong with the spectra that a model makes of features."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from latentcode.models.families.spectral.analysis import FLOOR, Analysis, Features
from latentcode.models.families.spectral.network import Heads, unit
from latentcode.models.families.spectral.sizes import BANDS

QUIET, STEEP, LEAST = -8.0, 1.5, 0.02  # ln of the norm: frames below −70 dB count for little
NOISE_QUANTILE = 1 - 1 / math.e  # of an exponential distribution, where its mean lies
BANDS_WEIGHT, LOGITS_WEIGHT, DELAY_WEIGHT, DEVIATION_WEIGHT = 0.6, 0.1, 1.0, 2.0
HEARD_WEIGHT = 0.5
EDGES, EDGES_WEIGHT = (4000.0, 8000.0), 0.15  # Hz: the energy above each is to be right on average
MOST_MISSING = 3.0  # ln of energies
LASTING = 0.1  # how much the delay of what lasts counts beside that of a click
LOW = 8  # bins: above it frequencies count for less and less, as in cents
NEPER_DB = 20 / math.log(10)


class Loss:
    """The loss of a frame, and how it is put together.

    `magnitudes_alone`: the distance of the magnitudes is all that counts of a spectrum, as in
    Colonel et al. 2018.
    """

    def __init__(self, analysis: Analysis, sample_rate: int, magnitudes_alone: bool = False) -> None:
        self.magnitudes_alone = magnitudes_alone
        frequencies = torch.arange(analysis.bins) * sample_rate / analysis.window
        above = torch.stack([(frequencies >= edge).float() for edge in EDGES], dim=1)
        self.band, self.peaks, self.members = analysis.band, analysis.peaks, analysis.members
        self.sets = torch.cat([analysis.members, above], dim=1)  # of bins, (bins, BANDS + edges)
        self.lowness = LOW / (LOW + torch.arange(self.peaks))

    def to(self, device: torch.device) -> None:
        """Move what frames are held against."""
        for name in ("band", "members", "sets", "lowness"):
            setattr(self, name, getattr(self, name).to(device))

    def __call__(self, made: Heads, wanted: Features) -> Tensor:
        """(n,) frames → their mean loss, by how loud they are."""
        magnitudes = (wanted.shape.exp() - FLOOR).clamp_min(0)
        found = unit(made.shape)
        bands = logits(made.tonality, wanted.tonality) + logits(made.transience, wanted.transience)
        parts = (
            (found - magnitudes).square().sum(dim=1).sqrt()
            + LOGITS_WEIGHT * bands
            + DELAY_WEIGHT * self.delays(made, wanted, magnitudes)
        )
        if not self.magnitudes_alone:
            parts = (
                parts
                + self.logarithms(made, wanted)
                + self.energies(found, magnitudes)
                + HEARD_WEIGHT * self.heard(made, wanted, magnitudes)
                + DEVIATION_WEIGHT * self.frequencies(made, wanted, found, magnitudes)
            )
        weights = self.loudness(wanted)
        return (parts * weights).sum() / weights.sum()

    def loudness(self, wanted: Features) -> Tensor:
        """(n,) how much frames count."""
        return torch.sigmoid((wanted.level - QUIET) * STEEP) + LEAST

    def logarithms(self, made: Heads, wanted: Features) -> Tensor:
        """The distance of the logarithms: of their medians in tones, and in noise of the quantile
        that is its mean power, or noise would come out 1.6 dB too soft.
        """
        quantile = 0.5 + (NOISE_QUANTILE - 0.5) * (1 - wanted.tonality[:, self.band])
        missing = wanted.shape - made.shape
        return 2 * torch.maximum(quantile * missing, (quantile - 1) * missing).mean(dim=1)

    def energies(self, found: Tensor, wanted: Tensor) -> Tensor:
        """The distances of the logarithms of the energies in bands, and above the edges Itakura and
        Saito's distance, which is least for the mean energy, not for the median.
        """
        made, meant = (torch.log(part.square() @ self.sets + 1e-7) for part in (found, wanted))
        missing = (meant - made).clamp(-MOST_MISSING, MOST_MISSING)
        bands, edges = missing[:, :BANDS], missing[:, BANDS:]
        return BANDS_WEIGHT * bands.abs().mean(dim=1) + EDGES_WEIGHT * (edges.exp() - edges - 1).sum(dim=1)

    def delays(self, made: Heads, wanted: Features, magnitudes: Tensor) -> Tensor:
        """How far the delays are off, in half windows: of loud bands, and those of attacks above
        all.
        """
        weights = (magnitudes.square() @ self.members).sqrt()
        off = (made.delay - wanted.delay).abs() * (wanted.transience + LASTING)
        return mean_of(off, weights)

    def heard(self, made: Heads, wanted: Features, magnitudes: Tensor) -> Tensor:
        """How far logarithms are off where it is loud."""
        weights = magnitudes.sqrt()
        off = (made.shape - wanted.shape).abs()
        return (off * weights).sum(dim=1) / weights.sum(dim=1)

    def frequencies(self, made: Heads, wanted: Features, found: Tensor, magnitudes: Tensor) -> Tensor:
        """How far the frequencies of peaks are off, in bins: those that are told, and those that
        three magnitudes have; by how loud the peaks are, low ones above all.
        """
        low = magnitudes[:, : self.peaks] * self.lowness
        beside = low * (wanted.deviation != 0)
        told = (made.deviation - wanted.deviation).abs()
        around = neighbours(magnitudes, self.peaks)
        highest = (around[:, 1:-1] > around[:, :-2]) & (around[:, 1:-1] >= around[:, 2:])
        peaks = beside * highest
        shown = (tops(found, self.peaks) - tops(magnitudes, self.peaks)).abs()
        return mean_of(told, beside) + mean_of(shown, peaks)


def tops(magnitudes: Tensor, count: int) -> Tensor:
    """(n, bins) → where around each of the first `count` bins a sine would be whose magnitudes
    under a Hann window these are, in bins.
    """
    around = neighbours(magnitudes, count)
    before, at, after = around[:, :-2], around[:, 1:-1], around[:, 2:]
    return 2 * (after - before) / (before + 2 * at + after + 1e-9)


def neighbours(magnitudes: Tensor, count: int) -> Tensor:
    """(n, bins) → (n, count + 2): the first `count` bins and one beside them on either side."""
    return functional.pad(magnitudes, (1, 1))[:, : count + 2]


def mean_of(values: Tensor, weights: Tensor) -> Tensor:
    """(n, k) → (n,), less where all weights are small."""
    return (values * weights).sum(dim=1) / (weights.sum(dim=1) + 0.01)


def logits(made: Tensor, wanted: Tensor) -> Tensor:
    """The mean cross entropy."""
    return functional.binary_cross_entropy_with_logits(made, wanted, reduction="none").mean(dim=1)


def divergence(mean: Tensor, logvar: Tensor) -> Tensor:
    """The mean divergence of a posterior from the unit normal."""
    return -0.5 * torch.mean(1 + logvar - mean.square() - logvar.exp())
