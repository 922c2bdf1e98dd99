"""How quickly a model decodes on this machine: measured once for each, and kept with its digest.

`python -m latentcode.models.pace NAME …` measures in a process of its own, for a prompt that plays.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from latentcode.errors import LatentcodeError
from latentcode.files import atomic, places
from latentcode.models.card import Card
from latentcode.models.family import DELAY, OPENING, TOGETHER, Decoder, Job, card_of, load_card

VERSION = 1  # of how it is measured
VOICES, FRAMES = 8, 4  # that are decoded in one call
SECONDS, LEAST = 0.5, 3  # of measuring, and calls
MOVED = 1e-4  # by which latents are others at each frame: a decoder may know those that it has had
NAME = "paces.json"


class Pace(NamedTuple):
    """hops: latent frames a second, all voices together; delay: samples by which hands are late."""

    hops: float
    delay: int

    def voices(self, card: Card) -> float:
        """How many voices that is in real time."""
        return self.hops * card.advance / card.sample_rate


def known(card: Card) -> Pace | None:
    """What was measured of a model; None when nothing was."""
    found = _kept().get(_key(card))
    return Pace(*found) if isinstance(found, list) and len(found) == len(Pace._fields) else None


def measured(card: Card, again: bool = False) -> Pace:
    """What a model does here; it is loaded for it where that is not known, or is to be found
    `again`. Raises ModelError.
    """
    found = None if again else known(card)
    if found is None:
        codec = load_card(card)
        found = Pace(hops(codec.decoder(), codec.card), delay_of(codec.card))
        _keep(card, found)
    return found


def delay_of(card: Card) -> int:
    """Samples at the model's rate by which what hands do is heard later than with windows: what is
    told of a stream, half of what frames cover that are centred on their moments.
    """
    told = dict(card.details).get(DELAY, "")
    if told.isdigit():
        return int(told)
    return card.span // 2 if card.kind == "spectral" else 0


def hops(decoder: Decoder, card: Card, voices: int = VOICES) -> float:
    """Latent frames a second that a decoder makes of so many voices together, in its quickest call.

    The latents jump by chance from frame to frame, as where something begins all the time. By the
    clock, as streams are decoded in processes of their own.
    """
    slots = [decoder.open(seed) for seed in range(voices)]
    told = dict(card.details)
    opening, frames = (int(told.get(name, FRAMES)) for name in (OPENING, TOGETHER))
    latents = np.random.default_rng(1).standard_normal((voices, opening + frames, card.latent_dim))
    quickest, calls, begin = float("inf"), 0, time.perf_counter()

    def step(first: int, count: int) -> None:
        rows = (latents[:, :count] + MOVED * first).astype(np.float32)
        decoder.step([Job(slot, first, own) for slot, own in zip(slots, rows, strict=True)])

    try:
        step(0, opening)
        while calls < LEAST or time.perf_counter() - begin < SECONDS:
            before = time.perf_counter()
            step(opening + calls * frames, frames)
            quickest = min(quickest, time.perf_counter() - before)  # what else runs here does not count
            calls += 1
        return voices * frames / quickest
    finally:
        for slot in slots:
            decoder.close(slot)


def _key(card: Card) -> str:
    return f"{VERSION} {card.digest} {platform.node()}"


def _file() -> Path:
    return places.find("cache").folder / NAME


def _kept() -> dict[str, object]:
    try:
        found = json.loads(_file().read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _keep(card: Card, pace: Pace) -> None:
    with suppress(OSError):
        atomic.write(_file(), json.dumps(_kept() | {_key(card): list(pace)}, indent=1).encode(), 0o600)


def main(names: list[str]) -> None:
    """Measure these models, and write a line for each that is done."""
    for name in names:
        with suppress(LatentcodeError, OSError, RuntimeError):
            measured(card_of(name))
        print(name, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
