"""Attacks through a model of spectra, against those of the recordings.

    python -m bench.attacks [--full]

Sounds of the package are encoded and played, as events that begin with them and after some silence. An attack is
where the envelope (2 ms of Hann) first has a quarter of its highest in the first 150 ms; what is heard before the
recording begins stands against the attack's energy. The same with onsets as they were in the first sets.
"""

from __future__ import annotations

import numpy as np

from bench.common import run, show
from latentcode import models
from latentcode.audio.reading import read
from latentcode.models.families.spectral.codec import SpectralDecoder
from latentcode.models.family import Job
from latentcode.sounds import library
from latentcode.synth.stream import Continuous
from latentcode.synth.synthesis import continuous

RATE, HOP = 44100, 512
SILENT = 2100  # samples before a sound, where it does not begin at once: and a part of a hop, by chance
KINDS = {
    "drums": "kick snare hat openhat clap tom rim crash ride cowbell shaker tambourine",
    "electronic drums": "kick808 snare808 hat808 clap808 tom808 cowbell808 kick909 snare909 hat909 clap909 rim909",
    "plucked and struck": "piano guitar marimba harp vibes kalimba harpsichord pluck fmpiano bass",
    "bowed and blown": "cello violin flute choir trumpet strings",
}
GOAL = 2.0  # ms, of nine of ten


def measure(full: bool) -> None:
    """Print a line for each kind of sound, place and way."""
    codec = models.load("spectral")
    decoder = codec.decoder("cpu", HOP)
    assert isinstance(decoder, SpectralDecoder)
    chance = np.random.default_rng(3)
    for kind, names in KINDS.items():
        files = [library.find(name).file for name in names.split()]
        sounds = [begun(read(file, RATE)[0]) for file in files]
        places = [SILENT + int(chance.integers(HOP)) for _ in sounds for _ in range(6 if full else 2)]
        for where, silent in (("events", [0] * len(sounds)), ("inside", places)):
            for onsets in (False, True):
                found = []
                for number, place in enumerate(silent):
                    sound = np.pad(sounds[number % len(sounds)], (place, 0))
                    latents, _ = codec.encode(sound, HOP)
                    found.append(compared(sound, played(decoder, latents, len(sound), onsets, onsets), place))
                late, level, before = np.array(found).T
                text = f"{kind}, {where}, {'now' if onsets else 'at first'}: {np.median(np.abs(late)):.1f} ms off, "
                text += f"{np.median(level):+.1f} dB in 10 ms, before it {np.percentile(before, 90):.0f} dB; "
                text += "ms within which 90 % are:"
                show(text, float(np.percentile(np.abs(late), 90)), most=GOAL if onsets else None)


def begun(sound: np.ndarray) -> np.ndarray:
    """The first 0.7 s of a sound from where it is 40 dB below its attack."""
    heights = envelope(sound)[: RATE // 2]
    first = int(np.argmax(heights > 0.01 * heights.max()))
    return sound[first : first + int(0.7 * RATE)]


def played(
    decoder: SpectralDecoder, latents: np.ndarray, count: int, onsets: bool, partials: bool
) -> np.ndarray:
    """What the renderer makes of latents, with `onsets` as they are now and `partials` in rows, or without."""
    source = Continuous(lambda first, n: latents[first : first + n], continuous(4 * HOP, HOP), 0)
    wanted = source.wanted(count)
    assert wanted is not None
    slot = decoder.open_as(1, quick=False, onsets=onsets, stands=onsets, partials=partials, slides=partials)
    source.place(decoder.step([Job(slot, wanted.first, wanted.latents)])[0])
    return source.take(count)


def compared(sound: np.ndarray, copy: np.ndarray, begin: int) -> tuple[float, float, float]:
    """How late a copy is in ms, its level in the 10 ms of the attack, and what is before, in dB."""
    reach = slice(begin, begin + int(0.15 * RATE))
    first, copied = (attack(envelope(part)[reach]) for part in (sound, copy))
    attacks = slice(max(begin + first - 44, 0), begin + first + 441)
    before = power(copy[max(begin - 1500, 0) : max(begin - 22, 0)])
    whole = power(sound[begin + first : begin + first + 1500])
    return (
        (copied - first) / RATE * 1000,
        decibels(power(copy[attacks]), power(sound[attacks])),
        decibels(before, whole),
    )


def attack(heights: np.ndarray) -> int:
    """The first sample with a quarter of the highest."""
    return int(np.argmax(heights > 0.25 * heights.max()))


def envelope(sound: np.ndarray) -> np.ndarray:
    """The root of the mean power around each sample."""
    shape = np.hanning(89)
    return np.sqrt(np.convolve(np.square(sound.astype(np.float64)), shape / shape.sum(), "same"))


def power(sound: np.ndarray) -> float:
    return float(np.square(sound.astype(np.float64)).sum())


def decibels(one: float, other: float) -> float:
    return 10 * float(np.log10((one + 1e-12) / (other + 1e-12)))


if __name__ == "__main__":
    run(measure)
