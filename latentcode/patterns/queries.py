"""One query function per node: compiled, it gives the events of a span.

A query takes the span in the node's own time and the map from there to the time of whoever asked.
Maps are composed on the way down, so an event is moved once, where it arises, however many nodes
are above it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from latentcode.errors import RangeError
from latentcode.patterns import hashing, nodes
from latentcode.patterns.compile import QUERIES, Scope
from latentcode.patterns.event import (
    PLAIN,
    Event,
    Hands,
    Query,
    Timed,
    event_through,
    overlap,
    shifted,
    span_through,
    through,
    value_through,
)
from latentcode.patterns.joins import bind
from latentcode.patterns.operators import DROP, OPERATORS
from latentcode.patterns.rational import (
    ONE,
    ZERO,
    Map,
    affine,
    before,
    compose,
    coprime,
    cycles,
    floor,
    later,
    sooner,
)
from latentcode.patterns.signals import SHAPES, perlin_at


def pure(node: nodes.Pure, scope: Scope) -> Query:
    return _once(scope.leaf(node))


def _once(value: Any) -> Query:
    timed = isinstance(value, Timed)

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        events = []
        for cycle in cycles(begin, end):
            whole = coprime(cycle, 1), coprime(cycle + 1, 1)
            part = whole
            if before(whole[0], begin) or before(end, whole[1]):
                part = later(whole[0], begin), sooner(whole[1], end)
            if m is None:
                events.append(Event(whole, part, value))
            elif timed or part is not whole:
                events.append(event_through(whole, part, value, m))
            else:
                moved = span_through(whole, m)
                events.append(Event(moved, moved, value))
        return events

    return query


def silence(node: nodes.Silence, scope: Scope) -> Query:
    return lambda begin, end, m, live: []


def steady(node: nodes.Steady, scope: Scope) -> Query:
    return lambda begin, end, m, live: [event_through(None, (begin, end), node.value, m)]


def _valued(value_at: Callable[[Fraction], Any]) -> Query:
    return lambda begin, end, m, live: [Event(None, span_through((begin, end), m), value_at(begin))]


def signal(node: nodes.Signal, scope: Scope) -> Query:
    shape = SHAPES[node.kind]
    return _valued(lambda t: float(shape(float(t - floor(t)))))


def rand(node: nodes.Rand, scope: Scope) -> Query:
    seed = scope.key(node)
    if node.kind == "perlin":
        return _valued(lambda t: perlin_at(seed, t))
    return _valued(lambda t: hashing.uniform_at(seed, t))


def live(node: nodes.Live, scope: Scope) -> Query:
    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        value = node.default if live is None else float(live(node.name, node.glide, node.default)[0])
        return [Event(None, span_through((begin, end), m), value)]

    return query


Slot = tuple[
    Fraction, Fraction, Fraction, bool, Any
]  # begin, end, width, is it a plain value, value or query


def sequence(node: nodes.Sequence, scope: Scope) -> Query:
    slots = _slots(node, scope)

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        events: list[Event] = []
        for cycle in cycles(begin, end):
            low, high = coprime(cycle, 1), coprime(cycle + 1, 1)
            if before(low, begin) or before(end, high) or begin == end:
                _some_steps(slots, cycle, later(low, begin), sooner(high, end), m, live, events)
            else:
                _all_steps(slots, cycle, low, high, m, live, events)
        return events

    return query


def _slots(node: nodes.Sequence, scope: Scope) -> list[Slot]:
    total = sum(node.weights, ZERO)
    position, slots = ZERO, []
    for child, weight in zip(node.children, node.weights, strict=True):
        begin, position = position, position + weight
        if not isinstance(child, nodes.Silence):
            plain = isinstance(child, nodes.Pure) and not isinstance(child.value, Timed)
            inside = scope.leaf(child) if plain else scope.query(child)
            slots.append((begin / total, position / total, weight / total, plain, inside))
    return slots


def _all_steps(
    slots: list[Slot], cycle: int, low: Fraction, high: Fraction, m: Map, live: Hands, events: list[Event]
) -> None:
    at = past = None
    for begin, end, width, leaf, inside in slots:
        if not leaf:
            shift = shifted(begin, cycle) - cycle * width
            events += inside(low, high, compose(m, width, shift), live)
            continue
        first = shifted(begin, cycle)
        if m is not None:
            first = at if past is begin and at is not None else affine(first, m[0], m[1])
        last = shifted(end, cycle)
        if m is not None:
            last = affine(last, m[0], m[1])
        span = (first, last) if m is None or m[0].numerator > 0 else (last, first)
        value = inside if m is None or type(inside) in PLAIN else value_through(inside, m)
        events.append(Event(span, span, value))
        at, past = last, end


def _some_steps(
    slots: list[Slot], cycle: int, low: Fraction, high: Fraction, m: Map, live: Hands, events: list[Event]
) -> None:
    point = low == high
    for begin, end, width, leaf, inside in slots:
        first, last = shifted(begin, cycle), shifted(end, cycle)
        if not before(low, last):
            continue
        if before(high, first) or (not point and high == first):
            break
        part = later(first, low), sooner(last, high)
        if leaf:
            whole = part if part[0] == first and part[1] == last else (first, last)
            events.append(event_through(whole, part, inside, m))
        else:
            shift = first - cycle * width
            events += inside(
                (part[0] - shift) / width, (part[1] - shift) / width, compose(m, width, shift), live
            )


def cycle_by_cycle(node: nodes.Cycles, scope: Scope) -> Query:
    queries = [scope.query(child) for child in node.children]
    count, period = len(queries), node.period

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        events: list[Event] = []
        for cycle in cycles(begin, end):
            move = cycle - cycle // period
            low, high = later(begin, coprime(cycle, 1)), sooner(end, coprime(cycle + 1, 1))
            below = compose(m, ONE, coprime(move, 1)) if move else m
            events += queries[cycle % count](shifted(low, -move), shifted(high, -move), below, live)
        return events

    return query


def stack(node: nodes.Stack, scope: Scope) -> Query:
    queries = [scope.query(child) for child in node.children]
    return lambda begin, end, m, live: [event for query in queries for event in query(begin, end, m, live)]


def affine_map(node: nodes.Affine, scope: Scope) -> Query:
    inside, scale, shift = scope.query(node.child), node.factor, node.offset
    back, offset = 1 / scale, -shift / scale

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        first, last = affine(begin, scale, shift), affine(end, scale, shift)
        if before(last, first):
            first, last = last, first
        return inside(first, last, compose(m, back, offset), live)

    return query


def cycle_map(node: nodes.CycleMap, scope: Scope) -> Query:
    inside, scale, shift = scope.query(node.child), node.factor, node.offset
    back = 1 / scale

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        events: list[Event] = []
        for cycle in cycles(begin, end):
            low, high = later(begin, shifted(node.start, cycle)), sooner(end, shifted(node.stop, cycle))
            if before(high, low) or (low == high and (begin != end or low == shifted(node.stop, cycle))):
                continue
            # inner = t·scale + offset, in absolute cycles
            offset = shift + cycle - cycle * scale
            first, last = affine(low, scale, offset), affine(high, scale, offset)
            found = inside(
                *((first, last) if scale > 0 else (last, first)), compose(m, back, -offset * back), live
            )
            events += found if scale > 0 else found[::-1]
        return events

    return query


def map_values(node: nodes.Map, scope: Scope) -> Query:
    inside, function = scope.query(node.child), node.function

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        found = inside(begin, end, None, live)
        try:
            mapped = [Event(whole, part, function(value)) for whole, part, value in found]
        except RangeError:
            mapped = [made for event in found if (made := _within_range(event, function)) is not None]
        return through(mapped, m)

    return query


def _within_range(event: Event, function: Callable[[Any], Any]) -> Event | None:
    try:
        return event._replace(value=function(event.value))
    except RangeError:  # what no event can be is silent
        return None


def where(node: nodes.Where, scope: Scope) -> Query:
    inside, test = scope.query(node.child), node.test
    return lambda begin, end, m, live: through(
        [event for event in inside(begin, end, None, live) if test(event)], m
    )


def apply(node: nodes.Apply, scope: Scope) -> Query:
    return applied(node, scope, OPERATORS[node.operator])


def applied(node: nodes.Apply, scope: Scope, operate: Callable[[Any, Any], Any]) -> Query:
    """Both sides combined by an operator, in the structure that the node says."""
    left, right = scope.query(node.left), scope.query(node.right)
    if node.structure == "right":
        return _structured(right, left, lambda a, b: operate(b, a))
    return {"left": _structured, "onset": _at_onset, "both": _overlapping}[node.structure](
        left, right, operate
    )


def _structured(frame: Query, other: Query, operate: Callable[[Any, Any], Any]) -> Query:
    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        events = []
        for whole, part, value in frame(begin, end, None, live):
            for _, within, found in other(*(whole or part), None, live):
                shared = part if within == whole else overlap(part, within)
                result = DROP if shared is None else operate(value, found)
                if shared is not None and result is not DROP:
                    events.append(
                        event_through(part if whole is part and shared is part else whole, shared, result, m)
                    )
        return events

    return query


def _at_onset(left: Query, right: Query, operate: Callable[[Any, Any], Any]) -> Query:
    """A drone has no onset: it takes what the right side says at every moment."""

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        events = []
        for whole, part, value in left(begin, end, None, live):
            for _, within, found in right(*(part if whole is None else (whole[0], whole[0])), None, live):
                result = operate(value, found)
                if result is not DROP:
                    shared = part if whole is not None or within == part else within
                    events.append(event_through(whole, shared, result, m))
        return events

    return query


def _overlapping(left: Query, right: Query, operate: Callable[[Any, Any], Any]) -> Query:
    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        events = []
        others = right(begin, end, None, live)
        for whole, part, value in left(begin, end, None, live):
            for other, within, found in others:
                shared = overlap(part, within)
                result = DROP if shared is None else operate(value, found)
                if shared is not None and result is not DROP:
                    both = None if whole is None or other is None else overlap(whole, other)
                    events.append(event_through(both, shared, result, m))
        return events

    return query


def ply(node: nodes.Ply, scope: Scope) -> Query:
    inside, times = scope.query(node.child), node.times

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        events = []
        for whole, part, value in inside(begin, end, None, live):
            if whole is None:
                events.append(event_through(None, part, value, m))
                continue
            width, cycle = (whole[1] - whole[0]) / times, floor(whole[0]) * times
            # the copies count from the cycle's start, as those of `fast` do
            for copy in cycles(cycle, cycle + times):
                first = whole[0] + (copy - cycle) * width
                piece = overlap((first, first + width), whole)
                shared = None if piece is None else overlap(piece, part)
                if shared is not None:
                    again = value_through(value, (1 / times, first - whole[0] / times))
                    events.append(event_through(piece, shared, again, m))
        return events

    return query


def degrade(node: nodes.Degrade, scope: Scope) -> Query:
    inside, seed, amount = scope.query(node.child), scope.key(node), scope.plain.query(node.amount)

    def kept(event: Event, live: Hands) -> bool:
        onset = event.active[0]
        cycle = coprime(floor(onset), 1)
        number = hashing.uniform_at(seed, cycle if node.cyclic or event.whole is None else onset)
        amounts = amount(onset, onset, None, live)
        return (number >= (amounts[-1].value if amounts else 0)) != node.flipped

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        found = [piece for event in inside(begin, end, None, live) for piece in _by_cycle(event)]
        return through([event for event in found if kept(event, live)], m)

    return query


def _by_cycle(event: Event) -> list[Event]:
    """A drone has no onset to decide at, so it is decided on in every cycle."""
    if event.whole is not None:
        return [event]
    begin, end = event.part
    spans = [(later(begin, coprime(c, 1)), sooner(end, coprime(c + 1, 1))) for c in cycles(begin, end)]
    return [Event(None, span, event.value) for span in spans]


def order(node: nodes.Order, scope: Scope) -> Query:
    count, seed = node.count, scope.key(node)

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        events: list[Event] = []
        for cycle in cycles(begin, end):
            ranks = sorted(range(count), key=lambda part: hashing.uniform(seed, cycle * count + part))
            slots: list[Slot] = [
                (Fraction(i, count), Fraction(i + 1, count), Fraction(1, count), True, part)
                for i, part in enumerate(ranks)
            ]
            low, high = later(begin, coprime(cycle, 1)), sooner(end, coprime(cycle + 1, 1))
            _some_steps(slots, cycle, low, high, m, live, events)
        return events

    return query


def given(node: nodes.Given, scope: Scope) -> Query:
    return scope.query(node.child)


def reseed(node: nodes.Seeded, scope: Scope) -> Query:
    inside = scope.seeded(node.index).query(node.child)

    def query(begin: Fraction, end: Fraction, m: Map, live: Hands) -> list[Event]:
        return [
            event._replace(value=event.value.reseeded(node.index))
            if isinstance(event.value, Timed)
            else event
            for event in inside(begin, end, m, live)
        ]

    return query


QUERIES |= {
    nodes.Pure: pure,
    nodes.Silence: silence,
    nodes.Steady: steady,
    nodes.Signal: signal,
    nodes.Rand: rand,
    nodes.Live: live,
    nodes.Sequence: sequence,
    nodes.Cycles: cycle_by_cycle,
    nodes.Stack: stack,
    nodes.Affine: affine_map,
    nodes.CycleMap: cycle_map,
    nodes.Map: map_values,
    nodes.Where: where,
    nodes.Apply: apply,
    nodes.Bind: bind,
    nodes.Ply: ply,
    nodes.Degrade: degrade,
    nodes.Order: order,
    nodes.Given: given,
    nodes.Seeded: reseed,
}
