"""What a musician's line asks of the engine: commands, as values.

The desk makes them, the engine stamps and applies them, the journal keeps their digests. What a
kind of command does, and who must know what of it, stands in its entry in `set/kinds/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from latentcode.patterns.digest import digest

SET = -1  # the target of a command that is about the whole set


@dataclass(frozen=True)
class Command:
    """One thing to do: `kind` is the name of a Kind, `voice` 0 to 15 or SET,
    `arguments` plain values or a pattern.

    A quant is the text of a fraction of a cycle ("1", "1/4"), or None for now. `label` is what the
    musician typed for the pattern; it is shown, and means nothing. `block`: the number of its block
    of code, 0 for none.
    """

    kind: str
    voice: int = SET
    arguments: tuple[Any, ...] = ()
    label: str = ""
    block: int = 0

    @property
    def target(self) -> str:
        """How the journal names what it is about: d1 to d16, or the kind itself."""
        return self.kind if self.voice == SET else f"d{self.voice + 1}"

    @property
    def digest(self) -> str:
        """Six hexadecimal digits that change with what is asked."""
        return digest((self.kind, self.voice, self.arguments))[:6]


def numbered(commands: Sequence[Command], block: int) -> list[Command]:
    """The commands of a block of code, with its number."""
    return [replace(command, block=block) for command in commands]


def quant_of(text: str | None) -> Fraction | None:
    """A quant from its text; None is now."""
    return None if text is None else Fraction(text)
