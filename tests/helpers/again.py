"""What was heard, held against what it renders to."""

from __future__ import annotations

import numpy as np


class ReplayDiffers(AssertionError):  # noqa: N818 (what it says)
    """A replay is not what was heard: never the machine's doing, and never tried again."""


def assert_same_samples(
    heard: np.ndarray, replay: np.ndarray, first: int, name: str = "what was heard"
) -> None:
    """Sample for sample; `first`: the sample of the set that both begin with; shapes (n, channels)."""
    if heard.shape != replay.shape:
        raise ReplayDiffers(f"{name} from sample {first} on is {heard.shape}, its replay {replay.shape}")
    wrong = np.flatnonzero((heard != replay).any(axis=1))
    if len(wrong):
        raise ReplayDiffers(
            f"{name}: {len(wrong)} of {len(heard)} samples differ, "
            f"the first is {first + wrong[0]} of the set, the last {first + wrong[-1]}, "
            f"by {np.abs(heard - replay).max():.3g} at the most"
        )
