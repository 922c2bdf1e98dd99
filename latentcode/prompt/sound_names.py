"""Variables of the prompt that hold sounds, and the patterns whose strings name them."""

from __future__ import annotations

import types
import unicodedata
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, cast

from latentcode.errors import SoundError
from latentcode.latents.drones import Bound, Sounds
from latentcode.latents.path import Path
from latentcode.latents.trajectory import Named, Trajectory
from latentcode.patterns import Controls, Pattern, Pure, Steady
from latentcode.patterns.nodes import Map
from latentcode.sounds import library as sounds
from latentcode.sounds.folders import Folder


def sound_variables(space: Mapping[str, Any]) -> list[str]:
    """The names in a namespace that strings may use: those of trajectories and folders,
    in lower case.
    """
    return [
        name
        for name, value in space.copy().items()  # type: ignore[attr-defined]
        if _holds_sounds(cast(Hashable, type(value))) and isinstance(name, str) and _usable(name)
    ]


@lru_cache(maxsize=1024)
def _holds_sounds(kind: Any) -> bool:
    return issubclass(kind, (Trajectory, Folder))


def _usable(name: str) -> bool:
    """Whether a variable can be meant in a string; where a script has no capitals, any."""
    return name.isidentifier() and name == name.lower() and not name.startswith("_")


def variable(text: str) -> str:
    """The name of the variable that a text means: Python writes all names in one normal form."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def bound(pattern: Pattern, space: Mapping[str, Any]) -> Pattern:
    """`pattern` with the sounds that its strings name; as it is where they name no variable."""
    known = set(sound_variables(space))
    if not known:
        return pattern
    used = sorted({text for text in _names(pattern, set()) if variable(text) in known})
    meant = ((text, space[variable(text)]) for text in used)
    definitions = tuple((text, _sounds(value)) for text, value in meant if not _the_same(text, value))
    return Map(pattern, Bound(definitions)) if definitions else pattern


def _sounds(value: Any) -> Sounds:
    return tuple(map(Named, value.files)) if isinstance(value, Folder) else (value,)


def _the_same(name: str, value: Any) -> bool:
    """Whether a variable holds what its name finds anyway; that keeps its pitches."""
    if type(value) is not Path or value.file is None:
        return False
    try:
        found = sounds.known(name)
        return found is not None and str(found.file) == value.file and value == Path(value.name, value.sound)
    except SoundError:
        return False


def _names(value: Any, seen: set[int]) -> Iterator[str]:
    """The texts in a tree that may be names of sounds."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, (Pure, Steady)):
        yield from _leaf(value.value, seen)
    elif isinstance(value, Controls):
        yield from _leaf(value.get("s"), seen)
    elif isinstance(value, types.FunctionType):
        yield from (text for text in value.__code__.co_consts if isinstance(text, str))
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _names(item, seen)
    elif is_dataclass(value) and not isinstance(value, type):
        if isinstance(value, Named):
            yield value.name
        for field in fields(value):
            yield from _names(getattr(value, field.name), seen)


def _leaf(value: Any, seen: set[int]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from (item for item in value[:1] if isinstance(item, str))
    else:
        yield from _names(value, seen)
