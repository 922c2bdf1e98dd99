"""Sounds that come round as drones, across the seam at which they do.

    python -m bench.seams

Sounds are cut to where they hold their level, or made into a beat, and played whole, again and again. The level in
windows of 10 ms around the seam, against that beside it, the mean over all turns; the least of it, in dB. The same
of sets of before, and of the recordings, each turn faded into the next in 10 ms. The flux is the distance of log
spectra from 6 ms to 6 ms at the seam, against that of which 95 % are below.
"""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np

from bench.common import run, show
from latentcode.arrays import Float32, Float64
from latentcode.audio.reading import read
from latentcode.latents.strategies import extend
from latentcode.offline.pattern import render
from latentcode.sounds import library
from latentcode.sounds.model import find_path
from latentcode.synth import renderer
from latentcode.synth.context import around

RATE, HOP = 44100, 512
TURNS, BEGIN, LENGTH = 5, 20_000, 30_000  # samples
NAMES = ("noise", "crowd", "cello", "choir")
HITS = {"kick": (0.0, 0.5), "snare": (0.25, 0.75), "hat": (0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875)}
WINDOW, REACH, FADE = 441, 12, 441  # samples, halves of windows on either side, samples
GOAL = 1.5  # dB more than the recording's


def measure(full: bool) -> None:
    """Print how deep the hole is at the seam of each sound."""
    sounds = {name: read(library.find(name).file, RATE)[0][BEGIN : BEGIN + LENGTH] for name in NAMES}
    for name, sound in (sounds | {"beat": beat()}).items():
        turn = -(-len(sound) // HOP) * HOP
        path = replace(find_path(sound.copy()), loop=None)
        before, now, longer = (
            heard(path, turn, False),
            heard(path, turn),
            heard(extend(path, factor=2), 2 * turn),
        )
        recorded = at_seams(faded(sound), len(sound) - FADE)
        was, found, extended = at_seams(before, turn), at_seams(now, turn), at_seams(longer, 2 * turn)
        text = f"{name}: {recorded[0]:+.1f} dB recorded, {was[0]:+.1f} before, {found[0]:+.1f} now, "
        text += f"{extended[0]:+.1f} extended; flux {recorded[1]:.1f}, {was[1]:.1f}, {found[1]:.1f}; deeper by, dB:"
        show(text, recorded[0] - found[0], most=GOAL)


def heard(source: object, turn: int, seams: bool = True) -> Float32:
    """What a drone sounds like for some turns."""
    with mock.patch.object(renderer, "around", around if seams else lambda *_: 0):
        return render(source, TURNS * turn / RATE, sample_rate=RATE)[:, 0]  # type: ignore[arg-type]


def beat() -> Float32:
    """A second of drums."""
    found = np.zeros(2 * RATE, np.float32)
    for name, places in HITS.items():
        hit = read(library.find(name).file, RATE)[0][:RATE]
        for place in places:
            begin = int(place * RATE)
            found[begin : begin + len(hit)] += 0.4 * hit
    return found[:RATE]


def faded(sound: Float32) -> Float32:
    """A sound round and round, its end faded into its beginning at equal power."""
    rise = np.sin(np.pi / 2 * np.linspace(0, 1, FADE))
    turn = sound[: len(sound) - FADE].copy()
    turn[:FADE] = turn[:FADE] * rise + sound[-FADE:] * rise[::-1]
    return np.tile(turn, TURNS)


def at_seams(sound: Float32, turn: int) -> tuple[float, float]:
    """The least level around the seams, in dB, and the flux there."""
    seams = range(turn, len(sound) - 2 * WINDOW * REACH, turn)
    course = np.mean([levels(sound, seam) for seam in seams], axis=0)
    flux = fluxes(sound)
    there = [flux[(seam - 1536) // 256 : (seam + 1536) // 256].max() for seam in seams]
    beside = np.median(np.concatenate([course[:4], course[-4:]]))
    return float(course[4:-4].min() - beside), float(max(there) / np.percentile(flux, 95))


def levels(sound: Float32, seam: int) -> Float64:
    """The level of each window around a seam, in dB."""
    begins = [seam + place * WINDOW // 2 for place in range(-REACH, REACH)]
    power = [np.square(sound[begin : begin + WINDOW], dtype=np.float64).mean() for begin in begins]
    return np.asarray(10 * np.log10(np.array(power) + 1e-9))


def fluxes(sound: Float32) -> Float64:
    frames = np.lib.stride_tricks.sliding_window_view(sound, 1024)[::256] * np.hanning(1024)
    logs = np.log(np.abs(np.fft.rfft(frames)) + 1e-3)
    return np.asarray(np.sqrt(np.square(np.diff(logs, axis=0)).mean(axis=1)))


if __name__ == "__main__":
    run(measure)
