"""The sounds of a folder, read to be trained on; a part of them is held out to measure with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import nullcontext
from hashlib import blake2b
from pathlib import Path

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio import listing
from latentcode.audio import reading as audio
from latentcode.errors import SoundError
from latentcode.files.texts import shown
from latentcode.models.dataset import Sounds, Store, gap_for
from latentcode.models.held_out import HeldOut
from latentcode.models.recipe import Plan
from latentcode.models.target import say
from latentcode.progress import counted

MANY = 50  # files that are worth a progress bar
FEWEST = 20  # files of which some are held out as they are
LONG = 40.0  # seconds: of such a sound a stretch is held out
EXCERPT = 4.0  # seconds of a sound to measure with
SHORTEST = 0.1
MOST = 32  # excerpts to measure with
LEAST_HELD, MOST_HELD = 4, 64  # files, or stretches of long ones, that are held out


def gather(folder: Path, plan: Plan, file: Path, most: int, mapped: bool = False) -> tuple[Sounds, HeldOut]:
    """Every sound below `folder` but what is held out, mono at the plan's rate; what cannot be
    read is named and left out.

    They lie in `file` where they take more than `most` bytes, or `mapped` asks for it. Raises
    SoundError for no folder, OSError.
    """
    files = listing.listed(folder)
    split = Split(folder, files, plan)
    store = Store(gap_for(plan.window, plan.hop), file, -1 if mapped else most)
    for number, samples in _read(files, plan.sample_rate):
        for part in split.learnt(number, samples):
            store.add(part)
    if not store.lengths:
        raise SoundError(f"no sound in {folder} can be read")
    sounds = store.sounds()
    return sounds, split.held_out(sounds)


def _read(files: list[Path], sample_rate: int) -> Iterator[tuple[int, Float32]]:
    """The sounds that can be read, with the numbers of their files."""
    showing = counted("reading", len(files)) if len(files) >= MANY else nullcontext(lambda name: None)
    with showing as step:
        for number, file in enumerate(files):
            try:
                yield number, _within(audio.read(file, sample_rate)[0])
            except SoundError as error:
                say(f"left out: {error}")
            step(shown(file.name))


class Split:
    """What of a folder is learnt, and what is held out: the same for the same names and seed.

    Of many files a part is held out as a whole, of a long one a stretch; of a few
    short ones nothing.
    """

    def __init__(self, folder: Path, files: list[Path], plan: Plan) -> None:
        self.plan = plan
        self.names = [str(file.relative_to(folder)) for file in files]
        chance = [blake2b(os.fsencode(f"{plan.seed} {name}"), digest_size=8).digest() for name in self.names]
        self._chance = [int.from_bytes(digest, "big") for digest in chance]
        count = min(MOST_HELD, max(LEAST_HELD, round(plan.held_out * len(files))))
        some = plan.held_out > 0 and len(files) >= FEWEST
        self._whole = set(sorted(range(len(files)), key=self._chance.__getitem__)[:count]) if some else set()
        self._held: list[tuple[str, Float32]] = []
        self._kept: list[str] = []  # the name of each part that is learnt

    def learnt(self, number: int, samples: Float32) -> list[Float32]:
        """The parts of a file's sound that are learnt; what is not is kept to measure with."""
        excerpt = round(EXCERPT * self.plan.sample_rate)
        if number in self._whole:
            self._held.append((self.names[number], samples[:excerpt].copy()))
            return []
        long = len(samples) > LONG * self.plan.sample_rate and len(self._held) < MOST_HELD
        if not (long and self.plan.held_out > 0):
            self._kept.append(self.names[number])
            return [samples]
        begin = self._chance[number] % (len(samples) - excerpt)
        self._held.append((self.names[number], samples[begin : begin + excerpt].copy()))
        self._kept += [self.names[number]] * 2
        return [samples[:begin], samples[begin + excerpt :]]

    def held_out(self, sounds: Sounds) -> HeldOut:
        """What to measure with: of what is learnt, where nothing could be held out."""
        found, learnt = _heard(self._held, self.plan.sample_rate), False
        if not found:
            excerpt, learnt = round(EXCERPT * self.plan.sample_rate), True
            places = _spread(len(sounds.begins))
            found = _heard(
                [(self._kept[i], sounds.sound(i)[:excerpt].copy()) for i in places], self.plan.sample_rate
            )
        chosen = tuple(found[place] for place in _spread(len(found)))
        return HeldOut(chosen, self.plan.sample_rate, learnt)


def _heard(found: list[tuple[str, Float32]], sample_rate: float) -> list[tuple[str, Float32]]:
    """Those that last, and are no silence."""
    least = SHORTEST * sample_rate
    return [(name, one) for name, one in found if len(one) >= least and np.abs(one).max() > 1e-4]


def _spread(count: int) -> list[int]:
    """At most `MOST` places, evenly spread."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST)).astype(int)).tolist() if count else []


def _within(samples: Float32) -> Float32:
    """A sound brought down to full scale, beyond which no model of ours decodes."""
    peak = float(np.abs(samples).max())
    return samples / np.float32(peak) if peak > 1 else samples
