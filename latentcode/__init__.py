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
    "latentcode.desk.seeing.look": ("draw latent_map "),
    "latentcode.errors": (
        "AudioError EngineError LatentError LatentcodeError MiniError ModelError PatternError "
        "SessionError SoundError "
    ),
    "latentcode.latent.moving": ("freeze orbit plane prior scrub slerp spline walk "),
    "latentcode.latent.path": ("Path "),
    "latentcode.latent.strategies": ("extend meso stepwise "),
    "latentcode.latent.trajectory": ("Trajectory line point "),
    "latentcode.model": ("Model load_model path "),
    "latentcode.offline": ("render "),
    "latentcode.patterns": (
        "Event Pattern cat choose choose_cycles cosine fastcat irand isaw mini n note perlin plain polymeter "
        "pure rand rev run s saw seq silence sine slowcat square stack timecat tri wchoose "
    ),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

if TYPE_CHECKING:
    from latentcode.desk.seeing.look import draw, latent_map
    from latentcode.errors import (
        AudioError,
        EngineError,
        LatentcodeError,
        LatentError,
        MiniError,
        ModelError,
        PatternError,
        SessionError,
        SoundError,
    )
    from latentcode.latent.moving import freeze, orbit, plane, prior, scrub, slerp, spline, walk
    from latentcode.latent.path import Path
    from latentcode.latent.strategies import extend, meso, stepwise
    from latentcode.latent.trajectory import Trajectory, line, point
    from latentcode.model import Model, load_model, path
    from latentcode.offline import render
    from latentcode.patterns import (
        Event,
        Pattern,
        cat,
        choose,
        choose_cycles,
        cosine,
        fastcat,
        irand,
        isaw,
        mini,
        n,
        note,
        perlin,
        plain,
        polymeter,
        pure,
        rand,
        rev,
        run,
        s,
        saw,
        seq,
        silence,
        sine,
        slowcat,
        square,
        stack,
        timecat,
        tri,
        wchoose,
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
    "draw",
    "extend",
    "fastcat",
    "freeze",
    "irand",
    "isaw",
    "latent_map",
    "line",
    "load_model",
    "meso",
    "mini",
    "n",
    "note",
    "orbit",
    "path",
    "perlin",
    "plain",
    "plane",
    "point",
    "polymeter",
    "prior",
    "pure",
    "rand",
    "render",
    "rev",
    "run",
    "s",
    "saw",
    "scrub",
    "seq",
    "silence",
    "sine",
    "slerp",
    "slowcat",
    "spline",
    "square",
    "stack",
    "stepwise",
    "timecat",
    "tri",
    "walk",
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
