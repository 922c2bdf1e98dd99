"""How well a model gives back sounds that it was not trained on.

python -m latentcode.models.evaluation MODEL FOLDER
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio import listing
from latentcode.audio import reading as audio
from latentcode.errors import ModelError, SoundError
from latentcode.files.texts import say
from latentcode.models.families.raw.codec import read, save
from latentcode.models.families.raw.network import RawAudioVAE
from latentcode.models.family import card_of


@dataclass(frozen=True)
class Score:
    """Signal-to-noise ratios in dB: of all sounds taken together, and the median over sounds."""

    snr_db: float
    median_db: float
    sounds: int
    seconds: float


def evaluate(network: RawAudioVAE, folder: Path) -> Score:
    """The signal-to-noise ratio of `reconstructed` over every sound below `folder`."""
    files = listing.usable(folder)
    powers = np.array([_powers(network, file) for file in files])  # signal, noise, seconds
    ratios = 10 * np.log10(powers[:, 0] / powers[:, 1])
    signal, noise, seconds = powers.sum(axis=0)
    total = 10 * float(np.log10(signal / noise))
    return Score(total, float(np.median(ratios)), len(files), float(seconds))


def reconstructed(network: RawAudioVAE, samples: Float32) -> Float32:
    """`samples` (n,) encoded to means and decoded,
    windows half overlapping under a periodic Hann window.
    """
    window = network.card.window
    hop = window // 2
    count = -(-len(samples) // hop) + 1
    padded = np.zeros((count + 1) * hop, np.float32)
    padded[hop : hop + len(samples)] = samples
    frames = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop]
    decoded = network.decode(network.encode(frames)[0]) * np.hanning(window + 1)[:window].astype(np.float32)
    out = np.zeros_like(padded)
    for index, frame in enumerate(decoded):
        out[index * hop : index * hop + window] += frame
    return out[hop : hop + len(samples)]


def snr_db(samples: Float32, copy: Float32) -> float:
    """How far the difference between `samples` and their `copy` lies below them, in dB."""
    signal, noise = _power(samples), _power(samples - copy)
    return 10 * float(np.log10(signal / noise))


def annotate(network: RawAudioVAE, score: Score, notes: dict[str, str]) -> None:
    """Write the network's file again with `score` and `notes` on its card."""
    figures = {
        "snr_db": f"{score.snr_db:.1f}",
        "snr_median_db": f"{score.median_db:.1f}",
        "snr_of": f"{score.sounds} sounds not trained on: means decoded, Hann overlap-add, hop = window / 2",
    }
    noted = dict(network.card.notes) | figures | notes
    save(RawAudioVAE(replace(network.card, notes=tuple(noted.items())), network.layers), network.card.file)


def _powers(network: RawAudioVAE, file: Path) -> tuple[float, float, float]:
    samples, rate = audio.read(file, network.card.sample_rate)
    return _power(samples), _power(reconstructed(network, samples) - samples), len(samples) / rate


def _power(samples: Float32) -> float:
    return float(np.sum(np.square(samples, dtype=np.float64))) + 1e-12


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m latentcode.models.evaluation", description=__doc__)
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--write", action="store_true", help="write the figures into the model's card")
    parser.add_argument("--note", action="append", default=[], metavar="KEY=TEXT", help="and this note")
    args = parser.parse_args(arguments)
    try:
        network = read(card_of(args.model))
        score = evaluate(network, args.folder)
        if args.write:
            annotate(network, score, dict(note.split("=", 1) for note in args.note))
    except (ModelError, SoundError) as error:
        say(error, file=sys.stderr)
        return 1
    print(
        f"{args.model}: {score.snr_db:.2f} dB over all, median {score.median_db:.2f} dB, "
        f"{score.sounds} sounds, {score.seconds / 60:.1f} minutes"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
