"""Draws families.png: the same sounds as they were recorded and as models play them.

python docs/images/families.py [MODEL …] [-o FILE] [--sounds NAME …]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib
import numpy as np
import soxr
from PIL import Image

from latentcode.arrays import Float32
from latentcode.audio import reading
from latentcode.evaluation.tasks import played
from latentcode.sounds import find
from latentcode.sounds.model import Model, find_path, load_model

matplotlib.use("Agg")
from matplotlib import pyplot

RATE, SECONDS = 44100, 1.4
FFT, HOP, RANGE_DB = 1024, 256, 90.0
COLOURS = 96  # of the picture, which keeps it small


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", default=["raw", "spectral"], metavar="MODEL")
    parser.add_argument(
        "--sounds", nargs="+", default=["cello", "piano", "snare", "hat", "rain"], metavar="NAME"
    )
    parser.add_argument("-o", "--output", type=Path, default=Path(__file__).with_name("families.png"))
    asked = parser.parse_args()
    rows = {"recorded": [recorded(name) for name in asked.sounds]}
    for model in map(load_model, asked.models):
        sounds = [recorded(name, model.sample_rate) for name in asked.sounds]
        rows[Path(model.name).stem] = [through(model, samples) for samples in sounds]
    draw(rows, asked.sounds, asked.output)


def recorded(name: str, rate: int = RATE) -> Float32:
    samples: Float32 = reading.read(find(name).file, rate)[0]
    return samples[: round(SECONDS * rate)]


def through(model: Model, samples: Float32) -> Float32:
    """A sound (n,) at the model's rate as a path, once through."""
    whole = np.pad(samples, (0, model.card.span))
    return resampled(played(model, find_path(whole), len(samples)), model.sample_rate)


def resampled(samples: Float32, rate: int) -> Float32:
    return samples if rate == RATE else soxr.resample(samples, rate, RATE)


def spectrogram(samples: Float32) -> Float32:
    """(n,) → levels in dB (bins, frames) of the first seconds, the highest of which is 0."""
    length = round(SECONDS * RATE)
    kept = np.zeros(length, np.float32)
    kept[: min(length, len(samples))] = samples[:length]
    frames = np.lib.stride_tricks.sliding_window_view(kept, FFT)[::HOP]
    levels = 20 * np.log10(np.abs(np.fft.rfft(frames * np.hanning(FFT), axis=1)) + 1e-9).T
    return np.clip(levels - levels.max(), -RANGE_DB, 0)


def draw(rows: dict[str, list[Float32]], names: list[str], file: Path) -> None:
    shape = (len(rows), len(names))
    size = (1.8 * shape[1], 1.3 * shape[0] + 0.3)
    figure, axes = pyplot.subplots(
        *shape, figsize=size, sharex=True, sharey=True, squeeze=False, layout="constrained"
    )
    for (title, sounds), row in zip(rows.items(), axes, strict=True):
        row[0].set_ylabel(f"{title} (kHz)", fontsize=7)
        for samples, plot in zip(sounds, row, strict=True):
            extent = (0, SECONDS, 0, RATE / 2000)
            plot.imshow(spectrogram(samples), origin="lower", aspect="auto", extent=extent, cmap="magma")
            plot.tick_params(labelsize=6, length=2)
    for name, plot in zip(names, axes[0], strict=True):
        plot.set_title(name, fontsize=8)
    for plot in axes[-1]:
        plot.set_xlabel("seconds", fontsize=7)
    figure.savefig(file, dpi=100)
    Image.open(file).convert("RGB").quantize(COLOURS).save(file, optimize=True)


if __name__ == "__main__":
    main()
