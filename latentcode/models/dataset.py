"""Sounds to train on, as one tensor from which batches of windows are gathered."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
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
    _orders: dict[tuple[int, int], Tensor] = field(default_factory=dict, repr=False)  # the epoch's

    @classmethod
    def of(cls, sounds: Sequence[Tensor], window: int, hop: int) -> Windows:
        """Every window of every sound, `hop` apart; zeros around each sound let it begin and end
        in one.
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

    def batch(self, step: int, size: int, seed: int, varied: bool = True) -> Tensor:
        """The (size, window) samples of a step, of shuffled epochs; offset in the hop, gain and
        polarity random where they are to be `varied`. The last of an epoch may be smaller.

        The same ones for the same step, size and seed.
        """
        rows = self.samples.unfold(0, self.window, 1)  # a view: (total − window + 1, window)
        epoch, first = divmod(step * size, -(-len(self.starts) // size) * size)
        picked = self._order(epoch, seed)[first : first + size]
        if not varied:
            return rows[self.starts[picked]]
        chance = torch.Generator().manual_seed(mixed(seed, 2 * step + 1))
        low, high = (10 ** (gain / 20) for gain in GAIN_DB)
        starts = self.starts[picked] + torch.randint(self.hop, (len(picked),), generator=chance)
        gain = torch.empty(len(picked), 1).uniform_(math.log(low), math.log(high), generator=chance).exp()
        polarity = torch.randint(2, (len(picked), 1), generator=chance) * 2 - 1
        return rows[starts] * (gain * polarity)

    def _order(self, epoch: int, seed: int) -> Tensor:
        """The windows of an epoch as they follow each other; kept until another is asked for."""
        if (epoch, seed) not in self._orders:
            chance = torch.Generator().manual_seed(mixed(seed, 2 * epoch))
            self._orders.clear()
            self._orders[epoch, seed] = torch.randperm(len(self.starts), generator=chance)
        return self._orders[epoch, seed]


def mixed(seed: int, number: int) -> int:
    """A seed for one of many things that are drawn."""
    return (seed * 1_000_003 + number) % 2**63


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
