"""What pads and keys do, and what all hands are on, as values to come back to."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from latentcode.inputs.keys import Key
from latentcode.patterns import Pattern
from latentcode.patterns.digest import digest
from latentcode.set.commands import SET, Command
from latentcode.synth.keyboard import Keyboard


@dataclass(frozen=True, eq=False)
class Strike:
    """One cycle of a pattern, beside what the voices play: the first press its cycle 0,
    the next its cycle 1.

    quant  the text of a fraction of a cycle, at the next multiple of which it begins; None: at the
           press
    voice  whose fader and effects it goes through; SET: a voice that is free
    cuts   the groups (`cut`) that it ends where others sound
    """

    pattern: Pattern
    quant: str | None = None
    voice: int = SET
    cuts: tuple[Any, ...] = ()
    text: str = field(default="", compare=False)
    source: str = field(default="", compare=False)  # as it is typed, whole


@dataclass(frozen=True, eq=False)
class Do:
    """Commands, as a line of the prompt would give them."""

    commands: tuple[Command, ...]
    text: str = field(default="", compare=False)
    source: str = field(default="", compare=False)  # as it is typed, whole


@dataclass(frozen=True, eq=False)
class Toggle:
    """Mutes a voice that is heard, and lets one be heard that is muted."""

    voice: int
    text: str = field(default="", compare=False)
    source: str = field(default="", compare=False)  # as it is typed, whole


Action: TypeAlias = Strike | Do | Toggle


Bound = tuple[tuple[Key, Action], ...]


@dataclass(frozen=True, eq=False)
class ControllerAssignments:
    """Pads, transport keys and keyboards by their voices, as a block of code left them."""

    pads: Bound = ()
    transport: Bound = ()
    keys: tuple[tuple[int, Keyboard], ...] = ()

    @cached_property
    def key(self) -> str:
        """Equal where they do the same."""
        return digest((self.pads, self.transport, self.keys))
