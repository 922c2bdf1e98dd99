"""`x = grab(d1, 4)`: the last cycles of a voice as a path."""

from __future__ import annotations

from typing import Any

from latentcode.checks import cycles as checked_cycles
from latentcode.latents.path import GRABBED, Path
from latentcode.prompt.set_api import Words, voice_index
from latentcode.protocol.messages import Grab
from latentcode.words import prompt_word

LONGEST = 64  # cycles


class Grabbing(Words):
    """The word of a set that makes sounds of what it has played."""

    @prompt_word("grab(d1, 4)")
    def grab(self, voice: Any, cycles: Any = 1) -> Path:
        """The last cycles of a voice, before its fader and effects,
        as a path that can be played like any other.

        What sounds in it is taken now; as many cycles as there are, of at most the last 40 seconds.

        Raises EngineError for what is no voice, and for cycles that are not above 0, up to 64.
        """
        length = checked_cycles(cycles, "grab", LONGEST, "x = grab(d1, 4)")
        index, text = voice_index(voice, "grab"), str(length)
        name = self._stage.name()
        self._stage.ask(Grab(name, index, text))
        return Path(f"grab(d{index + 1}, {float(length):g})", GRABBED + name)
