"""`x = grab(d1, 4)`: the last cycles of a voice as a path."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from latentcode.errors import EngineError
from latentcode.latents.path import GRABBED, Path
from latentcode.prompt.set_api import SetApi, voice_index

LONGEST = 64  # cycles


class Grabbing:
    """The word of a set that makes sounds of what it has played."""

    def __init__(self, stage: SetApi) -> None:
        self._stage = stage

    def words(self) -> dict[str, Callable[..., Any]]:
        """What the prompt knows it by."""
        return {"grab": self.grab}

    def grab(self, voice: Any, cycles: Any = 1) -> Path:
        """The last cycles of a voice, before its fader and effects, as a path that can be played like any other.

        What sounds in it is taken now; as many cycles as there are, of at most the last 40 seconds.
        """
        index, text = voice_index(voice, "grab"), _cycles(cycles)
        name = self._stage.name()
        self._stage.ask("grab", name, index, text)
        return Path(f"grab(d{index + 1}, {float(Fraction(text)):g})", GRABBED + name)


def _cycles(cycles: Any) -> str:
    try:
        exact = Fraction(str(cycles)) if isinstance(cycles, float) else Fraction(cycles)
    except (TypeError, ValueError, OverflowError):
        exact = Fraction(0)
    if isinstance(cycles, (bool, str)) or not 0 < exact <= LONGEST:
        raise EngineError(
            f"grab takes a voice and a number of cycles above 0, up to {LONGEST}, not {cycles!r}; "
            "as in x = grab(d1, 4)"
        )
    return str(exact)
