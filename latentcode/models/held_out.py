"""Sounds that a training does not see, and how a model plays them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio import reading as audio
from latentcode.models import measures
from latentcode.models.family import Codec, Job, card_of, load

BY = "mel, dB"  # what decides which of two models is the better one: less of it
EXAMPLES = 5  # sounds of a trial that are heard and shown


@dataclass(frozen=True)
class HeldOut:
    """Excerpts (name, samples at `sample_rate`); `learnt`: of what is learnt, as there was too
    little to hold some out.
    """

    sounds: tuple[tuple[str, Float32], ...]
    sample_rate: int
    learnt: bool = False

    @property
    def what(self) -> str:
        """What they are, in words."""
        return "sounds that it learns" if self.learnt else "held-out sounds"

    def tried(self, file: Path, tell: Callable[[str], None] = lambda doing: None) -> Trial:
        """A model on all of them, at its own rate; `tell` hears how far it is.

        Raises ModelError where it cannot be loaded.
        """
        codec = load(card_of(file).file)
        rate, rows, heard = codec.card.sample_rate, [], []
        for number, (name, samples) in enumerate(self.sounds, start=1):
            tell(f"tried on {self.what}: {number} of {len(self.sounds)}")
            original = self._at(samples, rate)
            copy = reconstructed(codec, original)
            rows.append(_differences(original, copy, rate))
            heard.append((name, original, copy))
        means = {key: _mean([row[key] for row in rows]) for key in rows[0]} if rows else {}
        return Trial(means, heard, rate)

    def _at(self, samples: Float32, rate: int) -> Float32:
        return samples if rate == self.sample_rate else audio.resampled(samples, self.sample_rate, rate)


@dataclass(frozen=True)
class Trial:
    """How a model plays: `figures` are means over all sounds; each sound beside what came of it."""

    figures: Mapping[str, float]
    sounds: list[tuple[str, Float32, Float32]]  # name, original, copy
    sample_rate: int

    @property
    def score(self) -> float:
        """What decides; NaN where nothing was heard."""
        return self.figures.get(BY, float("nan"))

    def few(self) -> Trial:
        """The same with a few of the sounds, from first to last."""
        places = np.unique(np.linspace(0, len(self.sounds) - 1, min(EXAMPLES, len(self.sounds))).astype(int))
        return replace(self, sounds=[self.sounds[place] for place in places])


def reconstructed(codec: Codec, samples: Float32) -> Float32:
    """What a model makes of a sound: the means of its latents decoded, frames overlapped as they
    are while it plays.
    """
    card = codec.card
    hop, span = card.advance, card.span
    padded = np.pad(samples, span)  # so that every sample has all its frames
    means, _ = codec.encode(padded, hop)
    decoder = codec.decoder("cpu")
    slot = decoder.open(0)
    (frames,) = decoder.step([Job(slot, 0, means)])
    decoder.close(slot)
    before = 0 if card.kind == "window" else span // 2  # of a frame, before its moment
    shape = np.hanning(span + 1)[:-1].astype(np.float32) if card.kind == "window" else np.float32(1)
    laid = np.zeros(before + (len(frames) - 1) * hop + span, np.float32)
    for number, frame in enumerate(frames):
        laid[number * hop : number * hop + span] += frame * shape
    found = laid[before + span : before + span + len(samples)]
    return np.pad(found, (0, len(samples) - len(found)))


def _differences(original: Float32, copy: Float32, rate: int) -> dict[str, float]:
    return {
        BY: measures.mel_db(original, copy, rate),
        "MRSTFT": measures.mrstft(original, copy),
        "above 4 kHz, dB": measures.above_db(original, copy, rate, 4000),
        "above 8 kHz, dB": measures.above_db(original, copy, rate, 8000),
        "SNR, dB": measures.snr_db(original, copy),
    }


def _mean(values: list[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")
