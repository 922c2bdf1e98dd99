"""The primitive nodes. Everything else is built from these when it is called.

Times are exact fractions, in cycles. What each node means is in `queries.py`, its signal in
`samples.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, is_dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from latentcode.patterns.controls import AddsControls
from latentcode.patterns.pattern import Pattern as Pattern
from latentcode.patterns.rational import affine
from latentcode.patterns.tree import random_nodes


class Node(Pattern):
    """What every node can do besides the words of patterns.

    `values_in`, where a node has it: its fields from which the values come that it gives. What else
    it holds are numbers, or signals.
    """

    def retimed(self, scale: Fraction, shift: Fraction) -> Pattern:  # type: ignore[override]
        return through(self, scale, shift)

    def reseeded(self, index: int) -> Pattern:  # type: ignore[override]
        return branch(self, index)


@dataclass(frozen=True, eq=False, repr=False)
class Pure(Node):
    """A value once per cycle; `text` is how a number was written,
    in case that it is to be a name.

    `place`: the mini-notation that it stands in, and from where to where there (see `tracing.py`).
    """

    value: Any
    text: str = field(default="", compare=False, kw_only=True)
    place: tuple[str, int, int] | None = field(default=None, compare=False, kw_only=True)


@dataclass(frozen=True, eq=False, repr=False)
class Silence(Node):
    """Nothing."""


@dataclass(frozen=True, eq=False, repr=False)
class Steady(Node):
    """One endless event without a whole: a drone."""

    value: Any


@dataclass(frozen=True, eq=False, repr=False)
class Signal(Node):
    """A number that is a function of time, by name (see `signals.py`)."""

    kind: str


@dataclass(frozen=True, eq=False, repr=False)
class Rand(Node):
    """A random signal: "rand" is new at every moment, "perlin" glides from cycle to cycle."""

    _random = True
    kind: str


@dataclass(frozen=True)
class Dial:
    """What a slider shows for 0 and for 1, and whether it goes from the one to the other by equal
    ratios.
    """

    low: float = 0.0
    high: float = 1.0
    exp: bool = False

    def shows(self, place: float) -> float:
        """What is shown for a place from 0 to 1."""
        if self.exp:
            return float(self.low * (self.high / self.low) ** place)
        return self.low + (self.high - self.low) * place

    def place(self, shown: float) -> float:
        """Where it stands, 0 to 1, that shows a number between its ends."""
        if self.exp:
            return math.log(shown / self.low) / math.log(self.high / self.low)
        return (shown - self.low) / (self.high - self.low)


@dataclass(frozen=True, eq=False, repr=False)
class Live(Node):
    """A live input: its present value whatever the time, `default` where nothing is known of it.

    glide  the time constant in ms with which it follows the hand; 0: at once
    dial   of a slider: what the page shows of it
    """

    name: str
    default: float = 0.0
    glide: float = 0.0
    dial: Dial | None = field(default=None, metadata={"unless_default": True}, kw_only=True)

    @cached_property
    def live_inputs(self) -> tuple[Live, ...]:
        return (self,)


@dataclass(frozen=True, eq=False, repr=False)
class Sequence(Node):
    """Children one after the other, all within each cycle, in proportion to their weights."""

    values_in = ("children",)
    children: tuple[Pattern, ...]
    weights: tuple[Fraction, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Cycles(Node):
    """One child per cycle in turn; in cycle c the chosen child shows its own cycle c // period."""

    values_in = ("children",)
    children: tuple[Pattern, ...]
    period: int


