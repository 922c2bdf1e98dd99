"""Rendering a session from its journal to files: the mix, the voices, or a part of them."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from latentcode.arrays import Float32
from latentcode.audio.writing import Written
from latentcode.audio.writing import written_as as sound_written_as
from latentcode.engine.deadman import ended_when_hung
from latentcode.errors import AudioError, SessionError
from latentcode.files import atomic
from latentcode.files.whereabouts import looking_in
from latentcode.models.card import BUILT_IN, LASTING, default_is, model_file
from latentcode.offline.files import SoundFile, SoundMeasured, kept_whole
from latentcode.offline.midi_file import MidiScore, check_mido
from latentcode.offline.performed import Stamped
from latentcode.offline.playing import play_offline
from latentcode.parameters import VOICES
from latentcode.pictures.overview import Overview
from latentcode.pictures.plotting import file_of
from latentcode.session.journal import Session
from latentcode.session.reading import read_shown
from latentcode.set.performance import Performance
from latentcode.set.span import Place, span

Progress = Callable[[float, float], None]  # seconds done, seconds in all
Notice = Callable[[str], None]
MIDI_ENDINGS = (".mid", ".midi")
VOICE = "{voice}"  # where a name says which voice it is of


@dataclass(frozen=True)
class Wanted:
    """What is to be made of a session.

    out         the file of the mix; with {voice} in its name: of each voice as well
    begin, end  the part that is wanted; None: from its beginning, to its end
    depth       "16", "24" or "float"; None: what is usual for the file
    stems       a folder for a file of each voice that sounds, d1.wav …, in the format of `out`
    dry         whether the voices' files are without their effects
    midi        a MIDI file of what was sent and of the notes of the voices
    plot        a picture of it: waveform, spectrum, voices
    force       whether what is there already is replaced
    bpm         the text of the tempo that takes the place of the session's own; None: those
    processes   how many share the voices, the samples being the same; None: one for each core, up
                to four
    """

    out: Path | None = None
    begin: Place | None = None
    end: Place | None = None
    depth: str | None = None
    stems: Path | None = None
    dry: bool = False
    midi: Path | None = None
    plot: Path | None = None
    force: bool = False
    bpm: str | None = None
    processes: int | None = None

    @property
    def mix(self) -> Path | None:
        """The file of the mix."""
        return None if self.out is None else Path(str(self.out).replace(VOICE, "mix"))

    @property
    def voices(self) -> list[Path]:
        """The files of the voices; none where they are not wanted."""
        names = [f"d{voice + 1}" for voice in range(VOICES)]
        if self.stems is not None:
            suffix = ".wav" if self.out is None else self.out.suffix
            return [self.stems / f"{name}{suffix}" for name in names]
        if self.out is not None and VOICE in str(self.out):
            return [Path(str(self.out).replace(VOICE, name)) for name in names]
        return []


def render_session(
    path: str | Path,
    out: str | Path,
    report: Progress | None = None,
    notice: Notice = lambda text: None,
    model: str | Path | None = None,
) -> float:
    """Write what a session sounds like to a WAV (32-bit float), FLAC or AIFF (24-bit) file;
    returns its peak.

    See `render_files`.
    """
    (mix,) = render_files(path, Wanted(Path(out), force=True), report, notice, model)
    return mix.peak


def render_files(
    path: str | Path,
    wanted: Wanted,
    report: Progress | None = None,
    notice: Notice = lambda text: None,
    model: str | Path | None = None,
) -> list[SoundMeasured]:
    """Write what is wanted of a session to files: the mix first, then the voices that sound.

    Sounds and models are looked for in the session's own folder, then where it was played, then in
    the current one. `model`, a name or a file, takes the place of the session's own.

    With the recording of the live set the mix agrees sample for sample on the same machine and
    versions, and a part with the same part of the whole: what lies before it is rendered, too, with
    the tails of all that sounds, and not written. The session's code is run: ask for trust first.
    Raises SessionError, or what the session's code leads to.
    """
    check(wanted)
    session = read_shown(path)
    if model is not None:
        from latentcode.prompt.again import other_model

        model_file(model)
        with looking_in(session.folders), default_is(session.value("default")):
            for line in other_model(session, str(model)):
                notice(line)
        session.header.update(
            model_file=str(Path(os.path.expanduser(model)).absolute())
            if model not in BUILT_IN
            else LASTING[BUILT_IN[str(model)]]
        )
        session.header.pop("model", None)  # it is meant to be another one
    with looking_in(session.folders), default_is(session.value("default")):
        return _render(session, wanted, report, notice)


def check(wanted: Wanted) -> None:
    """Raise SessionError where a file cannot be what is wanted."""
    for file in _all(wanted):
        written_as(file, wanted.depth)
    if wanted.midi is not None:
        check_mido()
        if wanted.midi.suffix.lower() not in MIDI_ENDINGS or wanted.midi.is_dir():
            raise SessionError(f"{wanted.midi}: a MIDI file ends in {', '.join(MIDI_ENDINGS)}")

    if wanted.plot is not None:
        file_of(wanted.plot)


def _all(wanted: Wanted) -> list[Path]:
    return [*([wanted.mix] if wanted.mix else []), *wanted.voices]


def written_as(out: str | Path, depth: str | None = None, rate: int | None = None) -> Written:
    """How a file is written that is wanted. Raises SessionError where it cannot be one."""
    if os.path.isdir(out):
        raise SessionError(f"{out} is a folder; give a file in it, as {Path(out) / 'set.wav'}")
    try:
        return sound_written_as(out, depth, rate)
    except AudioError as error:
        raise SessionError(str(error)) from None


def unused(wanted: Wanted) -> Wanted:
    """The same, beside what is there already: with the first free number in its names.

    Raises SessionError where names are a pattern.
    """
    if wanted.force:
        return wanted
    stems, out = wanted.stems, wanted.out
    if stems is not None and os.path.isdir(stems) and any(os.scandir(stems)):
        stems = atomic.unused(stems)
    if out is not None and VOICE not in str(out):
        out = atomic.unused(out)
    elif out is not None and any(map(os.path.lexists, _all(replace(wanted, stems=None)))):
        raise SessionError(f"there are files already that {out} names; -f replaces them")
    midi, plot = (None if one is None else atomic.unused(one) for one in (wanted.midi, wanted.plot))
    return replace(wanted, stems=stems, out=out, midi=midi, plot=plot)


def _render(session: Session, wanted: Wanted, report: Progress | None, notice: Notice) -> list[SoundMeasured]:
    from latentcode.prompt.again import asked_again, one_tempo

    for line in session.unwritten:
        notice(line)
    commands = asked_again(session, notice, bpm=wanted.bpm)
    if wanted.bpm is not None:
        notice(one_tempo(wanted.bpm))
    first, last = span(session, commands, wanted.begin, wanted.end)
    try:
        return _Rendering(session, wanted, first, last).run(commands, report, notice)
    except AudioError as error:
        raise SessionError(str(error)) from None
    except OSError as error:
        named = wanted.out or wanted.stems or wanted.midi or wanted.plot
        raise SessionError(f"{named} cannot be written: {error.strerror or error}") from error


class _Rendering:
    """The files of one render, while they are written."""

    def __init__(self, session: Session, wanted: Wanted, first: int, last: int) -> None:
        from latentcode.player.stems import Stems

        self._session, self._wanted, self._span = session, wanted, (first, last)
        self._rate = session.number("rate")
        if wanted.stems is not None:
            wanted.stems.mkdir(parents=True, exist_ok=True)
        self._score = MidiScore() if wanted.midi else None
        self._overview = Overview(self._rate, first, last) if wanted.plot else None
        self._stems = Stems(self._rate, wanted.dry) if wanted.voices or wanted.plot else None
        self._files = list[SoundFile]()
        with kept_whole(self._files):
            for number, path in enumerate(_all(wanted), 0 if wanted.mix else 1):
                kind = written_as(path, wanted.depth, self._rate)
                self._files.append(SoundFile(path, self._rate, kind, first, last, not number, number))
        self._mix = self._files[:1] if wanted.mix is not None else []
        self._voices = self._files[len(self._mix) :]

    def run(self, commands: Stamped, report: Progress | None, notice: Notice) -> list[SoundMeasured]:
        """Render up to the last sample. Raises OSError."""
        part = self._mix[0].part if self._mix else None
        with kept_whole(self._files), ended_when_hung(part):
            self._play(commands, report, notice)
            if self._score is not None and self._wanted.midi is not None:
                self._score.write(self._wanted.midi, *self._span)
            measured = [file.close() for file in self._files if file.begun]
        if self._overview is not None and self._wanted.plot is not None:
            self._draw(self._overview, self._wanted.plot, measured[0] if self._mix else None)
        return measured

    def _play(self, commands: Stamped, report: Progress | None, notice: Notice) -> None:
        taps, done, last = [] if self._stems is None else [self._stems.tap], 0, self._span[1]
        asked = self._begin if self._score is not None or self._overview is not None else None
        wanted = self._wanted.processes
        for block in play_offline(self._session, commands, notice, taps, asked, None, last, wanted):
            self._take(done, block)
            done += len(block)
            if report:
                report(min(done, last) / self._rate, last / self._rate)
            if done >= last:
                return

    def _begin(self, performance: Performance) -> None:
        self._performance = performance
        if self._score is not None:
            self._score.begin(performance)

    def _take(self, first: int, block: Float32) -> None:
        """What is heard from a sample on, and the voices of which it is made."""
        for file in self._mix:
            file.add(first, block)
        if self._overview is not None:
            self._overview.add(first, block)
        for begin, voices in () if self._stems is None else self._stems.take():
            for file, voice in zip(self._voices, voices, strict=False):
                file.add(begin, voice)
            if self._overview is not None:
                self._overview.add_voices(begin, voices)

    def _draw(self, overview: Overview, path: Path, measured: SoundMeasured | None) -> None:
        from latentcode.pictures.plotting import rendered

        tempo, (first, last) = self._performance.renderer.tempo, self._span
        whole = range(math.ceil(tempo.cycle_at(first)), math.ceil(tempo.cycle_at(last)))
        overview.cycles = [(tempo.sample_of(Fraction(cycle)), Fraction(cycle)) for cycle in whole]
        blocks = (block.sample for block in self._session.blocks)
        overview.marks = [sample for sample in blocks if first <= sample < last]
        loud = "" if measured is None else measured.told.partition(": ")[2]
        overview.title = f"{self._session.path.name if self._session.path else ''}  {loud}".replace("-", "−")
        rendered(overview, path)
