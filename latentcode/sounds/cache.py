"""Latent frames on disk, by the digests of sound and model, its rate, hop and length."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path as File
from tokenize import TokenError
from zipfile import BadZipFile

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio import loudness
from latentcode.files import atomic, places
from latentcode.frames import Frames
from latentcode.latents.path import Path

UNREADABLE = (  # what damaged and foreign files are known to raise
    *(OSError, ValueError, EOFError, SyntaxError, TypeError, ArithmeticError, RecursionError),
    *(BadZipFile, TokenError),
)
VERSION = 2  # of how frames are encoded; a change makes all cached ones unknown


@dataclass(frozen=True)
class Job:
    """Frames that somebody needs: a path every `hop` samples,
    its sound looped to `length` samples or None.

    `matched`: whether the sounds of the set are matched in loudness; `model`: the `encoding` of
    another card than the set's that encodes it, and `model_file` where that lies.
    """

    path: Path
    hop: int
    length: int | None
    matched: bool = True
    model: str = ""
    model_file: str = ""

    @property
    def levelled(self) -> bool:
        """Whether this sound is scaled to the loudness of the others before it is encoded."""
        return self.matched and self.path.model is None and self.path.samples is None

    def key(self, model: str) -> str:
        """The name of these frames; `model`: the `encoding` of the set's card."""
        model = self.model or model
        level = f" loudness {loudness.VERSION}" if self.levelled else ""
        text = f"{VERSION} {model} {self.path.sound} {self.hop} {self.length}{level}"
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def place() -> File:
    """Where frames are kept, if it can be had."""
    return places.find("cache").folder / "frames"


def folder() -> File:
    """Where frames are kept; made when it is first asked for. Raises OSError."""
    return places.private(place())


def load(key: str, dimensions: int | None = None) -> Frames | None:
    """The frames of a name, (N, dimensions), or None when they are not there, not whole,
    or something else.
    """
    both = array(place() / f"{key}.npy")
    if both is None or both.ndim != 3 or both.shape[0] not in (1, 2) or not both.shape[1]:
        return None
    if dimensions not in (None, both.shape[2]):
        return None
    return np.asarray(both[0]), np.asarray(both[1]) if len(both) > 1 else None


def array(file: File) -> Float32 | None:
    """The numbers in a .npy file; None for one that is empty, cut off or foreign.

    Nothing is allocated for them.
    """
    try:
        found = np.load(file, mmap_mode="r", allow_pickle=False)
    except UNREADABLE:
        return None
    return found if isinstance(found, np.ndarray) and found.dtype == np.float32 else None


def save(key: str, frames: Frames, where: File | None = None) -> None:
    """Keep frames under a name, here or in another process's folder; whole or not at all.

    Raises OSError.
    """
    mean, logvar = frames
    with (
        atomic.replacing(places.private(where or place()) / f"{key}.npy", 0o600) as part,
        part.open("wb") as file,
    ):
        np.save(file, np.stack([mean] if logvar is None else [mean, logvar]))
