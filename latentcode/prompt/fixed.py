"""Things at the prompt whose words are called: `d1.gain = .5` would leave the voice without its
fader.
"""

from __future__ import annotations

from typing import Any

from latentcode.errors import EngineError
from latentcode.patterns import Live, Pattern


class Fixed:
    """What a musician can tell something, but give nothing:
    assignments are answered with the call that was meant.
    """

    _given: tuple[str, ...] = ()  # the public attributes that it has

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_") or name in self._given:
            object.__setattr__(self, name, value)
        elif hasattr(type(self), name):
            raise EngineError(
                f"{name} is a word of {self._spoken}: type {self._spoken}.{name}({_typed(value)})"
            )
        else:
            raise AttributeError(f"{self._spoken} has no {name!r}", name=name, obj=self)

    @property
    def _spoken(self) -> str:
        """What it is called at the prompt."""
        return str(self)


def _typed(value: Any) -> str:
    return "…" if isinstance(value, Pattern) and not isinstance(value, Live) else repr(value)
