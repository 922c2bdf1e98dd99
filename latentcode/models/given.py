"""What a family gives, looked at as it comes in: a card, frames of a sound, what was decoded.

Families may be anybody's. One that keeps no promise gets a sentence that says which, and the set
goes on: an array of another shape would else end whatever lays it, with the voices of all other
models.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import ModelError
from latentcode.frames import Frames
from latentcode.models.card import Card, Kind, checked_rate

KINDS = get_args(Kind)
LARGEST = 1 << 24  # samples of a frame, and latents
SIZES = ("window", "latent_dim")


def sound_card(card: Card) -> Card:
    """`card`, where a set can be played with what it says. Raises ModelError."""
    checked_rate(card.sample_rate)
    if card.kind not in KINDS:
        raise _broken(card.family, f"its kind is {card.kind!r}", f"one of {', '.join(KINDS)}")
    for name in SIZES:
        if not 1 <= getattr(card, name) <= LARGEST:
            raise _broken(card.family, f"its {name} is {getattr(card, name)}", f"1 to {LARGEST}")
    if card.kind != "window" and not (card.hops and all(0 < hop <= card.window for hop in card.hops)):
        raise _broken(
            card.family, f"its hops are {card.hops}", f"one or more samples up to its window of {card.window}"
        )
    return card


def fitting_frames(card: Card, found: Frames, length: int, hop: int) -> Frames:
    """The frames of a sound of `length` samples, where they are what a codec has to give.

    Raises ModelError.
    """
    count = card.frames(length, hop)
    wanted = f"mean ({count}, {card.latent_dim}), and a log-variance alike or None"
    if not isinstance(found, tuple) or len(found) != 2:
        raise _broken(card.family, f"encode gave {_shape(found)}", wanted)
    mean, logvar = found
    for part in (mean,) if logvar is None else (mean, logvar):
        if _shape(part) != (count, card.latent_dim):
            raise _broken(card.family, f"encode gave {_shape(part)}", wanted)
    return mean, logvar


def fitting_decoded(found: object, shapes: Sequence[tuple[int, ...]]) -> list[Float32]:
    """What was decoded for jobs, in an array of its shape for each; frames that are no numbers are
    silent. Raises ModelError.
    """
    if not isinstance(found, list) or len(found) != len(shapes):
        gave = f"{len(found)} arrays" if isinstance(found, (list, tuple)) else type(found).__name__
        raise _broken("its decoder", f"step gave {gave}", f"a list of {len(shapes)}, one for each job")
    for rows, shape in zip(found, shapes, strict=True):
        if _shape(rows) != shape:
            raise _broken("its decoder", f"step gave {_shape(rows)}", f"{shape} for {shape[0]} frames")
    return [_audible(np.asarray(rows, np.float32)) for rows in found]


def _audible(rows: Float32) -> Float32:
    """Rows without those that are not finite, which would silence all that they are added to."""
    with np.errstate(all="ignore"):
        if np.isfinite(rows.sum()):  # quicker than to look at each
            return rows
    lost = ~np.isfinite(rows.reshape(len(rows), -1)).all(axis=1)
    return np.where(lost.reshape(-1, *[1] * (rows.ndim - 1)), np.float32(0), rows)


def _shape(array: object) -> object:
    return getattr(array, "shape", type(array).__name__)


def _broken(whose: str, what: str, wanted: str) -> ModelError:
    return ModelError(f"{whose}: {what}; it should be {wanted}: see models/family.py")
