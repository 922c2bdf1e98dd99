"""Knobs: faders and the parameters of effects alike.

What moves each, and what the player was told of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Protocol

import numpy as np

from latentcode.arrays import Float64
from latentcode.clock.set_aside import AGAIN, ANY, Aside
from latentcode.clock.watchdog import LIVE, TooSlowError
from latentcode.errors import EngineError
from latentcode.inputs.history import InputHistory
from latentcode.inputs.keys import Key, key
from latentcode.inputs.reader import Reader
from latentcode.parameters import LONGEST_DELAY, Parameter
from latentcode.patterns import Context, Pattern, compile_pattern, digest, mini, nodes
from latentcode.patterns.tree import Tree

READS, REHEARSED = 64, 8  # times that a setting is read before it sounds, and over how many cycles
LONGEST_READ = 0.002  # seconds
SIGNAL = "~"  # how a signal is shown, before its value now
GRID = 512  # samples: settings are read at multiples of it, whatever the size of the blocks

Setting = float | str | Pattern
"""A number, mini-notation, or a pattern or signal that is read while it sounds."""

Place = tuple[Any, ...]
"""See `Place` in `protocol/messages.py`."""

Say = Callable[[str], None]

ReadBefore = Callable[[int], Iterable[int]]
"""The samples before another at which settings were read, the last first."""

MOST_TRIED = 64  # of them, until a setting gives something


class KnobTempo(Protocol):
    """What knobs need of the tempo map."""

    sample_rate: int

    def cycles(self, samples: Float64) -> Float64: ...
    def cps_at(self, sample: int) -> Any: ...


@dataclass(frozen=True)
class Around:
    """What knobs need of the set around them.

    `say` is told of a setting that fails while it sounds.
    """

    seed: int
    tempo: Callable[[], KnobTempo]
    say: Say = lambda text: None
    inputs: InputHistory | None = None
    aside: Aside = field(default_factory=lambda: Aside(LIVE))


def is_fader(name: str) -> bool:
    """Whether the name of an input stands for a fader, or the tempo: live:d1.gain, live:master,
    live:bpm.
    """
    meant = key(name)
    return meant.kind == "live" and ("." in meant.what or meant.what in ("master", "bpm"))


class Look(Reader):
    """Looks live inputs up at one session sample, by queries as by samples:
    what hands have done up to there.
    """

    def moved(self, samples: Float64 | None) -> Look:
        """Whoever asks for other samples is told of this one."""
        return self


class Knob:
    """One number of the player's: its setting compiled, and the last value that was good.

    `what` names it where a setting fails. `value` is what the player was told by the set, `shown`
    where it stands in the musician's unit, by the set or by a hand (`seen`).
    """

    def __init__(
        self, what: str, parameter: Parameter, setting: Setting, seed: int, around: Around, place: str = ""
    ) -> None:
        self.what, self.parameter, self.setting = what, parameter, setting
        self._place, self._stuck = place or what, False  # as the journal names it
        self._born: int | None = None
        self._good: int | None = None  # the last sample at which its setting gave something
        self._seed, self._around = seed, around
        self.fixed = isinstance(setting, (int, float))
        self.lives: tuple[nodes.Live, ...] = setting.live_inputs if isinstance(setting, Pattern) else ()
        self.failed = False
        self.seen: float | None = None
        self._last = parameter.default
        if isinstance(setting, (int, float)):
            self._last = float(setting)
        else:
            pattern = mini(setting) if isinstance(setting, str) else setting
            self._sample = compile_pattern(pattern, Context(seed)).sample
        self.value = self._last

    @cached_property
    def in_hand(self) -> bool:
        """Whether hands move it: it goes to the player straight from them.

        Other faders are no hands.
        """
        return any(not is_fader(live.name) for live in self.lives)

    @cached_property
    def moves(self) -> bool:
        """Whether the set has to read it again and again."""
        return not self.in_hand and (not self.fixed or self.parameter.in_cycles)

    @property
    def restless(self) -> bool:
        """Whether it moves while no hand does."""
        return self.parameter.in_cycles or _restless(self.setting)

    @cached_property
    def by(self) -> str:
        """What moves it, as it is told; empty where nothing does."""
        if self.fixed:
            return ""
        if self.lives:
            return ", ".join(dict.fromkeys(map(repr, self.lives)))
        return "a signal" if (text := repr(self.setting)).startswith(SIGNAL) else text

    @property
    def settling(self) -> float:
        """The longest time constant, in ms, with which it follows a hand."""
        return max((live.glide for live in self.lives), default=0.0)

    @property
    def keys(self) -> tuple[Key, ...]:
        """The inputs that it asks."""
        return tuple(key(live.name) for live in self.lives)

    @property
    def shown(self) -> float:
        """Where it stands, in the musician's unit."""
        return self.parameter.clamped(self._last) if self.seen is None else self.seen

    def twin(self, around: Around) -> Knob:
        """The same in other surroundings."""
        return Knob(self.what, self.parameter, self.setting, self._seed, around, self._place)

    def read(self, sample: int) -> float:
        """The value at a sample, clamped, in the player's unit; where the pattern fails,
        the one before.
        """
        tempo = self._around.tempo()
        if not self.fixed:
            self._last = self._sampled(float(tempo.cycles(np.array([sample], np.float64))[0]), sample)
        found = self.parameter.clamped(self._last)
        if self.parameter.in_cycles:
            seconds = min(found / float(tempo.cps_at(sample)), LONGEST_DELAY)
            return round(seconds * tempo.sample_rate) / tempo.sample_rate  # an echo stands on a sample
        return 2.0 * found - 1.0 if self.parameter.sideways else found

    def move(self, sample: int) -> None:
        """Let its value be the one at a sample."""
        self.value, self.seen = self.read(sample), None

    def catch_up(self, here: int, read_before: ReadBefore) -> None:
        """Stand where it stood before `here`, where it was not read meanwhile: at the last value
        that was good, when its setting fails there or was set aside.
        """
        first = here if self._born is None else self._born
        aside = self._around.aside.since(self._place, first, here)
        stuck, self._stuck = self._stuck, False
        for sample in islice(read_before(here if aside is None else _readable(*aside)), MOST_TRIED):
            if sample < first:
                break
            failed, self.failed = self.failed, False
            self.read(sample)
            good, self.failed = not self.failed, failed
            if good or self._stuck:
                break
        self._stuck = self._stuck or stuck

    def _sampled(self, cycle: float, sample: int) -> float:
        if self._aside(sample):
            return self._last
        inputs = self._around.inputs
        live = None if inputs is None else Look(inputs, np.array([sample], np.float64))
        try:
            found = self._around.aside.run(
                lambda: float(self._sample(np.array([cycle]), live)[0]),
                self._place,
                sample,
                lambda: AGAIN if self._good == sample else ANY,
            )
        except TooSlowError as error:  # it is not tried again
            self._stuck = True
            return self._told(str(error))
        except Exception as error:  # whatever a musician's function raises: the knob stays where it is
            return self._told(f"{type(error).__name__}: {error}")
        if not np.isfinite(found):
            return self._told(f"{found} is no number")
        self._good = sample
        return found

    def _aside(self, sample: int) -> bool:
        """Whether its setting has taken too long once, now or when the set was played."""
        self._born = sample if self._born is None else self._born
        if self._stuck:
            return True
        aside = self._around.aside
        self._stuck = aside.since(self._place, self._born, sample, self._good == sample) is not None
        if self._stuck and aside.hurried:  # found by another who reads it, or when the set was played
            self._told("it took too long")
        return self._stuck

    def _told(self, problem: str) -> float:
        if not self.failed:
            self.failed = True
            self._around.say(f"{self.what} stays at {self._last:g}: {problem}")
        return self._last


