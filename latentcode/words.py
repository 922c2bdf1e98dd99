"""Words: what a musician types, each written once, where it is made.

What stands here has come from the decorators: `public` and `word` for what `import latentcode`
gives, `method` (in `patterns/words.py`) for what patterns have, `prompt_word` and `typed_as` for
what the prompt has. Completion, help, what errors advise, and the stubs that
`python -m latentcode.stubs` writes follow from them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

HOMES: dict[str, str] = {}  # the public names, each with the module that it is loaded from
EXAMPLES: dict[
    str, str
] = {}  # how words are typed that are no methods of patterns; "Voice.gain" of a thing's own
ENDED: dict[str, str] = {}  # how what words of the prompt let begin is ended, or set off

T = TypeVar("T")


def public(thing: T) -> T:
    """Let a class or a function be a name of the package."""
    named: Any = thing
    HOMES[named.__name__] = named.__module__
    return thing


def public_values(home: str, *names: str) -> None:
    """Let values of a module be names of the package."""
    HOMES.update(dict.fromkeys(names, home))


def typed_as(example: str) -> Callable[[T], T]:
    """Say how a method of a thing at the prompt is typed: `@typed_as("d1.gain(.8)")`."""

    def kept(method: T) -> T:
        named: Any = method
        EXAMPLES[named.__qualname__] = example
        return method

    return kept


def prompt_word(example: str = "", ended: str = "") -> Callable[[T], T]:
    """Let a method, or what a property gives, be a word of the prompt, and say how it is typed,
    and how what it lets begin is ended.
    """

    def kept(method: T) -> T:
        named: Any = method
        named.at_prompt = True
        if example:
            EXAMPLES[named.__name__] = example
        if ended:
            ENDED[named.__name__] = ended
        return method

    return kept


def prompt_words(thing: object) -> dict[str, Any]:
    """The words of the prompt that a thing has, by name."""
    made = vars(type(thing)).items()
    return {
        name: getattr(thing, name) for name, one in made if hasattr(getattr(one, "fget", one), "at_prompt")
    }


def word(example: str) -> Callable[[T], T]:
    """Let a function be a name of the package, and say how it is typed: `@word("run(4)")`."""

    def kept(function: T) -> T:
        named: Any = public(function)
        EXAMPLES[named.__name__] = example
        return function

    return kept
