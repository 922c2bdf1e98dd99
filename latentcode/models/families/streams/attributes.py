"""What is set in an exported model for one call, and taken back for the next.

In the convention an attribute `a` has `get_a()` and `set_a(…)`, which says 0 where it was set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import nn

from latentcode.models.families.streams.messages import Setting


class ModelAttributes:
    """The attributes of a model, by name the types of their values.

    What a call has depends on nothing but what is asked for it: all else is as it was loaded.
    """

    def __init__(self, model: nn.Module, types: Mapping[str, Sequence[str]]) -> None:
        self._model, self._types = model, types
        self._usual: dict[str, Setting] = {}  # of those that were set, how they were loaded
        self._other: set[str] = set()  # those that may be otherwise now
        self.refused: dict[str, None] = {}  # in sentences

    def set(self, wanted: Sequence[Setting]) -> None:
        """Have these set, and no others."""
        for name in self._other - {name for name, _ in wanted}:
            self._back(name)
        for setting in wanted:
            self._set(setting)

    def switched_on(self) -> list[Setting]:
        """All that can be switched, on."""
        return [(name, (True,) * len(kinds)) for name, kinds in self._types.items() if set(kinds) == {"bool"}]

    def _set(self, setting: Setting) -> None:
        name, values = setting
        try:
            if name not in self._usual:
                self._usual[name] = name, self._read(name)
            self._other.add(name)
            said = self._method(f"set_{name}")(*values)
        except (RuntimeError, AttributeError) as error:
            said = str(error).strip().splitlines()[-1:]
        if said not in (0, None):
            shown = ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values)
            self.refused[f"{name} cannot be set to {shown}"] = None
            self._back(name)

    def _back(self, name: str) -> None:
        if name in self._usual:
            self._method(f"set_{name}")(*self._usual[name][1])
        self._other.discard(name)

    def _read(self, name: str) -> tuple[Any, ...]:
        found = self._method(f"get_{name}")()
        return tuple(found) if isinstance(found, (tuple, list)) else (found,)

    def _method(self, name: str) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(self._model, name)
        return found
