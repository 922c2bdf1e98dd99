"""Sounds to train on, as one tensor from which batches of windows are gathered."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from latentcode.arrays import Float32
from latentcode.audio import listing
from latentcode.audio import reading as audio
from latentcode.errors import SoundError
from latentcode.files.texts import say

GAIN_DB = (-15.0, 0.0)  # each window is scaled by a random gain within this range


@dataclass(frozen=True)
class Windows:
    """All sounds as one tensor, and where in it a window may begin."""

    samples: Tensor  # (total,)
    starts: Tensor  # (count,) int64
    window: int
    hop: int

    @classmethod
    def of(cls, sounds: list[Tensor], window: int, hop: int) -> Windows:
        """Every window of every sound, `hop` apart; zeros around each sound let it begin and end in
        one.
        """
        pieces, starts, offset = [], [], 0
        for sound in sounds:
            padded = functional.pad(sound, (hop, window + hop))
            starts.append(torch.arange(offset, offset + len(padded) - window - hop, hop))
            pieces.append(padded)
            offset += len(padded)
        return cls(torch.cat(pieces), torch.cat(starts), window, hop)

    def __len__(self) -> int:
        return len(self.starts)

    def batches(self, size: int) -> Iterator[Tensor]:
        """Endless batches (size, window) in shuffled epochs; offset in the hop,
        gain and polarity random.
        """
        rows = self.samples.unfold(0, self.window, 1)  # a view: (total − window + 1, window)
        low, high = (10 ** (gain / 20) for gain in GAIN_DB)
        while True:
            for picked in torch.randperm(len(self.starts)).split(size):  # type: ignore[no-untyped-call]
                starts = self.starts[picked] + torch.randint(self.hop, (len(picked),))
                gain = torch.empty(len(picked), 1).uniform_(math.log(low), math.log(high)).exp()
                polarity = torch.randint(2, (len(picked), 1)) * 2 - 1
                yield rows[starts] * (gain * polarity)


def read_folder(folder: Path, sample_rate: int) -> list[Tensor]:
    """Every sound below `folder`, mono at `sample_rate` (Hz);
    what cannot be read is named and left out.

    Raises SoundError for no folder.
    """
    if not os.path.isdir(folder):
        raise SoundError(f"no folder at {folder}; give a folder of sounds to train on")
    sounds = []
    for file in listing.listed(folder):
        try:
            sounds.append(torch.from_numpy(_within(audio.read(file, sample_rate)[0])))
        except SoundError as error:
            say(f"left out: {error}", file=sys.stderr)
    if not sounds:
        raise SoundError(f"no sound in {folder} can be read")
    return sounds


def _within(samples: Float32) -> Float32:
    """A sound brought down to full scale, beyond which no model of ours decodes."""
    peak = float(np.abs(samples).max())
    return samples / np.float32(peak) if peak > 1 else samples
