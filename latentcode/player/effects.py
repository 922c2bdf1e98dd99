"""The effects: how each is built of pyo's objects, on a pair of signals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from latentcode.parameters import LONGEST_DELAY, Parameter
from latentcode.player.library import pyo

Pair = list[Any]
Scale = Callable[[float], float]


class Knobs:
    """The parameters of one effect as signals that glide;
    `extra` holds objects that must not be lost.

    `breathe` is called between two objects that take long to build.
    """

    def __init__(
        self,
        parameters: Sequence[Parameter],
        values: Sequence[float],
        scales: dict[str, Scale],
        breathe: Callable[[], None] = lambda: None,
    ) -> None:
        self.breathe = breathe
        self._scales = [scales.get(each.name, float) for each in parameters]
        first = [scale(value) for scale, value in zip(self._scales, values, strict=True)]
        self._signals = [
            pyo.SigTo(value, time=each.seconds, init=value)
            for each, value in zip(parameters, first, strict=True)
        ]
        self._by_name = {each.name: signal for each, signal in zip(parameters, self._signals, strict=True)}
        self.extra: list[Any] = []

    def __getitem__(self, name: str) -> Any:
        return self._by_name[name]

    def turn(self, parameter: int, value: float) -> None:
        """Let a parameter glide to a value."""
        self._signals[parameter].value = self._scales[parameter](value)

    def keep(self, *made: Any) -> Any:
        """Hold on to objects; returns the last."""
        self.extra.extend(made)
        return made[-1]


@dataclass(frozen=True)
class EffectKind:
    """How an effect is built, and what is said of it.

    scales  by parameter: from its musical unit to what pyo takes
    tail    seconds for which it may sound on after its input has ended
    gap     the longest silence, in seconds, after which it may still sound
    """

    build: Callable[[Pair, Knobs], Pair]
    scales: dict[str, Scale] = field(default_factory=dict)
    tail: float = 0.2
    gap: float = 0.0


def _filter(mode: int) -> EffectKind:
    def build(pair: Pair, knobs: Knobs) -> Pair:
        return [pyo.Biquad(side, knobs["cutoff"], knobs["resonance"], mode) for side in pair]

    return EffectKind(build, {"resonance": lambda share: 0.7071 * 28.0**share})


def _mixed(dry: Pair, wet: Pair, knobs: Knobs) -> Pair:
    knobs.keep(*wet)
    return [pyo.Interp(a, b, knobs["mix"]) for a, b in zip(dry, wet, strict=True)]


def _delay(pair: Pair, knobs: Knobs) -> Pair:
    return _mixed(pair, [_line(side, knobs) for side in pair], knobs)


def _line(side: Any, knobs: Knobs) -> Any:
    knobs.breathe()
    return pyo.Delay(side, knobs["time"], knobs["feedback"], maxdelay=LONGEST_DELAY + 0.01)


def _reverb(pair: Pair, knobs: Knobs) -> Pair:
    late = knobs.keep(pyo.Delay(pair[1], _SPREAD_SECONDS, 0, maxdelay=0.01))
    sides = [pair[0], late]
    wet = [pyo.Freeverb(side, knobs["size"], knobs["damp"], 1.0) for side in sides]
    return _mixed(pair, wet, knobs)


_SPREAD_SECONDS = 0.0031
"""By so much the reverb's right side is later, or both would sound as one."""


def _distortion(pair: Pair, knobs: Knobs) -> Pair:
    return [pyo.Disto(side, knobs["drive"], knobs["tone"]) for side in pair]


def _crush(pair: Pair, knobs: Knobs) -> Pair:
    return [pyo.Degrade(side, knobs["bits"], knobs["rate"]) for side in pair]


def _chorus(pair: Pair, knobs: Knobs) -> Pair:
    return _mixed(pair, [pyo.Chorus(side, knobs["depth"], knobs["feedback"], 1.0) for side in pair], knobs)


def _phaser(pair: Pair, knobs: Knobs) -> Pair:
    swing = [pyo.Sine(knobs["rate"], phase=phase) for phase in (0.0, 0.25)]
    octaves = [pyo.Sig(each, mul=knobs["depth"]) for each in swing]
    centres = [pyo.Pow(4.0, each, mul=700.0) for each in octaves]
    knobs.keep(*swing, *octaves, *centres)
    wet = [
        pyo.Phaser(side, centre, 1.3, 3.0, knobs["feedback"], 6, mul=0.5)
        for side, centre in zip(pair, centres, strict=True)
    ]
    knobs.keep(*wet)
    return [pyo.Sig(a, mul=0.5, add=b) for a, b in zip(pair, wet, strict=True)]


def _compressor(pair: Pair, knobs: Knobs) -> Pair:
    sides = [pyo.Abs(side) for side in pair]
    linked = pyo.Max(*sides)
    level = pyo.Follower2(linked, knobs["attack"], knobs["release"])
    above = pyo.Max(pyo.AToDB(level) - knobs["threshold_db"], 0.0)
    gain = pyo.DBToA(above * knobs["ratio"])
    knobs.keep(*sides, linked, level, above, gain)
    return [pyo.Sig(side, mul=gain) for side in pair]


def _shift(pair: Pair, knobs: Knobs) -> Pair:
    return _mixed(pair, [pyo.FreqShift(side, knobs["hz"], mul=2.0**0.5) for side in pair], knobs)


def _gain(pair: Pair, knobs: Knobs) -> Pair:
    return [pyo.Sig(side, mul=knobs["db"]) for side in pair]


BUILD: dict[str, EffectKind] = {
    "lowpass": _filter(0),
    "highpass": _filter(1),
    "bandpass": _filter(2),
    "notch": _filter(3),
    "delay": EffectKind(_delay, tail=8.0, gap=LONGEST_DELAY),
    "reverb": EffectKind(_reverb, tail=6.0),
    "distortion": EffectKind(_distortion, {"drive": lambda d: 0.98 * d, "tone": lambda t: 0.95 * (1.0 - t)}),
    "crush": EffectKind(_crush),
    "chorus": EffectKind(_chorus, {"depth": lambda share: 4.0 * share}, tail=1.0),
    "phaser": EffectKind(_phaser),
    "compressor": EffectKind(_compressor, {"ratio": lambda ratio: 1.0 / ratio - 1.0}),
    "shift": EffectKind(_shift),
    "gain_db": EffectKind(_gain, {"db": lambda db: 10.0 ** (db / 20.0)}),
}
