"""What a spectral model knows of a frame of samples: its level, the shape of its magnitudes, and
of 48 bands how tonal they are, when their energy comes, and whether it comes all at once.

Times and frequencies by reassignment (Auger and Flandrin 1995): the spectra under the window's
derivative and under the window times time, over the spectrum under the window itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentcode.arrays import Float32
from latentcode.models.families.spectral.sizes import BANDS, bins_of, peaks_of

FLOOR = 1e-5  # of a frame's norm, added to its magnitudes before the logarithm: what lies below is silence
SILENCE = 1e-5  # the norm that a frame without sound has
UNEVEN = 0.1  # bins squared: how far instantaneous frequencies of neighbours may differ in a tone
STEADY = 0.283  # half windows: how far the energy of what lasts is spread under a Hann window
SILENT = 1e-8  # the energy of a band without sound
BALANCED = 200.0  # Hz: from there on bins count less and less
TINY = 1e-12


@dataclass(frozen=True)
class Features:
    """Consecutive or unrelated frames, one a row."""

    level: Tensor  # (n,) ln of the norm of the magnitudes; a sine of amplitude 1 has a magnitude of 1
    shape: Tensor  # (n, bins) ln of the magnitudes over their norm, `FLOOR` added
    tonality: Tensor  # (n, BANDS) 0 noise to 1 partials
    delay: Tensor  # (n, BANDS) where in the window the energy lies: −1 its begin, 0 its middle, 1 its end
    transience: Tensor  # (n, BANDS) 1 where that energy comes at once, 0 where it lasts
    deviation: Tensor  # (n, peaks) bins from low bins at and beside peaks to the frequency there; 0 elsewhere

    def __len__(self) -> int:
        return len(self.level)


class Analysis:
    """The analysis of frames of `window` samples at `sample_rate` (Hz), under a periodic Hann
    window.
    """

    def __init__(self, window: int, sample_rate: int) -> None:
        self.window, self.bins = window, bins_of(window)
        self.peaks = peaks_of(window, sample_rate)
        hann, slope, time = _windows(window)
        self.hann, self.slope, self.time = (torch.from_numpy(part) for part in (hann, slope, time))
        self.band = torch.from_numpy(band_of_bins(window, sample_rate))
        members = torch.nn.functional.one_hot(self.band, BANDS).float()
        self.members = members  # (bins, BANDS)

    def __call__(self, frames: Tensor) -> Features:
        """(n, window) samples → their features."""
        spectrum = torch.fft.rfft(frames * self.hann)
        power = spectrum.abs().square() + TINY
        in_bands = power @ self.members + TINY
        tonality, deviation = self._tones(frames, spectrum, power, in_bands)
        delay, transience = self._times(frames, spectrum, in_bands)
        magnitudes = power.sqrt() / (self.window / 4)
        level, shape = level_and_shape(magnitudes)
        return Features(level, shape, tonality, delay, transience, deviation)

    def _tones(
        self, frames: Tensor, spectrum: Tensor, power: Tensor, in_bands: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Tonality (n, BANDS), and the deviation of the instantaneous frequency (n, peaks) in
        bins.
        """
        slope = torch.fft.rfft(frames * self.slope)
        turned = -(slope * spectrum.conj()).imag / power * (self.window / (2 * math.pi))
        deviation = turned.clamp(-2, 2)
        steps = (1 + deviation.diff(dim=1)).square()  # of the frequency from bin to bin: none in a tone
        uneven = torch.ones_like(power)
        uneven[:, 1:-1] = (steps[:, 1:] + steps[:, :-1]) / 2
        tonality = (power * torch.exp(-uneven / UNEVEN)) @ self.members / in_bands
        low = slice(self.peaks)
        return tonality, deviation[:, low].clamp(-1.5, 1.5) * beside_peaks(power, self.peaks)

    def _times(self, frames: Tensor, spectrum: Tensor, in_bands: Tensor) -> tuple[Tensor, Tensor]:
        """Delay and transience of the bands, (n, BANDS) each: of each the energy's mean in time,
        and how far from it that energy lies, which by Parseval's theorem are exact.
        """
        timed = torch.fft.rfft(frames * self.time)
        mean = ((timed * spectrum.conj()).real @ self.members) / in_bands
        square = (timed.abs().square() @ self.members) / in_bands
        spread = (square - mean.square()).clamp_min(0).sqrt()
        return mean.clamp(-1, 1), (1 - spread / STEADY).clamp(0, 1) * (in_bands > SILENT)


def beside_peaks(power: Tensor, count: int) -> Tensor:
    """(n, bins) → whether each of the first `count` bins is louder than its neighbours, or is one
    of them.
    """
    part = torch.nn.functional.pad(power[:, : count + 2], (2, 2))[:, : count + 4]
    peak = (part[:, 1:-1] > part[:, :-2]) & (part[:, 1:-1] >= part[:, 2:])
    return peak[:, :count] | peak[:, 1 : count + 1] | peak[:, 2 : count + 2]


def level_and_shape(magnitudes: Tensor) -> tuple[Tensor, Tensor]:
    """(n, bins) magnitudes → the ln of their norm (n,), and the ln of them over it (n, bins)."""
    norm = (magnitudes.square().sum(dim=1) + SILENCE**2).sqrt()
    return torch.log(norm), torch.log(magnitudes / norm[:, None] + FLOOR)


def band_of_bins(window: int, sample_rate: int) -> NDArray[np.int64]:
    """Which of the `BANDS`, equally wide in mel from 0 to half the sampling rate, each bin lies
    in.
    """
    mel = 2595 * np.log10(1 + np.arange(bins_of(window)) * sample_rate / window / 700)
    bands: NDArray[np.int64] = np.minimum((mel / mel[-1] * BANDS).astype(np.int64), BANDS - 1)
    return bands


def balance(window: int, sample_rate: int) -> Tensor:
    """(bins,) how much bins count: most are high ones, and an octave of those is heard as one that
    has few. Their mean square is 1.
    """
    counts = (torch.arange(bins_of(window)) * (sample_rate / window) + BALANCED).rsqrt()
    return counts / counts.square().mean().sqrt()


def _windows(size: int) -> tuple[Float32, Float32, Float32]:
    """The periodic Hann window, its derivative by samples, and itself times the time from its
    middle in half windows.
    """
    turn = 2 * np.pi * np.arange(size) / size
    hann = 0.5 - 0.5 * np.cos(turn)
    time = np.arange(size) / size - 0.5
    return tuple(part.astype(np.float32) for part in (hann, np.pi / size * np.sin(turn), 2 * hann * time))  # type: ignore[return-value]
