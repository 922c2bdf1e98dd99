"""Blocks that are planned and not heard yet: all is known of them but their samples.

Where nothing waits for the sound, some blocks are planned ahead of it, and what they want decoded
is decoded together, in a third of the time (`Renderer.plan`, `Renderer.finish`). What is done to
each stream stays what it would have been block by block, in its order, so the samples are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.errors import EngineError
from latentcode.parameters import VOICES
from latentcode.synth.envelope import Ramp
from latentcode.synth.stream import Stream


class UnforeseenError(EngineError):
    """What was planned ahead cannot be: something could not be decoded, and that decides what plays
    on.
    """


class Part(NamedTuple):
    """What one layer adds to a block from session sample `begin` on: `length` samples of its
    stream, which is told `reach`, under ramps, at a gain and a place in the stereo field.
    """

    stream: Stream
    reach: int
    begin: int
    length: int
    ramps: Sequence[Ramp]
    gain: float | Float64
    pan: float | Float64

    def add_to(self, out: Float32) -> None:
        """Add it to `out` (2, n); none of the musician's code runs here."""
        # one channel, or two, of which panning is a balance
        sound = self.stream.take(self.length, self.reach)
        for ramp in self.ramps:
            if (slope := ramp.gain(self.begin, self.length)) is not None:
                sound *= slope
        if not (isinstance(self.gain, float) and self.gain == 1.0):
            sound *= self.gain
        # The middle is unity on both sides, so what is not panned stays as it was decoded, to the bit.
        if isinstance(self.pan, float) and self.pan == 0.5:
            out += sound
            return
        channels = sound if sound.ndim == 2 else (sound, sound)
        for side, one, share in zip(out, channels, (2.0 - 2.0 * self.pan, 2.0 * self.pan), strict=True):
            side += one if _whole_share(share) else one * np.clip(share, 0.0, 1.0)


class Beside(NamedTuple):
    """The parts of what sounds beside a voice's pattern, how loud it is, and how it fades."""

    voice: int
    parts: list[Part]
    level: float
    fade: Ramp | None


@dataclass(eq=False)
class Planned:
    """A block that is planned: the session sample with which it begins, and its samples, (2 ·
    VOICES, n), once they are made.
    """

    begin: int
    sound: Float32 | None = None


@dataclass(eq=False)
class Block:
    """The parts of the voices in `count` samples from session sample `begin` on."""

    begin: int
    count: int
    voices: list[list[Part]] = field(default_factory=list)
    extras: list[Beside] = field(default_factory=list)

    def mixed(self) -> Float32:
        """Its samples, (2 · VOICES, count)."""
        out = np.zeros((2 * VOICES, self.count), np.float32)
        for voice, parts in enumerate(self.voices):
            self._add(parts, out[2 * voice : 2 * voice + 2])
        for voice, parts, level, fade in self.extras:
            sides = np.zeros((2, self.count), np.float32)
            self._add(parts, sides)
            if level != 1.0:
                sides *= np.float32(level)
            slope = None if fade is None else fade.gain(self.begin, self.count)
            out[2 * voice : 2 * voice + 2] += sides if slope is None else sides * slope
        return out

    def _add(self, parts: Sequence[Part], out: Float32) -> None:
        for part in parts:
            first = part.begin - self.begin
            part.add_to(out[:, first : first + part.length])


def in_a_row(pieces: Sequence[Float32]) -> Float32:
    """The samples of pieces that follow one another, (rows, n) each; of one its own."""
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces, axis=1)


def sounds_of(planned: Sequence[Planned]) -> list[Float32]:
    """The samples of pieces that were planned, of those that have any."""
    return [piece.sound for piece in planned if piece.sound is not None]


def _whole_share(share: float | Float64) -> bool:
    return isinstance(share, float) and share >= 1.0
