"""Decodes for all layers through an exported model: a row for each, in a process of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import ModelError
from latentcode.models.families.streams.client import ModelProcess
from latentcode.models.families.streams.messages import Begin, Setting, Step
from latentcode.models.families.streams.prior import Priors, StreamPrior
from latentcode.models.family import Job, Slot, checked_rows

SEEDS = 1 << 62  # as many as torch takes
LARGEST = 2.0**31  # of whole numbers that are set
Settings = tuple[Setting, ...]


class Row(Slot):
    """A row of the batch.

    next   the number of the frame that comes next; -1: it has not begun
    ended  how often the process had ended when it began
    """

    def __init__(self, seed: int, row: int) -> None:
        super().__init__(seed)
        self.row, self.next, self.ended = row, -1, 0


class Sizes(NamedTuple):
    """What goes through a model: latents of a frame, samples of one, channels of the sound; frames
    that a layer begins with, and that all go on by together; whether latents are codes, and how
    many there are, if that is known; by the names of its attributes the types of their values.
    """

    latents: int
    samples: int
    channels: int
    opening: int
    together: int
    coded: bool = False
    codes: int = 0
    attributes: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Part(NamedTuple):
    """A call, and the places of the jobs that have a row in it, in the order of its rows."""

    number: int
    places: tuple[int, ...]


class StreamDecoder:
    """See `AheadDecoder`.

    The first `opening` frames of a layer go through the model alone, which brings it to its onset
    at once; then the rows of all layers go on together, `together` frames at a time.
    """

    def __init__(self, process: ModelProcess, sizes: Sizes, priors: Priors | None = None) -> None:
        self._process, self._sizes, self._priors, self.patient = process, sizes, priors, True
        self._taken: set[int] = set()

    @property
    def ready(self) -> bool:
        """See `AheadDecoder`."""
        return self.patient or self._process.at_once()

    @property
    def improvises(self) -> bool:
        """See `PriorDecoder`."""
        return self._priors is not None and (self.patient or self._priors.process.at_once())

    def load_prior(self) -> None:
        """See `PriorDecoder`. Raises ModelError."""
        self._improvising.process.loaded()

    def prior(self, seed: int, wait: bool) -> StreamPrior:
        """See `PriorDecoder`. Raises ModelError."""
        return self._improvising.open(seed, self.patient or wait)

    @property
    def _improvising(self) -> Priors:
        if self._priors is None:
            raise ModelError(f"{self._process.name} has no prior")
        return self._priors

    def open(self, seed: int) -> Row:
        """The lowest row that is free."""
        row = next(row for row in range(len(self._taken) + 1) if row not in self._taken)
        self._taken.add(row)
        return Row(seed, row)

    def close(self, slot: Slot) -> None:
        """Its row is free. Raises ModelError for a slot of another decoder."""
        self._taken.discard(_row(slot).row)
        self._process.forget(max(self._taken, default=-1) + 1)

    def step(self, jobs: Sequence[Job]) -> list[Float32]:
        """See `Decoder`."""
        found = self.submit(jobs).frames()
        for frames in found:
            if isinstance(frames, Exception):
                raise frames
        return [frames for frames in found if not isinstance(frames, Exception)]

    def submit(self, jobs: Sequence[Job]) -> Submitted:
        """See `AheadDecoder`: of a layer's first job `opening` frames, and any multiple of
        `together`; of all others such a multiple. Raises ModelError.
        """
        if not self.ready:
            raise ModelError(f"the process of the model {self._process.name} is being started again")
        self._process.loaded()
        parts, steps = list[Part](), defaultdict[tuple[int, Settings], list[tuple[int, Float32]]](list)
        for place, job in enumerate(jobs):
            latents, opened, together = self._checked(job), 0, self._sizes.together
            if self._begins(job):
                parts.append(Part(self._begin(job), (place,)))
                opened = self._sizes.opening
            for first in range(opened, len(latents), together):
                grid = job.grid + (first - opened) // together
                steps[grid, self._settings(job, first)].append((place, latents[first : first + together]))
            _row(job.slot).next = job.first + len(job.latents)
        for (grid, settings), found in sorted(steps.items(), key=lambda one: one[0][0]):
            rows = [(_row(jobs[place].slot).row, place, z) for place, z in found]
            parts += self._steps(grid, settings, rows)
        return Submitted(self._process, self._sizes, parts, len(jobs))

    def _begins(self, job: Job) -> bool:
        return _row(job.slot).next != job.first

    def _checked(self, job: Job) -> Float32:
        latents, sizes = checked_rows(job.latents, self._sizes.latents, "latents"), self._sizes
        further = len(latents) - (sizes.opening if self._begins(job) else 0)
        if further < 0 or further % sizes.together:
            raise ModelError(
                f"{self._process.name} takes {sizes.opening} frames to begin with and {sizes.together} at a "
                f"time, not {len(latents)}"
            )
        if not self._begins(job) and _row(job.slot).ended != self._process.ended:
            raise ModelError(f"the process of the model {self._process.name} had to begin anew")
        return latents

    def _settings(self, job: Job, frame: int) -> Settings:
        """What is set for those frames of a job that go together from one of them on."""
        if job.attributes is None:
            return ()
        found, settings = job.attributes.values[frame], []
        for name, places in job.attributes.layout:
            given = (one if isinstance(one, str) else float(found[one]) for one in places)
            settings.append((name, tuple(map(_typed, self._sizes.attributes[name], given))))
        return tuple(settings)

    def _begin(self, job: Job) -> int:
        sizes, slot = self._sizes, _row(job.slot)
        first, slot.ended = self._packed(job.latents[: sizes.opening].T), self._process.ended
        settings = [(0, self._settings(job, 0))]
        for frame in range(0, sizes.opening, sizes.together):
            if (now := self._settings(job, frame)) != settings[-1][1]:
                settings.append((frame, now))
        return self._process.ask(
            lambda number: Begin(number, slot.row, first, slot.seed % SEEDS, tuple(settings))
        )

    def _steps(self, grid: int, settings: Settings, rows: Sequence[tuple[int, int, Float32]]) -> list[Part]:
        """A call for each group of rows, which are given as row, place of the job, latents."""
        groups = defaultdict[int, list[tuple[int, int, Float32]]](list)
        for row in rows:
            groups[row[0] // self._process.rows].append(row)
        return [self._step(grid, settings, group) for group in groups.values()]

    def _step(self, grid: int, settings: Settings, group: Sequence[tuple[int, int, Float32]]) -> Part:
        numbers, places, latents = zip(*group, strict=True)
        values = self._packed(np.stack([z.T for z in latents]))
        asked = self._process.ask(lambda number: Step(number, numbers, values, grid % SEEDS, settings))
        return Part(asked, places)

    def _packed(self, values: Float32) -> bytes:
        """Between codes there is nothing: the nearest is taken."""
        if self._sizes.coded:
            values = np.clip(np.rint(values), 0, self._sizes.codes - 1 if self._sizes.codes else None)
        return np.ascontiguousarray(values, np.float32).tobytes()


class Submitted:
    """What a model has been asked for."""

    def __init__(self, process: ModelProcess, sizes: Sizes, parts: Sequence[Part], jobs: int) -> None:
        self._process, self._sizes, self._parts, self._jobs = process, sizes, parts, jobs
        self.refused: dict[int, str] = {}

    @property
    def ready(self) -> bool:
        """Whether all of it is there, or will never be."""
        return all(self._process.there(part.number) for part in self._parts)

    def frames(self) -> list[Float32 | Exception]:
        """The decoded frames of each job (n, samples), waiting for them; or why there are none."""
        found: list[list[Float32]] = [[] for _ in range(self._jobs)]
        errors: dict[int, Exception] = {}
        for part in self._parts:
            try:
                made = self._process.take(part.number)
            except ModelError as error:
                errors |= {place: error for place in part.places if place not in errors}
                continue
            for text in made.refused:
                self.refused |= dict.fromkeys(part.places, f"{self._process.name}: {text}")
            for row, text in made.spoilt:
                errors.setdefault(part.places[row], ModelError(f"{self._process.name}: {text}"))
            sizes = (len(part.places), self._sizes.channels, -1, self._sizes.samples)
            sound = np.frombuffer(made.values, np.float32).reshape(sizes)
            heard = np.moveaxis(sound, 1, 2) if self._sizes.channels == 2 else sound.mean(1)
            for place, one in zip(part.places, heard, strict=True):
                found[place].append(one)
                if not np.isfinite(one).all():
                    errors.setdefault(place, ModelError(f"{self._process.name} decodes what is no number"))
        return [errors[n] if n in errors else np.concatenate(found[n]) for n in range(self._jobs)]


def _typed(kind: str, value: float | str) -> bool | int | float | str:
    if isinstance(value, str):
        return value
    return (
        value >= 0.5
        if kind == "bool"
        else round(min(max(value, -LARGEST), LARGEST))
        if kind == "int"
        else value
    )


def _row(slot: Slot) -> Row:
    if not isinstance(slot, Row):
        raise ModelError("a slot of another decoder; open one of this")
    return slot
