"""Looking live inputs up, as patterns do."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from latentcode.arrays import Float64
from latentcode.inputs.history import Inputs
from latentcode.inputs.line import Asked

PRESENT = np.array([np.inf])


class Reader:
    """Looks live inputs up at session samples `at` (N,), `lag` samples earlier; None is the present.

    One for each thread that reads. `asked` counts how often it was asked, `expected` what was made ready that will
    ask: whoever reads, or makes ready, sees whether it depends on live inputs. `foreseen`: for trials, in which
    hands stay where they are.
    """

    def __init__(self, inputs: Inputs, foreseen: bool = False) -> None:
        self.inputs, self.foreseen = inputs, foreseen
        self.at: Float64 | None = None
        self.lag = self.asked = self.expected = self.by_name = 0
        self.names = set[str]()  # that it was asked for; emptied by who wants to know

    def __call__(self, name: str, glide: float, default: float) -> Float64:
        """The values of an input, (N,) or (1,), made smooth with a time constant of `glide` ms."""
        self.asked, self.by_name = self.asked + 1, self.by_name + 1
        self.names.add(name)
        samples = PRESENT if self.at is None or self.foreseen else self.at - self.lag
        found = self.inputs.read(name, samples, glide * self.inputs.rate / 1000, default)
        return np.array([default]) if found is None else found

    def many(self, asked: Asked) -> Float64:
        """The values of many inputs, each (name, time constant in ms, default): (N, inputs) or (1, inputs)."""
        self.asked += 1
        samples = PRESENT if self.at is None or self.foreseen else self.at - self.lag
        return self.inputs.read_many(_in_samples(asked, self.inputs.rate), samples)

    @property
    def seen(self) -> Float64 | None:
        """The session samples that are looked up; None: the present."""
        return None if self.at is None else self.at - self.lag

    def known(self, name: str) -> Any:
        """What is kept beside the inputs by this name; None: nothing."""
        self.asked += 1
        return self.inputs.known.get(name)


@lru_cache(maxsize=256)
def _in_samples(asked: Asked, rate: int) -> Asked:
    return tuple((name, glide * rate / 1000, default) for name, glide, default in asked)
