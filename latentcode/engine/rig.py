"""How the set's rig stands, as plain values: what is asked where it is to be kept in a file."""

from __future__ import annotations

from typing import Any

from latentcode.engine.live_set import LiveSet
from latentcode.parameters import FADERS, MASTER, VOICES
from latentcode.patterns import Pattern
from latentcode.set.actions import Bound, Strike
from latentcode.set.commands import SET
from latentcode.set.echoes import PLACES
from latentcode.set.faders import Faders
from latentcode.synth.keyboard import Keyboard


def rig(live: LiveSet) -> dict[str, Any]:
    """What was set of faders, effects, outputs, pads and keys, each as it is typed.

    faders     those that were moved, by name: a number, or the text of what moves them
    fx         effects by d1 … d16 and master
    voices     of each voice that is muted, solo, cued or sent elsewhere: these by name
    pads, transport   (input, what is typed, quant, voice from 0 or −1), in order
    keys       (voice from 0, what is typed, options by name)
    tempo      the text of a pattern that gives it, or None
    """
    performance = live.performance
    with live.lock:
        grip = performance.touch.grip()
        racks = {f"d{n + 1}": n for n in range(VOICES)} | {"master": MASTER}
        chains = {name: performance.racks.chain_of(place) for name, place in racks.items()}
        asked = performance.renderer.conductor.asked
        return {
            "faders": _faders(performance.faders),
            "fx": {name: tuple(map(repr, chain)) for name, chain in chains.items() if chain},
            "voices": _voices(performance.faders),
            "pads": _pads(grip.pads),
            "transport": _pads(grip.transport),
            "keys": tuple((index, board.source, _options(board)) for index, board in grip.keys),
            "tempo": next((repr(one) for one in asked if isinstance(one, Pattern)), None),
        }


def _faders(faders: Faders) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, place in PLACES.items():
        setting = faders.at(*place).setting
        if isinstance(setting, (str, Pattern)):
            found[name] = setting if isinstance(setting, str) else repr(setting)
        elif setting != FADERS[place[0]].default:
            found[name] = setting
    return found


def _voices(faders: Faders) -> dict[str, dict[str, Any]]:
    found = {}
    for index in range(VOICES):
        said: dict[str, Any] = {}
        if faders.outs[index]:
            said["out"] = 2 * faders.outs[index] + 1
        for word, chosen in (("mute", faders.muted), ("solo", faders.solo), ("cue", faders.cued)):
            if index in chosen:
                said[word] = True
        if said:
            found[f"d{index + 1}"] = said
    return found


def _pads(bound: Bound) -> tuple[tuple[str, str, str | None, int], ...]:
    return tuple(
        (
            str(name),
            action.source,
            *((action.quant, action.voice) if isinstance(action, Strike) else (None, SET)),
        )
        for name, action in bound
    )


def _options(board: Keyboard) -> dict[str, Any]:
    return dict(board.options)
