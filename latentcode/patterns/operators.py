"""The operators that `Apply` knows by name, on plain values, and their vectorised forms."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from latentcode.checks import received
from latentcode.errors import PatternError, RangeError
from latentcode.patterns.controls import HELD, ONSET, Controls
from latentcode.patterns.event import Timed
from latentcode.patterns.scales import in_scale

NUMBER = (int, float, Fraction)
DROP: Any = object()  # what an operator returns to leave the event out

Operator = Callable[[Any, Any], Any]


def _keep_if(left: Any, right: Any) -> Any:
    return left if right else DROP


def _divide(left: Any, right: Any) -> Any:
    if right == 0:
        return DROP
    return (
        Fraction(left, right) if isinstance(left, Fraction) and isinstance(right, Fraction) else left / right
    )


def _power(left: Any, right: Any) -> Any:
    if left == 0 and right < 0:
        return DROP
    result = left**right
    return DROP if isinstance(result, complex) else result


def _modulo(left: Any, right: Any) -> Any:
    return DROP if right == 0 else left % right


ARITHMETIC: dict[str, tuple[Operator, Any]] = {
    "add": (lambda a, b: a + b, np.add),
    "sub": (lambda a, b: a - b, np.subtract),
    "mul": (lambda a, b: a * b, np.multiply),
    "div": (_divide, np.divide),
    "mod": (_modulo, np.mod),
    "pow": (_power, np.power),
}


def _numbers(name: str) -> Operator:
    plain = ARITHMETIC[name][0]

    def operate(left: Any, right: Any) -> Any:
        if isinstance(left, Controls) or isinstance(right, Controls):
            return _controls(operate, left, right)
        if not (isinstance(left, NUMBER) and isinstance(right, NUMBER)):
            for side in (left, right):
                # a trajectory knows what is done with it
                if isinstance(side, Timed) and hasattr(side, "combined"):
                    return side.combined(name, left, right)
        try:
            return plain(_number(left, name), _number(right, name))
        except OverflowError:
            return math.inf

    return operate


def _number(value: Any, name: str) -> Any:
    if isinstance(value, (int, float, Fraction)):
        return value
    raise PatternError(f'{name} takes numbers, not {received(value)}; as in n("0 3 7").{name}(2)')


def _controls(operate: Operator, left: Any, right: Any) -> Any:
    """Controls with controls: those of both sides, combined where both have one;
    a number counts as n or note.
    """
    made, other = _beside(left, right), _beside(right, left)
    for name, value in other.pairs:
        mine = made.get(name)
        combined = value if mine is None else operate(mine, value)
        if combined is DROP:
            return DROP
        made = made.with_(name, combined)
    return made


def _beside(value: Any, other: Any) -> Controls:
    """A value as controls; beside a note without an n, a number counts as note."""
    made, partner = Controls.of(value), Controls.of(other)
    noted = partner.get("note") is not None and partner.get("n") is None
    if noted and not isinstance(value, Controls) and made.get("n") is not None:
        return Controls((("note", made.get("n")),))
    return made


def _set(left: Any, right: Any) -> Any:
    if not (isinstance(left, Controls) and isinstance(right, Controls)):
        return right
    for name, value in right.pairs:
        left = left.with_(name, value)
    return left


def _in_scale(degree: Any, name: Any) -> Any:
    try:
        return in_scale(degree, name)
    except RangeError:
        return DROP


def _keep(left: Any, right: Any) -> Any:
    return _set(right, left) if isinstance(left, Controls) and isinstance(right, Controls) else left


OPERATORS: dict[str, Operator] = {
    **{name: _numbers(name) for name in ARITHMETIC},
    "set": _set,
    "keep": _keep,
    "keep_if": _keep_if,
    "scale_of": _in_scale,
    "tail": lambda a, b: (*a, b) if isinstance(a, tuple) else (a, b),
    "pair": lambda a, b: (*a, b),
}


def _defined(vector: Any, undefined: Callable[[Any, Any], Any]) -> Any:
    """The same on arrays, 0 where nothing can be said, as in a rest."""
    return lambda a, b: np.where(undefined(a, b), 0.0, vector(a, b))


VECTOR: dict[str, Any] = {
    **{name: vector for name, (_, vector) in ARITHMETIC.items()},
    "div": _defined(np.divide, lambda a, b: b == 0),
    "mod": _defined(np.mod, lambda a, b: b == 0),
    "pow": _defined(np.power, lambda a, b: ((a == 0) & (b < 0)) | ((a < 0) & (b != np.floor(b)))),
    "set": lambda a, b: b,
    "keep": lambda a, b: a,
}


def _control(name: str) -> Operator:
    low, high = HELD.get(name, (-math.inf, math.inf))

    def operate(left: Any, right: Any) -> Any:
        if isinstance(right, NUMBER):
            if right - right != 0:
                return DROP
            right = str(right) if name == "s" else low if right < low else high if right > high else right
        elif name == "s" and isinstance(right, (tuple, Controls)):
            return _set(Controls.of(left), Controls.of(right))
        return Controls.of(left).with_(name, right)

    return operate


OPERATORS |= {f"control:{name}": _control(name) for name in (*ONSET, "attr")}
