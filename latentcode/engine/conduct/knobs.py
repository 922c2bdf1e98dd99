"""Knobs: faders and the parameters of effects alike. What moves each, and what the player was told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from latentcode.arrays import Float64
from latentcode.parameters import LONGEST_DELAY, Parameter
from latentcode.patterns import Context, Pattern, compile_pattern, digest, mini

GRID = 512  # samples: settings are read at multiples of it, whatever the size of the blocks

Setting = float | str | Pattern
"""A number, mini-notation, or a pattern or signal that is read while it sounds."""

Place = tuple[Any, ...]
"""("gain", voice), ("pan", voice), ("master",), or of an effect ("turn", rack, place in the chain, parameter)."""

Message = tuple[Any, ...]  # ("gain", sample, voice, value) and the like: see player/mixer.py
Say = Callable[[str], None]


class Tempo(Protocol):
    """What knobs need of the tempo map."""

    sample_rate: int

    def cycles(self, samples: Float64) -> Float64: ...
    def cps_at(self, sample: int) -> Any: ...


@dataclass(frozen=True)
class Around:
    """What knobs need of the set around them. `say` is told of a setting that fails while it sounds."""

    seed: int
    tempo: Callable[[], Tempo]
    say: Say = lambda text: None


class Knob:
    """One number of the player's: its setting compiled, and the last value that was good.

    `what` names it where a setting fails. `value` is what the player was told last, `shown` the same in the
    musician's unit.
    """

    def __init__(self, what: str, parameter: Parameter, setting: Setting, seed: int, around: Around) -> None:
        self.what, self.parameter, self.setting = what, parameter, setting
        self._around = around
        self.fixed = isinstance(setting, (int, float))
        self.failed = False
        self._last = parameter.default
        if isinstance(setting, (int, float)):
            self._last = float(setting)
        else:
            pattern = mini(setting) if isinstance(setting, str) else setting
            self._sample = compile_pattern(pattern, Context(seed=seed)).sample
        self.value = self._last

    @property
    def moves(self) -> bool:
        """Whether it has to be read again and again."""
        return not self.fixed or self.parameter.in_cycles

    @property
    def shown(self) -> float:
        """Where it stands, in the musician's unit."""
        return self.parameter.clamped(self._last)

    def read(self, sample: int) -> float:
        """The value at a sample, clamped, in the player's unit; where the pattern fails, the one before."""
        tempo = self._around.tempo()
        if not self.fixed:
            self._last = self._sampled(float(tempo.cycles(np.array([sample], np.float64))[0]))
        found = self.parameter.clamped(self._last)
        if self.parameter.in_cycles:
            seconds = min(found / float(tempo.cps_at(sample)), LONGEST_DELAY)
            return round(seconds * tempo.sample_rate) / tempo.sample_rate  # an echo stands on a sample
        return 2.0 * found - 1.0 if self.parameter.sideways else found

    def move(self, sample: int) -> None:
        """Let its value be the one at a sample."""
        self.value = self.read(sample)

    def _sampled(self, cycle: float) -> float:
        try:
            found = float(self._sample(np.array([cycle]))[0])
        except Exception as error:  # whatever a musician's function raises: the knob stays where it is
            return self._told(f"{type(error).__name__}: {error}")
        return found if np.isfinite(found) else self._told(f"{found} is no number")

    def _told(self, problem: str) -> float:
        if not self.failed:
            self.failed = True
            self._around.say(f"{self.what} stays at {self._last:g}: {problem}")
        return self._last


def same(one: Any, other: Any) -> bool:
    """Whether two settings, or chains of effects, ask for the same."""
    return digest(one) == digest(other)


def grid(begin: int, end: int) -> range:
    """The samples from `begin` up to `end` at which settings are read."""
    return range(-(-begin // GRID) * GRID, end, GRID)
