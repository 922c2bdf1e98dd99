"""The table of commands: every module here registers the kinds that it does.

A new kind is a row (see `Kind`) beside its function, in one of these files or in one of its own.
"""

from importlib import import_module
from pkgutil import iter_modules

from latentcode.set.kinds.table import KINDS, Kind, kind_of, packed, register, unpacked

__all__ = ["KINDS", "Kind", "kind_of", "packed", "register", "unpacked"]

for found in iter_modules(__path__):
    import_module(f"{__name__}.{found.name}")
