"""What keys have played in the last cycles: notes with their places, as plain values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from latentcode.engine.live_set import LiveSet
from latentcode.inputs.keys import ANY, Key, key
from latentcode.set.performance import Performance

Played = tuple[float, float, int, float]  # begin and end in cycles from the first, key, velocity


def played(live: LiveSet, cycles: int, port: str = ANY, channel: str = ANY) -> dict[str, Any]:
    """The notes of the last whole cycles, on ports and channels that are meant; no pads.

    first   the cycle that they are counted from
    notes   begin and end in cycles, the number of the key, the velocity 0 to 1; in order
    """
    performance = live.performance
    with live.lock:
        renderer = performance.renderer
        first = max(math.floor(renderer.tempo.cycle_at(renderer.position)) - cycles, 0)
        meant = Key("note", "", port, channel)
        found = [
            note
            for name in performance.inputs.latest()
            if key(name).kind == "note" and meant._replace(what=key(name).what).matches(key(name))
            if not performance.touch.is_pad(key(name))
            for note in _notes(performance, name, first, cycles)
        ]
    return {"first": first, "notes": tuple(sorted(found))}


def _notes(performance: Performance, name: str, first: int, cycles: int) -> Iterator[Played]:
    """Those of one key that begin within the cycles; one that is held ends with them."""
    tempo, struck = performance.renderer.tempo, None
    end = tempo.sample_of(Fraction(first + cycles))
    for sample, _, value in [*performance.inputs.history(name), (end, 0, 0.0)]:
        at = float(tempo.cycle_at(sample)) - first
        if struck is not None and at > struck[0]:
            yield struck[0], min(at, float(cycles)), int(key(name).what), struck[1]
            struck = None
        if value > 0 and 0 <= at < cycles:
            struck = at, value
