"""Several patterns at once, or one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from latentcode.checks import Number, wrong
from latentcode.errors import PatternError
from latentcode.patterns import nodes
from latentcode.patterns.arguments import (
    Argument,
    Function,
    Whole,
    called,
    count,
    number,
    patternable,
    positive,
    reify,
)
from latentcode.patterns.controls import AddsControls, Controls
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.rational import ONE, floor
from latentcode.patterns.words import method
from latentcode.words import public


def _items(patterns: Sequence[Any]) -> tuple[Pattern, ...]:
    return tuple(nodes.branch(_item(item), index) for index, item in enumerate(patterns))


def _item(item: Any) -> Pattern:
    return seq(*item) if isinstance(item, list) else reify(item)


@public
@method('stack("flute*2")', function=False)
def stack(*patterns: Any) -> Pattern:
    """Play patterns at once; text is mini-notation. Raises PatternError for anything else."""
    items = _items(patterns)
    return items[0] if len(items) == 1 else nodes.Stack(items) if items else nodes.SILENCE


@public
@method('cat("flute*2")', "slowcat", function=False)
def cat(*patterns: Any) -> Pattern:
    """Play patterns in turn, one per cycle; none of them loses a cycle. Also called `slowcat`."""
    return _slowcat(_items(patterns))


def _slowcat(items: tuple[Pattern, ...]) -> Pattern:
    if not items:
        return nodes.SILENCE
    return items[0] if len(items) == 1 else nodes.Cycles(items, len(items))


def slowcat_apart(patterns: Iterable[Pattern]) -> Pattern:
    """Play versions of one pattern in turn; they share their random numbers."""
    return _slowcat(tuple(patterns))


@public
@method('seq("flute*2")', "fastcat", function=False)
def seq(*patterns: Any) -> Pattern:
    """Play patterns one after the other within each cycle; a list is a step of its own.

    Also `fastcat`.
    """
    items = _items(patterns)
    if not items:
        return nodes.SILENCE
    return items[0] if len(items) == 1 else nodes.Sequence(items, (ONE,) * len(items))


@public
def timecat(*pairs: tuple[Number, Any]) -> Pattern:
    """Play (weight, pattern) pairs one after the other within each cycle,
    in proportion to the weights.

    Raises PatternError for what is no pair, RangeError for a weight that is not above 0.
    """
    for pair in pairs:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise wrong("timecat", "(weight, pattern) pairs", pair, '(3, "a"), (1, "b")', PatternError)
    weights = tuple(positive(weight, "a weight of timecat") for weight, _ in pairs)
    items = _items([item for _, item in pairs])
    if not items:
        return nodes.SILENCE
    return items[0] if len(items) == 1 else nodes.Sequence(items, weights)


@public
def polymeter(*patterns: Any, steps: Argument | None = None) -> Pattern:
    """Play lists of steps at once, at the same number of steps per cycle:
    by default that of the first.

    Raises PatternError for an empty list, RangeError for steps that are not above 0.
    """
    listed = [item if isinstance(item, (list, tuple)) else [item] for item in patterns]
    if not all(listed):
        raise PatternError(
            'polymeter takes lists of steps, not an empty one; as in ["a", "b"], ["c", "d", "e"]'
        )
    if not listed:
        return nodes.SILENCE
    rate: Any = len(listed[0]) if steps is None else steps
    rate = reify(rate) if isinstance(rate, str) else rate
    if not isinstance(rate, nodes.Pattern) or isinstance(rate, nodes.Pure):
        rate = positive(getattr(rate, "value", rate), "the steps of polymeter")
    return stack(*(seq(*items).fast(rate / len(items)) for items in listed))


@method("layer(add(7), rev)")
def layer(pattern: Pattern, *functions: Function) -> Pattern:
    """Play the results of functions at once."""
    return _together([called(f, pattern, "layer") for f in functions])


@method("superimpose(add(7))")
def superimpose(pattern: Pattern, *functions: Function) -> Pattern:
    """Play the pattern together with the results of functions."""
    return _together([pattern, *(called(f, pattern, "superimpose") for f in functions)])


def _together(versions: list[Pattern]) -> Pattern:
    return versions[0] if len(versions) == 1 else nodes.Stack(tuple(versions)) if versions else nodes.SILENCE


@method("off(1/8, add(7))")
@patternable
def off(pattern: Pattern, time: Argument, function: Function) -> Pattern:
    """Play the pattern together with a later, changed copy."""
    return _together([pattern, called(function, pattern.late(number(time, "the time of off", "1/8")), "off")])


HALF = Fraction(1, 2)
ECHO = "lambda p, i: p.gain(.5 ** i)"


@dataclass(frozen=True)
class Panned(AddsControls):
    """A value → its controls, moved to one side (pan from 0, left, to 1, right)."""

    by: float

    def __call__(self, value: Any) -> Controls:
        controls = Controls.of(value)
        return controls.with_("pan", controls.get("pan", 0.5) + self.by)


@method("jux_by(.5, rev)")
@patternable
def jux_by(pattern: Pattern, width: Argument, function: Function) -> Pattern:
    """Play the pattern on the left and a changed copy on the right, `width` (0 to 1) apart."""
    return _on_both_sides(pattern, width, function, "jux_by")


@method("jux(rev)")
def jux(pattern: Pattern, function: Function) -> Pattern:
    """Play the pattern on the left and a changed copy on the right."""
    return _on_both_sides(pattern, 1, function, "jux")


def _on_both_sides(pattern: Pattern, width: Any, function: Function, name: str) -> Pattern:
    half = float(number(width, f"the width of {name}", ".5")) / 2
    left, right = nodes.Map(pattern, Panned(-half)), nodes.Map(pattern, Panned(half))
    return _together([left, called(function, right, name)])


@method("echo_with(3, 1/8, lambda p, i: p.add(i))")
@patternable
def echo_with(pattern: Pattern, times: Whole, time: Argument, function: Any) -> Pattern:
    """Play `times` copies, each `time` cycles later, each through function(copy, its number).

    Raises PatternError for a function that cannot be called, and for numbers that are none.
    """
    step = number(time, "the time of echo_with", "1/8")
    total = count(times, "the times of echo_with")
    if not callable(function):
        raise wrong("echo_with", "a function of a pattern and its number", function, ECHO, PatternError)
    return _together([function(pattern.late(step * i) if i else pattern, i) for i in range(total)])


@dataclass(frozen=True)
class Quieter(AddsControls):
    """A value → its controls, with the gain multiplied."""

    by: float

    def __call__(self, value: Any) -> Controls:
        controls = Controls.of(value)
        return controls.with_("gain", controls.get("gain", 1) * self.by)


@method("echo(3, 1/8, .5)")
@patternable
def echo(pattern: Pattern, times: Whole, time: Argument, feedback: Argument) -> Pattern:
    """Play `times` copies, each `time` cycles later and `feedback` times as loud as the one
    before.
    """
    fading = float(number(feedback, "the feedback of echo", ".7"))
    total, step = count(times, "the times of echo"), number(time, "the time of echo", "1/8")
    return echo_with(pattern, total, step, lambda p, i: nodes.Map(p, Quieter(fading**i)) if i else p)


@dataclass(frozen=True)
class Picked:
    """A number → one of some patterns, the nearest, round and round."""

    values_in = ("patterns",)
    patterns: tuple[Any, ...]

    def __call__(self, value: Any) -> Pattern:
        place = number(value, "the number of a choice", "0")
        return self.patterns[floor(place + HALF) % len(self.patterns)]  # type: ignore[no-any-return]


@method('squeeze(["a b", "c"])')
def squeeze(pattern: Pattern, patterns: Sequence[Any]) -> Pattern:
    """Pick from a list of patterns by the nearest number;
    a whole cycle of the picked one fills each event.

    Raises PatternError for what is no list, or an empty one.
    """
    if not isinstance(patterns, (list, tuple)) or not patterns:
        raise wrong("squeeze", "a list of patterns", patterns, '["a b", "c"]', PatternError)
    return nodes.Bind(pattern, Picked(_items(patterns)), "squeeze")
