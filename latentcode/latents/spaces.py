"""Learned spaces: marks (places of hands, and what is meant there),
and the trajectory that moves among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.errors import LatentError
from latentcode.latents.compile import BUILDERS, Latents, ReadContext, Reader, values
from latentcode.latents.fitting import LearnedMap, near
from latentcode.latents.moments import Moments
from latentcode.latents.show import WORDS
from latentcode.latents.trajectory import Trajectory
from latentcode.patterns import Pattern
from latentcode.patterns.spaces import KNOWN, Learned, SpaceNumber, asked_of


@dataclass(frozen=True, eq=False)
class Mark:
    """What hands mean at a place.

    place    where each input was
    latent   (D,) float32; None: the mark is about numbers alone
    numbers  parameters by name
    text     what the musician marked
    """

    place: tuple[float, ...]
    latent: Float32 | None = None
    numbers: tuple[tuple[str, float], ...] = ()
    text: str = ""

    def with_(self, other: Mark) -> Mark:
        """This mark, with what another at its place says."""
        latent = self.latent if other.latent is None else other.latent
        text = " ".join(filter(None, (self.text if other.latent is None else "", other.text)))
        numbers = tuple(sorted((dict(self.numbers) | dict(other.numbers)).items()))
        return replace(other, latent=latent, numbers=numbers, text=text)


@dataclass(frozen=True, eq=False)
class Marks:
    """The marks of a space, and what was learned from them; another mark makes another."""

    marks: tuple[Mark, ...] = ()

    def marked(self, mark: Mark) -> Marks:
        """With one more; at the place of another, as far as a hand can tell, the later counts."""
        index = self.at(mark.place)
        if index is None:
            return Marks((*self.marks, mark))
        return Marks((*self.marks[:index], self.marks[index].with_(mark), *self.marks[index + 1 :]))

    def without(self, index: int | None) -> Marks:
        """Without one, counted from 0 or from the end (-1); None: without any."""
        if index is None:
            return Marks()
        place = range(len(self.marks))[index]
        return Marks((*self.marks[:place], *self.marks[place + 1 :]))

    def at(self, place: Iterable[float]) -> int | None:
        """Which mark lies at a place; None: none."""
        others = np.array([mark.place for mark in self.marks], np.float64)
        return near(np.array(tuple(place), np.float64), others)

    def latents(self, places: Float64) -> Float64 | None:
        """See `patterns.spaces.Learned`."""
        return None if self._latents is None else self._latents(places)

    def number(self, name: str, places: Float64) -> Float64 | None:
        """See `patterns.spaces.Learned`."""
        fit = self._numbers.get(name)
        return None if fit is None else fit(places)[:, 0]

    def learned(self) -> Marks:
        """The same, with all that can be learned from the marks learned now."""
        _ = self._latents, self._numbers
        return self

    @cached_property
    def _latents(self) -> LearnedMap | None:
        return _fit(self.marks, lambda mark: mark.latent)

    @cached_property
    def _numbers(self) -> dict[str, LearnedMap]:
        names = sorted({name for mark in self.marks for name, _ in mark.numbers})
        fits = {name: _fit(self.marks, _NumberOf(name)) for name in names}
        return {name: fit for name, fit in fits.items() if fit is not None}


@dataclass(frozen=True)
class _NumberOf:
    name: str

    def __call__(self, mark: Mark) -> Any:
        found = dict(mark.numbers).get(self.name)
        return None if found is None else [found]


def _fit(marks: tuple[Mark, ...], value: Callable[[Mark], Any]) -> LearnedMap | None:
    pairs = [(mark.place, found) for mark in marks if (found := value(mark)) is not None]
    if not pairs:
        return None
    places, results = zip(*pairs, strict=True)
    return LearnedMap(np.array(places, np.float64), np.array(results, np.float64))


class MarkKeeper(Protocol):
    """Who keeps the marks of spaces for a musician; see the words of `InSpace`."""

    def mark(self, space: InSpace, what: Any, at: Any, numbers: dict[str, float]) -> None: ...
    def unmark(self, space: InSpace, index: int | None) -> None: ...
    def marks(self, space: InSpace) -> Any: ...
    def first(self, space: InSpace, parameter: str) -> float: ...
    def explore(self, space: InSpace) -> Trajectory: ...
    def save_space(self, space: InSpace, file: Any, force: bool) -> None: ...


@dataclass(frozen=True, repr=False, eq=False)
class InSpace(Trajectory):
    """The latents of the space of that name where the inputs are;
    before the first mark the prior's centre.
    """

    name: str
    inputs: tuple[Pattern, ...]
    keeper: MarkKeeper | None = field(default=None, compare=False)

    def mark(self, what: Any = None, at: Any = None, **numbers: float) -> None:
        """Let the place where the inputs are mean a latent, or numbers, or both;
        the space changes at once.

        what     a voice (what it plays now), or a path, trajectory or name (the middle of it)
        at       the place, one number for each input, instead of where the inputs are
        numbers  parameters by name, read by `space["cutoff"]`
        A mark at the place of another takes what it says from the other.
        """
        self._keeper.mark(self, what, at, numbers)

    def unmark(self, index: int | None = None) -> None:
        """Forget a mark, by its number in `.marks` (-1: the last); without an argument, all."""
        self._keeper.unmark(self, index)

    @property
    def marks(self) -> Any:
        """What has been marked, as a table."""
        return self._keeper.marks(self)

    def explore(self) -> Trajectory:
        """A place far from all marks, within what the model knows, to listen to;
        each call gives another.

        Told beside it: the place of the inputs that is furthest from those that are marked.
        """
        return self._keeper.explore(self)

    def save(self, file: Any, force: bool = False) -> None:
        """Write the marks to a .safetensors file, which `learn_space(…, load=…)` reads.

        A file that is there already is kept, and the space gets a number, unless `force`.
        """
        self._keeper.save_space(self, file, force)

    def __getitem__(self, parameter: str) -> Pattern:
        """A parameter that was marked, as a signal."""
        return SpaceNumber(self.name, self.inputs, parameter, self._keeper.first(self, parameter))

    __iter__ = None

    @property
    def _keeper(self) -> MarkKeeper:
        if self.keeper is None:
            raise LatentError("marks belong to the prompt: type learn_space(…) and space.mark(d1) there")
        return self.keeper

    def __getstate__(self) -> dict[str, Any]:
        return {"name": self.name, "inputs": self.inputs, "keeper": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def _in_space(node: InSpace, scene: ReadContext) -> Reader:
    place = _places(node.inputs, scene)

    def read(moments: Moments) -> Latents:
        space: Learned | None = None if moments.live is None else moments.live.known(KNOWN + node.name)
        found = None if space is None else space.latents(place(moments))
        if found is None:
            return np.zeros((len(moments.cycle), max(scene.latent_dim, 1))), None
        return _fitting(found, scene), None

    return read


def _places(inputs: tuple[Pattern, ...], scene: ReadContext) -> Callable[[Moments], Float64]:
    """A function from moments to where inputs are, (N, inputs)."""
    reads, asked = [values(one, scene) for one in inputs], asked_of(inputs)

    def read(moments: Moments) -> Float64:
        if moments.live is not None and len(asked) == len(inputs):
            return np.broadcast_to(moments.live.many(asked), (len(moments.cycle), len(inputs)))
        return np.stack([np.broadcast_to(one(moments), len(moments.cycle)) for one in reads], axis=1)

    return read


def _fitting(found: Float64, scene: ReadContext) -> Float64:
    if scene.latent_dim and found.shape[1] != scene.latent_dim:
        raise LatentError(
            f"the marks of this space have {found.shape[1]} dimensions and the model has {scene.latent_dim}: "
            "they were set with another model; type space.unmark(), and mark again"
        )
    return found


BUILDERS[InSpace] = _in_space
WORDS[InSpace] = lambda node: f"learn_space({node.name})"
