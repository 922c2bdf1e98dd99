"""Rainbowgrams: constant-Q magnitude as brightness, instantaneous frequency as hue.

Source: Engel et al. 2017, figure 3.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import librosa
import numpy as np
from matplotlib.colors import hsv_to_rgb
from matplotlib.image import imsave

from latentcode.arrays import Float32, Float64

LOWEST = 32.7  # Hz, a low C
PER_OCTAVE, MOST_OCTAVES = 40, 9
DEPTH = 80.0  # dB from the brightest to black
HOP = 256
SPREAD = 8.0  # how much of the colours a deviation takes: half a bin is a step from blue to green
SHORTEST = 0.5  # seconds; a shorter sound is drawn with silence after it


def draw(samples: Float32, sample_rate: int, file: Path) -> None:
    """Draw the rainbowgram of a sound (n,) into a .png file."""
    imsave(file, rainbowgram(samples, sample_rate)[::-1], format="png")


def rainbowgram(samples: Float32, sample_rate: int) -> Float64:
    """(bins, frames, 3) colours from 0 to 1 of a sound (n,), the lowest bin first."""
    octaves = min(MOST_OCTAVES, int(np.log2(0.49 * sample_rate / LOWEST)))
    missing = max(0, round(SHORTEST * sample_rate) - len(samples))
    padded = np.pad(np.asarray(samples, np.float32), (0, missing))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # the lowest octaves see few samples of a short sound
        transform = librosa.cqt(
            padded,
            sr=sample_rate,
            hop_length=HOP,
            fmin=LOWEST,
            n_bins=octaves * PER_OCTAVE,
            bins_per_octave=PER_OCTAVE,
        )
    level = librosa.amplitude_to_db(np.abs(transform), ref=np.max, top_db=DEPTH) / DEPTH + 1
    turns = np.diff(np.unwrap(np.angle(transform), axis=1), axis=1, prepend=0) / (2 * np.pi)
    own = librosa.cqt_frequencies(len(transform), fmin=LOWEST, bins_per_octave=PER_OCTAVE)
    off = np.mod(turns - (own * HOP / sample_rate)[:, None] + 0.5, 1.0) - 0.5
    hue = np.mod(SPREAD * off + 0.5, 1.0)
    colours: Float64 = hsv_to_rgb(
        np.stack([hue, np.full_like(hue, 0.8), np.clip(level, 0, 1) ** 1.5], axis=2)
    )
    return colours
