"""The methods of patterns as functions: `every(3, rev)`, `off(1/8, add(7))`, `jux(fast(2))`.

A function called without a pattern gives a transformation, for another function to apply; with a
pattern as its last argument it applies it at once: `fast(2, n("0 3"))` is `n("0 3").fast(2)`. Each
is made when it is first used; for editors and mypy they stand in `functions.pyi`, which
`python -m latentcode.stubs` writes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from latentcode.patterns.arguments import function_of
from latentcode.words import HOMES


def __getattr__(name: str) -> Callable[..., Any]:
    if HOMES.get(name) != __name__:
        raise AttributeError(f"no method of patterns is the function {name!r}", name=name)
    made: Callable[..., Any] = globals().setdefault(name, function_of(name))
    return made
