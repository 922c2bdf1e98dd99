"""Sounds to train on, as one tensor from which batches of windows are gathered: in memory while it
fits, in a file beyond that.
"""

from __future__ import annotations

import json
import math
import mmap
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from latentcode.arrays import Float32

GAIN_DB = (-15.0, 0.0)  # each window is scaled by a random gain within this range
GROWTH = 1 << 22  # samples by which the memory for sounds grows
TABLE = ".json"  # beside the samples in a file: what they are


@dataclass(frozen=True)
class Sounds:
    """All sounds as one tensor, with silence before, between and after them.

    `file` holds it where it is not in memory: what was read of it is given back by `release`.
    """

    samples: Tensor  # (total,)
    begins: Tensor  # (count,) int64, of each sound
    lengths: Tensor  # (count,) int64
    file: Path | None = None
    _mapped: Any = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, sounds: Sequence[Tensor], gap: int) -> Sounds:
        """Sounds (n,) each, `gap` samples of silence around them."""
        store = Store(gap)
        for sound in sounds:
            store.add(sound.numpy())
        return store.sounds()

    @classmethod
    def mapped(cls, file: Path) -> Sounds:
        """The sounds in a file that a `Store` wrote. Raises OSError, ValueError."""
        table = json.loads(file.with_suffix(TABLE).read_text())
        samples: Any = np.memmap(file, np.float32, "c")
        if len(samples) != table["total"]:
            raise ValueError(f"{file} is not whole")
        with suppress(AttributeError, OSError):  # a system without such advice
            samples._mmap.madvise(mmap.MADV_RANDOM)
        begins, lengths = (torch.tensor(table[name], dtype=torch.int64) for name in ("begins", "lengths"))
        return cls(torch.from_numpy(samples), begins, lengths, file, samples._mmap)

    def __reduce__(self) -> Any:
        """Another process opens the file, and shares its pages."""
        if self.file is not None:
            return type(self).mapped, (self.file,)
        return type(self), (self.samples, self.begins, self.lengths)

    def release(self) -> None:
        """Give back the memory that reading from a file has taken."""
        if self._mapped is not None:
            with suppress(AttributeError, OSError):
                self._mapped.madvise(mmap.MADV_DONTNEED)

    def sound(self, index: int) -> Float32:
        """A sound (n,), where it lies."""
        begin = int(self.begins[index])
        found: Float32 = self.samples[begin : begin + int(self.lengths[index])].numpy()
        return found


class Store:
    """Sounds one after the other, `gap` samples of silence around them: in memory while they take
    `most` bytes or less, all of them in `file` when they take more.
    """

    def __init__(self, gap: int, file: Path | None = None, most: float = math.inf) -> None:
        self.gap, self.file, self.most = gap, file, most
        self.samples = np.zeros(GROWTH, np.float32)
        self.total = gap
        self.begins: list[int] = []
        self.lengths: list[int] = []
        self._written: Any = None

    def add(self, sound: Float32) -> None:
        """Put another sound (n,) behind those that are there. Raises OSError."""
        end = self.total + len(sound) + self.gap
        if self._written is None and self.file is not None and 4 * end > self.most:
            self._spill(self.file)
        self.begins.append(self.total)
        self.lengths.append(len(sound))
        if self._written is not None:
            self._written.write(sound.tobytes() + bytes(4 * self.gap))
        else:
            if end > len(self.samples):
                self.samples.resize(max(end, len(self.samples) + GROWTH), refcheck=False)
            self.samples[self.total : self.total + len(sound)] = sound
        self.total = end

    def sounds(self) -> Sounds:
        """All that was added. Raises OSError."""
        if self._written is None or self.file is None:
            self.samples.resize(self.total, refcheck=False)
            begins, lengths = (torch.tensor(part, dtype=torch.int64) for part in (self.begins, self.lengths))
            return Sounds(torch.from_numpy(self.samples), begins, lengths)
        self._written.close()
        table = {"total": self.total, "begins": self.begins, "lengths": self.lengths}
        self.file.with_suffix(TABLE).write_text(json.dumps(table))
        return Sounds.mapped(self.file)

    def _spill(self, file: Path) -> None:
        """Go on in a file."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.with_suffix(TABLE).unlink(missing_ok=True)
        self._written = file.open("wb")
        self.samples[: self.total].tofile(self._written)
        self.samples = np.zeros(0, np.float32)


class Windows:
    """Every window of all sounds, `hop` apart: silence around each sound lets it begin and end in
    one.
    """

    def __init__(self, sounds: Sounds, window: int, hop: int) -> None:
        self.sounds, self.window, self.hop = sounds, window, hop
        self._counts = sounds.lengths // hop + 1  # from a hop before a sound to its last sample
        self._ends = self._counts.cumsum(0)
        self._orders: dict[tuple[int, int], Tensor] = {}  # the epoch's

    def __len__(self) -> int:
        return int(self._ends[-1])

    def batch(self, step: int, size: int, seed: int, varied: bool = True) -> Tensor:
        """The (size, window) samples of a step, of shuffled epochs; offset in the hop, gain and
        polarity random where they are to be `varied`. The last of an epoch may be smaller.

        The same ones for the same step, size and seed.
        """
        rows = self.sounds.samples.unfold(0, self.window, 1)  # a view: (total − window + 1, window)
        epoch, first = divmod(step * size, -(-len(self) // size) * size)
        picked = self._order(epoch, seed)[first : first + size]
        if not varied:
            return rows[self._starts(picked) + self.hop]  # no window before its sound
        chance = torch.Generator().manual_seed(mixed(seed, 2 * step + 1))
        low, high = (10 ** (gain / 20) for gain in GAIN_DB)
        starts = self._starts(picked) + torch.randint(self.hop, (len(picked),), generator=chance)
        gain = torch.empty(len(picked), 1).uniform_(math.log(low), math.log(high), generator=chance).exp()
        polarity = torch.randint(2, (len(picked), 1), generator=chance) * 2 - 1
        return rows[starts] * (gain * polarity)

    def _starts(self, picked: Tensor) -> Tensor:
        """Where the windows of these numbers begin, before their offset."""
        sound = torch.searchsorted(self._ends, picked, right=True)
        number = picked - (self._ends - self._counts)[sound]  # within its sound
        return self.sounds.begins[sound] + (number - 1) * self.hop

    def _order(self, epoch: int, seed: int) -> Tensor:
        """The windows of an epoch as they follow each other; kept until another is asked for."""
        if (epoch, seed) not in self._orders:
            chance = torch.Generator().manual_seed(mixed(seed, 2 * epoch))
            self._orders.clear()
            self._orders[epoch, seed] = torch.randperm(len(self), generator=chance)
        return self._orders[epoch, seed]


def gap_for(window: int, hop: int) -> int:
    """How much silence has to be around sounds that are cut into such windows."""
    return max(window, hop)


def mixed(seed: int, number: int) -> int:
    """A seed for one of many things that are drawn."""
    return (seed * 1_000_003 + number) % 2**63
