"""Gestures: what a hand has done within some cycles, round and round,
in phase with the cycles it was taken in.

Between two changes of the control its last value holds, as it did while it was played; an input
that was made smooth (`.smooth(50)`) goes on being smooth, round the end of the loop too.

As text files gestures are TOML:

    # a gesture of latentcode
    of = "cc(1)"
    cycles = "4"
    tau = 0.0
    points = [
      [0.0, 0.5],
      [1.25, 0.75]
    ]

`points`: positions in cycles from its beginning, and the value from there on. `tau`: the time
constant, in cycles, with which it is smooth.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from latentcode.errors import PatternError
from latentcode.patterns.compile import CONTINUOUS, QUERIES, SAMPLES, Scope, only
from latentcode.patterns.event import Event, Float64, Hands, Query, Sample, span_through
from latentcode.patterns.inputs import typed
from latentcode.patterns.nodes import Live, Node, Pattern
from latentcode.patterns.rational import Map
from latentcode.patterns.signals import BOUNDS, bounds

KNOWN = "gesture:"  # what comes before the name of a gesture where the engine's things are looked up by name
FADED = 40.0  # time constants after which nothing is left of what smoothing came from
TITLE = "# a gesture of latentcode"
MOST = 100_000  # points
_CYCLES = re.compile(r"[0-9]{1,40}([./][0-9]{1,40})?")
_ENTRY = re.compile(r"^(\w+)\s*=\s*", re.MULTILINE)


class GestureKeeper(Protocol):
    """Who can write a gesture to a file."""

    def save_gesture(self, gesture: Captured, file: Any, force: bool) -> None: ...


class Taken(Protocol):
    """A gesture as far as it is known."""

    def at(self, times: Float64, samples: Float64 | None, glide: float) -> tuple[Float64, NDArray[np.bool_]]:
        """Its values at cycles (N,), read at session samples (None: now), and where they count,
        each (N,).

        `glide`: a time constant in ms.
        """
        ...


class Curve:
    """Values from positions in a loop of some cycles on; each holds up to the next,
    the last round the end.
    """

    def __init__(self, times: Sequence[float], values: Sequence[float], cycles: float) -> None:
        order = np.argsort(np.asarray(times, np.float64), kind="stable")
        self.times = np.asarray(times, np.float64)[order]
        self.values = np.asarray(values, np.float64)[order]
        self.cycles = cycles
        self._stands: dict[float, Float64] = {}

    def place(self, times: Float64) -> Float64:
        """Where in the loop cycles are, from 0 up to its length."""
        return np.asarray(times - self.cycles * np.floor(times / self.cycles))

    def at(self, times: Float64, tau: float = 0.0) -> Float64:
        """The values at cycles (N,); made smooth with a time constant in cycles where it is above
        0.
        """
        place = self.place(times)
        index = np.searchsorted(self.times, place, side="right") - 1
        found: Float64 = self.values[index]  # before the first, −1: the last holds
        if tau <= 0:
            return found
        since = place - self.times[index] + np.where(index < 0, self.cycles, 0.0)
        return np.asarray(found + (self._standing(tau)[index] - found) * np.exp(-since / tau))

    def _standing(self, tau: float) -> Float64:
        """Where smoothing stands when each value comes."""
        if tau not in self._stands:
            spans = np.diff(self.times, prepend=self.times[-1] - self.cycles)
            before, keep = np.roll(self.values, 1), np.exp(-spans / tau)
            stands, stand = np.empty(len(spans)), float(before[0])
            turns = 2 if self.cycles < FADED * tau else 1
            for _ in range(turns + 1):  # until what it came from is forgotten
                for index, (value, share) in enumerate(zip(before.tolist(), keep.tolist(), strict=True)):
                    stand = stands[index] = value + (stand - value) * share
            self._stands[tau] = stands
        return self._stands[tau]


@dataclass(frozen=True, eq=False, repr=False)
class Loop(Node):
    """A gesture by its content: values from positions on, in cycles from its beginning,
    which is cycle 0.

    `tau`: the time constant with which it is smooth, in cycles.
    """

    times: tuple[float, ...]
    values: tuple[float, ...]
    cycles: Fraction
    tau: float = 0.0


@dataclass(frozen=True, eq=False, repr=False)
class Captured(Node):
    """A gesture by its name: until it is complete what the hand does now, from then on a loop.

    over    what it is played over: counts wherever the hand did not move; None: nothing
    keeper  who writes it to a file; not part of it
    """

    name: str
    cycles: Fraction
    hand: Live
    over: Pattern | None = None

    keeper: GestureKeeper | None = field(default=None, compare=False)

    def save(self, file: Any, force: bool = False) -> None:
        """Write the gesture to a text file, which `gesture("wave.toml")` reads.

        A file that is there already is kept, and the gesture gets a number, unless `force`.

        Raises PatternError outside of a set, ControlError for a file that cannot be written.
        """
        if self.keeper is None:
            raise PatternError(
                'a gesture is saved at the prompt, where it was captured: wave.save("wave.toml")'
            )
        self.keeper.save_gesture(self, file, force)

    def __repr__(self) -> str:
        over = "" if self.over is None else f" over {self.over!r}"
        return f"{float(self.cycles):g} cycles of {typed(self.hand)}{over}"

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "keeper": None}


def now(sample: Sample) -> Query:
    """The query of a signal: its value at the beginning of the span."""

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        value = float(sample(np.array([float(begin)]), only(live, slice(0, 1)))[0])
        return [Event(None, span_through((begin, end), m), value)]

    return query


def loop(node: Loop, scope: Scope) -> Sample:
    curve = Curve(node.times, node.values, float(node.cycles))
    return lambda times, live: curve.at(times, node.tau)


def captured(node: Captured, scope: Scope) -> Sample:
    below = scope.sample(node.hand if node.over is None else node.over)

    def sample(times: Float64, live: Hands) -> Float64:
        found: Taken | None = None if live is None else live.known(KNOWN + node.name)
        if found is None or live is None:
            return below(times, live)
        values, there = found.at(times, live.seen, node.hand.glide)
        return values if there.all() else np.where(there, values, below(times, live))

    return sample


BOUNDS.update(
    {Loop: lambda node: (min(node.values), max(node.values)), Captured: lambda node: bounds(node.hand)}
)
SAMPLES.update({Loop: loop, Captured: captured})
CONTINUOUS.update(dict.fromkeys((Loop, Captured), lambda node, scope: True))
QUERIES.update({Loop: lambda node, scope: now(loop(node, scope))})
QUERIES.update({Captured: lambda node, scope: now(captured(node, scope))})


def written(loop: Loop, of: str = "") -> str:
    """A gesture as text."""
    points = ",\n".join(f"  [{t!r}, {v!r}]" for t, v in zip(loop.times, loop.values, strict=True))
    head = f'of = {json.dumps(of)}\ncycles = "{loop.cycles}"\ntau = {loop.tau!r}'
    return f"{TITLE}\n{head}\npoints = [\n{points}\n]\n"


def understood(text: str, name: str) -> Loop:
    """The gesture in a text; `name` is what errors call it.

    Raises PatternError for what is none.
    """
    try:
        entries = _entries(text)
        points = [(float(t), float(v)) for t, v in entries["points"]]
        cycles, tau = _cycles(entries["cycles"]), float(entries.get("tau", 0.0))
    except (KeyError, ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise PatternError(
            f"{name} is no gesture: {error}; it must have cycles and points as wave.save('wave.toml') writes them"
        ) from error
    numbers = [number for point in points for number in point]
    usable = all(map(math.isfinite, [*numbers, tau])) and tau >= 0 and 0 < len(points) <= MOST
    if not usable or cycles <= 0 or not all(0 <= time < cycles for time, _ in points):
        raise PatternError(
            f"{name} is no gesture: it must have 1 to {MOST} points, each from 0 up to its {cycles} cycles"
        )
    times, values = zip(*sorted(points, key=lambda point: point[0]), strict=True)
    return Loop(times, values, cycles, tau)


def _cycles(text: Any) -> Fraction:
    """A number of cycles; one with an exponent could take any memory."""
    if isinstance(text, str) and not _CYCLES.fullmatch(text):
        raise ValueError(f"{text[:40]!r} cycles")
    return Fraction(text)


def _entries(text: str) -> dict[str, Any]:
    bare = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))
    pieces = _ENTRY.split(bare)
    return {
        name: json.loads(value.replace(",\n]", "\n]"))
        for name, value in zip(pieces[1::2], pieces[2::2], strict=True)
    }
