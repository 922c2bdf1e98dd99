"""Renders the built-in sounds, `latentcode/data/sounds/NAME/PITCH.ogg`, from a General MIDI sound
font, and the electronic sounds and textures in `latentcode/data/sounds/made`.

    python -m latentcode.models.soundset OUT [--soundfont FILE] [--only recorded | made]

The former need what the corpus needs. Drums are named by their General MIDI note.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import SoundError
from latentcode.models.corpus.drums import DRUMS as MACHINES
from latentcode.models.corpus.fonts import Instrument, find_soundfont, peak_normalised, render_notes, trimmed
from latentcode.models.corpus.synths import SYNTHS
from latentcode.models.corpus.textures import TEXTURES
from latentcode.models.corpus.waves import RATE, circular

HELD, SLOT, LONGEST, FADE = 1.7, 5.0, 2.4, 0.05  # seconds
PEAK_DB = -3.0
QUALITY = 0.4  # of libsndfile's compression level: 0 is the largest file, 1 the smallest
VELOCITY = 104

# name: General MIDI program (0 to 127), pitches from low to high (the middle one is the default)
MELODIC: dict[str, tuple[int, tuple[int, ...]]] = {
    "bass": (33, (28, 33, 40, 45, 52)),
    "bassoon": (70, (36, 43, 48, 55, 62)),
    "bells": (14, (60, 65, 72)),
    "brass": (61, (48, 55, 60, 67, 72)),
    "cello": (42, (36, 43, 48, 55, 62)),
    "choir": (52, (48, 55, 60, 67, 72)),
    "clarinet": (71, (50, 57, 62, 69, 76)),
    "contrabass": (43, (28, 33, 38, 43, 50)),
    "flute": (73, (60, 65, 72, 77, 84)),
    "guitar": (24, (40, 47, 52, 59, 64)),
    "harp": (46, (43, 50, 60, 67, 76)),
    "harpsichord": (6, (43, 50, 60, 67, 72)),
    "horn": (60, (41, 48, 53, 60, 65)),
    "kalimba": (108, (60, 65, 72, 77)),
    "marimba": (12, (48, 55, 60, 67, 72)),
    "oboe": (68, (58, 65, 70, 77, 82)),
    "organ": (19, (36, 48, 60, 67, 72)),
    "piano": (0, (36, 48, 60, 67, 72)),
    "sax": (65, (51, 56, 63, 68, 75)),
    "shakuhachi": (77, (58, 65, 70, 77)),
    "strings": (48, (43, 55, 60, 67, 74)),
    "trombone": (57, (41, 46, 53, 58, 65)),
    "trumpet": (56, (55, 60, 67, 72, 79)),
    "tuba": (58, (29, 36, 41, 48, 53)),
    "vibes": (11, (55, 60, 67, 72, 79)),
    "viola": (41, (48, 55, 60, 67, 74)),
    "violin": (40, (55, 62, 67, 74, 81)),
    "voice": (53, (48, 55, 60, 67, 72)),
}
DRUMS: dict[str, tuple[int, ...]] = {
    "bongo": (60, 61),
    "clap": (39,),
    "conga": (62, 63, 64),
    "cowbell": (56,),
    "crash": (49, 57),
    "hat": (42, 44),
    "kick": (36, 35),
    "openhat": (46,),
    "ride": (51, 59),
    "rim": (37,),
    "shaker": (70,),
    "snare": (38, 40),
    "tambourine": (54,),
    "tom": (45, 48, 50),
    "triangle": (81,),
    "woodblock": (76, 77),
}

# name: the settings of each of its sounds; none are those of the machine
STRUCK: dict[str, tuple[dict[str, float], ...]] = {
    "kick808": ({}, {"decay": 1.3, "hz": 46}, {"decay": 0.3, "hz": 57, "click": 0.35}),
    "kick909": (
        {},
        {"decay": 0.6, "sweep": 4, "click": 0.15},
        {"decay": 0.28, "hz": 55, "sweep": 6, "click": 0.6},
    ),
    "snare808": ({}, {"hz": 200, "snappy": 1.0}, {"hz": 165, "snappy": 0.3, "noise_decay": 0.15}),
    "snare909": (
        {},
        {"hz": 220, "snappy": 0.9, "noise_decay": 0.4},
        {"hz": 175, "decay": 0.25, "snappy": 0.35},
    ),
    "clap808": ({}, {"tail": 0.42, "q": 1.1}),
    "clap909": ({}, {"tail": 0.24, "hz": 1600}),
    "hat808": ({}, {"decay": 0.055, "tune": 1.15}, {"decay": 0.14}),
    "openhat808": ({}, {"decay": 0.32}),
    "crash808": ({},),
    "hat909": ({}, {"decay": 0.07, "tune": 1.1}),
    "openhat909": ({}, {"decay": 0.38}),
    "crash909": ({},),
    "ride909": ({},),
    "cowbell808": ({}, {"hz": 660, "decay": 0.22}),
    "tom808": ({"hz": 90, "decay": 0.5}, {"hz": 135}, {"hz": 195, "decay": 0.32}),
    "tom909": ({"hz": 85, "decay": 0.55}, {"hz": 125}, {"hz": 180, "decay": 0.38}),
    "conga808": ({"hz": 190}, {"hz": 280, "decay": 0.18}, {"hz": 410, "decay": 0.15}),
    "rim808": ({},),
    "rim909": ({},),
    "clave": ({},),
    "maracas": ({}, {"swell": 0.03, "decay": 0.11}),
    "zap": ({}, {"hz": 90, "above": 25, "drop": 0.06, "decay": 0.4}, {"hz": 45, "drop": 0.02}),
    "blip": ({}, {"hz": 1320}, {"hz": 587, "decay": 0.16}),
    "glitch": ({}, {"hz": 6500}, {"hz": 1200, "decay": 0.2}),
}
# name: pitches from low to high, seconds, settings
PLAYED: dict[str, tuple[tuple[int, ...], float, dict[str, float]]] = {
    "sine": ((36, 48, 60, 72, 84), 1.5, {}),
    "soft": ((48, 60, 72), 1.5, {}),
    "saw": ((36, 48, 60, 72), 1.5, {}),
    "square": ((36, 48, 60, 72), 1.5, {}),
    "pulse": ((36, 48, 60), 1.5, {}),
    "supersaw": ((43, 55, 67), 2.0, {}),
    "fmbell": ((60, 72, 84), 2.0, {}),
    "fmbass": ((28, 36, 43), 1.2, {}),
    "fmpiano": ((43, 55, 67, 79), 1.8, {}),
    "acid": ((33, 40, 48), 0.8, {}),
    "sub": ((28, 36, 43), 1.5, {}),
    "reese": ((28, 36, 43), 2.0, {}),
    "pad": ((48, 60, 72), 2.4, {}),
    "pluck": ((48, 60, 72), 0.9, {}),
    "lead": ((48, 60, 72), 1.6, {}),
    "stab": ((48, 57), 0.8, {}),
    "chip": ((48, 60, 72), 1.5, {}),
    "hollow": ((48, 60, 72), 2.0, {}),
    "vowel": ((45, 57, 69), 1.8, {}),
}
NOISES = ("noise", "pink", "brown", "hiss")
SEEDS = {"crackle": (4, 7), "crowd": (4, 2), "fire": (1, 3), "water": (4, 7), "wind": (4, 7)}  # even ones
LOOP, AROUND = 24 * 4096, 4 * 4096  # samples after which a texture comes round, and how far it goes on then


def main(arguments: list[str] | None = None) -> None:
    """Render the sounds into the folder named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m latentcode.models.soundset", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--soundfont", type=Path, default=None, metavar="FILE")
    parser.add_argument("--only", choices=("recorded", "made"), default=None)
    options = parser.parse_args(arguments)
    try:
        if options.only != "made":
            record(options.out, find_soundfont(options.soundfont))
        if options.only != "recorded":
            make(options.out / "made")
    except SoundError as error:
        sys.exit(str(error))


