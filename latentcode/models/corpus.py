"""Renders the corpus that the house model was trained on:
notes of many instruments from a sound font.

    python -m latentcode.models.corpus OUT [--soundfont FILE]

Needs the `fluidsynth` program, a General MIDI sound font (FluidR3, MIT licence) and mido
(`pip install "latentcode[corpus]"`). Every sixth pitch goes to OUT/held-out, the others to
OUT/train.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import SoundError

RATE = 44100  # Hz
TICKS_PER_SECOND = 960  # mido's default: 480 a beat, two beats a second
HELD, SLOT = 1.4, 2.4  # seconds: a note is held, then has its release
SOFT, LOUD = 64, 112  # MIDI velocities
SOUNDFONTS = (
    "/usr/share/sounds/sf2/FluidR3_GM.sf2",
    "/usr/share/soundfonts/FluidR3_GM.sf2",
    "/usr/local/share/soundfonts/FluidR3_GM.sf2",
    "/opt/homebrew/share/soundfonts/FluidR3_GM.sf2",
)


@dataclass(frozen=True)
class Instrument:
    """One instrument: its General MIDI program (0 to 127) or the drum kit,
    and its natural range.
    """

    name: str
    program: int
    low: int  # MIDI note numbers
    high: int
    drums: bool = False

    @property
    def pitches(self) -> range:
        return range(self.low, self.high + 1)


VOICES = (
    Instrument("cello", 42, 36, 76),
    Instrument("violin", 40, 55, 96),
    Instrument("viola", 41, 48, 86),
    Instrument("contrabass", 43, 28, 60),
    Instrument("strings", 48, 36, 91),
    Instrument("pizzicato", 45, 36, 84),
    Instrument("flute", 73, 60, 96),
    Instrument("clarinet", 71, 50, 89),
    Instrument("oboe", 68, 58, 89),
    Instrument("bassoon", 70, 34, 72),
    Instrument("trumpet", 56, 54, 84),
    Instrument("trombone", 57, 40, 72),
    Instrument("horn", 60, 36, 77),
    Instrument("tuba", 58, 28, 58),
    Instrument("alto-sax", 65, 49, 80),
    Instrument("tenor-sax", 66, 44, 75),
    Instrument("piano", 0, 28, 96),
    Instrument("harpsichord", 6, 36, 84),
    Instrument("vibes", 11, 53, 89),
    Instrument("marimba", 12, 41, 89),
    Instrument("bells", 14, 60, 77),
    Instrument("glockenspiel", 9, 72, 96),
    Instrument("organ", 19, 36, 91),
    Instrument("accordion", 21, 48, 86),
    Instrument("guitar", 24, 40, 81),
    Instrument("bass", 33, 28, 55),
    Instrument("harp", 46, 30, 91),
    Instrument("choir", 52, 43, 79),
    Instrument("voice", 53, 43, 79),
    Instrument("pan-flute", 75, 60, 91),
    Instrument("shakuhachi", 77, 55, 84),
    Instrument("kalimba", 108, 55, 86),
    Instrument("drums", 0, 35, 60, drums=True),
)


def main(arguments: list[str] | None = None) -> None:
    """Render the corpus into the folder named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m latentcode.models.corpus", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--soundfont", type=Path, default=None, metavar="FILE")
    options = parser.parse_args(arguments)
    try:
        seconds = render(options.out, options.soundfont)
    except SoundError as error:
        sys.exit(str(error))
    print(f"{options.out}: {seconds / 60:.1f} minutes")


def render(out: Path, soundfont: Path | None = None) -> float:
    """Write OUT/train and OUT/held-out as 16-bit FLAC, one file per note;
    returns the seconds written.
    """
    import soundfile

    soundfont = find_soundfont(soundfont)
    seconds = 0.0
    for voice in VOICES:
        notes = [(pitch, velocity) for pitch in voice.pitches for velocity in (SOFT, LOUD)]
        for (pitch, velocity), samples in zip(notes, render_notes(voice, notes, soundfont), strict=True):
            if len(samples) == 0:  # the sound font has nothing at this pitch
                continue
            folder = out / ("held-out" if is_held_out(voice, pitch) else "train") / voice.name
            folder.mkdir(parents=True, exist_ok=True)
            level = peak_normalised(samples, -3.0 if velocity == LOUD else -9.0)
            soundfile.write(folder / f"{pitch:03d}-{velocity:03d}.flac", level, RATE, subtype="PCM_16")
            seconds += len(samples) / RATE
        print(f"{voice.name:14s} {len(notes)} notes", flush=True)
    return seconds


