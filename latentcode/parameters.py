"""Faders and effects: what each is called, and what can be set in it.

Desk, engine and player read it.
"""

from __future__ import annotations

from dataclasses import dataclass

VOICES = 16

MASTER = 16
"""The rack on the mix of all voices; those of the voices are 0 to 15."""
MOST_EFFECTS = 8
LONGEST_DELAY = 6.0
"""Seconds; a delay that would last longer at a slow tempo lasts so long."""


@dataclass(frozen=True)
class Parameter:
    """One knob: its unit, default and range, and how many seconds it takes to move to a new value.

    The player is told cycles as seconds, at the tempo of the moment.
    """

    name: str
    unit: str
    default: float
    low: float
    high: float
    seconds: float = 0.03

    @property
    def in_cycles(self) -> bool:
        """Whether it follows the tempo."""
        return self.unit == "cycles"

    @property
    def sideways(self) -> bool:
        """Whether it is a place between left, 0, and right, 1,
        which the player counts from −1 to 1.
        """
        return self.unit == "place"

    def clamped(self, value: float) -> float:
        """The nearest value that is allowed."""
        return min(max(value, self.low), self.high)


def _share(name: str, default: float, high: float = 1.0) -> Parameter:
    return Parameter(name, "", default, 0.0, high)


def _cutoff(default: float) -> Parameter:
    return Parameter("cutoff", "Hz", default, 20.0, 20000.0)


FADERS = {
    "gain": Parameter("gain", "", 1.0, 0.0, 8.0, 0.01),
    "pan": Parameter("pan", "place", 0.5, 0.0, 1.0, 0.01),
    "master": Parameter("master", "", 1.0, 0.0, 8.0, 0.01),
}
"""What is set of a voice, and of the set, beside effects."""

PARAMETERS: dict[str, tuple[Parameter, ...]] = {
    "lowpass": (_cutoff(1000.0), _share("resonance", 0.0)),
    "highpass": (_cutoff(200.0), _share("resonance", 0.0)),
    "bandpass": (_cutoff(1000.0), _share("resonance", 0.3)),
    "notch": (_cutoff(1000.0), _share("resonance", 0.3)),
    "delay": (
        Parameter("time", "cycles", 3 / 8, 1 / 1024, 64.0, 0.1),
        _share("feedback", 0.4, 0.95),
        _share("mix", 0.35),
    ),
    "reverb": (_share("mix", 0.3), _share("size", 0.6), _share("damp", 0.4)),
    "distortion": (_share("drive", 0.6), _share("tone", 0.7)),
    "crush": (Parameter("bits", "bits", 8.0, 1.0, 24.0), Parameter("rate", "", 1.0, 0.01, 1.0)),
    "chorus": (_share("depth", 0.3), _share("feedback", 0.2, 0.9), _share("mix", 0.5)),
    "phaser": (Parameter("rate", "Hz", 0.3, 0.0, 20.0), _share("depth", 0.6), _share("feedback", 0.3, 0.9)),
    "compressor": (
        Parameter("threshold_db", "dB", -20.0, -60.0, 0.0),
        Parameter("ratio", "to 1", 4.0, 1.0, 50.0),
        Parameter("attack", "seconds", 0.005, 0.0005, 1.0),
        Parameter("release", "seconds", 0.1, 0.005, 4.0),
    ),
    "shift": (Parameter("hz", "Hz", 5.0, -5000.0, 5000.0), _share("mix", 1.0)),
    "gain_db": (Parameter("db", "dB", 0.0, -60.0, 24.0),),
}
