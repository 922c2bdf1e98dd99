"""Words: what a musician types. Each is written once, where it is made; this is where they are listed.

What stands here has come from the decorators: `public` and `word` of what `import latentcode` gives, `method` (in
`patterns/words.py`) of what patterns have, `spoken` and `typed` of what the prompt has. Completion, help, what errors
advise, and the stubs that `python -m latentcode.stubs` writes for editors and for `latentcode/__init__.py` follow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

HOMES: dict[str, str] = {}  # the public names, each with the module that it is loaded from
EXAMPLES: dict[
    str, str
] = {}  # how words are typed that are no methods of patterns; "Voice.gain" of a thing's own

T = TypeVar("T")


def public(thing: T) -> T:
    """Let a class or a function be a name of the package."""
    named: Any = thing
    HOMES[named.__name__] = named.__module__
    return thing


def public_values(home: str, *names: str) -> None:
    """Let values of a module be names of the package."""
    HOMES.update(dict.fromkeys(names, home))


def word(example: str) -> Callable[[T], T]:
    """Let a function be a name of the package, and say how it is typed: `@word("run(4)")`."""

    def kept(function: T) -> T:
        named: Any = public(function)
        EXAMPLES[named.__name__] = example
        return function

    return kept
