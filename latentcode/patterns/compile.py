"""From a tree to closures, once.

What a node means is in the tables: its query, its sample function, and when it is a signal. They
are filled by those who know the nodes: `queries.py`, `samples.py`, and whoever adds one.
"""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from latentcode.checks import is_number, received
from latentcode.errors import PatternError
from latentcode.patterns import hashing
from latentcode.patterns.event import DEFAULT, Context, Event, Float64, Hands, Query, Sample
from latentcode.patterns.rational import allowance, before, exact

GRID = 512  # session samples for which a query sees live inputs as they are
REST = 0.0  # the value of a signal where nothing has been said for a cycle
QUERIES: dict[type, Callable[[Any, Scope], Query]] = {}
# used where the node is continuous, or never asked whether it is; all other nodes are held
SAMPLES: dict[type, Callable[[Any, Scope], Sample]] = {}
CONTINUOUS: dict[type, Callable[[Any, Scope], bool]] = {}


class Compilable(Protocol):
    """What can be compiled: see `tree.py`."""

    @property
    def live_inputs(self) -> tuple[Any, ...]: ...

    @property
    def random_nodes(self) -> int: ...


class Compiled:
    """A pattern as closures: the same answers as the pattern, without walking the tree."""

    def __init__(self, pattern: Compilable, scope: Scope) -> None:
        self.pattern, self._scope = pattern, scope
        self.through: Query = scope.queries[type(pattern)](pattern, scope)

    def query(self, begin: float | Fraction, end: float | Fraction, live: Hands = None) -> list[Event]:
        """Return the events of a span of cycles; `live` looks live inputs up, None:
        they are at their defaults.
        """
        first, last = exact(begin), exact(end)
        allowance.renew(last - first)
        return self.through(first, last, None, live)

    def sample(self, cycles: Float64, live: Hands = None) -> Float64:
        """Return the values at moments given in cycles, shape (N,) → (N,)."""
        moments = np.asarray(cycles, dtype=np.float64)
        if moments.ndim != 1:
            moments = np.atleast_1d(moments)
        allowance.renew(len(moments))
        return self._sample(moments, live)

    @cached_property
    def continuous(self) -> bool:
        """True if the pattern is a signal, without onsets of its own."""
        test = CONTINUOUS.get(type(self.pattern))
        return test is not None and test(self.pattern, self._scope)

    @cached_property
    def _sample(self) -> Sample:
        kind = type(self.pattern)
        if self.continuous or (kind in SAMPLES and kind not in CONTINUOUS):
            return SAMPLES[kind](self.pattern, self._scope)
        return on_grid(held(self.through), self.pattern)


class Scope:
    """What compiling hands down: the context, the seed, and what has been compiled already."""

    queries: Mapping[type, Callable[[Any, Scope], Query]] = QUERIES

    def __init__(self, context: Context, seed: int, known: MutableMapping[tuple[int, int], Compiled]) -> None:
        self.context, self.seed, self._known = context, seed, known

    def compile(self, pattern: Compilable) -> Compiled:
        """Return the compiled child; a child that occurs twice is compiled once."""
        key = (id(pattern), self.seed)
        if key not in self._known:
            self._known[key] = Compiled(pattern, self)
        return self._known[key]

    def leaf(self, pure: Any) -> Any:
        """The value of a leaf as its events have it."""
        return pure.value

    @property
    def plain(self) -> Scope:
        """The same for what is read as it is: amounts that are compared."""
        return self

    def query(self, pattern: Compilable) -> Query:
        """Return the query closure of a child."""
        return self.compile(pattern).through

    def sample(self, pattern: Compilable) -> Sample:
        """Return the sample function of a child."""
        return self.compile(pattern).sample

    def continuous(self, pattern: Compilable) -> bool:
        """Return whether a child is a signal."""
        return self.compile(pattern).continuous

    def key(self, pattern: Compilable) -> int:
        """Return the seed of a random node: its kind and the number of random nodes in its
        child.
        """
        kind = getattr(pattern, "kind", type(pattern).__name__)
        return hashing.seeded(self.seed, hashing.number_of(kind) + pattern.random_nodes)

    def seeded(self, index: int) -> Scope:
        """Return the scope of a branch with a seed of its own."""
        return type(self)(self.context, hashing.seeded(self.seed, index), self._known)

    def inside(self) -> Scope:
        """Return a scope for patterns made while the music runs;
        it forgets them when they are gone.
        """
        return type(self)(self.context, self.seed, ChainMap({}, self._known))


