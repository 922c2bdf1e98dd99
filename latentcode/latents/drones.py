"""Sources inside a trajectory: finding them by name, the natural length,
and matching lengths in a drone.

In a drone the shorter of two sources is looped, as audio, until it is as long as the longer, and
then encoded: so a bare strategy is the published sound (Tatar, Cotton and Bisig, 2023).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

from latentcode.frames import frame_count
from latentcode.latents.path import Path
from latentcode.latents.trajectory import EncodedBy, Extend, Named, Pitched, Stepwise, Trajectory
from latentcode.patterns import Controls

Length = Callable[[Path], int]  # samples of a path's sound at the model's rate
Portion = Callable[[Any], "tuple[float, float]"]
Sounds = tuple[Trajectory, ...]  # what a name stands for: one sound, or those of a folder
PRIOR = "prior"
Find = Callable[[Named], Path]
MADE: dict[str, Callable[[float], Trajectory]] = {}  # names that stand for what their variant makes
ENDLESS: set[type] = set()  # nodes that go on by themselves, and are never the same again
PORTIONS: dict[type, Portion] = {}  # nodes with a `child` of which they read from begin to end, 0 to 1


@dataclass(frozen=True, repr=False)
class Looped(Trajectory):
    """A path whose sound is looped to `length` samples before it is encoded."""

    path: Path
    length: int


def matched(node: Trajectory, length: Length) -> Trajectory:
    """`node` with its shorter sources looped to the length of its longest."""
    return _fit(node, _samples(node, length), length)


def natural_frames(node: Trajectory, length: Length, window: int, hop: int) -> int:
    """Latent frames of one passage through a matched drone, `hop` samples apart;
    0 without a source.
    """
    if isinstance(node, Path):
        return frame_count(length(node), window, hop)
    if isinstance(node, Looped):
        return frame_count(node.length, window, hop)
    if isinstance(node, Extend):
        return natural_frames(node.child, length, window, finer(hop, node.factor))
    if type(node) in PORTIONS:
        begin, end = PORTIONS[type(node)](node)
        first, last = span_frames(natural_frames(node.child, length, window, hop), begin, end)
        return last - first
    frames = max((natural_frames(child, length, window, hop) for child in children(node)), default=0)
    return frames * node.steps if isinstance(node, Stepwise) else frames


def span_frames(count: int, begin: float, end: float) -> tuple[int, int]:
    """The first frame of a portion of `count` frames, and the one after its last;
    one frame at least.
    """
    low, high = min(begin, end), max(begin, end)
    first = min(round(low * count), max(count - 1, 0))
    return first, max(round(high * count), min(first + 1, count))


def finer(hop: int, factor: float) -> int:
    """The hop at which the sources of an extension by `factor` are encoded: whole samples,
    one at least.
    """
    return max(1, round(hop / factor))


def children(node: Trajectory) -> list[Trajectory]:
    """The trajectories directly inside one."""
    if isinstance(node, Path):  # most are, and each sound that begins asks a dozen times
        return []
    return [child for name in _names(type(node)) for child in _within(getattr(node, name))]


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The names of the fields of a kind of node."""
    return tuple(field.name for field in fields(kind))


def _within(value: Any) -> tuple[Trajectory, ...]:
    if isinstance(value, Trajectory):
        return (value,)
    return tuple(item for item in value if isinstance(item, Trajectory)) if isinstance(value, tuple) else ()


def _samples(node: Trajectory, length: Length) -> int:
    if isinstance(node, Path):
        return length(node)
    if type(node) in PORTIONS:
        begin, end = PORTIONS[type(node)](node)
        return round(abs(end - begin) * _samples(node.child, length))
    return max((_samples(child, length) for child in children(node)), default=0)


def _fit(node: Trajectory, samples: int, length: Length) -> Trajectory:
    if isinstance(node, Path):
        return node if length(node) == samples else Looped(node, samples)
    if type(node) in PORTIONS:  # a portion of a looped sound would be another portion
        return node
    return rebuilt(node, lambda child: _fit(child, samples, length))


def resolved(node: Trajectory, find: Find) -> Trajectory:
    """`node` with the path that each name stands for in the name's place;
    "prior:7" is a place of the prior.
    """
    if isinstance(node, Named):
        if node.name in MADE:
            return MADE[node.name](node.variant or 0)
        return replace(find(node), wanted=node.pitch) if isinstance(node, Pitched) else find(node)
    if isinstance(node, EncodedBy):
        return encoded_by(resolved(node.child, find), node.model)
    return rebuilt(node, lambda child: resolved(child, find))


def encoded_by(node: Trajectory, model: str, all_of_it: bool = True) -> Trajectory:
    """`node` with its sources encoded by a model, by its name; else those that ask for none."""
    if isinstance(node, Path):
        free = node.by is None and node.model is None
        return replace(node, by=model, model=None) if all_of_it or free else node
    return rebuilt(node, lambda child: encoded_by(child, model, all_of_it))


def asked_models(node: Trajectory) -> set[str]:
    """The names of the models that a trajectory asks for."""
    if isinstance(node, EncodedBy):
        return {node.model}
    if (by := getattr(node, "by", None)) is not None:
        return {by}
    return set().union(*map(asked_models, children(node)))


def endless(node: Trajectory) -> bool:
    """Whether something in it goes on by itself."""
    return type(node) in ENDLESS or any(map(endless, children(node)))


def rebuilt(node: Trajectory, change: Callable[[Trajectory], Trajectory]) -> Trajectory:
    """`node` with each trajectory directly inside it changed."""
    if isinstance(node, Path):
        return node
    inner = {
        name: _changed(value, change) for name in _names(type(node)) if _within(value := getattr(node, name))
    }
    return replace(node, **inner) if inner else node  # type: ignore[type-var]


def _changed(value: Any, change: Callable[[Trajectory], Trajectory]) -> Any:
    if isinstance(value, tuple):
        return tuple(_changed(item, change) for item in value)
    return change(value) if isinstance(value, Trajectory) else value


@dataclass(frozen=True)
class Bound:
    """A value → the same with the sounds that a musician has given names in the names' place.

    definitions: (name, its sounds), sorted by name. Of several sounds a variant (`n`, "kit:3")
    picks one, from 0, round and round.
    """

    definitions: tuple[tuple[str, Sounds], ...]

    def __call__(self, value: Any) -> Any:
        if isinstance(value, Trajectory):
            return self._inside(value)
        if isinstance(value, (str, tuple)):
            value = Controls.of(value)
        return self._voiced(value) if isinstance(value, Controls) else value

    def _voiced(self, controls: Controls) -> Controls:
        found, variant = controls.get("s"), controls.get("n")
        if isinstance(found, str):
            made: Any = self._sound(found, variant)
        else:
            made = self._inside(found) if isinstance(found, Trajectory) else None
        if made is None or made is found:
            return controls
        return Controls(tuple((name, made if name == "s" else value) for name, value in controls.pairs))

    def _inside(self, node: Trajectory) -> Trajectory:
        if not isinstance(node, Named):
            return rebuilt(node, self._inside)
        found = self._sound(node.name, node.variant)
        if isinstance(node, Pitched) and isinstance(found, Named):
            return Pitched(found.name, found.variant, node.pitch)
        if isinstance(node, Pitched) and isinstance(found, Path):
            return replace(found, wanted=node.pitch)
        return node if found is None else found

    def _sound(self, name: str, variant: Any) -> Trajectory | None:
        sounds = next((sounds for known, sounds in self.definitions if known == name), None)
        if sounds is None:
            return None
        return sounds[round(variant) % len(sounds)] if isinstance(variant, (int, float)) else sounds[0]
