"""What a musician's line asks of the engine: commands, as values.

The desk makes them, the engine stamps and applies them, the journal keeps their digests.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from latentcode.errors import EngineError
from latentcode.patterns.digest import digest

SET = -1  # the target of a command that is about the whole set

KINDS: dict[str, str] = {
    "play": "pattern, quant: the pattern takes over; with a Morph: by degrees",
    "stop": "quant: silence takes over; with cycles: a fade from now on, in which the music goes on",
    "restart": "quant: the voice's drones begin again",
    "back": "quant: the voice's pattern before this one takes over; of the set: undoes go, hush or panic",
    "cancel": "what is pending is forgotten, on a voice or on all",
    "once": "pattern, quant: one cycle of it, beside what the voice plays; of the set: on a free voice",
    "gain": "number: the voice's fader, 1 is unity",
    "pan": "number: the voice's place, 0 left to 1 right",
    "mute": "true or false",
    "solo": "true or false: of the voices that are solo, or of all when none is, those not muted are heard",
    "fx": "effects, in the order of the flow: the voice's, or of the set those on the mix",
    "out": "number: the voice's pair of outputs, from 0",
    "cue": "true or false: the voice is heard on the second pair of outputs alone",
    "grab": "name, text of cycles: what the voice has played in them becomes a sound",
    "hush": "all voices stop with a fade; with cycles: one in which the music goes on",
    "panic": "all voices stop at once",
    "tempo": "text of the beats per minute; with the text of cycles: a ramp; or a pattern of them",
    "steer": "text of the cycles per second, of the cycles left out: the tempo that others give; without: none",
    "fallback": "place, digest: what took too long there is gone (see `clock/set_aside.py`)",
    "transport": "start or stop, as others do",
    "master": "number: the set's fader",
    "swing": "text of the amount, steps: off-beat events come later",
    "bind": "name, key of a control, low, high, curve: a name, or a fader as d1.gain, is bound to a control",
    "unbind": "name: it stays where it is",
    "recall": "pairs of a control's key and a value: these hold until their hands have come to them",
    "takeover": "pickup, scale or jump: how hands take over from such values",
    "send": "place (see Where), pattern or None for silence, quant, options: it is sent to another instrument",
    "pads": "pads or transport, pairs of an input's name and what it does (None: nothing there"
    " does anything any more), port, channel, scenes that are only meant",
    "keys": "how keys play the voice, or None",
    "capture": "quant, name, key, text of cycles, whether it is played over another, default: a"
    " gesture of a live input",
    "mark": "name, mark: a learned space has one mark more",
    "unmark": "name, number or None: it has one less, or none",
    "scene": "name: the set as it is now",
    "go": "name, quant, and the cycles of a morph: the set as it was",
    "undo": "steps, quant: what the last blocks have changed",
    "redo": "quant: what undo took back",
}


@dataclass(frozen=True)
class Command:
    """One thing to do: `kind` is a key of KINDS, `voice` 0 to 15 or SET, `arguments` plain values or a pattern.

    A quant is the text of a fraction of a cycle ("1", "1/4"), or None for now. `label` is what the musician typed
    for the pattern; it is shown, and means nothing. `block`: the number of its block of code, 0 for none.
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

    def packed(self) -> bytes:
        """The command for a wire; functions inside its pattern travel by value."""
        try:
            return pickle.dumps(self)
        except (pickle.PicklingError, AttributeError, TypeError):
            import cloudpickle

            return bytes(cloudpickle.dumps(self))


def numbered(commands: Sequence[Command], block: int) -> list[Command]:
    """The commands of a block of code, with its number."""
    return [replace(command, block=block) for command in commands]


def unpacked(data: bytes) -> Command:
    """The command in bytes that the desk of the same user packed. Raises EngineError for anything else."""
    command = pickle.loads(data)
    if not isinstance(command, Command) or command.kind not in KINDS:
        raise EngineError(f"{command!r} is no command; they are {', '.join(sorted(KINDS))}")
    return command


Send = Callable[[list[Command]], None]
