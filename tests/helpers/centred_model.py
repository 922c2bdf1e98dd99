"""A family for tests: centred, windowed frames, and a slot that counts what was decoded in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from latentcode.models.card import Card, Kind, file_digest
from latentcode.models.family import Slot, register

START = b"centred "  # then the sampling rate
SPAN, HOP, LATENT = 64, 16, 4


class Counted(Slot):
    """How many frames have been decoded since the state began, and the number of the last."""

    count, last = 0, -2


class Centred:
    name = "centred"
    kind: Kind = "spectral"

    def recognises(self, path: Path) -> bool:
        return path.is_file() and path.read_bytes().startswith(START)

    def card(self, path: Path, sample_rate: int | None = None) -> Card:
        rate = sample_rate or int(path.read_bytes().removeprefix(START))
        sizes = (rate, SPAN, LATENT, 0, HOP)
        return Card(
            path.stem,
            file_digest(path),
            self.name,
            *sizes,
            file=str(path),
            kind=self.kind,
            hops=(HOP, HOP // 2),
        )

    def load(self, card: Card) -> CentredCodec:
        return CentredCodec(card)


class CentredCodec:
    """A frame's first latent is the mean level around its moment; the others are 0."""

    def __init__(self, card: Card) -> None:
        self.card, self.opened, self.calls = card, [], 0

    def encode(self, samples, hop, report=None):
        padded = np.pad(np.abs(samples), (SPAN // 2, SPAN + hop))
        mean = np.zeros((self.card.frames(len(samples), hop), LATENT), np.float32)
        for number in range(len(mean)):
            mean[number, 0] = padded[number * hop : number * hop + SPAN].mean()
        return mean, None

    def decoder(self, device="auto", hop=None):
        span = self.card.span_at(hop or HOP)
        self.weight = (np.sin(np.pi * np.arange(span) / span) ** 4 / 1.5).astype(np.float32)
        return self

    def open(self, seed):
        self.opened.append(Counted(seed))
        return self.opened[-1]

    def close(self, slot):
        self.opened.remove(slot)

    def step(self, jobs):
        self.calls += 1
        return [self._frames(job) for job in jobs]

    def _frames(self, job):
        slot, count = job.slot, len(job.latents)
        slot.count = slot.count if job.first == slot.last + 1 else 0
        numbers = slot.count + np.arange(count, dtype=np.float32)
        slot.count, slot.last = slot.count + count, job.first + count - 1
        return (job.latents[:, :1] * (1 + 0.1 * np.sin(numbers))[:, None] * self.weight).astype(np.float32)


register(Centred())


def centred_file(folder: Path, name: str = "bins", rate: int = 44100) -> str:
    """A model of this family, as a file."""
    file = folder / f"{name}.centred"
    file.write_text(f"centred {rate}")
    return str(file)
