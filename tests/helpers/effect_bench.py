"""Chains of effects without an engine or a device, for the tests of each."""

from __future__ import annotations

import os

import numpy as np

os.environ.setdefault("PYO_GUI_WX", "0")

RATE, BUFFER = 44100, 256


_kept: list = []


def close_all() -> None:
    """Let go of all racks, one after the other."""
    while _kept:
        _kept.pop().close()
    import gc

    gc.collect()


def spec(*effects) -> tuple:
    """Words as the player is told of them: (name, values)."""
    from latentcode.parameters import PARAMETERS

    made = []
    for name, given in effects:
        values = {each.name: each.default for each in PARAMETERS[name]} | given
        made.append((name, tuple(float(values[each.name]) for each in PARAMETERS[name])))
    return tuple(made)


def rack(*effects, buffer: int = BUFFER):
    from latentcode.player.rack import Rack

    told: list[str] = []
    made = Rack(RATE, buffer, lambda: told.append("bad"))
    made.told = told
    _kept.append(made)  # pyo's objects do not survive a collection in any order: they are closed at the end
    if effects:
        made.begin(spec(*effects))
    return made


def through(one, sound: np.ndarray, events: dict | None = None, buffer: int = BUFFER) -> np.ndarray:
    """What a rack makes of a sound (n,) on both sides; `events` by buffer are called before it. → (2, n)"""
    pieces = []
    for number, begin in enumerate(range(0, len(sound) - buffer + 1, buffer)):
        if events and number in events:
            events[number]()
        pair = np.stack([sound[begin : begin + buffer]] * 2).astype(np.float32)
        pieces.append(np.array(one.process(pair)))
    return np.concatenate(pieces, axis=1)


def tone(hz: float, seconds: float = 1.0, level: float = 0.3) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


def impulse(seconds: float = 1.0) -> np.ndarray:
    sound = np.zeros(int(seconds * RATE), np.float32)
    sound[1000] = 0.5
    return sound


def level_at(sound: np.ndarray, hz: float) -> float:
    """The amplitude of one frequency (Goertzel over the whole)."""
    window = np.hanning(len(sound))
    phase = np.exp(-2j * np.pi * hz * np.arange(len(sound)) / RATE)
    return float(2 * abs(np.dot(sound * window, phase)) / window.sum())


def roughest(sound: np.ndarray) -> float:
    """The largest second difference: what a click is known by."""
    return float(np.abs(np.diff(sound, 2)).max())
