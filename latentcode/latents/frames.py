"""Cutting audio into the windows that a model encodes."""

from __future__ import annotations

import numpy as np

from latentcode.arrays import Float32


def frame_count(length: int, window: int, hop: int) -> int:
    """How many latent frames `length` samples give: padded to a whole number of hops,
    one window at least.
    """
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


def looped(audio: Float32, length: int) -> Float32:
    """`audio` repeated (or cropped) to `length` samples."""
    return np.resize(audio, length).astype(np.float32, copy=False)
