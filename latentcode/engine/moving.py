"""What hands may move of a set: all that is asked of faders, effects, voices and the tempo; and the
sliders in it, which a page shows.
"""

from __future__ import annotations

from typing import Any

from latentcode.engine.live_set import LiveSet
from latentcode.parameters import MASTER, VOICES
from latentcode.patterns.tree import live_inputs
from latentcode.protocol.observing import SliderState
from latentcode.set.echoes import PLACES
from latentcode.set.performance import Performance
from latentcode.synth.renderer import Renderer

MOST_SLIDERS = 32


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


class SliderTable:
    """The sliders of a set, in the order in which they came: each keeps its place on a page."""

    def __init__(self) -> None:
        self._order: dict[str, None] = {}
        self._told: tuple[SliderState, ...] | None = None

    def changed(self, live: LiveSet) -> tuple[SliderState, ...] | None:
        """The sliders; None where they are as they were when it was asked before."""
        with live.lock:
            asked = moving(live.performance)
        inputs = live.performance.inputs
        found = {one.name: one for one in live_inputs(tuple(asked.values())) if one.dial is not None}
        self._order |= dict.fromkeys(found)
        there = [found[name] for name in self._order if name in found][:MOST_SLIDERS]
        told = tuple(
            SliderState(
                one.name.partition(":")[2], one.dial.low, one.dial.high, one.dial.exp,
                one.default if (place := inputs.present(one.name)) is None else place,
            )
            for one in there
        )  # fmt: skip
        if told == self._told:
            return None
        self._told = told
        return told

    def forget(self) -> None:
        """Tell them again."""
        self._told = None
