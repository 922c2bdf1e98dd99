"""Arithmetic and other operations on values."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from latentcode.checks import choice, wrong
from latentcode.errors import PatternError, RangeError
from latentcode.patterns import hashing, nodes
from latentcode.patterns.arguments import Argument, reify
from latentcode.patterns.chance import Floor
from latentcode.patterns.event import Timed
from latentcode.patterns.operators import ARITHMETIC
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.words import method, operator

DIVIDING = {"div": "divide a pattern by", "mod": "take a pattern modulo"}
STRUCTURES = ("left", "right", "both")


def operate(name: str, left: Pattern, right: Any, structure: str) -> Pattern:
    """Combine two patterns by a named operator, with the structure of left, right or both.

    Raises PatternError for another structure and for a text where a number is due, RangeError for a
    division by 0.
    """
    choice(structure, "structure", STRUCTURES, 'structure="left"', PatternError)
    if name in ARITHMETIC and isinstance(right, Timed) and hasattr(right, "combined"):
        return right.combined(name, left, right, structure)  # type: ignore[no-any-return]
    other = reify(right, f"a number or a pattern to {name}")
    if isinstance(other, nodes.Pure) and structure == "left":
        other = nodes.Steady(other.value)  # a plain number splits no event
    if name in ARITHMETIC:
        for side in (left, other):
            _check(side, name)
        _check_divisor(other, name)
    return nodes.Apply(left, nodes.branch(other, hashing.number_of(name)), name, structure)


def _check(pattern: Pattern, name: str) -> None:
    if isinstance(pattern, (nodes.Pure, nodes.Steady)) and isinstance(pattern.value, str):
        raise PatternError(f"{name} takes numbers, not {pattern.value!r}; as in 2")


def _check_divisor(pattern: Pattern, name: str) -> None:
    if name not in DIVIDING or not isinstance(pattern, (nodes.Pure, nodes.Steady)):
        return
    if isinstance(pattern.value, (int, float, Fraction)) and pattern.value == 0:
        raise RangeError(f"cannot {DIVIDING[name]} 0, but any other number; as in 2")


def _variants(name: str, example: str) -> None:
    """Add the methods that keep the structure of the right pattern, or of both."""

    def of(structure: str) -> Callable[[Pattern, Argument], Pattern]:
        def combined(pattern: Pattern, other: Argument) -> Pattern:
            return operate(name, pattern, other, structure)

        combined.__doc__ = f"{name.capitalize()} a pattern, with the structure of {structure}."
        return combined

    for structure in STRUCTURES[1:]:
        method(f"{name}_{structure}({example})")(of(structure))


for _name, _example in {"add": '"0 7"', "sub": '"0 7"', "mul": '"1 2"', "div": '"1 2"'}.items():
    _variants(_name, _example)


@operator("__add__")
@method("add(7)")
def add(pattern: Pattern, other: Argument, structure: str = "left") -> Pattern:
    """Add a number or a pattern."""
    return operate("add", pattern, other, structure)


@operator("__sub__")
@method("sub(5)")
def sub(pattern: Pattern, other: Argument, structure: str = "left") -> Pattern:
    """Subtract a number or a pattern."""
    return operate("sub", pattern, other, structure)


@operator("__mul__")
@method("mul(2)")
def mul(pattern: Pattern, other: Argument, structure: str = "left") -> Pattern:
    """Multiply by a number or a pattern."""
    return operate("mul", pattern, other, structure)


@operator("__truediv__")
@method("div(2)")
def div(pattern: Pattern, other: Argument, structure: str = "left") -> Pattern:
    """Divide by a number or a pattern, silent while it is 0.

    Raises RangeError for a number that is 0.
    """
    return operate("div", pattern, other, structure)


@operator("__mod__")
@method("mod(4)")
def mod(pattern: Pattern, other: Argument, structure: str = "left") -> Pattern:
    """Take the remainder of a division by a number or a pattern; it has the sign of the divisor."""
    return operate("mod", pattern, other, structure)


@operator("__pow__")
@method("pow(2)", function=False)
def pow_(pattern: Pattern, other: Argument, structure: str = "left") -> Pattern:
    """Raise to a power."""
    return operate("pow", pattern, other, structure)


@method('set("5")', function=False)
def set_(pattern: Pattern, other: Argument, structure: str = "left") -> Pattern:
    """Replace values by those of another pattern; controls are replaced one by one."""
    return operate("set", pattern, other, structure)


@method('keep("5")')
def keep(pattern: Pattern, other: Argument, structure: str = "left") -> Pattern:
    """Keep values, and take from another pattern the controls that are missing."""
    return operate("keep", pattern, other, structure)


def from_right(name: str) -> Callable[[Pattern, Argument], Pattern]:
    """Return the operator for a number on the left side of a pattern."""

    def combined(pattern: Pattern, other: Argument) -> Pattern:
        left = reify(other, f"a number or a pattern to {name}")
        if isinstance(left, nodes.Pure):
            _check(left, name)
            return nodes.Apply(nodes.Steady(left.value), pattern, name, "right")
        return operate(name, left, pattern, "left")

    return combined


@operator("__neg__")
def negative(pattern: Pattern) -> Pattern:
    """Return the pattern with all numbers negated."""
    return mul(pattern, -1)


for _name in ("add", "sub", "mul", "mod", "pow"):
    operator(f"__r{_name}__")(from_right(_name))
operator("__rtruediv__")(from_right("div"))


@method("range(-1, 1)", function=False)
def range_(pattern: Pattern, low: Argument, high: Argument) -> Pattern:
    """Spread a signal of 0 to 1 over low to high.

    Raises PatternError for an end that is no number or pattern of them.
    """
    bottom, top = (reify(v, f"the {name} end of range") for v, name in ((low, "low"), (high, "high")))
    if isinstance(bottom, nodes.Pure) and isinstance(top, nodes.Pure):
        for end in (bottom, top):
            _check(end, "range")
        return add(mul(pattern, top.value - bottom.value), bottom)
    return add(mul(pattern, sub(top, bottom)), bottom)


@method("floor()")
def floor(pattern: Pattern) -> Pattern:
    """Round numbers down to whole ones."""
    return nodes.Map(pattern, Floor())


@method("fmap(lambda value: value + 1)")
def fmap(pattern: Pattern, function: Callable[[Any], Any]) -> Pattern:
    """Put every value through a function.

    Raises PatternError for what cannot be called.
    """
    if not callable(function):
        raise wrong("fmap", "a function of a value", function, "lambda x: x + 1", PatternError)
    return nodes.Map(pattern, function)
