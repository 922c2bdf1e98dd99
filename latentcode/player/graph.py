"""The pyo graph: thirty-two channels in, voice chains, faders, mix, limiter, two channels out.

    row 0, 1 → [voice effects] → fader ┐
    row 2, 3 → [voice effects] → fader ┼→ mix → [master effects] → guard → master → limiter → out, table
    …                                  ┘

The rows are one table, `block`, which the callback fills before each buffer is computed.
pyo computes its objects in the order of their creation, so the graph is built in the order of the flow.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log10
from typing import Any

import numpy as np
import pyo

from latentcode.arrays import Float32
from latentcode.player.mixer import Mixer
from latentcode.ring import CHANNELS, VOICES

FADER_SECONDS = 0.01
LOOKAHEAD_SECONDS = 0.0015
THRESHOLD_DB = -0.5
"""The limiter's; its knee begins half a decibel below, so up to −1 dBFS samples pass bit for bit."""
_HEADROOM = 32.0


class Graph:
    """The graph on a booted pyo server.

    `block` (32, buffer) is the next buffer of input; output is `latency` samples behind it.
    """

    def __init__(self, server: Any, mixer: Mixer) -> None:
        server.setServer()  # pyo gives new objects to the server that was made last
        self.rate = int(server.getSamplingRate())
        self.buffer = int(server.getBufferSize())
        self.latency = round(LOOKAHEAD_SECONDS * self.rate)
        self.mixer = mixer
        self._table = pyo.DataTable(CHANNELS * self.buffer)
        self.block: Float32 = np.asarray(self._table.getBuffer()).reshape(CHANNELS, self.buffer)
        self._clock = pyo.Trig().play()
        self._index = pyo.Count(self._clock, 0, self.buffer - 1)
        self._voices = [self._voice(voice) for voice in range(VOICES)]
        self._faders = [[_ramp(side) for side in mixer.sides(voice)] for voice in range(VOICES)]
        self._mix = [self._sum(side) for side in (0, 1)]
        self._bus = [_Guard(channel) for channel in self._master_effects(self._mix)]
        self._master = _ramp(mixer.master)
        self._limiter = _Limiter([guard.out for guard in self._bus], self._master, self.rate, self.latency)
        self._result = [pyo.DataTable(self.buffer) for _ in range(2)]
        self._outputs = [np.asarray(table.getBuffer()) for table in self._result]
        self._fills = [
            pyo.TableFill(channel, table)
            for channel, table in zip(self._limiter.out, self._result, strict=True)
        ]
        for side, channel in enumerate(self._limiter.out):
            channel.out(side)

    def output(self) -> Float32:
        """What the last computed buffer sounded like, (buffer, 2)."""
        return np.stack(self._outputs, axis=1)

    def apply(self, name: str, *arguments: Any) -> None:
        """Carry out one command of `mixer.COMMANDS` from this buffer on."""
        _ACTIONS[name](self, *arguments)

    def _voice(self, voice: int) -> list[Any]:
        return self._voice_effects(voice, [self._channel(2 * voice), self._channel(2 * voice + 1)])

    def _channel(self, channel: int) -> Any:
        index = pyo.Sig(self._index, add=channel * self.buffer)
        return pyo.TableIndex(self._table, index)

    def _voice_effects(self, voice: int, pair: list[Any]) -> list[Any]:
        """The place for a voice's chain of effects: two signals in, two out."""
        return pair

    def _master_effects(self, pair: list[Any]) -> list[Any]:
        """The place for the chain of effects on the mix: two signals in, two out."""
        return pair

    def _sum(self, side: int) -> Any:
        faded = [
            pyo.Sig(pair[side], mul=fader[side])
            for pair, fader in zip(self._voices, self._faders, strict=True)
        ]
        return pyo.Mix(faded, voices=1)

    def _set_sides(self, voice: int) -> None:
        for fader, value in zip(self._faders[voice], self.mixer.sides(voice), strict=True):
            fader.value = value

    def _gain(self, voice: int, value: float) -> None:
        self.mixer.gains[voice] = value
        self._set_sides(voice)

    def _pan(self, voice: int, value: float) -> None:
        self.mixer.pans[voice] = value
        self._set_sides(voice)

    def _set_master(self, value: float) -> None:
        self.mixer.master = value
        self._master.value = value

    def _quit(self, seconds: float) -> None:
        self._master.time = max(seconds, FADER_SECONDS)
        self._set_master(0.0)


_ACTIONS: dict[str, Callable[..., None]] = {
    "gain": Graph._gain,
    "pan": Graph._pan,
    "master": Graph._set_master,
    "quit": Graph._quit,
}


class _Guard:
    """Clips far above full scale, and turns NaN, which would poison what follows for good, into 0.

    `Max` and `Min` answer their second value when the first is NaN: +limit on one branch and −limit on the
    other, half of each is 0. The halves of any other number add up to it exactly.
    """

    def __init__(self, signal: Any) -> None:
        self._low = pyo.Max(signal, -_HEADROOM)
        self._low_high = pyo.Min(self._low, _HEADROOM, mul=0.5)
        self._high = pyo.Min(signal, _HEADROOM)
        self._high_low = pyo.Max(self._high, -_HEADROOM, mul=0.5)
        self.out = pyo.Mix([self._low_high, self._high_low], voices=1)


class _Limiter:
    """A gain of exactly 1 up to −1 dBFS, less above, the same for both sides; then a clip at full scale.

    pyo's Compress takes levels above full scale for full scale, so its follower is fed 30 dB down; only
    its gain curve is used, on a signal that is late by `latency` samples.
    """

    def __init__(self, pair: list[Any], master: Any, rate: int, latency: int) -> None:
        self._bus = [pyo.Sig(channel, mul=master) for channel in pair]
        self._magnitudes = [pyo.Abs(channel) for channel in self._bus]
        self._linked = pyo.Max(*self._magnitudes, mul=1.0 / _HEADROOM)
        self._gain = pyo.Compress(
            self._linked,
            thresh=THRESHOLD_DB - 20.0 * log10(_HEADROOM),
            ratio=100,
            risetime=LOOKAHEAD_SECONDS / 5,
            falltime=0.2,
            lookahead=0,
            knee=0,
            outputAmp=True,
        )
        delay = (latency + 0.5) / rate
        self._late = [
            pyo.SDelay(channel, delay=delay, maxdelay=2 * delay, mul=self._gain) for channel in self._bus
        ]
        self.out = [pyo.Clip(channel, -1.0, 1.0) for channel in self._late]


def _ramp(value: float) -> Any:
    return pyo.SigTo(value, time=FADER_SECONDS, init=value)
