"""Commands, and what they do at their sample."""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _Room(ModuleType):
    """This room, which has the name of the word that starts a set in a program: `lc.set()`."""

    def __call__(self, **options: Any) -> Any:
        return import_module("latentcode.prompt.script").started(**options)


sys.modules[__name__].__class__ = _Room
