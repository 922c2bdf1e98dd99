"""The primitive nodes. Everything else is built from these when it is called.

Times are exact fractions, in cycles. What each node means is in `queries.py`, its signal in
`samples.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from latentcode.patterns.pattern import Pattern as Pattern


@dataclass(frozen=True, eq=False, repr=False)
class Pure(Pattern):
    """A value once per cycle; `text` is how a number was written,
    in case that it is to be a name.
    """

    value: Any
    text: str = field(default="", compare=False, kw_only=True)


@dataclass(frozen=True, eq=False, repr=False)
class Silence(Pattern):
    """Nothing."""


@dataclass(frozen=True, eq=False, repr=False)
class Steady(Pattern):
    """One endless event without a whole: a drone."""

    value: Any


@dataclass(frozen=True, eq=False, repr=False)
class Signal(Pattern):
    """A number that is a function of time, by name (see `signals.py`)."""

    kind: str


@dataclass(frozen=True, eq=False, repr=False)
class Rand(Pattern):
    """A random signal: "rand" is new at every moment, "perlin" glides from cycle to cycle."""

    kind: str


@dataclass(frozen=True, eq=False, repr=False)
class Live(Pattern):
    """A live input: its present value whatever the time, `default` where nothing is known of it.

    `glide`: the time constant in ms with which it follows the hand; 0: at once.
    """

    name: str
    default: float = 0.0
    glide: float = 0.0


@dataclass(frozen=True, eq=False, repr=False)
class Sequence(Pattern):
    """Children one after the other, all within each cycle, in proportion to their weights."""

    children: tuple[Pattern, ...]
    weights: tuple[Fraction, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Cycles(Pattern):
    """One child per cycle in turn; in cycle c the chosen child shows its own cycle c // period."""

    children: tuple[Pattern, ...]
    period: int


@dataclass(frozen=True, eq=False, repr=False)
class Stack(Pattern):
    """All children at once."""

    children: tuple[Pattern, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Affine(Pattern):
    """Time mapped: inner cycle = outer cycle · factor + offset."""

    child: Pattern
    factor: Fraction
    offset: Fraction


@dataclass(frozen=True, eq=False, repr=False)
class CycleMap(Pattern):
    """Time mapped within each cycle, between the positions start and stop; silent outside.

    With t the position in the cycle (0 to 1), inner position = t · factor + offset. Reverse is (−1,
    1, 0, 1).
    """

    child: Pattern
    factor: Fraction
    offset: Fraction
    start: Fraction
    stop: Fraction


@dataclass(frozen=True, eq=False, repr=False)
class Map(Pattern):
    """Every value through a function, which must be digestible (see `digest.py`)."""

    child: Pattern
    function: Callable[[Any], Any]


@dataclass(frozen=True, eq=False, repr=False)
class Where(Pattern):
    """Only the events for which a test of the event holds."""

    child: Pattern
    test: Callable[[Any], bool]


@dataclass(frozen=True, eq=False, repr=False)
class Apply(Pattern):
    """Two patterns combined by a named operator (see `operators.py`).

    `structure` says whose wholes count: left, right, both (where they overlap), or onset (left, and
    the right side is sampled at the onset of each event, so that it never splits one).
    """

    left: Pattern
    right: Pattern
    operator: str
    structure: str


@dataclass(frozen=True, eq=False, repr=False)
class Bind(Pattern):
    """For every value of the child a pattern, joined.

    `join` says whose wholes count: inner, outer, both; squeeze (a cycle of the inner pattern fills
    each event), reset or restart (the inner pattern begins again at each onset, from its cycle's
    start or from cycle 0).
    """

    child: Pattern
    function: Callable[[Any], Pattern]
    join: str


@dataclass(frozen=True, eq=False, repr=False)
class Ply(Pattern):
    """Each event so many times within itself; the signals inside its value run through with every
    copy.
    """

    child: Pattern
    times: Fraction


@dataclass(frozen=True, eq=False, repr=False)
class Chop(Pattern):
    """Each event (of a drone: each cycle) in so many pieces, each with its portion of the sound."""

    child: Pattern
    parts: int


@dataclass(frozen=True, eq=False, repr=False)
class Degrade(Pattern):
    """Events kept at random: those whose number, 0 to 1,
    is not below the amount (below, if `flipped`).

    The amount is read at the onset of each event; `cyclic` draws one number for the whole cycle.
    """

    child: Pattern
    amount: Pattern
    flipped: bool = False
    cyclic: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class Order(Pattern):
    """`count` steps a cycle, numbers of parts: all of them in a new random order in every cycle."""

    count: int


@dataclass(frozen=True, eq=False, repr=False)
class Given(Pattern):
    """The place of a pattern that depends on an argument still unknown;
    `child` is what it was made from.

    A musician's function is called once, on this; what it returns is filled in for each argument.
    `depth` tells the places of nested functions apart.
    """

    child: Pattern
    depth: int


@dataclass(frozen=True, eq=False, repr=False)
class Seeded(Pattern):
    """The child with another seed handed down, so that its random nodes do not agree with its
    siblings'.
    """

    child: Pattern
    index: int


RANDOM = (Rand, Degrade, Order)
SILENCE = Silence()
