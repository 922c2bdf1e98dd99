"""Frames: how a sound is cut into what a model encodes, and what comes of it."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from latentcode.arrays import Float32, Float64

Frames = tuple[Float32, "Float32 | None"]  # mean (N, D), logvar (N, D) or None


def frame_count(length: int, window: int, hop: int) -> int:
    """How many frames `length` samples give, `hop` samples apart; one at least.

    window  samples from its moment on without which there is no frame; the sound is padded to a
            whole number of hops. 0: frames are centred on their moments, and there is one for each
            hop that has begun.
    """
    window = window or hop
    padded = max(-(-length // hop) * hop, window)
    return (padded - window) // hop + 1


def cut(audio: Float32, window: int, hop: int) -> Float32:
    """Windows of `audio` (n,), zero-padded to a whole number of hops: (frames, window), a view."""
    frames = frame_count(len(audio), window, hop)
    padded = np.zeros((frames - 1) * hop + window, np.float32)
    kept = min(len(audio), len(padded))
    padded[:kept] = audio[:kept]
    windows: Float32 = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop]
    return windows


def faded(span: int, hop: int) -> Float64:
    """The window (span,) that frames come under which are centred on their moments and lie over one
    another every `hop` samples, a third of them at most: Hann × Hann, whose sum is 1; ones where
    they lie end to end.
    """
    if span == hop:
        return np.ones(span)
    weight: Float64 = np.sin(np.pi * np.arange(span) / span) ** 4 * (8 * hop / (3 * span))
    return weight


def looped(audio: Float32, length: int) -> Float32:
    """`audio` repeated (or cropped) to `length` samples."""
    return np.resize(audio, length).astype(np.float32, copy=False)


class Prior(Protocol):
    """What makes latent frames itself, each of those before it."""

    @property
    def ratio(self) -> int:
        """Samples of sound from one frame to the next."""

    def ask(self, temperatures: Float32) -> None:
        """Have the next frames made, one at each temperature (n,)."""

    def take(self) -> Float32 | None:
        """The frames (n, D) of what was asked for first and not taken; None while they are made,
        where nobody waits for them.
        """
