"""Looking live inputs up, as patterns do."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from latentcode.arrays import Float64
from latentcode.inputs.history import InputHistory
from latentcode.inputs.line import Asked

PRESENT = np.array([np.inf])


@dataclass
class Dependencies:
    """What one reading has asked for: inputs by their names,
    and whether there was anything else.
    """

    names: set[str] = field(default_factory=set)
    others: bool = False


@dataclass(frozen=True, eq=False)
class Reader:
    """Looks live inputs up for one reading, at session samples (N,), `lag` samples earlier;
    None is the present.

    `foreseen`: for trials, in which hands stay where they are. What comes of it by `moved` and
    `only` belongs to the same reading, and `questions` hold what that asked for; `at` begins
    another.
    """

    inputs: InputHistory
    samples: Float64 | None = None
    lag: int = 0
    foreseen: bool = False
    questions: Dependencies = field(default_factory=Dependencies)

    def at(self, samples: Float64 | None, lag: int = 0) -> Reader:
        """Another reading."""
        return Reader(self.inputs, samples, lag, self.foreseen)

    def moved(self, samples: Float64 | None) -> Reader:
        """The same reading at other samples."""
        return Reader(self.inputs, samples, self.lag, self.foreseen, self.questions)

    def earlier(self, lag: int) -> Reader:
        """The same reading, `lag` samples before the moments that are read."""
        return type(self)(self.inputs, self.samples, lag, self.foreseen, self.questions)

    def only(self, there: Any) -> Reader:
        """The same reading at some of its samples, as moments are taken out of an array."""
        return self if self.samples is None or len(self.samples) < 2 else self.moved(self.samples[there])

    def __call__(self, name: str, glide: float, default: float) -> Float64:
        """The values of an input, (N,) or (1,), made smooth with a time constant of `glide` ms."""
        self.questions.names.add(name)
        found = self.inputs.read(name, self._looked_up, glide * self.inputs.rate / 1000, default)
        return np.array([default]) if found is None else found

    def many(self, asked: Asked) -> Float64:
        """The values of many inputs, each (name, time constant in ms, default):
        (N, inputs) or (1, inputs).
        """
        self.questions.others = True
        return self.inputs.read_many(_in_samples(asked, self.inputs.rate), self._looked_up)

    def known(self, name: str) -> Any:
        """What is kept beside the inputs by this name; None: nothing."""
        self.questions.others = True
        return self.inputs.known.get(name)

    @property
    def seen(self) -> Float64 | None:
        """The session samples that are looked up; None: the present."""
        return None if self.samples is None else self.samples - self.lag

    @property
    def _looked_up(self) -> Float64:
        return PRESENT if self.samples is None or self.foreseen else self.samples - self.lag

    @property
    def asked(self) -> bool:
        """Whether it was asked for anything that hands may change."""
        return bool(self.questions.names) or self.questions.others

    @property
    def state(self) -> tuple[int, ...] | None:
        """How often each input that it was asked for was given a value: as long as that stays,
        so does what was read.

        None where it depends on what is made of inputs.
        """
        return None if self.questions.others else self.inputs.states(tuple(self.questions.names))


@lru_cache(maxsize=256)
def _in_samples(asked: Asked, rate: int) -> Asked:
    return tuple((name, glide * rate / 1000, default) for name, glide, default in asked)
