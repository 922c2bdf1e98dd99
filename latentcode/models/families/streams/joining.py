"""Blocks of an export that remembers nothing, joined: it is given some frames again around those
that
are new, and blocks fade into one another.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

AROUND = 2048  # samples of sound before a block, and after it, that are decoded with it
FADE = 0.25  # of that


class Joined(nn.Module):
    """`decode` with a past in buffers, as exports have it that stream: a row for each voice.

    `rows` and `channels` of what goes in; `out`: channels of the sound; `ratio`: its samples to a
    frame. What comes out is late by the frames that have to come after it.
    """

    def __init__(
        self, decode: Callable[[Tensor], Tensor], rows: int, channels: int, out: int, ratio: int
    ) -> None:
        super().__init__()
        self._decode, self._ratio = decode, ratio
        self._around = -(-AROUND // ratio)
        fade = round(FADE * self._around * ratio)
        self.pad = nn.Buffer(torch.zeros(rows, channels, 2 * self._around))
        self.tail = nn.Buffer(torch.zeros(rows, out, fade))
        self._rise = torch.linspace(0, 1, fade + 2)[1:-1]

    def decode(self, latents: Tensor) -> Tensor:
        """Latents (rows, channels, n) → (rows, channels of the sound, n · ratio)."""
        rows, count = len(latents), latents.shape[-1] * self._ratio
        around = torch.cat([self.pad[:rows], latents], -1)
        before, fade = self._around * self._ratio, len(self._rise)
        made = self._decode(around)[..., before : before + count + fade].clone()
        made[..., :fade] = made[..., :fade] * self._rise + self.tail[:rows] * (1 - self._rise)
        self.pad[:rows] = around[..., -self.pad.shape[-1] :]
        self.tail[:rows] = made[..., count:]
        return made[..., :count]
