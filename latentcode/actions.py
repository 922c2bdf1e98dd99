"""What a hand can set going, as values: the desk makes them, the engine does them at the sample of a press."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from latentcode.commands import SET, Command
from latentcode.patterns import Pattern

ANY = "*"


@dataclass(frozen=True, eq=False)
class Strike:
    """One cycle of a pattern, beside what the voices play: the first press its cycle 0, the next its cycle 1.

    quant  the text of a fraction of a cycle, at the next multiple of which it begins; None: at the press
    voice  whose fader and effects it goes through; SET: a voice that is free
    cuts   the groups (`cut`) that it ends where others sound
    """

    pattern: Pattern
    quant: str | None = None
    voice: int = SET
    cuts: tuple[Any, ...] = ()
    text: str = field(default="", compare=False)


@dataclass(frozen=True, eq=False)
class Do:
    """Commands, as a line of the prompt would give them."""

    commands: tuple[Command, ...]
    text: str = field(default="", compare=False)


@dataclass(frozen=True, eq=False)
class Toggle:
    """Mutes a voice that is heard, and lets one be heard that is muted."""

    voice: int
    text: str = field(default="", compare=False)


Action: TypeAlias = Strike | Do | Toggle


@dataclass(frozen=True, eq=False)
class Keyboard:
    """How keys play: the value that a pattern has when a key is pressed, at the key's pitch.

    port, channel   a part of the port's name, 1 to 16 as text; ANY
    transpose       semitones
    scale           the pitch classes (0 to 11, c is 0) that there are; none: all
    low, high       the keys that count
    bend            semitones of the wheel, either way
    mono            whether only the key pressed last sounds
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
    text: str = field(default="", compare=False)

    def pitch(self, key: int) -> float | None:
        """The MIDI number of the note that a key plays; None where the key does not count."""
        if not self.low <= key <= self.high:
            return None
        if not self.scale:
            return key + self.transpose
        moved = round(self.transpose)
        near = (key + moved + step for distance in range(7) for step in (-distance, distance))
        return next(note for note in near if note % 12 in self.scale) + (self.transpose - moved)


def sounding(command: Command) -> Iterator[Command]:
    """The commands that let something sound, now or when a hand asks for it: play, once and keys."""
    if command.kind in ("play", "once", "keys"):
        yield command
    for _, action in (command.arguments[1] or ()) if command.kind == "pads" else ():
        if isinstance(action, Strike):
            yield Command("once", action.voice, (action.pattern, action.quant))
        elif isinstance(action, Do):
            for inner in action.commands:
                yield from sounding(inner)
