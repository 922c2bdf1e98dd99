"""The errors of latentcode.

LatentcodeError
├── PatternError            a pattern that cannot be built or queried (also a ValueError)
│   ├── MiniError           mini-notation that does not parse; shows the place
│   └── RangeError          a number beyond its range; silence where it moves
├── LatentError             a trajectory or path that cannot be built or read (also a ValueError)
├── SoundError              a sound that cannot be found or read
├── ModelError              a model that cannot be found, read or used
├── AudioError              no device, no sound server, or one that went away
├── ControlError            a control, mapping or port that cannot be had, or is not understood
├── EngineError             the engine cannot do what was asked
└── SessionError            a session file that cannot be read or replayed

SoundWarning (a UserWarning): a sound that is used although something is amiss with it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from latentcode.words import public


@public
class LatentcodeError(Exception):
    """The base of all errors that latentcode raises on purpose."""


@public
class PatternError(LatentcodeError, ValueError):
    """A pattern that cannot be built or queried."""


@public
class MiniError(PatternError):
    """Mini-notation that does not parse; the message shows the text with a caret under the
    place.
    """


class RangeError(PatternError):
    """A number beyond what its argument takes.

    Where it comes from a pattern, a signal or a hand, it is silence; `heard` says so of a voice.
    """

    heard = "is silent where it cannot be played"


class NotSetError(RangeError):
    """A value that an exported model did not let be set; it plays on as it was loaded."""

    heard = "plays on as if nothing had been set"


@public
class LatentError(LatentcodeError, ValueError):
    """A trajectory or a path that cannot be built or read."""


@public
class SoundError(LatentcodeError):
    """A sound that cannot be found or read."""


class SoundWarning(UserWarning):
    """A sound that is not as it should be, and what was done about it."""


class LeftOutWarning(SoundWarning):
    """Sounds of a folder that cannot be read, and were left out."""


def on_sound_warning(tell: Callable[[str], None]) -> None:
    """Let each SoundWarning of this process reach the musician as a line of text, by `tell`."""
    usual = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *rest: Any) -> None:
        if issubclass(category, SoundWarning):
            tell(str(message))
        else:
            usual(message, category, *rest)

    warnings.showwarning = show  # type: ignore[assignment]


@public
class ModelError(LatentcodeError):
    """A model that cannot be found, read or used."""


@public
class AudioError(LatentcodeError):
    """No device, no sound server, or one that went away."""


@public
class ControlError(LatentcodeError):
    """A control, a mapping or a port that cannot be had, or is not understood."""


@public
class EngineError(LatentcodeError):
    """The engine cannot do what was asked of it."""


@public
class SessionError(LatentcodeError):
    """A session file that cannot be read or replayed."""
