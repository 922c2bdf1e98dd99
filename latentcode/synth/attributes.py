"""What a note sets in the exported model that plays it, read with its latents."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.errors import LatentError
from latentcode.latents.compile import Values, values
from latentcode.latents.moments import Moments
from latentcode.latents.note import Note
from latentcode.latents.trajectory import Curve
from latentcode.models.family import Attributes, Layout
from latentcode.synth.context import RenderContext

SAID = {"t": 1.0, "true": 1.0, "on": 1.0, "f": 0.0, "false": 0.0, "off": 0.0}
SPOKEN = {"bool": "0 or 1", "int": "a whole number", "float": "a number", "str": "a text"}
TYPED = {"bool": "1", "int": "2", "float": ".5", "str": '"warm"'}


class NoteAttributes:
    """The attributes of a note. Those of its values that are no texts stand in columns behind its
    latents, so that they are read when these are.

    Raises LatentError for one that the model does not have, and for values of other types.
    """

    def __init__(self, note: Note, rendering: RenderContext) -> None:
        self._columns: list[Values] = []
        self._rendering = rendering
        self._layout: Layout = tuple((name, self._laid(name, given)) for name, given in note.attributes)

    def behind(self, latents: Float32 | Float64, moments: Moments) -> Float64:
        """Latents (N, D) with the values at their moments behind them."""
        found = [np.broadcast_to(read(moments), len(latents)) for read in self._columns]
        return np.column_stack([latents, *found])

    def parted(self, rows: Float32) -> tuple[Float32, Attributes]:
        """What `behind` put together."""
        count = rows.shape[1] - len(self._columns)
        return rows[:, :count], Attributes(self._layout, rows[:, count:])

    def _laid(self, name: str, given: Sequence[Curve | str]) -> tuple[int | str, ...]:
        types = _types(name, self._rendering)
        if len(given) != len(types):
            raise _wrong(name, types, f"{len(given)} of them")
        return tuple(self._one(name, types, kind, value) for kind, value in zip(types, given, strict=True))

    def _one(self, name: str, types: Sequence[str], kind: str, value: Curve | str) -> int | str:
        if kind == "bool" and isinstance(value, str):
            value = SAID.get(value.lower(), value)
        if (kind == "str") != isinstance(value, str):
            raise _wrong(name, types, repr(value))
        if isinstance(value, str):
            return value
        self._columns.append(values(value, self._rendering.latents))
        return len(self._columns) - 1


def _types(name: str, rendering: RenderContext) -> tuple[str, ...]:
    """The types of an attribute's values."""
    known = dict(rendering.attributes)
    whose = rendering.model or "the set's model"
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        there = ", ".join(f"{one} ({', '.join(types)})" for one, types in known.items()) or "none"
        meant = f" (did you mean {near[0]!r}?)" if near else ""
        raise LatentError(f"{whose} has no attribute {name!r}{meant}; it has {there}")
    if strange := [kind for kind in known[name] if kind not in SPOKEN]:
        raise LatentError(f"{name} of {whose} is made of a {strange[0]}, which cannot be played")
    return known[name]


def _wrong(name: str, types: Sequence[str], received: str) -> LatentError:
    allowed, typed = (", ".join(texts[kind] for kind in types) for texts in (SPOKEN, TYPED))
    return LatentError(f'{name} takes {allowed}, not {received}; as in .attr("{name}", {typed})')
