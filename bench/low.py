"""Pitch of low notes through the spectral model, of which the partials lie closer than a window parts.

    python -m bench.low [--full]

Notes of FluidR3 and electronic ones, MIDI 24 to 41 (33 to 87 Hz), moving, and held in single frames: how far the
partials that are within 30 dB of the loudest lie from where they are in the sound. Their mean by magnitude is the
note's pitch; their root mean square says how far from a row they are, which is heard as beats. Also harmonics against
all else, and the distances of spectra. At first, and with the partials of a note in a row (`partials 1`).
"""

from __future__ import annotations

import numpy as np

from bench.attacks import played
from bench.common import run, show
from latentcode import models
from latentcode.arrays import Float32, Float64
from latentcode.models import measures
from latentcode.models.corpus import synths
from latentcode.models.corpus.fonts import VOICES, find_soundfont, render_notes
from latentcode.models.families.spectral.codec import SpectralDecoder

RATE, HOP = 44100, 512
NAMES = ["bass", "upright-bass", "synth-bass", "contrabass", "tuba", "piano", "organ", "fm-piano"]
ELECTRONIC = {"sawtooth": synths.sawtooth, "reese": synths.reese, "square": synths.square}
PITCHES = (24, 26, 28, 31, 33, 36, 38, 41)
HELD = (0.3, 0.4, 0.55)  # of a note
GOAL = 5.0  # cents, of the median note from 50 Hz on
NUMBERS, HIGHEST, FAINT = 24, 1200.0, 1e-3  # partials; Hz; of the loudest one's power
SIZE = 1 << 18


def measure(full: bool) -> None:
    """Print a line for each pitch and way."""
    decoder = models.load("spectral").decoder("cpu", HOP)
    assert isinstance(decoder, SpectralDecoder)
    for pitch, sounds in notes(range(24, 42) if full else PITCHES).items():
        hertz = 440 * 2 ** ((pitch - 69) / 12)
        for way in (False, True):
            found = np.array([figures(decoder, sound, hertz, way) for sound in sounds])
            cents, apart, held, held_apart, harmonics, distance, mel = np.median(found, axis=0)
            text = f"{pitch} ({hertz:.0f} Hz), {'now' if way else 'at first'}: moving {cents:.1f} cents off, "
            text += (
                f"partials {apart:.0f}; harmonics {harmonics:+.1f} dB, MRSTFT {distance:.2f}, mel {mel:.2f}; "
            )
            text += f"held, partials {held_apart:.0f}; held, cents off"
            show(text, held, most=GOAL if way and hertz > 50 else None)


def notes(pitches: range | tuple[int, ...]) -> dict[int, list[Float32]]:
    """By pitch the notes of all instruments, of two seconds at most."""
    font = find_soundfont()
    found: dict[int, list[Float32]] = {pitch: [] for pitch in pitches}
    for voice in (voice for voice in VOICES if voice.name in NAMES):
        rendered = render_notes(voice, [(pitch, 100) for pitch in pitches], font, 2.0, 2.6)
        for pitch, sound in zip(pitches, rendered, strict=True):
            found[pitch].append(sound)
    for make in ELECTRONIC.values():
        for pitch in pitches:
            found[pitch].append(make(440 * 2 ** ((pitch - 69) / 12), 2.0).astype(np.float32))
    return {pitch: [sound / (2 * np.abs(sound).max()) for sound in sounds] for pitch, sounds in found.items()}


def figures(decoder: SpectralDecoder, sound: Float32, hertz: float, way: bool) -> tuple[float, ...]:
    """Cents by which pitch and partials are off, moving and held, then harmonics, MRSTFT and mel in dB."""
    latents, _ = models.load("spectral").encode(sound, HOP)
    copy = played(decoder, np.concatenate([latents, latents[-1:].repeat(8, 0)]), len(sound), True, way)
    held = []
    for place in HELD:
        frame = round(place * len(latents))
        heard = played(decoder, latents[frame : frame + 1].repeat(160, 0), 150 * HOP, True, way)[8192:]
        begin = max(round(place * len(sound)) - 16384, 0)
        held.append(off(sound[begin : begin + 32768], heard, hertz))
    harmonics = measures.hnr_db(copy, RATE, hertz) - measures.hnr_db(sound, RATE, hertz)
    distances = measures.mrstft(sound, copy), measures.mel_db(sound, copy, RATE)
    return (*off(sound, copy, hertz), *np.median(held, axis=0), harmonics, *distances)


def off(sound: Float32, copy: Float32, hertz: float) -> tuple[float, float]:
    """How far the partials of a copy lie from those of a sound, in cents: their mean and root mean square."""
    (wanted, power), (found, _) = (partials(one, hertz) for one in (sound, copy))
    chosen = (power > power.max() * FAINT) & (found > 0)
    weights = np.sqrt(power[chosen])
    cents = 1200 * np.log2(found[chosen] / wanted[chosen])
    mean, square = (float((weights * part).sum() / weights.sum()) for part in (cents, cents**2))
    return abs(mean), square**0.5


def partials(sound: Float32, hertz: float) -> tuple[Float64, Float64]:
    """Where the partials of a note are, in Hz, and their power."""
    power = np.square(np.abs(np.fft.rfft(sound * np.hanning(len(sound)), SIZE)))
    numbers = np.arange(1, min(NUMBERS, int(HIGHEST / hertz)) + 1)
    reach = np.where(numbers < 4, 0.4, np.minimum(0.4, 0.06 * numbers)) * hertz
    spans = np.stack([numbers * hertz - reach, numbers * hertz + reach], axis=1) * (SIZE / RATE)
    tops = np.array([int(low) + power[int(low) : int(high)].argmax() for low, high in spans])
    return tops * (RATE / SIZE), power[tops]


if __name__ == "__main__":
    run(measure)
