"""What a model makes up itself: the prior of an exported model, which goes on from what it made
before.
"""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64
from latentcode.checks import is_number, wrong
from latentcode.errors import LatentError, PatternError
from latentcode.frames import Prior
from latentcode.latents.compile import BUILDERS, Latents, ReadContext, Reader, values
from latentcode.latents.drones import ENDLESS
from latentcode.latents.moments import Moments
from latentcode.latents.motions import seed_of
from latentcode.latents.show import WORDS, shown_curve
from latentcode.latents.strategies import FromPrior, _chance, _numbers
from latentcode.latents.trajectory import Curve, Trajectory, curve
from latentcode.patterns import Pattern, mini
from latentcode.patterns.hashing import seeded
from latentcode.patterns.nodes import Map
from latentcode.words import word

KEPT = 1 << 12  # frames that are read again as they were
TICKS = 1 << 20  # of a cycle, as seeds count them
HOTTEST = 1e6
LEAP = 1 << 10  # frames at the most that are made to come to one


@dataclass(frozen=True, repr=False, eq=False)
class Improvised(Trajectory):
    """The latents that the prior of a model makes at a temperature, from the onset on.

    by      the name of the model; None: whichever plays it
    chance  the random node that seeds it, of its place in the tree
    """

    by: str | None
    temperature: Curve
    chance: Pattern


class NotMadeError(LatentError):
    """Frames that a prior is still making; who reads them reads them again."""


class Line:
    """What a prior has made so far, from some seconds on of a model at a rate."""

    def __init__(self, prior: Prior, sample_rate: int, seconds: float) -> None:
        self._prior, self._rate = prior, sample_rate / prior.ratio
        self._next = self._asked = int(self._numbers(np.array([seconds]))[0])
        self._made = deque[Float32](maxlen=KEPT)
        self._being_made = deque[int]()  # of what was asked for, the number of the frame after it

    def read(self, seconds: Float64, temperature: Float64) -> Float32:
        """Frames (N, D) at moments (N,); those that are still to be made are made at the
        temperatures (N,) of the moments that ask for them first. Raises NotMadeError.
        """
        numbers = self._numbers(seconds)
        last = int(numbers.max())
        self._asked = max(self._asked, last - LEAP)
        missing = np.arange(self._asked, last + 1)
        if len(missing):
            asked = np.searchsorted(np.maximum.accumulate(numbers), missing)
            self._prior.ask(temperature[asked].astype(np.float32))
            self._asked += len(missing)
            self._being_made.append(self._asked)
        while self._being_made and (made := self._prior.take()) is not None:
            self._made.extend(made)
            self._next = self._being_made.popleft()
        if last >= self._next:
            raise NotMadeError("the prior is still making what is read")
        return np.stack([self._made[max(int(n) - self._next, -len(self._made))] for n in numbers])

    def _numbers(self, seconds: Float64) -> NDArray[np.int64]:
        return np.floor(seconds * self._rate + 1e-6).astype(np.int64)


@word("prior(7)")
def prior(number: object = None, temperature: object = None, seed: int | Pattern = 0) -> Any:
    """A point of the latent space by its number, drawn from the model's prior N(0, I);
    the same in every session.

    `number` from 0, or a pattern of numbers: prior("0 3 7"). In a string it is called "prior:7".

    With a model instead, or with a `temperature`, what the prior of an exported model makes up, on
    and on, from the onset: prior("rave", temperature=sine.range(.5, 1.2)). The temperature is a
    number or a signal, 1 where none is given; another `seed` is another course.

    Raises LatentError for what is neither a number nor a model.
    """
    model = _improviser(number)
    if number is None or model is not None:
        heat = curve(1.0 if temperature is None else temperature, "the temperature of prior")
        return Improvised(model, heat, _chance(seed))
    if temperature is not None:
        example = 'prior("rave", temperature=1)'
        raise wrong("prior with a temperature", "a model", number, example, LatentError)
    if isinstance(number, (str, Pattern)):
        return Map(_numbers(number, "prior"), FromPrior())
    return FromPrior()(number)


def _improviser(given: object) -> str | None:
    """The name of the model that is meant, where it is no number and no pattern of numbers."""
    if isinstance(given, os.PathLike):
        return str(os.fspath(given))
    if not isinstance(given, str) or set(given) & set(" <>[]{}()*,|~"):
        return None
    try:
        values = [event.value for event in mini(given).query(0, 1)]
    except PatternError:
        return given  # a file
    return None if all(map(is_number, values)) else given


def _improvised(node: Improvised, scene: ReadContext) -> Reader:
    whose = scene.model or "the model that plays this"
    if scene.prior is None:
        raise LatentError(
            f"{whose} has no prior that makes latents; exported models may have one, as latentcode info "
            "says; prior(7) is a place in any model"
        )
    if scene.reverse:
        raise LatentError(f"the prior of {whose} goes on from what it made, and never backwards")
    temperature, open_prior, seed = values(node.temperature, scene), scene.prior, seed_of(node, scene)
    lines: list[Line] = []

    def read(moments: Moments) -> Latents:
        if moments.place is not None:
            raise LatentError(f"the prior of {whose} has no places to scrub or to freeze at")
        if moments.live is not None and moments.live.foreseen:
            return np.zeros((len(moments.cycle), scene.latent_dim)), None
        if not lines:
            prior = open_prior(seeded(seed, round(float(moments.cycle[0]) * TICKS)))
            lines.append(Line(prior, scene.sample_rate, float(moments.seconds[0])))
        heat = np.broadcast_to(np.clip(temperature(moments), 0.0, HOTTEST), len(moments.cycle))
        return lines[0].read(moments.seconds, heat), None

    return read


def _shown(node: Improvised) -> str:
    model = [] if node.by is None else [repr(node.by)]
    return f"prior({', '.join([*model, f'temperature={shown_curve(node.temperature)}'])})"


ENDLESS.add(Improvised)
BUILDERS[Improvised] = _improvised
WORDS[Improvised] = _shown
