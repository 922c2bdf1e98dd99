"""latentcode: live coding in the latent space of neural audio models.

    >>> import latentcode as lc
    >>> cello, choir = lc.path("cello"), lc.path("choir")
    >>> drone = lc.meso(cello, choir, lc.sine.slow(4))       # between two sounds
    >>> notes = lc.stepwise(lc.s("cello(3,8)"), choir, 4)    # a staircase in each onset
    >>> audio = lc.render(notes, seconds=2)                  # float32 (samples, 2)

Patterns are values; a trajectory is how a latent moves while an event lasts. At the prompt (the command
`latentcode`) the same expressions sound: `d1 >> notes`. Importing this package opens nothing and starts
nothing; each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "latentcode.errors": "AudioError EngineError LatentError LatentcodeError MiniError ModelError PatternError SessionError SoundError",
    "latentcode.latent.path": "Path",
    "latentcode.latent.strategies": "extend meso stepwise",
    "latentcode.latent.trajectory": "Trajectory line point",
    "latentcode.model": "Model load_model path",
    "latentcode.offline": "render",
    "latentcode.patterns": "Event Pattern cat choose choose_cycles cosine fastcat irand isaw mini n perlin polymeter pure rand run s saw seq silence sine slowcat square stack timecat tri wchoose",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

if TYPE_CHECKING:
    from latentcode.errors import (
        AudioError as AudioError,
    )
    from latentcode.errors import (
        EngineError as EngineError,
    )
    from latentcode.errors import (
        LatentcodeError as LatentcodeError,
    )
    from latentcode.errors import (
        LatentError as LatentError,
    )
    from latentcode.errors import (
        MiniError as MiniError,
    )
    from latentcode.errors import (
        ModelError as ModelError,
    )
    from latentcode.errors import (
        PatternError as PatternError,
    )
    from latentcode.errors import (
        SessionError as SessionError,
    )
    from latentcode.errors import (
        SoundError as SoundError,
    )
    from latentcode.latent.path import Path as Path
    from latentcode.latent.strategies import extend as extend
    from latentcode.latent.strategies import meso as meso
    from latentcode.latent.strategies import stepwise as stepwise
    from latentcode.latent.trajectory import Trajectory as Trajectory
    from latentcode.latent.trajectory import line as line
    from latentcode.latent.trajectory import point as point
    from latentcode.model import Model as Model
    from latentcode.model import load_model as load_model
    from latentcode.model import path as path
    from latentcode.offline import render as render
    from latentcode.patterns import (
        Event as Event,
    )
    from latentcode.patterns import (
        Pattern as Pattern,
    )
    from latentcode.patterns import (
        cat as cat,
    )
    from latentcode.patterns import (
        choose as choose,
    )
    from latentcode.patterns import (
        choose_cycles as choose_cycles,
    )
    from latentcode.patterns import (
        cosine as cosine,
    )
    from latentcode.patterns import (
        fastcat as fastcat,
    )
    from latentcode.patterns import (
        irand as irand,
    )
    from latentcode.patterns import (
        isaw as isaw,
    )
    from latentcode.patterns import (
        mini as mini,
    )
    from latentcode.patterns import (
        n as n,
    )
    from latentcode.patterns import (
        perlin as perlin,
    )
    from latentcode.patterns import (
        polymeter as polymeter,
    )
    from latentcode.patterns import (
        pure as pure,
    )
    from latentcode.patterns import (
        rand as rand,
    )
    from latentcode.patterns import (
        run as run,
    )
    from latentcode.patterns import (
        s as s,
    )
    from latentcode.patterns import (
        saw as saw,
    )
    from latentcode.patterns import (
        seq as seq,
    )
    from latentcode.patterns import (
        silence as silence,
    )
    from latentcode.patterns import (
        sine as sine,
    )
    from latentcode.patterns import (
        slowcat as slowcat,
    )
    from latentcode.patterns import (
        square as square,
    )
    from latentcode.patterns import (
        stack as stack,
    )
    from latentcode.patterns import (
        timecat as timecat,
    )
    from latentcode.patterns import (
        tri as tri,
    )
    from latentcode.patterns import (
        wchoose as wchoose,
    )

__all__ = [
    "AudioError",
    "EngineError",
    "Event",
    "LatentError",
    "LatentcodeError",
    "MiniError",
    "Model",
    "ModelError",
    "Path",
    "Pattern",
    "PatternError",
    "SessionError",
    "SoundError",
    "Trajectory",
    "__version__",
    "cat",
    "choose",
    "choose_cycles",
    "cosine",
    "extend",
    "fastcat",
    "irand",
    "isaw",
    "line",
    "load_model",
    "meso",
    "mini",
    "n",
    "path",
    "perlin",
    "point",
    "polymeter",
    "pure",
    "rand",
    "render",
    "run",
    "s",
    "saw",
    "seq",
    "silence",
    "sine",
    "slowcat",
    "square",
    "stack",
    "stepwise",
    "timecat",
    "tri",
    "wchoose",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"latentcode has no {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
