"""The frames that a spectral model learns from: drawn from sounds at many
pitches, analysed once.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from latentcode.models.dataset import Sounds
from latentcode.models.families.spectral.analysis import Analysis, Features
from latentcode.models.families.spectral.sizes import BANDS

SEMITONES = 2.0  # how far up or down pieces are resampled: what a corpus lacks is mostly other pitches
UNCHANGED = 0.4  # the part of the pieces that is not
PIECE = 16  # frames drawn from one place, a hop apart
MARGIN = 64  # samples at either end of a piece that resampling spoils
LEARNT = 8  # how often a frame is learnt, on average, before another takes its place
FRAMES = 1 << 17  # kept at a time, where there are so many


class Pool:
    """Analysed frames, some of which others replace at every step.

    What it holds at a step is a function of sounds, seed and step alone: a training that is
    resumed sees what it would have seen.
    """

    def __init__(
        self,
        sounds: Sounds,
        analysis: Analysis,
        hop: int,
        batch: int,
        seed: int,
        frames: int = FRAMES,
    ) -> None:
        self.samples = sounds.samples  # with silence between them: a sound begins and ends in some frames
        self.analysis, self.hop, self.batch, self.seed = analysis, hop, batch, seed
        self.sizes = (1, analysis.bins, BANDS, BANDS, BANDS, analysis.peaks)
        self.pieces = max(1, round(batch / LEARNT / PIECE))  # drawn at every step
        self.steps = -(-min(frames, len(self)) // (self.pieces * PIECE))  # until all frames are others
        self.rows = torch.zeros(self.steps, self.pieces * PIECE, sum(self.sizes), dtype=torch.float16)
        self.step: int | None = None

    def __len__(self) -> int:
        """How many frames the sounds have, a hop apart."""
        return max(1, len(self.samples) // self.hop)

    def at(self, step: int) -> Features:
        """The batch of a step, 0 or more; quick where it follows the last one."""
        first = step if self.step == step - 1 else step - self.steps + 1
        for number in range(first, step + 1):
            self.rows[number % self.steps] = self._drawn(number)
        self.step = step
        chance = np.random.default_rng((self.seed % 2**64, 1, step))
        picked = torch.from_numpy(chance.integers(self.steps * self.pieces * PIECE, size=self.batch))
        return self.features(self.rows.flatten(0, 1)[picked])

    def some(self, count: int) -> Features:
        """Frames from all places, as many or fewer."""
        return self.features(self.rows.flatten(0, 1)[:: max(1, self.steps * self.pieces * PIECE // count)])

    def features(self, rows: Tensor) -> Features:
        """Rows as they are kept → features."""
        level, *others = torch.split(rows.float(), list(self.sizes), dim=1)
        return Features(level[:, 0], *others)

    def _drawn(self, number: int) -> Tensor:
        """The frames that come at a step, as they are kept."""
        chance = np.random.default_rng((self.seed % 2**64, 0, number + self.steps))
        frames = torch.cat([self._piece(chance) for _ in range(self.pieces)])
        drawn = self.analysis(frames)
        parts = (
            drawn.level[:, None],
            drawn.shape,
            drawn.tonality,
            drawn.delay,
            drawn.transience,
            drawn.deviation,
        )
        return torch.cat(parts, dim=1).half()

    def _piece(self, chance: np.random.Generator) -> Tensor:
        """(PIECE, window) samples of one place, at its own pitch or another."""
        import soxr

        ratio = 1.0 if chance.random() < UNCHANGED else 2 ** (chance.uniform(-SEMITONES, SEMITONES) / 12)
        wanted = (PIECE - 1) * self.hop + self.analysis.window
        length = min(int((wanted + 2 * MARGIN) * ratio) + 2, len(self.samples))
        start = int(chance.integers(len(self.samples) - length + 1))
        piece = self.samples[start : start + length]
        if ratio != 1:
            piece = torch.from_numpy(soxr.resample(piece.numpy(), ratio, 1.0, quality="MQ"))
        cut = piece[MARGIN : MARGIN + wanted]
        cut = torch.nn.functional.pad(cut, (0, wanted - len(cut)))
        return cut.unfold(0, self.analysis.window, self.hop)
