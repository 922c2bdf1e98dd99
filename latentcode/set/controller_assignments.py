"""What the hands are on, as a value to come back to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from latentcode.inputs.keys import Key
from latentcode.patterns.digest import digest
from latentcode.set.actions import Action
from latentcode.synth.keyboard import Keyboard

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
