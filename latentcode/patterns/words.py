"""The words of patterns: a function of a pattern becomes a method of all patterns,
and a function of its arguments.

`@method("fast(2)")` is all that a new one needs; it stands above the function and says how it is
typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from latentcode.patterns.pattern import Pattern
from latentcode.words import HOMES, public_values

FUNCTIONS_HOME = "latentcode.patterns.functions"  # where the methods are functions
METHODS: dict[str, str] = {}  # how each method is typed after a pattern: n("0 3 7").every(3, rev)

F = TypeVar("F", bound=Callable[..., Any])


def method(example: str, *aliases: str, function: bool = True) -> Callable[[F], F]:
    """Make a function of a pattern a method of all patterns,
    by the name with which its example begins.

    aliases   other names of the method
    function  whether it is a function, too: builtins keep their names, and what makes a pattern or
              a path its own
    """
    name, _, arguments = example.partition("(")

    def kept(made: F) -> F:
        for word in (name, *aliases):
            setattr(Pattern, word, made)
            METHODS[word] = f"{word}({arguments}"
        if function:
            public_values(FUNCTIONS_HOME, name, *aliases)
        return made

    return kept


def operator(name: str) -> Callable[[F], F]:
    """Let a function of patterns be one of Python's operators, "__add__" and its like."""

    def kept(made: F) -> F:
        setattr(Pattern, name, made)
        return made

    return kept


def example(name: str) -> str:
    """How a method is typed, with a dot before it where it is no function;
    of what has no example its bare call.
    """
    alone = name in METHODS and name not in HOMES
    return f"{'.' if alone else ''}{METHODS.get(name, f'{name}(…)')}"
