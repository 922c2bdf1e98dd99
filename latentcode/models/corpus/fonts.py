"""Notes of sound fonts, rendered with fluidsynth.

Needs the `fluidsynth` program, a General MIDI sound font and mido
(`pip install "latentcode[corpus]"`).
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import SoundError
from latentcode.models.corpus.waves import RATE

TICKS_PER_SECOND = 960  # mido's default: 480 a beat, two beats a second
HELD, SLOT = 1.2, 2.2  # seconds: a note is held, then has its release
SOFT, LOUD = 64, 112  # MIDI velocities
SOUNDFONTS = (  # FluidR3, under the MIT licence
    "/usr/share/sounds/sf2/FluidR3_GM.sf2",
    "/usr/share/soundfonts/FluidR3_GM.sf2",
    "/usr/local/share/soundfonts/FluidR3_GM.sf2",
    "/opt/homebrew/share/soundfonts/FluidR3_GM.sf2",
)
OTHERS = ("/usr/share/sounds/sf3/MuseScore_General_Full.sf3",)  # MIT; parts of it CC0 or in the public domain


@dataclass(frozen=True)
class Instrument:
    """One instrument: its General MIDI program (0 to 127), or that of the drum kit,
    and its natural range; `family` and `source` as the NSynth dataset calls them.
    """

    name: str
    program: int
    low: int  # MIDI note numbers
    high: int
    family: str = ""
    source: str = "acoustic"
    drums: bool = False

    @property
    def pitches(self) -> range:
        return range(self.low, self.high + 1)


VOICES = (
    Instrument("cello", 42, 36, 76, "string"),
    Instrument("violin", 40, 55, 96, "string"),
    Instrument("viola", 41, 48, 86, "string"),
    Instrument("contrabass", 43, 28, 60, "string"),
    Instrument("strings", 48, 36, 91, "string"),
    Instrument("pizzicato", 45, 36, 84, "string"),
    Instrument("flute", 73, 60, 96, "flute"),
    Instrument("clarinet", 71, 50, 89, "reed"),
    Instrument("oboe", 68, 58, 89, "reed"),
    Instrument("bassoon", 70, 34, 72, "reed"),
    Instrument("trumpet", 56, 54, 84, "brass"),
    Instrument("trombone", 57, 40, 72, "brass"),
    Instrument("horn", 60, 36, 77, "brass"),
    Instrument("tuba", 58, 28, 58, "brass"),
    Instrument("alto-sax", 65, 49, 80, "reed"),
    Instrument("tenor-sax", 66, 44, 75, "reed"),
    Instrument("piano", 0, 28, 96, "keyboard"),
    Instrument("harpsichord", 6, 36, 84, "keyboard"),
    Instrument("vibes", 11, 53, 89, "mallet"),
    Instrument("marimba", 12, 41, 89, "mallet"),
    Instrument("bells", 14, 60, 77, "mallet"),
    Instrument("glockenspiel", 9, 72, 96, "mallet"),
    Instrument("organ", 19, 36, 91, "organ"),
    Instrument("accordion", 21, 48, 86, "organ"),
    Instrument("guitar", 24, 40, 81, "guitar"),
    Instrument("bass", 33, 28, 55, "bass", "electronic"),
    Instrument("harp", 46, 30, 91, "string"),
    Instrument("choir", 52, 43, 79, "vocal"),
    Instrument("voice", 53, 43, 79, "vocal"),
    Instrument("pan-flute", 75, 60, 91, "flute"),
    Instrument("shakuhachi", 77, 55, 84, "flute"),
    Instrument("kalimba", 108, 55, 86, "mallet"),
    Instrument("bright-piano", 1, 36, 90, "keyboard"),
    Instrument("honky-tonk", 3, 40, 84, "keyboard"),
    Instrument("epiano", 4, 36, 84, "keyboard", "electronic"),
    Instrument("fm-piano", 5, 36, 84, "keyboard", "electronic"),
    Instrument("clavinet", 7, 36, 77, "keyboard", "electronic"),
    Instrument("celesta", 8, 60, 96, "mallet"),
    Instrument("music-box", 10, 60, 91, "mallet"),
    Instrument("xylophone", 13, 60, 96, "mallet"),
    Instrument("dulcimer", 15, 48, 84, "string"),
    Instrument("drawbar-organ", 16, 36, 84, "organ", "electronic"),
    Instrument("percussive-organ", 17, 36, 84, "organ", "electronic"),
    Instrument("rock-organ", 18, 36, 84, "organ", "electronic"),
    Instrument("reed-organ", 20, 40, 84, "organ"),
    Instrument("harmonica", 22, 55, 88, "reed"),
    Instrument("bandoneon", 23, 48, 84, "organ"),
    Instrument("steel-guitar", 25, 40, 81, "guitar"),
    Instrument("jazz-guitar", 26, 40, 79, "guitar", "electronic"),
    Instrument("clean-guitar", 27, 40, 81, "guitar", "electronic"),
    Instrument("muted-guitar", 28, 40, 72, "guitar", "electronic"),
    Instrument("overdriven-guitar", 29, 40, 79, "guitar", "electronic"),
    Instrument("distorted-guitar", 30, 40, 79, "guitar", "electronic"),
    Instrument("guitar-harmonics", 31, 52, 81, "guitar", "electronic"),
    Instrument("upright-bass", 32, 28, 55, "bass"),
    Instrument("picked-bass", 34, 28, 55, "bass", "electronic"),
    Instrument("fretless-bass", 35, 28, 58, "bass", "electronic"),
    Instrument("slap-bass", 36, 28, 55, "bass", "electronic"),
    Instrument("synth-bass", 38, 28, 57, "bass", "synthetic"),
    Instrument("rubber-bass", 39, 28, 57, "bass", "synthetic"),
    Instrument("tremolo-strings", 44, 43, 84, "string"),
    Instrument("timpani", 47, 36, 57, "mallet"),
    Instrument("slow-strings", 49, 36, 88, "string"),
    Instrument("synth-strings", 50, 36, 84, "string", "synthetic"),
    Instrument("synth-voice", 54, 48, 79, "vocal", "synthetic"),
    Instrument("orchestra-hit", 55, 40, 72, "string", "synthetic"),
    Instrument("muted-trumpet", 59, 54, 82, "brass"),
    Instrument("brass", 61, 40, 84, "brass"),
    Instrument("synth-brass", 62, 40, 79, "brass", "synthetic"),
    Instrument("soprano-sax", 64, 56, 86, "reed"),
    Instrument("baritone-sax", 67, 37, 68, "reed"),
    Instrument("english-horn", 69, 52, 81, "reed"),
    Instrument("piccolo", 72, 70, 100, "flute"),
    Instrument("recorder", 74, 60, 91, "flute"),
    Instrument("bottle", 76, 55, 84, "flute"),
    Instrument("whistle", 78, 62, 91, "flute"),
    Instrument("ocarina", 79, 60, 88, "flute"),
    Instrument("square-lead", 80, 40, 84, "synth_lead", "synthetic"),
    Instrument("saw-lead", 81, 40, 84, "synth_lead", "synthetic"),
    Instrument("calliope", 82, 48, 84, "synth_lead", "synthetic"),
    Instrument("charang", 84, 40, 79, "synth_lead", "synthetic"),
    Instrument("bass-lead", 87, 36, 76, "synth_lead", "synthetic"),
    Instrument("new-age-pad", 88, 43, 79, "keyboard", "synthetic"),
    Instrument("warm-pad", 89, 40, 79, "string", "synthetic"),
    Instrument("polysynth", 90, 40, 79, "keyboard", "synthetic"),
    Instrument("bowed-pad", 92, 43, 79, "string", "synthetic"),
    Instrument("metal-pad", 93, 43, 79, "string", "synthetic"),
    Instrument("sweep", 95, 40, 76, "string", "synthetic"),
    Instrument("crystal", 98, 55, 88, "mallet", "synthetic"),
    Instrument("atmosphere", 99, 43, 79, "guitar", "synthetic"),
    Instrument("sitar", 104, 45, 76, "guitar"),
    Instrument("banjo", 105, 48, 81, "guitar"),
    Instrument("shamisen", 106, 48, 79, "guitar"),
    Instrument("koto", 107, 45, 84, "string"),
    Instrument("bagpipe", 109, 55, 79, "reed"),
    Instrument("fiddle", 110, 55, 88, "string"),
    Instrument("shanai", 111, 55, 81, "reed"),
    Instrument("steel-drums", 114, 52, 84, "mallet"),
)
KITS = tuple(
    Instrument(name, program, 27, 87, "mallet", drums=True)
    for name, program in (
        ("standard", 0), ("room", 8), ("power", 16), ("electronic", 24), ("analogue", 25), ("jazz", 32), 
        ("brush", 40), ("orchestra", 48),
    )
)  # fmt: skip


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
    voice: Instrument,
    notes: list[tuple[int, int]],
    soundfont: Path,
    held: float = HELD,
    slot: float = SLOT,
    trim: bool = True,
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
        command += ["-o", "synth.dynamic-sample-loading=1"]  # only those that are needed
        command += ["-o", "synth.chorus.active=0", "-o", "synth.reverb.active=0", "-F", str(wav)]
        done = subprocess.run([*command, str(soundfont), str(midi)], capture_output=True, text=True)
        if done.returncode != 0 or not wav.exists():
            raise SoundError(f"fluidsynth failed on {voice.name}: {done.stderr.strip() or done.returncode}")
        samples = soundfile.read(wav, dtype="float32", always_2d=True)[0].mean(axis=1)
    for index in range(len(notes)):
        note = samples[round(index * slot * RATE) : round((index + 1) * slot * RATE)]
        yield trimmed(note) if trim else note


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
