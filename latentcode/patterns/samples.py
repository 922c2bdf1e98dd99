"""One sample function per node: compiled, it gives the values at many moments at once.

Nodes that are continuous (signals, drones of numbers, arithmetic and time maps of these) are
vectorised. The others are queried over the cycles that are needed, and each event holds its value
(`held` in `compile.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from latentcode.errors import RangeError
from latentcode.patterns import hashing, nodes, signals
from latentcode.patterns.compile import CONTINUOUS, REST, SAMPLES, Scope, numeric, on_grid, only
from latentcode.patterns.event import Event, Float64, Hands, Query, Sample
from latentcode.patterns.joins import bindings
from latentcode.patterns.operators import VECTOR


def pure(node: nodes.Pure, scope: Scope) -> Sample:
    return lambda times, live: np.full(len(times), numeric(node.value))


def silence(node: nodes.Silence, scope: Scope) -> Sample:
    return lambda times, live: np.full(len(times), REST)


def signal(node: nodes.Signal, scope: Scope) -> Sample:
    shape = signals.SHAPES[node.kind]
    return lambda times, live: np.asarray(shape(times - np.floor(times)), dtype=np.float64)


def rand(node: nodes.Rand, scope: Scope) -> Sample:
    seed = scope.key(node)
    if node.kind == "perlin":
        return lambda times, live: signals.perlin(seed, times)
    return lambda times, live: hashing.uniforms(seed, np.floor(times * hashing.STEPS))


def live(node: nodes.Live, scope: Scope) -> Sample:
    def sample(times: Float64, live: Hands) -> Float64:
        if live is None:
            return np.full(len(times), node.default)
        found = live(node.name, node.glide, node.default)
        return found if len(found) == len(times) else np.full(len(times), found[0])

    return sample


def affine_map(node: nodes.Affine, scope: Scope) -> Sample:
    inside, scale, shift = scope.sample(node.child), float(node.factor), float(node.offset)
    return lambda times, live: inside(times * scale + shift, live)


def cycle_map(node: nodes.CycleMap, scope: Scope) -> Sample:
    inside, scale, shift = scope.sample(node.child), float(node.factor), float(node.offset)

    def sample(times: Float64, live: Hands) -> Float64:
        cycle, values = np.floor(times), np.full(len(times), REST)
        position = times - cycle
        there = (position >= float(node.start)) & (position < float(node.stop))
        values[there] = inside((position * scale + shift + cycle)[there], only(live, there))
        return values

    return sample


def sequence(node: nodes.Sequence, scope: Scope) -> Sample:
    edges = np.cumsum([0.0, *map(float, node.weights)])
    edges /= edges[-1]
    insides = [scope.sample(child) for child in node.children]

    def sample(times: Float64, live: Hands) -> Float64:
        cycle = np.floor(times)
        position = times - cycle
        step = np.clip(np.searchsorted(edges, position, side="right") - 1, 0, len(insides) - 1)
        inner = (position - edges[step]) / (edges[step + 1] - edges[step]) + cycle
        return _choose(insides, step, inner, live)

    return sample


def _choose(insides: list[Sample], choice: Any, times: Float64, live: Hands) -> Float64:
    values = np.full(len(times), REST)
    for index in np.unique(choice):
        there = choice == index
        values[there] = insides[index](times[there], only(live, there))
    return values


def cycle_by_cycle(node: nodes.Cycles, scope: Scope) -> Sample:
    insides = [scope.sample(child) for child in node.children]

    def sample(times: Float64, live: Hands) -> Float64:
        cycle = np.floor(times)
        inner = times - cycle + cycle // node.period
        return _choose(insides, (cycle % len(insides)).astype(int), inner, live)

    return sample


def stack(node: nodes.Stack, scope: Scope) -> Sample:
    return scope.sample(node.children[-1])


def map_values(node: nodes.Map, scope: Scope) -> Sample:
    query, function = scope.query(node.child), node.function
    inside = scope.sample(node.child) if not isinstance(node.child, nodes.Steady) else None

    many = getattr(function, "many", None)

    def sample(times: Float64, live: Hands) -> Float64:
        if inside is None:
            return np.full(
                len(times), numeric(function(query(Fraction(0), Fraction(1), None, live)[0].value))
            )
        if many is not None:
            return np.asarray(many(inside(times, live)), dtype=np.float64)
        return np.array(
            [_number(function, value) for value in inside(times, live).tolist()], dtype=np.float64
        )

    return sample


def _number(function: Callable[[Any], Any], value: Any) -> float:
    try:
        return numeric(function(value))
    except RangeError:
        return REST


def apply(node: nodes.Apply, scope: Scope) -> Sample:
    operate, left, right = VECTOR[node.operator], scope.sample(node.left), scope.sample(node.right)

    def sample(times: Float64, live: Hands) -> Float64:
        with np.errstate(all="ignore"):
            return np.asarray(operate(left(times, live), right(times, live)), dtype=np.float64)

    return sample


def bind(node: nodes.Bind, scope: Scope) -> Sample:
    outer, inner = scope.query(node.child), bindings(node, scope)
    continuous = scope.continuous(node.child)

    def moment(time: Float64, live: Hands) -> float:
        found = outer(Fraction(float(time[0])), Fraction(float(time[0])), None, live)
        return float(inner(found[0].value).sample(time, live)[0]) if found else REST

    def moments(times: Float64, live: Hands) -> Float64:
        values = np.full(len(times), REST)
        for index in range(len(times)):
            here = slice(index, index + 1)
            values[index] = moment(times[here], only(live, here))
        return values

    def events(times: Float64, live: Hands) -> Float64:
        values = np.full(len(times), REST)
        for event in _around(outer, times, live):
            there = (times >= float(event.part[0])) & (times < float(event.part[1]))
            if there.any():
                values[there] = inner(event.value).sample(times[there], only(live, there))
        return values

    return moments if continuous else on_grid(events, node.child)


def _around(query: Query, times: Float64, live: Hands) -> list[Event]:
    cycles = np.unique(np.floor(times)).astype(int).tolist()
    return [event for c in cycles for event in query(Fraction(c), Fraction(c + 1), None, live)]


def given(node: nodes.Given, scope: Scope) -> Sample:
    return scope.sample(node.child)


def reseed(node: nodes.Seeded, scope: Scope) -> Sample:
    return scope.seeded(node.index).sample(node.child)


SAMPLES |= {
    nodes.Pure: pure,
    nodes.Silence: silence,
    nodes.Steady: lambda node, scope: pure(nodes.Pure(node.value), scope),
    nodes.Signal: signal,
    nodes.Rand: rand,
    nodes.Live: live,
    nodes.Sequence: sequence,
    nodes.Cycles: cycle_by_cycle,
    nodes.Stack: stack,
    nodes.Affine: affine_map,
    nodes.CycleMap: cycle_map,
    nodes.Map: map_values,
    nodes.Apply: apply,
    nodes.Bind: bind,
    nodes.Given: given,
    nodes.Seeded: reseed,
}

CONTINUOUS |= {
    nodes.Steady: lambda node, scope: True,
    nodes.Signal: lambda node, scope: True,
    nodes.Rand: lambda node, scope: True,
    nodes.Live: lambda node, scope: True,
    nodes.Sequence: lambda node, scope: any(map(scope.continuous, node.children)),
    nodes.Cycles: lambda node, scope: any(map(scope.continuous, node.children)),
    nodes.Stack: lambda node, scope: bool(node.children) and all(map(scope.continuous, node.children)),
    nodes.Affine: lambda node, scope: scope.continuous(node.child),
    nodes.CycleMap: lambda node, scope: scope.continuous(node.child),
    nodes.Map: lambda node, scope: scope.continuous(node.child),
    nodes.Apply: lambda node, scope: (
        node.operator in VECTOR
        and scope.continuous(node.left)
        and (node.structure == "left" or scope.continuous(node.right))
    ),
    nodes.Bind: lambda node, scope: node.join == "inner",
    nodes.Given: lambda node, scope: scope.continuous(node.child),
    nodes.Seeded: lambda node, scope: scope.continuous(node.child),
}
