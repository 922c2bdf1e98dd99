"""The sustain loops of sounds, found once for a model's window and rate,
and kept beside the latent frames.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio import loudness
from latentcode.files import atomic, places
from latentcode.latents.path import OWN, SUSTAIN, Path
from latentcode.latents.sustain import VERSION, SustainLoop, SustainRing, find_loop
from latentcode.models.card import Card
from latentcode.sounds import cache
from latentcode.sounds import library as sounds

NONE = -1.0  # windows before the loop of a sound that has none


def loops(path: Path) -> bool:
    """Whether a path goes on in a loop, if one can be found."""
    return path.loop == SUSTAIN or (path.loop == OWN and path.file is not None and sounds.sustains(path.file))


def ring(path: Path, sound: Float32, card: Card) -> SustainRing | None:
    """The loop of a path whose sound is given, (n,) at the model's rate;
    None where there is none.
    """
    found = find_loop(sound, card.window, card.sample_rate)
    return None if found is None else _ring(path, found)


def _ring(path: Path, loop: SustainLoop) -> SustainRing:
    digest = hashlib.blake2b(loop.samples.tobytes(), digest_size=16).hexdigest()
    return SustainRing(
        loop.start,
        Path(path.name, digest, samples=loop.samples, model=path.model, pitch=path.pitch, by=path.by),
    )


def of(path: Path, found: SustainRing | None) -> SustainRing | None:
    """A loop as this path has it. One loop serves all models of one window and rate;
    each encodes it for itself.
    """
    if found is None:
        return None
    tail = replace(found.path, name=path.name, model=path.model, pitch=path.pitch, by=path.by)
    return SustainRing(found.start, tail)


def key(path: Path, card: Card, levelled: bool) -> str:
    """The name of a loop."""
    level = f" loudness {loudness.VERSION}" if levelled else ""
    text = f"loop {VERSION} {path.sound} {card.window} {card.sample_rate}{level}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def load(name: str, path: Path, window: int) -> tuple[SustainRing | None] | None:
    """What is kept of a path's loop: (the loop,), (None,) where it has none;
    None where nothing is kept.
    """
    found = cache.array(cache.place() / f"{name}.npy")
    if found is None or found.ndim != 1 or not len(found) or not np.isfinite(found).all():
        return None
    if found[0] == NONE:
        return (None,)
    whole = len(found) > 1 and (len(found) - 1) % window == 0 and found[0] >= 0
    return (_ring(path, SustainLoop(int(found[0]) * window, np.array(found[1:]))),) if whole else None


def save(name: str, found: SustainRing | None, window: int) -> None:
    """Keep a loop; where it cannot be kept it is found again next time."""
    numbers = np.array([NONE], np.float32)
    if found is not None and found.path.samples is not None:
        numbers = np.concatenate([[found.start // window], found.path.samples]).astype(np.float32)
    with (
        suppress(OSError),
        atomic.replacing(places.private(cache.place()) / f"{name}.npy", 0o600) as part,
        part.open("wb") as file,
    ):
        np.save(file, numbers)
