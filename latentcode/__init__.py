"""latentcode: live coding in the latent space of neural audio models.

    >>> import latentcode as lc
    >>> cello, choir = lc.path("cello"), lc.path("choir")
    >>> drone = lc.meso(cello, choir, lc.sine.slow(4))       # between two sounds
    >>> notes = lc.stepwise(lc.s("cello(3,8)"), choir, 4)    # a staircase in each onset
    >>> audio = lc.render(notes, seconds=2)                  # float32 (samples, 2)

Patterns are values; a trajectory is how a latent moves while an event lasts. At the prompt (the
command `latentcode`) the same expressions sound: `d1 >> notes`. Importing this package opens
nothing and starts nothing; each name is loaded when it is first used, from where the stub beside
this file says that it is.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

with open(f"{__file__}i", encoding="utf-8") as _stub:  # from MODULE import NAME as NAME
    _HOMES = {line[3]: line[1] for line in map(str.split, _stub) if line[:1] == ["from"]}

__all__ = sorted([*_HOMES, "__version__"])


_HOMES["load_ipython_extension"] = "latentcode.notebook"  # what %load_ext latentcode asks for


def __getattr__(name: str) -> object:
    if name == "set":  # a room that can be called
        return import_module("latentcode.set")
    if name not in _HOMES:
        raise AttributeError(f"latentcode has no {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