@dataclass(frozen=True, eq=False, repr=False)
class Stack(Node):
    """All children at once."""

    values_in = ("children",)
    children: tuple[Pattern, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Affine(Node):
    """Time mapped: inner cycle = outer cycle · factor + offset."""

    values_in = ("child",)
    child: Pattern
    factor: Fraction
    offset: Fraction


@dataclass(frozen=True, eq=False, repr=False)
class CycleMap(Node):
    """Time mapped within each cycle, between the positions start and stop; silent outside.

    With t the position in the cycle (0 to 1), inner position = t · factor + offset. Reverse is (−1,
    1, 0, 1).
    """

    values_in = ("child",)
    child: Pattern
    factor: Fraction
    offset: Fraction
    start: Fraction
    stop: Fraction


@dataclass(frozen=True, eq=False, repr=False)
class Map(Node):
    """Every value through a function, which must be digestible (see `digest.py`)."""

    child: Pattern
    function: Callable[[Any], Any]

    @property
    def values_in(self) -> tuple[str, ...]:
        beside = isinstance(self.function, AddsControls) and getattr(self.function, "name", "") != "s"
        return ("child",) if beside else ()


@dataclass(frozen=True, eq=False, repr=False)
class Where(Node):
    """Only the events for which a test of the event holds."""

    values_in = ("child",)
    child: Pattern
    test: Callable[[Any], bool]


@dataclass(frozen=True, eq=False, repr=False)
class Apply(Node):
    """Two patterns combined by a named operator (see `operators.py`).

    `structure` says whose wholes count: left, right, both (where they overlap), or onset (left, and
    the right side is sampled at the onset of each event, so that it never splits one).
    """

    left: Pattern
    right: Pattern
    operator: str
    structure: str

    @property
    def values_in(self) -> tuple[str, ...]:
        control = self.operator.startswith("control:") and self.operator != "control:s"
        return ("left",) if control or self.operator == "keep_if" else ()


@dataclass(frozen=True, eq=False, repr=False)
class Bind(Node):
    """For every value of the child a pattern, joined.

    `join` says whose wholes count: inner, outer, both; squeeze (a cycle of the inner pattern fills
    each event), reset or restart (the inner pattern begins again at each onset, from its cycle's
    start or from cycle 0).
    """

    values_in = ("function",)
    child: Pattern
    function: Callable[[Any], Pattern]
    join: str


@dataclass(frozen=True, eq=False, repr=False)
class Ply(Node):
    """Each event so many times within itself; the signals inside its value run through with every
    copy.
    """

    values_in = ("child",)
    child: Pattern
    times: Fraction


@dataclass(frozen=True, eq=False, repr=False)
class Chop(Node):
    """Each event (of a drone: each cycle) in so many pieces, each with its portion of the sound."""

    values_in = ("child",)
    child: Pattern
    parts: int


@dataclass(frozen=True, eq=False, repr=False)
class Degrade(Node):
    """Events kept at random: those whose number, 0 to 1,
    is not below the amount (below, if `flipped`).

    The amount is read at the onset of each event; `cyclic` draws one number for the whole cycle.
    """

    _random = True
    values_in = ("child",)
    child: Pattern
    amount: Pattern
    flipped: bool = False
    cyclic: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class Order(Node):
    """`count` steps a cycle, numbers of parts: all of them in a new random order in every cycle."""

    _random = True
    count: int


@dataclass(frozen=True, eq=False, repr=False)
class Given(Node):
    """The place of a pattern that depends on an argument still unknown;
    `child` is what it was made from.

    A musician's function is called once, on this; what it returns is filled in for each argument.
    `depth` tells the places of nested functions apart.
    """

    values_in = ("child",)
    child: Pattern
    depth: int


@dataclass(frozen=True, eq=False, repr=False)
class Seeded(Node):
    """The child with another seed handed down, so that its random nodes do not agree with its
    siblings'.
    """

    values_in = ("child",)
    child: Pattern
    index: int


SILENCE = Silence()


def through(pattern: Pattern, scale: Fraction, shift: Fraction) -> Pattern:
    """Return the pattern seen through inner cycle = outer cycle · scale + shift (scale other than
    0).
    """
    if isinstance(pattern, (Steady, Pure, Live)) and _timeless(pattern):
        return pattern
    if isinstance(pattern, Affine):
        scale, shift = scale * pattern.factor, affine(shift, pattern.factor, pattern.offset)
        pattern = pattern.child
    return pattern if scale == 1 and shift == 0 else Affine(pattern, scale, shift)


def _timeless(pattern: Any) -> bool:
    return isinstance(pattern, Live) or (
        isinstance(pattern, Steady) and isinstance(pattern.value, (int, float, Fraction, str))
    )


def branch(pattern: Pattern, index: int) -> Pattern:
    """Return a child whose random nodes, if it has any, do not agree with its siblings'."""
    return Seeded(pattern, index) if random_nodes(pattern) else pattern


def as_names(pattern: Pattern) -> Pattern:
    """Return a pattern whose values have their text where they are numbers that were written in
    strings.

    `cat("007")` cannot know yet what it is for: `n(cat("007"))` counts, `s(cat("007"))` plays a
    sound of that name.
    """
    return _named(pattern, {})  # type: ignore[no-any-return]


def _named(value: Any, known: dict[int, Any]) -> Any:
    if id(value) not in known:
        known[id(value)] = _rewritten(value, known)
    return known[id(value)]


def _rewritten(value: Any, known: dict[int, Any]) -> Any:
    if isinstance(value, Pure):
        return Pure(value.text, place=value.place) if value.text else value
    if isinstance(value, tuple):
        items = tuple(_named(item, known) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if not is_dataclass(value) or isinstance(value, type):
        return value
    inner = {name: getattr(value, name) for name in getattr(value, "values_in", ())}
    changed = {name: new for name, old in inner.items() if (new := _named(old, known)) is not old}
    return replace(value, **changed) if changed else value
