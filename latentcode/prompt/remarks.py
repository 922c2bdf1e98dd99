"""What is worth a remark about a pattern that can be played: settings far from what is ever wanted,
and silence where sound was meant.

Such a pattern plays all the same, as it always did: so its session replays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np

from latentcode.arrays import Float64
from latentcode.errors import LatentcodeError
from latentcode.latents.drones import children
from latentcode.latents.motions import Orbit, Plane, Scrub, Slerp, Smoothed, Spline, Walk
from latentcode.latents.note import Note
from latentcode.latents.trajectory import Bias, Dim, Jitter, Mix, Scale, Trajectory
from latentcode.parameters import Parameter
from latentcode.patterns import Pattern
from latentcode.patterns.nodes import Live, Pure, Rand, Signal, Steady
from latentcode.patterns.tree import holds
from latentcode.set.effects import Setting, mostly_beyond

SOUNDING = (Pure, Steady, Signal, Rand, Live, Trajectory)  # what a text of rests alone has none of
CYCLES = 8  # over which signals are looked at, and silence is told
MOMENTS = np.linspace(0, CYCLES, 16 * CYCLES, endpoint=False)


class Usual(NamedTuple):
    """What a setting is called, between which numbers it makes sense, and what they mean."""

    name: str
    low: float
    high: float
    meaning: str


HELD = "and what is beyond is held there"
MIXED = "0 is the first sound, 1 the second, and far outside of them all becomes noise"
SPREAD = "what latents are apart is about 1, and far beyond it all becomes noise"
NOTE = {
    "gain": Usual("gain", -8, 8, "1 leaves a sound as loud as it is, and what is beyond is held to 8"),
    "pan": Usual("pan", 0, 1, f"0 is left, 1 is right, {HELD}"),
    "attack": Usual("attack", 0, 60, "seconds until a sound is as loud as it is"),
    "release": Usual("release", 0, 60, "seconds in which a sound falls after its end"),
    "noise": Usual("noise", -16, 16, "1 is all of the latent's own variance"),
}
LATENT: dict[type[Trajectory], dict[str, Usual]] = {
    Mix: {"alpha": Usual("α", -8, 8, MIXED)},
    Slerp: {"alpha": Usual("α", -8, 8, MIXED)},
    Plane: {
        "x": Usual("x of plane", -8, 8, "0 is left, 1 is right, and far outside of them all becomes noise"),
        "y": Usual("y of plane", -8, 8, "0 is below, 1 is above, and far outside of them all becomes noise"),
    },
    Spline: {"position": Usual("position of spline", 0, 1, f"0 is the first place, 1 the last, {HELD}")},
    Scrub: {"place": Usual("scrub", 0, 1, f"0 is where the source begins, 1 where it ends, {HELD}")},
    Smoothed: {"amount": Usual("smooth", 0, 1, "0 is the nearest frame, 1 a blend of its neighbours")},
    Scale: {"amount": Usual("scale", -16, 16, "1 leaves latents as they are")},
    Bias: {"amount": Usual("bias", -16, 16, SPREAD)},
    Jitter: {"amount": Usual("jitter", -16, 16, SPREAD)},
    Dim: {"value": Usual("dim", -16, 16, SPREAD)},
    Walk: {"reach": Usual("reach of walk", -16, 16, SPREAD)},
    Orbit: {"radius": Usual("radius of orbit", -16, 16, SPREAD)},
}


def strayed(what: str, parameter: Parameter, setting: Setting) -> Iterator[str]:
    """A remark on a fader, or on what can be set in an effect, that is led beyond its range most of
    the time.
    """
    if (farthest := mostly_beyond(setting, parameter)) is not None:
        most = f"{parameter.high:g} {parameter.unit}".strip()
        yield f"{what} goes to {farthest:g}, and is held from {parameter.low:g} to {most}"


class Remarks:
    """Gathered while a pattern is tried, one for each setting."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}
        self._seen: dict[int, object] = {}  # by id: events share what stands in a line

    def look(self, note: Note) -> None:
        """Keep a remark on each setting of a note that is far from what is ever wanted."""
        for field, usual in NOTE.items():
            self._setting(getattr(note, field), usual)
        self._within(note.trajectory)

    def soundless(self, value: object) -> None:
        """Keep a remark on what an event holds that has no sound, beside others that have."""
        self._found.setdefault("", f'a part of it holds no sound, as {value!r}; type n("0 3").s("cello")')

    def of(self, pattern: Pattern, is_heard: bool) -> Iterator[str]:
        """The remarks on a pattern, of which something was heard or nothing."""
        yield from self._found.values()
        if not is_heard and holds(pattern, SOUNDING):
            inputs = ", ".join(dict.fromkeys(map(repr, pattern.live_inputs)))
            waits = f", as long as {inputs} has not moved" if inputs else ""
            yield f"nothing of it sounds in its first {CYCLES} cycles{waits}"

    def _within(self, node: Trajectory) -> None:
        if id(node) in self._seen:
            return
        self._seen[id(node)] = node
        for field, usual in LATENT.get(type(node), {}).items():
            self._setting(getattr(node, field), usual)
        for child in children(node):
            self._within(child)

    def _setting(self, value: Any, usual: Usual) -> None:
        if value is None or usual.name in self._found:
            return
        if isinstance(value, Pattern) and not holds(value, SOUNDING):
            self._found[usual.name] = f"{usual.name} has no number, so it is 0: {usual.meaning}"
            return
        with suppress(LatentcodeError, OverflowError):  # what is wrong in a later cycle is told when it comes
            values = self._values(value)
            for one in (values.max(), values.min()) if len(values) else ():
                if not usual.low <= one <= usual.high:
                    said = f"it goes from {usual.low} to {usual.high}: {usual.meaning}"
                    self._found.setdefault(usual.name, f"{usual.name} is {one:g}; {said}")

    def _values(self, value: Any) -> Float64:
        """All that a setting comes to; nothing of a signal that has been looked at."""
        if not isinstance(value, Pattern):
            return np.asarray(value, np.float64).reshape(-1)
        if id(value) in self._seen:
            return np.zeros(0)
        self._seen[id(value)] = value
        return value.sample(MOMENTS)
