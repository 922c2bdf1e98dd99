"""A data set of notes in the layout of NSynth, from a sound font: `latentcode dataset OUT`.

    OUT/examples.json      what each note is, by its name
    OUT/audio/NAME.wav     16-bit, mono; NAME is INSTRUMENT-PITCH-VELOCITY

Layout, names of families, sources and qualities: Engel et al. 2017, Neural Audio Synthesis of
Musical Notes with WaveNet Autoencoders (arXiv 1704.01279), and the files of the NSynth dataset. Its
qualities were heard by people; here some of them are measured.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import SoundError
from latentcode.files import atomic
from latentcode.files.texts import say, shown
from latentcode.models.corpus import fonts
from latentcode.models.corpus.fonts import Instrument
from latentcode.models.corpus.waves import RATE
from latentcode.progress import counted

FAMILIES = (
    "bass", "brass", "flute", "guitar", "keyboard", "mallet", "organ", "reed", "string", "synth_lead", "vocal",
)  # fmt: skip
SOURCES = ("acoustic", "electronic", "synthetic")
QUALITIES = (
    "bright", "dark", "distortion", "fast_decay", "long_release", "multiphonic", "nonlinear_env", "percussive",
    "reverb", "tempo-synced",
)  # fmt: skip
VELOCITIES = (25, 50, 75, 100, 127)
EXAMPLES, AUDIO = "examples.json", "audio"
HELD = 0.75  # of a note's time; the rest is its release
BRIGHT, DARK = 3000.0, 500.0  # Hz: spectral centroids above and below which a note is called so
FAST, LONG = 0.25, 0.5  # shares of a note: within which it has fallen by 40 dB; that its release takes
SILENT = 1e-4  # peak of a note that the sound font does not have
ATTACK = 0.06  # seconds within which what is struck has its highest level


@dataclass(frozen=True)
class Wanted:
    """Which notes, and how they are written.

    `pitches` and `velocities` are MIDI numbers; of the instruments those of `families` and
    `sources` whose name is in `instruments`, or all where that is empty.
    """

    families: tuple[str, ...] = FAMILIES
    sources: tuple[str, ...] = SOURCES
    instruments: tuple[str, ...] = ()
    pitches: range = range(21, 109)
    step: int = 1  # semitones between two pitches
    velocities: tuple[int, ...] = VELOCITIES
    rate: int = 16000  # Hz
    seconds: float = 4.0

    def __post_init__(self) -> None:
        unknown = sorted(set(self.instruments) - {voice.name for voice in fonts.VOICES})
        if unknown:
            names = ", ".join(voice.name for voice in fonts.VOICES)
            raise SoundError(f"no instrument called {unknown[0]!r}; there are {names}")

    def notes(self, voice: Instrument) -> list[tuple[int, int]]:
        """The (pitch, velocity) of an instrument's notes within its range; none where it is not
        wanted.
        """
        chosen = voice.family in self.families and voice.source in self.sources
        if not chosen or (self.instruments and voice.name not in self.instruments):
            return []
        pitches = [
            p for p in voice.pitches if p in self.pitches and (p - self.pitches.start) % self.step == 0
        ]
        return [(pitch, velocity) for pitch in pitches for velocity in self.velocities]


def write(out: Path, wanted: Wanted, soundfont: Path | None = None, force: bool = False) -> int:
    """Write the data set; returns the number of its notes.

    A data set that is there already is replaced with `force` only. Raises SoundError where one is
    there, where no note is wanted, and where the sound font or what renders it is missing.
    """
    soundfont = fonts.find_soundfont(soundfont)
    voices = [(number, voice) for number, voice in _numbered() if wanted.notes(voice)]
    if not voices:
        raise SoundError(
            "no instrument has such notes; ask for other families, sources, instruments or pitches"
        )
    _cleared(out, force)
    examples: dict[str, dict[str, Any]] = {}
    with counted("notes", sum(len(wanted.notes(voice)) for _, voice in voices)) as step:
        for number, voice in voices:
            for name, example, samples in _rendered(number, voice, wanted, soundfont, len(examples)):
                if len(samples):
                    _saved(out / AUDIO / f"{name}.wav", samples, wanted.rate)
                    examples[name] = example
                step(voice.name)
    atomic.write(out / EXAMPLES, json.dumps(examples, indent=1, sort_keys=True).encode())
    return len(examples)


def _numbered() -> Iterator[tuple[int, Instrument]]:
    """The instruments, each with its number among those of its family and source."""
    seen: dict[tuple[str, str], int] = {}
    for voice in fonts.VOICES:
        kind = (voice.family, voice.source)
        yield seen.setdefault(kind, 0), voice
        seen[kind] += 1


def _cleared(out: Path, force: bool) -> None:
    """Make the folder, without a data set that was there. Raises SoundError."""
    there = [path for path in (out / EXAMPLES, out / AUDIO) if path.exists()]
    if there and not force:
        raise SoundError(f"{there[0]} is there already; choose another folder, or replace it with --force")
    try:
        for path in there:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        (out / AUDIO).mkdir(parents=True)
    except OSError as error:
        raise SoundError(f"{out} cannot be written: {error.strerror}") from None


def _rendered(
    number: int, voice: Instrument, wanted: Wanted, soundfont: Path, first: int
) -> Iterator[tuple[str, dict[str, Any], Float32]]:
    """The name of each note of an instrument, what it is, and its samples (none: the font has
    none).
    """
    import soxr

    notes = wanted.notes(voice)
    held, slot = HELD * wanted.seconds, wanted.seconds + 0.5
    instrument = f"{voice.family}_{voice.source}_{number:03d}"
    rendered = fonts.render_notes(voice, notes, soundfont, held, slot, trim=False)
    for index, ((pitch, velocity), samples) in enumerate(zip(notes, rendered, strict=True)):
        name = f"{instrument}-{pitch:03d}-{velocity:03d}"
        found = qualities(samples[: round(wanted.seconds * RATE)], held)
        example = {
            "note": first + index, "note_str": name, "instrument": fonts.VOICES.index(voice),
            "instrument_str": instrument, "instrument_name": voice.name, "pitch": pitch, "velocity": velocity,
            "sample_rate": wanted.rate, "instrument_family": FAMILIES.index(voice.family),
            "instrument_family_str": voice.family, "instrument_source": SOURCES.index(voice.source),
            "instrument_source_str": voice.source, "qualities": [int(q in found) for q in QUALITIES],
            "qualities_str": [q for q in QUALITIES if q in found],
        }  # fmt: skip
        resampled = (
            soxr.resample(samples, RATE, wanted.rate)
            if np.abs(samples).max(initial=0) > 1e-4
            else samples[:0]
        )
        yield name, example, np.asarray(resampled[: round(wanted.seconds * wanted.rate)], np.float32)


def qualities(samples: Float32, held: float) -> set[str]:
    """Those of QUALITIES that can be measured of a note (n,) at RATE, held for so many seconds."""
    level = _levels(samples)  # every 10 ms
    if not len(level) or level.max() < 1e-5:
        return set()
    loud = level > level.max() * 0.01
    power = np.abs(np.fft.rfft(samples)) ** 2
    centroid = float((power * np.fft.rfftfreq(len(samples), 1 / RATE)).sum() / power.sum())
    first = int(np.argmax(level > level.max() * 0.1))
    struck = int(np.argmax(level)) - first <= ATTACK * 100 + 1
    sustained = level[first : first + round(held * 100)]
    falls = len(sustained) > 0 and sustained[-1] < 0.3 * level.max()
    release = loud[round(held * 100) :]
    known = {
        "bright": centroid > BRIGHT,
        "dark": centroid < DARK,
        "fast_decay": loud[first:].sum() < FAST * len(level),
        "long_release": len(release) > 0 and loud[-1] and float(release.mean()) > LONG,
        "percussive": struck and bool(falls),
    }
    return {name for name, is_so in known.items() if is_so}


def _levels(samples: Float32) -> Float32:
    parts = samples[: len(samples) // (RATE // 100) * (RATE // 100)].reshape(-1, RATE // 100)
    return np.asarray(np.sqrt(np.mean(np.square(parts), axis=1)), np.float32)


def _saved(file: Path, samples: Float32, rate: int) -> None:
    import soundfile

    level = fonts.peak_normalised(samples, -1.0) if np.abs(samples).max() > 1 else samples
    soundfile.write(file, level, rate, subtype="PCM_16")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line of `latentcode dataset`."""
    usual = Wanted()
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder to write")
    parser.add_argument("-f", "--force", action="store_true", help="replace a data set that is there already")
    parser.add_argument(
        "--soundfont", type=Path, metavar="FILE", help="default: FluidR3 where it is installed"
    )
    parser.add_argument("--family", nargs="+", choices=FAMILIES, default=usual.families, metavar="NAME")
    parser.add_argument("--source", nargs="+", choices=SOURCES, default=usual.sources, metavar="NAME")
    parser.add_argument(
        "--instrument", nargs="+", default=(), metavar="NAME", help="such as cello or saw-lead"
    )
    parser.add_argument(
        "--pitch", type=pitches, default=usual.pitches, metavar="LOW-HIGH", help="MIDI, such as 48-72"
    )
    parser.add_argument(
        "--step", type=_whole, default=1, metavar="N", help="semitones between two pitches (default 1)"
    )
    parser.add_argument("--velocity", nargs="+", type=_midi, default=usual.velocities, metavar="N")
    parser.add_argument("--rate", type=_whole, default=usual.rate, metavar="HZ", help="default %(default)s")
    parser.add_argument(
        "--seconds", type=float, default=usual.seconds, metavar="S", help="default %(default)s"
    )


def pitches(text: str) -> range:
    """ "48-72" or "60" as a range of MIDI notes."""
    low, _, high = text.partition("-")
    try:
        found = range(int(low), int(high or low) + 1)
    except ValueError:
        found = range(0)
    if not found or found[0] < 0 or found[-1] > 127:
        raise argparse.ArgumentTypeError(f"{text!r} is no range of MIDI notes; type 48-72")
    return found


def _midi(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 127:
        raise argparse.ArgumentTypeError(f"{text!r} is no velocity; 1 to 127")
    return int(text)


def _whole(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of at least 1")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Write the data set that the command line asks for; returns the exit status.

    Raises SoundError as `write` does, and for seconds that are no note.
    """
    if not 0.1 <= args.seconds <= 60:
        raise SoundError(f"{args.seconds:g} seconds cannot be a note; 0.1 to 60")
    wanted = Wanted(
        tuple(args.family), tuple(args.source), tuple(args.instrument), args.pitch, args.step, tuple(args.velocity),
        args.rate, args.seconds,
    )  # fmt: skip
    count = write(args.out, wanted, args.soundfont, args.force)
    say(shown(f"{args.out}: {count} notes of {args.seconds:g} s at {args.rate} Hz"))
    return 0
