"""Controls: what an event carries besides its place in time, and the table of their names."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from latentcode.checks import is_number
from latentcode.patterns.digest import digest
from latentcode.patterns.event import Timed

# read once, at the onset of the event; others for every latent frame: a pattern of them is stored as a
# signal and never splits events
ONSET = (
    "s", "n", "note", "begin", "end", "attack", "release", "legato", "ring", "cut", "reverse", "plain",
    "speed", "fit", "freeze", "velocity", "model", "formant",
)  # fmt: skip
# between which numbers a control is held that comes from a pattern: places in a source, lengths, strengths
HELD: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("begin", "end", "freeze"), (0.0, 1.0)),
    **dict.fromkeys(("attack", "release", "legato", "velocity"), (0.0, math.inf)),
}
# latent operators, and attributes by name: they add up, in order, instead of replacing one another
ACCUMULATING = frozenset({"scale", "bias", "jitter", "reverse", "dim", "smooth", "walk", "attr"})


@dataclass(frozen=True, eq=False)
class Controls(Timed):
    """Named values in the order in which they were set."""

    pairs: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, value: Any) -> Controls:
        """Return controls as they are, a number as `n`, a tuple as (s, n, gain),
        anything else as `s`.
        """
        if isinstance(value, Controls):
            return value
        if is_number(value):
            return cls((("n", value),))
        if isinstance(value, tuple):
            name, *rest = value
            name = str(name) if isinstance(name, (int, float, Fraction)) else name
            return cls(tuple(zip(("s", "n", "gain"), (name, *rest), strict=False)))
        return cls((("s", value),))

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value set last under a name."""
        for key, value in reversed(self.pairs):
            if key == name:
                return value
        return default

    def with_(self, name: str, value: Any) -> Controls:
        """Return controls with one more; it replaces an earlier one unless the name accumulates."""
        kept = self.pairs
        if name not in ACCUMULATING:
            kept = tuple(pair for pair in kept if pair[0] != name)
        return Controls((*kept, (name, value)))

    def retimed(self, scale: Fraction, shift: Fraction) -> Controls:
        """Return the controls with the signals inside seen through a time map."""
        return Controls(tuple((name, retime(value, scale, shift)) for name, value in self.pairs))

    def reseeded(self, index: int) -> Controls:
        """Return the controls with the random signals inside given another seed."""
        return Controls(tuple((name, reseed(value, index)) for name, value in self.pairs))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Controls) and (self is other or digest(self) == digest(other))

    def __hash__(self) -> int:
        return int(digest(self)[:15], 16)

    def __repr__(self) -> str:
        return " ".join(f"{name}:{value}" for name, value in self.pairs)


class AddsControls:
    """A function from a value to controls that keep its sound, but where their `name` is "s"."""


def retime(value: Any, scale: Fraction, shift: Fraction) -> Any:
    """Return what contains signals seen through inner cycle = outer · scale + shift;
    others as they are.
    """
    if isinstance(value, tuple):
        return tuple(retime(item, scale, shift) for item in value)
    moved = getattr(value, "retimed", None)
    return value if moved is None else moved(scale, shift)


def reseed(value: Any, index: int) -> Any:
    """Return a pattern or timed value with its random nodes given another seed;
    others as they are.
    """
    if isinstance(value, tuple):
        return tuple(reseed(item, index) for item in value)
    moved = getattr(value, "reseeded", None)
    return value if moved is None else moved(index)
