"""From a tree to closures, once."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import MutableMapping
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from latentcode.checks import is_number
from latentcode.errors import PatternError
from latentcode.patterns import hashing
from latentcode.patterns.event import DEFAULT, Context, Event, Float64, Hands
from latentcode.patterns.joins import Query
from latentcode.patterns.nodes import Pure
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.queries import QUERIES
from latentcode.patterns.rational import allowance, before, exact
from latentcode.patterns.samples import CONTINUOUS, SAMPLES, Sample, held, on_grid
from latentcode.patterns.tree import random_nodes


class Compiled:
    """A pattern as closures: the same answers as the pattern, without walking the tree."""

    def __init__(self, pattern: Pattern, scope: Scope) -> None:
        self.pattern, self._scope = pattern, scope
        self.through: Query = QUERIES[type(pattern)](pattern, scope)

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
        if self.continuous or isinstance(self.pattern, Pure):
            return SAMPLES[type(self.pattern)](self.pattern, self._scope)
        return on_grid(held(self.through), self.pattern)


class Scope:
    """What compiling hands down: the context, the seed, and what has been compiled already."""

    def __init__(self, context: Context, seed: int, known: MutableMapping[tuple[int, int], Compiled]) -> None:
        self.context, self.seed, self._known = context, seed, known

    def compile(self, pattern: Pattern) -> Compiled:
        """Return the compiled child; a child that occurs twice is compiled once."""
        key = (id(pattern), self.seed)
        if key not in self._known:
            self._known[key] = Compiled(pattern, self)
        return self._known[key]

    def query(self, pattern: Pattern) -> Query:
        """Return the query closure of a child."""
        return self.compile(pattern).through

    def sample(self, pattern: Pattern) -> Sample:
        """Return the sample function of a child."""
        return self.compile(pattern).sample

    def continuous(self, pattern: Pattern) -> bool:
        """Return whether a child is a signal."""
        return self.compile(pattern).continuous

    def key(self, pattern: Pattern) -> int:
        """Return the seed of a random node: its kind and the number of random nodes in its
        child.
        """
        kind = getattr(pattern, "kind", type(pattern).__name__)
        return hashing.seeded(self.seed, hashing.number_of(kind) + random_nodes(pattern))

    def seeded(self, index: int) -> Scope:
        """Return the scope of a branch with a seed of its own."""
        return Scope(self.context, hashing.seeded(self.seed, index), self._known)

    def inside(self) -> Scope:
        """Return a scope for patterns made while the music runs;
        it forgets them when they are gone.
        """
        return Scope(self.context, self.seed, ChainMap({}, self._known))


def compile_pattern(pattern: Pattern, context: Context = DEFAULT) -> Compiled:
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