def compile_pattern(pattern: Compilable, context: Context = DEFAULT) -> Compiled:
    """Return the closures of a pattern, with `.query(begin, end)` and `.sample(cycles)`."""
    return Scope(context, context.seed, {}).compile(pattern)


def check_span(begin: Any, end: Any) -> tuple[Fraction, Fraction]:
    """Return a span as exact times. Raises PatternError for other than two numbers in order."""
    for value in (begin, end):
        if not is_number(value) or value - value != 0:
            raise PatternError(f"a query takes two numbers of cycles, not {value!r}; as in query(0, 1)")
    first, last = exact(begin), exact(end)
    if before(last, first):
        raise PatternError(f"a query must end after it begins; received {begin} to {end}; swap them")
    return first, last


def numeric(value: Any) -> float:
    """Return a value as a float. Raises PatternError for what is no number."""
    found = value.get("n", value.get("note")) if hasattr(value, "pairs") else value
    if isinstance(found, (int, float, Fraction, np.number)):
        try:
            return float(found)
        except OverflowError:  # more digits than a float has: as 1e999 is read
            return math.inf if found > 0 else -math.inf
    raise PatternError(f'a signal takes numbers, not {received(value)}; as in "0 .5 1", or sine')


def only(live: Hands, there: Any) -> Hands:
    """Live inputs for some of the moments, as those are taken out of an array."""
    return None if live is None else live.only(there)


def on_grid(sample: Sample, child: Compilable) -> Sample:
    """A sample function that queries its child, whose live inputs are as they were at multiples of
    GRID samples.
    """
    if not child.live_inputs:
        return sample

    def on_borders(times: Float64, live: Hands) -> Float64:
        if live is None or live.samples is None:
            return sample(times, live)
        borders = np.broadcast_to(live.samples // GRID * GRID, times.shape)
        values = np.full(len(times), REST)
        for border in np.unique(borders):
            there = borders == border
            values[there] = sample(times[there], live.moved(np.array([border])))
        return values

    return on_borders


def held(query: Query) -> Sample:
    """Return a sample function that holds the values of a query,
    through a rest for one cycle at most.
    """

    def sample(times: Float64, live: Hands) -> Float64:
        values = np.full(len(times), REST)
        order = np.argsort(times, kind="stable")
        ordered = times[order]
        for run in _runs(ordered):
            values[order[run]] = _hold(query, ordered[run], live)
        return values

    return sample


def _runs(ordered: Float64) -> Iterator[slice]:
    """Cut sorted moments where more than two cycles are skipped, so that no query spans the gap."""
    cuts = np.flatnonzero(np.diff(ordered) > 2) + 1
    edges = [0, *cuts.tolist(), len(ordered)]
    return (slice(a, b) for a, b in pairwise(edges) if b > a)


def _hold(query: Query, times: Float64, live: Hands) -> Float64:
    begin, end = Fraction(int(np.floor(times[0])) - 1), Fraction(int(np.floor(times[-1])) + 1)
    found = sorted(query(begin, end, None, live), key=lambda event: event.part[0])
    spans = [(float(e.part[0]), float(e.part[1]), numeric(e.value)) for e in found]
    values = np.full(len(times), REST)
    for first, last, value in spans:  # what rests hold, then what sounds
        values[_between(times, first, last + 1)] = value
    for first, last, value in spans:
        values[_between(times, first, last)] = value
    return values


def _between(times: Float64, first: float, last: float) -> slice:
    low, high = np.searchsorted(times, (first, last), side="left")
    return slice(int(low), int(high))