def record(out: Path, soundfont: Path) -> None:
    """The sounds of a sound font. Raises SoundError where what renders them is missing."""
    for name, (program, pitches) in MELODIC.items():
        write(out / name, Instrument(name, program, 0, 127), pitches, soundfont)
    for name, pitches in DRUMS.items():
        write(out / name, Instrument(name, 0, 0, 127, drums=True), pitches, soundfont)


def make(out: Path) -> None:
    """The electronic sounds and the textures.

    What is struck is FLAC, so that its attack is exact.
    """
    for name, settings in STRUCK.items():
        for index, chosen in enumerate(settings):
            samples = trimmed(np.asarray(MACHINES[name][0](**chosen), np.float32))
            _save(out / name / f"drum-{index}.flac", samples)
    for name, (pitches, seconds, chosen) in PLAYED.items():
        for pitch in pitches:
            played = SYNTHS[name][0](440 * 2 ** ((pitch - 69) / 12), seconds, **chosen)
            _save(out / name / f"{pitch:03d}.ogg", faded(np.asarray(played, np.float32)))
    for name in NOISES:
        _save(out / name / "texture-0.ogg", circular(SYNTHS[name][0](0.0, _seconds()), LOOP, AROUND))
    for name, texture in TEXTURES.items():
        for index, seed in enumerate(SEEDS.get(name, (1, 2))):
            _save(out / name / f"texture-{index}.ogg", circular(texture(seed, _seconds()), LOOP, AROUND))


def _seconds() -> float:
    return (LOOP + AROUND) / RATE


def _save(file: Path, samples: Float32) -> None:
    import soundfile

    file.parent.mkdir(parents=True, exist_ok=True)
    level = peak_normalised(samples, PEAK_DB)
    if file.suffix == ".flac":
        soundfile.write(file, level, RATE, format="FLAC", subtype="PCM_16", compression_level=1.0)
    else:
        soundfile.write(file, level, RATE, format="OGG", subtype="VORBIS", compression_level=QUALITY)


def write(folder: Path, voice: Instrument, pitches: tuple[int, ...], soundfont: Path) -> None:
    """One file per pitch; drums, whose pitch is only a name, are numbered from 0 in their order."""
    notes = [(pitch, VELOCITY) for pitch in pitches]
    for index, samples in enumerate(render_notes(voice, notes, soundfont, HELD, SLOT)):
        file = folder / (f"drum-{index}.ogg" if voice.drums else f"{pitches[index]:03d}.ogg")
        _save(file, faded(samples[: round(LONGEST * RATE)]))


def faded(samples: Float32) -> Float32:
    """`samples` with their end brought to silence, which a looped source would click without."""
    count = min(round(FADE * RATE), len(samples))
    ramp = np.ones(len(samples), np.float32)
    ramp[len(samples) - count :] = np.linspace(1, 0, count)
    return samples * ramp


if __name__ == "__main__":
    main()
