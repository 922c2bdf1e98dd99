"""What the prompt itself runs on is there for the next line, whatever a line does to it: the
terminal, and Python's own functions.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

NAMES = ("stdin", "stdout", "stderr")


@contextmanager
def streams() -> Iterator[None]:
    """Let standard input and output stay open in the block, and be what they were after it."""
    before = {name: getattr(sys, name) for name in NAMES}
    for name in NAMES:
        with suppress(AttributeError):  # where there is none
            setattr(getattr(sys, f"__{name}__"), "close", _stays_open)  # noqa: B010
    try:
        yield
    finally:
        for name, stream in before.items():
            setattr(sys, name, stream)


@contextmanager
def own_functions(replaced: list[str]) -> Iterator[None]:
    """Have Python's own functions be what they were after the block; the names of those that were
    not are put into `replaced`. What is new among them stays.
    """
    now = vars(builtins)
    before = now.copy()
    try:
        yield
    finally:
        # nothing is called here that may be what was replaced
        for name in before:
            if name != "_" and (name not in now or now[name] is not before[name]):
                now[name] = before[name]
                replaced.append(name)


def _stays_open() -> None:
    """Close nothing: the prompt has no other terminal."""
