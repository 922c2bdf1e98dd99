"""How keys play a voice, as a value: the desk makes it, the engine reads it at a press."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from latentcode.patterns import Pattern

ANY = "*"


@dataclass(frozen=True, eq=False)
class Keyboard:
    """How keys play: the value that a pattern has when a key is pressed, at the key's pitch.

    port, channel   a part of the port's name, 1 to 16 as text; ANY
    transpose       semitones
    scale           the pitch classes (0 to 11, c is 0) that there are; none: all
    low, high       the keys that count
    bend            semitones of the wheel, either way
    mono            whether only the key pressed last sounds
    mpe             whether each note has a channel of its own, whose wheel, pressure and controller
                    74 are the note's; those of channel 1 are all notes'
    curve           how velocities, 0 to 1, are bent before they count, as the method curve does it
    """

    pattern: Pattern
    port: str = ANY
    channel: str = ANY
    transpose: float = 0.0
    scale: tuple[int, ...] = ()
    low: int = 0
    high: int = 127
    bend: float = 2.0
    mono: bool = False
    mpe: bool = field(default=False, metadata={"unless_default": True})
    curve: float = field(default=0.0, metadata={"unless_default": True})
    text: str = field(default="", compare=False)
    source: str = field(default="", compare=False)  # as it is typed, whole
    options: tuple[tuple[str, Any], ...] = field(default=(), compare=False)  # … and what was said beside it

    def struck(self, velocity: float) -> float:
        """A velocity, 0 to 1, as it counts."""
        if not self.curve:
            return velocity
        return math.expm1(self.curve * velocity) / math.expm1(self.curve)

    def pitch(self, key: int) -> float | None:
        """The MIDI number of the note that a key plays; None where the key does not count."""
        if not self.low <= key <= self.high:
            return None
        if not self.scale:
            return key + self.transpose
        moved = round(self.transpose)
        near = (key + moved + step for distance in range(7) for step in (-distance, distance))
        return next(note for note in near if note % 12 in self.scale) + (self.transpose - moved)