def rehearse(settings: Iterable[Any], cycle: float, inputs: InputHistory, clock: Callable[[], float]) -> None:
    """Read settings over some cycles.

    Raises what they raise, and EngineError for one that takes too long.
    """
    for setting in settings:
        if not isinstance(setting, (str, Pattern)):
            continue
        pattern = mini(setting) if isinstance(setting, str) else setting
        read, live = compile_pattern(pattern).sample, Reader(inputs)
        begun = clock()
        for step in range(READS):
            read(np.array([cycle + step * REHEARSED / READS]), live)
        if clock() - begun > READS * LONGEST_READ:
            raise EngineError(f"{setting!r} is too slow to move a fader or an effect; simplify it")


STILL = (
    nodes.Live, nodes.Pure, nodes.Steady, nodes.Silence, nodes.Apply, nodes.Map, nodes.Seeded, nodes.Affine
)  # fmt: skip


def _restless(value: Any) -> bool:
    """Whether a setting has parts that are functions of time."""
    if isinstance(value, Tree) and not isinstance(value, STILL):
        return True
    if isinstance(value, tuple):
        return any(map(_restless, value))
    inside = is_dataclass(value) and not isinstance(value, type)
    return inside and any(_restless(getattr(value, field.name)) for field in fields(value))


def same(one: Any, other: Any) -> bool:
    """Whether two settings, or chains of effects, ask for the same."""
    return one is other or digest(one) == digest(other)


def read_before(breaks: Sequence[tuple[int, int]], sample: int) -> Iterator[int]:
    """Where settings were read before a sample, the last first; not in `breaks`, each from a sample
    on and up to another, in order.
    """
    for before, after in (*reversed(breaks), (0, 0)):
        if after < sample:
            yield from reversed(grid(after, sample))
            if before == after and after % GRID:
                yield after  # all was read for another player
        sample = min(sample, before)


def _readable(aside: int, digest: str) -> int:
    """The first sample at which what was set aside could not be read any more."""
    return aside + 1 if digest == AGAIN else aside


def grid(begin: int, end: int) -> range:
    """The samples from `begin` up to `end` at which settings are read."""
    return range(-(-begin // GRID) * GRID, end, GRID)
