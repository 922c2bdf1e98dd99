"""Code that comes from elsewhere than the prompt, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Incoming:
    """A block of code: who sends it, and where it stands in their file, lines counted from 1.

    `key`: a word that is bound to a key, as "hush" and "panic"; it means what it meant first,
    and waits for nothing.
    """

    code: str
    by: str = ""
    file: str = ""
    line: int = 1
    key: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a block of code.

    value     its last expression as it is shown; None where it has none
    printed   what it printed
    notes     sentences beside it
    error     what went wrong, in a line; empty for nothing
    line      in which line of the file; 0 where that cannot be told
    unrun     the line of the file from which on nothing has run, as it stands behind what went
              wrong; 0 for none
    number    of the block in the journal
    """

    value: str | None = None
    printed: str = ""
    notes: tuple[str, ...] = ()
    error: str = ""
    line: int = 0
    unrun: int = 0
    number: int = 0

    @property
    def told(self) -> Iterator[str]:
        """The lines of it that a musician sees, beside what was printed."""
        if self.value is not None:
            yield self.value
        yield from self.notes
        if self.error:
            yield f"✗ {self.error}"
