"""What a musician's line asks of the engine: commands, as values.

The desk makes them, the engine stamps and applies them, the journal keeps their digests.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from latentcode.errors import EngineError
from latentcode.patterns.digest import digest

VOICES = 16
SET = -1  # the target of a command that is about the whole set

KINDS: dict[str, str] = {
    "play": "pattern, quant: the pattern takes over",
    "stop": "quant: silence takes over",
    "restart": "quant: the voice's drones begin again",
    "back": "quant: the voice's pattern before this one takes over",
    "gain": "number: the voice's fader, 1 is unity",
    "pan": "number: the voice's place, 0 left to 1 right",
    "mute": "true or false",
    "solo": "true or false: of the voices that are solo, or of all when none is, those not muted are heard",
    "hush": "all voices stop with a fade",
    "panic": "all voices stop at once",
    "tempo": "text of the beats per minute",
    "master": "number: the set's fader",
}


@dataclass(frozen=True)
class Command:
    """One thing to do: `kind` is a key of KINDS, `voice` 0 to 15 or SET, `arguments` plain values or a pattern.

    A quant is the text of a fraction of a cycle ("1", "1/4"), or None for now. `label` is what the musician typed
    for the pattern; it is shown, and means nothing.
    """

    kind: str
    voice: int = SET
    arguments: tuple[Any, ...] = ()
    label: str = ""

    @property
    def target(self) -> str:
        """How the journal names what it is about: d1 to d16, or the kind itself."""
        return self.kind if self.voice == SET else f"d{self.voice + 1}"

    @property
    def digest(self) -> str:
        """Six hexadecimal digits that change with what is asked."""
        return digest((self.kind, self.voice, self.arguments))[:6]

    def packed(self) -> bytes:
        """The command for a wire; functions inside its pattern travel by value."""
        try:
            return pickle.dumps(self)
        except (pickle.PicklingError, AttributeError, TypeError):
            import cloudpickle

            return bytes(cloudpickle.dumps(self))


def unpacked(data: bytes) -> Command:
    """The command in bytes that the desk of the same user packed. Raises EngineError for anything else."""
    command = pickle.loads(data)
    if not isinstance(command, Command) or command.kind not in KINDS:
        raise EngineError(f"{command!r} is no command; they are {', '.join(sorted(KINDS))}")
    return command


Send = Callable[[list[Command]], None]
