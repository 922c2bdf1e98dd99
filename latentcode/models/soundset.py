"""Renders the built-in sounds, `latentcode/data/sounds/NAME/PITCH.ogg`,
from a General MIDI sound font.

    python -m latentcode.models.soundset OUT [--soundfont FILE]

Needs what the corpus needs. Drums are named by their General MIDI note.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import SoundError
from latentcode.models.corpus import RATE, Instrument, find_soundfont, peak_normalised, render_notes

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


def main(arguments: list[str] | None = None) -> None:
    """Render the sounds into the folder named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m latentcode.models.soundset", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--soundfont", type=Path, default=None, metavar="FILE")
    options = parser.parse_args(arguments)
    try:
        soundfont = find_soundfont(options.soundfont)
        for name, (program, pitches) in MELODIC.items():
            write(options.out / name, Instrument(name, program, 0, 127), pitches, soundfont)
        for name, pitches in DRUMS.items():
            write(options.out / name, Instrument(name, 0, 0, 127, drums=True), pitches, soundfont)
    except SoundError as error:
        sys.exit(str(error))


def write(folder: Path, voice: Instrument, pitches: tuple[int, ...], soundfont: Path) -> None:
    """One file per pitch; drums, whose pitch is only a name, are numbered from 0 in their order."""
    import soundfile

    folder.mkdir(parents=True, exist_ok=True)
    notes = [(pitch, VELOCITY) for pitch in pitches]
    for index, samples in enumerate(render_notes(voice, notes, soundfont, HELD, SLOT)):
        file = folder / (f"drum-{index}.ogg" if voice.drums else f"{pitches[index]:03d}.ogg")
        level = peak_normalised(faded(samples[: round(LONGEST * RATE)]), PEAK_DB)
        soundfile.write(file, level, RATE, format="OGG", subtype="VORBIS", compression_level=QUALITY)


def faded(samples: Float32) -> Float32:
    """`samples` with their end brought to silence, which a looped source would click without."""
    count = min(round(FADE * RATE), len(samples))
    ramp = np.ones(len(samples), np.float32)
    ramp[len(samples) - count :] = np.linspace(1, 0, count)
    return samples * ramp


if __name__ == "__main__":
    main()