def is_held_out(voice: Instrument, pitch: int) -> bool:
    """Every sixth pitch is kept for measuring; drums have no neighbours that could stand
    for them.
    """
    return not voice.drums and pitch % 6 == 0


def find_soundfont(wanted: Path | None = None) -> Path:
    """The sound font asked for, or the first of the usual places that has one.

    Raises SoundError where there is none.
    """
    places = [wanted] if wanted is not None else [Path(place) for place in SOUNDFONTS]
    for place in places:
        if place.is_file():
            return place
    tried = ", ".join(str(place) for place in places)
    raise SoundError(
        f"no sound font at {tried}; "
        "install one (Debian: apt install fluid-soundfont-gm) or give --soundfont FILE"
    )


def render_notes(
    voice: Instrument, notes: list[tuple[int, int]], soundfont: Path, held: float = HELD, slot: float = SLOT
) -> Iterator[Float32]:
    """Render (pitch, velocity) notes in one fluidsynth run; yields each as mono samples,
    silence trimmed.

    Each note is held for `held` seconds; the next begins `slot` seconds after it.

    Raises SoundError where fluidsynth is missing, or fails.
    """
    import soundfile

    if shutil.which("fluidsynth") is None:
        raise SoundError("the fluidsynth program is missing; install it (Debian: apt install fluidsynth)")
    with tempfile.TemporaryDirectory() as folder:
        midi, wav = Path(folder, "notes.mid"), Path(folder, "notes.wav")
        write_midi(midi, voice, notes, held, slot)
        command = ["fluidsynth", "-ni", "-q", "-r", str(RATE), "-g", "0.4", "-O", "float", "-T", "wav"]
        command += ["-o", "synth.chorus.active=0", "-o", "synth.reverb.active=0", "-F", str(wav)]
        done = subprocess.run([*command, str(soundfont), str(midi)], capture_output=True, text=True)
        if done.returncode != 0 or not wav.exists():
            raise SoundError(f"fluidsynth failed on {voice.name}: {done.stderr.strip() or done.returncode}")
        samples = soundfile.read(wav, dtype="float32", always_2d=True)[0].mean(axis=1)
    for index in range(len(notes)):
        yield trimmed(samples[round(index * slot * RATE) : round((index + 1) * slot * RATE)])


def write_midi(path: Path, voice: Instrument, notes: list[tuple[int, int]], held: float, slot: float) -> None:
    """A MIDI file with one note per slot, all on one channel.

    Raises SoundError where mido is not installed.
    """
    try:
        import mido  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        raise SoundError('writing the corpus needs mido: pip install "latentcode[corpus]"') from None
    track = mido.MidiTrack()
    channel = 9 if voice.drums else 0
    if not voice.drums:
        track.append(mido.Message("program_change", channel=channel, program=voice.program))
    down = round(held * TICKS_PER_SECOND)
    rest = round(slot * TICKS_PER_SECOND) - down
    for index, (pitch, velocity) in enumerate(notes):
        onset = {"channel": channel, "note": pitch, "time": rest if index else 0}
        track.append(mido.Message("note_on", velocity=velocity, **onset))
        track.append(mido.Message("note_off", channel=channel, note=pitch, time=down))
    track.append(mido.MetaMessage("end_of_track", time=rest))
    mido.MidiFile(tracks=[track]).save(path)


def trimmed(samples: Float32, floor_db: float = -54.0) -> Float32:
    """`samples` without what lies below `floor_db` of their peak at either end."""
    floor = float(np.abs(samples).max(initial=0.0)) * 10 ** (floor_db / 20)
    loud = np.flatnonzero(np.abs(samples) > floor)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0]


def peak_normalised(samples: Float32, peak_db: float) -> Float32:
    """`samples` scaled so that their peak stands at `peak_db` below full scale."""
    peak = np.abs(samples).max(initial=0.0)
    return np.asarray(samples * (10 ** (peak_db / 20) / peak) if peak > 0 else samples, dtype=np.float32)


if __name__ == "__main__":
    main()
