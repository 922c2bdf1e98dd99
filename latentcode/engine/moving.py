"""What hands may move of a set: all that is asked of faders, effects, voices and the tempo; and
what of it a page shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from operator import is_
from typing import Any

from latentcode.engine.live_set import LiveSet
from latentcode.inputs.history import InputHistory
from latentcode.latents.spaces import InSpace
from latentcode.parameters import MASTER, VOICES
from latentcode.patterns.nodes import Dial, Live
from latentcode.patterns.spaces import SpaceNumber
from latentcode.patterns.tree import live_inputs
from latentcode.protocol.observing import Sliders, SliderState
from latentcode.set.echoes import PLACES
from latentcode.set.performance import Performance
from latentcode.synth.renderer import Renderer

MOST_SLIDERS, MOST_MARKS = 32, 64
MOST_LETTERS = 24  # of a mark


def moving(performance: Performance) -> dict[str, Any]:
    """What faders, effects, voices and the tempo were told, by name; to be asked under the lock."""
    return {**_faders(performance), **_playing(performance.renderer)}


def _faders(performance: Performance) -> dict[str, Any]:
    """What moves faders and effects, by name."""
    racks = {f"d{n + 1}.fx": n for n in range(VOICES)} | {"master.fx": MASTER}
    chains = {name: performance.racks.chain_of(place) for name, place in racks.items()}
    return {
        **{name: performance.faders.at(*place).setting for name, place in PLACES.items()},
        **{name: tuple(s for effect in chain for s in effect.settings) for name, chain in chains.items()},
    }


def _playing(renderer: Renderer) -> dict[str, Any]:
    """What voices play, and what is to take over there; and what gives the tempo."""
    voices: dict[str, Any] = {}
    for voice in renderer.voices:
        parts = (voice.playing, voice.pending.part if voice.pending else None)
        voices[f"d{voice.index + 1}"] = tuple(part.pattern for part in parts if part)
    return {**voices, "bpm": renderer.conductor.asked}


class Touchable:
    """What a page may touch: sliders, in the order in which they came, so that each keeps its
    place, and the marks of spaces under a finger.
    """

    def __init__(self) -> None:
        self._order: dict[str, None] = {}
        self._asked: tuple[Any, ...] = ()
        self._sliders: tuple[Live, ...] = ()
        self._spaces: dict[str, tuple[int, int]] = {}
        self._told: Sliders | None = None

    def changed(self, live: LiveSet) -> Sliders | None:
        """All of it; None where it is as it was when it was asked before."""
        with live.lock:
            self._read(tuple(_parts(moving(live.performance).values())))
        told = self._now(live.performance)
        if told == self._told:
            return None
        self._told = told
        return told

    def forget(self) -> None:
        """Tell it again."""
        self._told = None

    def _read(self, asked: tuple[Any, ...]) -> None:
        """Find what is in patterns, where they are others than before."""
        if len(asked) == len(self._asked) and all(map(is_, asked, self._asked)):
            return
        self._asked = asked
        found = {one.name: one for one in live_inputs(asked) if one.dial is not None}
        self._order |= dict.fromkeys(found)
        self._sliders = tuple(found[name] for name in self._order if name in found)[:MOST_SLIDERS]
        self._spaces = dict(_touched(asked, set()))

    def _now(self, performance: Performance) -> Sliders:
        sliders = (_state(one, one.dial, performance.inputs) for one in self._sliders if one.dial)
        marks = (
            (mark.text[:MOST_LETTERS], mark.place[x], mark.place[y])
            for name, (x, y) in self._spaces.items()
            for mark in performance.spaces.marks(name).marks[:MOST_MARKS]
        )
        return Sliders(tuple(sliders), tuple(marks))


def _state(slider: Live, dial: Dial, inputs: InputHistory) -> SliderState:
    present = inputs.present(slider.name)
    place = slider.default if present is None else present
    return SliderState(slider.name.partition(":")[2], dial.low, dial.high, dial.exp, place)


def _parts(values: Iterable[Any]) -> Iterator[Any]:
    """Values, those that are tuples one by one: the same as long as a set plays the same."""
    for value in values:
        yield from value if isinstance(value, tuple) else (value,)


def _touched(value: Any, seen: set[int]) -> Iterator[tuple[str, tuple[int, int]]]:
    """The spaces in a value that a finger moves in: name, and which of their inputs are its x and
    y.
    """
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, (InSpace, SpaceNumber)):
        names = [getattr(one, "name", "") for one in value.inputs]
        if {"touch:x", "touch:y"} <= set(names):
            yield value.name, (names.index("touch:x"), names.index("touch:y"))
    if is_dataclass(value) and not isinstance(value, type):
        value = tuple(getattr(value, each.name) for each in fields(value))
    for inside in value if isinstance(value, tuple) else ():
        yield from _touched(inside, seen)
