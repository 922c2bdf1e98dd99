"""Sounds as they were recorded: samples at the device's rate, from the exact onset on,
past the model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from latentcode.arrays import Float32
from latentcode.latents.note import Plain
from latentcode.synth.stream import Stream

FASTEST = 64.0  # six octaves, either way
FADE = 48  # samples at each edge of a part that is cut out of a sound
CHUNK = 1024  # samples of the sound resampled at a time, whatever the size of the blocks


@dataclass(frozen=True, eq=False)
class Take:
    """A sound as one event or drone plays it: samples (n,) in the order in which they sound.

    ratio  samples of the sound to a sample of the device
    loops  whether it begins again at its end
    rise   samples of the device over which it begins: a part that is cut out
    fade   samples over which it falls silent before its end, the same
    """

    samples: Float32
    ratio: float
    loops: bool
    fade: int = 0
    rise: int = 0

    @property
    def length(self) -> int:
        """Samples of the device once through."""
        return math.ceil(len(self.samples) / self.ratio)


def take(sound: Float32, plain: Plain, speed: float, semitones: float, whole: int | None) -> Take:
    """The part of a sound (n,) at the device's rate that `plain` asks for.

    `semitones`: what the pitch adds to the speed; `whole`: samples of the event, None of a drone,
    which loops. Speed 0 is silence.
    """
    first, last = round(plain.begin * len(sound)), round(plain.end * len(sound))
    part = sound[first:last]
    backwards = plain.backwards != (speed < 0)
    cut = (last < len(sound), first > 0) if backwards else (first > 0, last < len(sound))
    ratio = abs(speed) * 2.0 ** (semitones / 12.0)
    if plain.fit and whole:
        ratio *= len(part) / whole
    if not len(part) or ratio == 0.0:
        return Take(np.zeros(1, np.float32), 1.0, False)
    ratio = min(max(ratio, 1.0 / FASTEST), FASTEST)
    rise, fade = (FADE if edge and whole is not None else 0 for edge in cut)
    return Take(part[::-1] if backwards else part, ratio, whole is None, fade, rise)


class PlainStream(Stream):
    """Gives the samples of a take from `start` device samples after its onset on;
    nothing is decoded.
    """

    def __init__(self, take: Take, start: int) -> None:
        self._take, self._exact = take, take.ratio == 1.0
        self._next = start if self._exact else math.floor(start * take.ratio)
        self._ready = np.zeros(0, np.float32)
        self._given = start
        if not self._exact:
            import soxr

            self._resampler = soxr.ResampleStream(take.ratio, 1.0, 1, dtype="float32", quality="VHQ")
            self._ended = False

    def take(self, count: int, reach: int | None = None) -> Float32:
        """The next samples (count,); silence after the end."""
        taken = self._samples(count) if self._exact else self._resampled(count)
        given, left = self._given, self._take.length - self._given
        self._given += count
        if given < self._take.rise:
            taken *= np.clip(np.arange(given + 1, given + 1 + count) / self._take.rise, 0, 1).astype(
                np.float32
            )
        if self._take.fade and left - count < self._take.fade:
            taken *= np.clip(np.arange(left, left - count, -1) / self._take.fade, 0, 1).astype(np.float32)
        return taken

    def _resampled(self, count: int) -> Float32:
        while len(self._ready) < count and not self._ended:
            self._ended = not self._take.loops and self._next + CHUNK >= len(self._take.samples)
            chunk = self._samples(CHUNK) if not self._ended else self._rest()
            self._ready = np.concatenate([self._ready, self._resampler.resample_chunk(chunk, self._ended)])
        taken, self._ready = self._ready[:count], self._ready[count:]
        return np.pad(taken, (0, count - len(taken)))

    def _samples(self, count: int) -> Float32:
        """The next samples of the sound, round and round or with silence after its end."""
        samples, first = self._take.samples, self._next
        self._next += count
        if self._take.loops:
            return samples[np.arange(first, first + count) % len(samples)]
        found = samples[first : first + count]
        return np.concatenate([found, np.zeros(count - len(found), np.float32)])

    def _rest(self) -> Float32:
        rest = self._take.samples[self._next :]
        self._next += CHUNK
        return np.ascontiguousarray(rest)
