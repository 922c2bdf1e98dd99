"""The command line: the prompt, and what can be done without it.

Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from latentcode import __version__, progress
from latentcode.ending import Ended, when_ended
from latentcode.errors import LatentcodeError, SoundError, on_sound_warning
from latentcode.files.texts import say, shown

START = 128  # bytes that tell what a file is
APART = {  # commands of modules that are imported where they are called
    "models": ("the models that there are, and what they do here", "latentcode.prompt.model_list"),
    "train": ("train a model on a folder of sounds", "latentcode.evaluation.training_command"),
    "evaluate": ("measure how a model plays a folder of sounds", "latentcode.evaluation.command"),
    "dataset": ("write notes of a sound font in NSynth's layout", "latentcode.models.corpus.nsynth"),
}
EPILOG = 'Without a command: the prompt. In it, type d1 >> s("cello(3,8)"); Ctrl-D leaves.'


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status.

    0, or 1 for an error, 2 for a wrong call, 130 for Ctrl-C, 128 + N for a signal that ended it.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    on_sound_warning(_notice)
    try:
        args = _parser(words[0] if words else "").parse_args(words)
        run: Callable[[argparse.Namespace], int] = args.run
        with when_ended():
            return run(args)
    except LatentcodeError as error:
        _notice(" ".join(str(error).split()))
        return 1
    except Ended as ended:
        return 128 + ended.number
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


class _Parser(argparse.ArgumentParser):
    """One that shows what it was given as it may stand in a terminal,
    and knows what else may be meant.
    """

    def error(self, message: str) -> NoReturn:
        super().error(shown(message + _meant(message)))


def _meant(message: str) -> str:
    """What to type where a file, or help, stands in the place of a command."""
    found = re.match(r"argument COMMAND: invalid choice: ['\"](.*)['\"] \(choose", message)
    if found is None:
        return ""
    if found[1] == "help":
        return "; type latentcode --help"
    return f"; type latentcode play {found[1]}" if os.path.isfile(found[1]) else ""


def _parser(command: str = "") -> argparse.ArgumentParser:
    """The command line; what has modules of its own has its arguments only where it is the
    `command`.
    """
    sound = _sound_options()
    parser = _Parser(
        prog="latentcode",
        description="Live coding in the latent space of neural audio models.",
        epilog=EPILOG,
        parents=[sound],
    )
    parser.add_argument("--version", action="version", version=f"latentcode {__version__}")
    parser.add_argument("--seed", type=_seed, metavar="N", help="of all that is random in the set")
    parser.add_argument("--bpm", type=_bpm, metavar="X", help="the tempo to begin with (default 120)")
    parser.add_argument("--synthesis", choices=("overlap", "concat"), help="windows faded, or end to end")
    parser.add_argument(
        "--grains",
        choices=("auto", "aligned", "plain"),
        help="windows that go on with one another: where latents stand still (default), always, never",
    )
    parser.add_argument(
        "--ahead",
        type=_ranged(0, 5000, whole=True),
        metavar="MS",
        help="how far ahead exported streams are decoded (default 200)",
    )
    parser.add_argument(
        "--noise", type=_ranged(0, 1), metavar="X", help="of the encoder's variance, 0 to 1 (default 0)"
    )
    parser.add_argument(
        "--journal", metavar="FILE", help="where the set is written down; a folder is one too"
    )
    parser.add_argument(
        "--model-rate",
        type=_ranged(1000, 768_000, whole=True),
        metavar="HZ",
        help="the sampling rate of an exported model that does not say it; is remembered",
    )
    parser.add_argument("--resume", action="store_true", help="go back to a set that still plays")
    parser.add_argument("--keep", action="store_true", help="let the music go on after leaving")
    parser.add_argument(
        "--midi",
        metavar="NAME,…",
        help="listen to MIDI inputs with these in their names, or none (default: all)",
    )
    parser.add_argument("--vi", action="store_true", help="vi keys at the prompt")
    parser.set_defaults(run=_prompt)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _play_command(commands, sound)
    _render_command(commands)
    for name, (told, module) in APART.items():
        apart = commands.add_parser(name, help=told)
        if name == command:
            found = importlib.import_module(module)
            found.add_arguments(apart)
            apart.set_defaults(run=found.run)
    info = commands.add_parser("info", help="what a model, a sound or a session is")
    info.add_argument("file", metavar="FILE", help="or the name of a built-in sound, or 'default'")
    info.set_defaults(run=_info)
    doctor = commands.add_parser("doctor", help="what was found, what is missing, what to type")
    doctor.set_defaults(run=_doctor)
    return parser


def _sound_options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    options.add_argument("--model", metavar="FILE", help="a model file (default: the built-in model)")
    options.add_argument(
        "--driver", choices=("auto", "jack", "portaudio", "timer"), help="what the sound goes to"
    )
    options.add_argument(
        "--outputs", type=_whole, metavar="N", help="open at most so many outputs (default: all, up to 8)"
    )
    options.add_argument(
        "--inputs",
        type=_ranged(1, 8, whole=True),
        metavar="N",
        help="open inputs from the start, at least so many (default: when live_in(1) first asks for them)",
    )
    options.add_argument(
        "--rate",
        type=_ranged(1000, 768_000, whole=True),
        metavar="HZ",
        help="the sampling rate that is wanted",
    )
    options.add_argument(
        "--buffer", type=_whole, metavar="N", help="the buffer size that is wanted, in samples"
    )
    options.add_argument(
        "--lead", type=_ranged(1, 1000), metavar="MS", help="how far to render ahead (default 26)"
    )
    options.add_argument(
        "--hop", type=_whole, metavar="N", help="samples between two windows (default: half a window)"
    )
    options.add_argument(
        "--low-latency",
        action="store_true",
        help="hear hands sooner: buffers of 128, a hop of a quarter window, a lead of 14 ms",
    )
    return options


def _play_command(commands: Any, sound: argparse.ArgumentParser) -> None:
    play = commands.add_parser("play", help="replay a session, live", parents=[sound])
    play.add_argument("session", metavar="SESSION")
    _span_options(play)
    play.add_argument("--solo", metavar="d1,…", help="the voices that alone are heard")
    play.add_argument("--trust", action="store_true", help="run its code without asking")
    play.set_defaults(run=_play)


def _span_options(command: argparse.ArgumentParser) -> None:
    """The part of a session that is wanted."""
    command.add_argument(
        "--from", dest="begin", metavar="PLACE", help="the first cycle (32), or second (30s), that is wanted"
    )
    command.add_argument("--to", dest="end", metavar="PLACE", help="where it ends, not included")


def _render_command(commands: Any) -> None:
    render = commands.add_parser("render", help="write what a session sounds like to files")
    render.add_argument("session", metavar="SESSION")
    render.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="OUT",
        help="a .wav, .flac, .aiff, .ogg, … file; with {voice} in its name one for each voice, too",
    )
    render.add_argument("--stems", type=Path, metavar="FOLDER", help="a file for each voice that sounds")
    render.add_argument("--dry", action="store_true", help="the voices without their effects")
    render.add_argument(
        "--midi", type=Path, metavar="FILE", help="a .mid file of what was sent, and of the voices' notes"
    )
    render.add_argument(
        "--plot", type=Path, metavar="FILE", help="a .png, .svg or .pdf: waveform, spectrum, voices"
    )
    _span_options(render)
    render.add_argument(
        "--format", choices=("16", "24", "float"), help="bits of a sample (default: float for .wav, else 24)"
    )
    render.add_argument(
        "--model",
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="a model file (default: that of the session)",
    )
    render.add_argument("-f", "--force", action="store_true", help="replace files that are there already")
    render.add_argument("--trust", action="store_true", help="run its code without asking")
    render.set_defaults(run=_render, wrong=render.error)


def _prompt(args: argparse.Namespace) -> int:
    from latentcode.files.trust import asked
    from latentcode.models import card_of, rates
    from latentcode.models.trust import allow
    from latentcode.prompt.prompt import run

    options = _options(args)
    if options.model != "default":
        card = card_of(options.model, args.model_rate)
        allow(card, ask=asked)
        if args.model_rate and card.code:
            rates.remember(card.digest, args.model_rate)
    return run(options)


def _play(args: argparse.Namespace) -> int:
    from dataclasses import replace

    from latentcode.prompt.play import Part, play

    part = Part(*_places(args), _voices(args.solo))
    _trust(args)
    options = _options(args)
    if "model" in args:
        options = replace(options, model=_chosen(args.model))
    play(args.session, options, part=part)
    return 0


def _places(args: argparse.Namespace) -> tuple[Any, Any]:
    """Where a part begins and ends. Raises SessionError."""
    from latentcode.set.span import place

    begin, end = (None if text is None else place(text) for text in (args.begin, args.end))
    return begin, end


def _voices(text: str | None) -> tuple[int, ...]:
    """The voices, from 0, of "d1,d3". Raises LatentcodeError."""
    from latentcode.parameters import VOICES

    names = [] if text is None else [name.strip() for name in text.split(",")]
    known = {f"d{voice + 1}": voice for voice in range(VOICES)}
    if unknown := [name for name in names if name not in known]:
        raise LatentcodeError(f"{unknown[0]!r} is no voice, d1 to d{VOICES}; as in --solo d1,d3")
    return tuple(known[name] for name in names)


def _chosen(model: str) -> str:
    """A model that is named from here, wherever a session comes from. Raises ModelError."""
    from latentcode.models.card import BUILT_IN, LASTING, model_file

    found = model_file(model)
    return LASTING[BUILT_IN[model]] if model in BUILT_IN else str(found.absolute())


def _trust(args: argparse.Namespace) -> None:
    """Return when the file is a session, and it and the models that it asks for may be run."""
    from latentcode.files.trust import asked
    from latentcode.files.whereabouts import looking_in
    from latentcode.models import card_of
    from latentcode.models.trust import allow
    from latentcode.prompt.trust import trusted
    from latentcode.session.journal import read_session
    from latentcode.set.recorded import cards_of

    session = read_session(args.session)
    trusted(args.session, args.trust)
    with looking_in(session.folders):
        given = [card_of(args.model)] if "model" in args else []
        for card in (*given, *cards_of(session)):
            allow(card, args.trust, asked)


def _render(args: argparse.Namespace) -> int:
    if not any((args.output, args.stems, args.midi, args.plot)):
        args.wrong("say what is to be written: -o OUT, --stems FOLDER, --midi FILE, --plot FILE")
    _trust(args)
    from latentcode.offline.session import check, render_files, unused

    asked = _wanted(args)
    check(asked)
    wanted = unused(asked)
    for name in ("out", "stems", "midi", "plot"):
        before, now = getattr(asked, name), getattr(wanted, name)
        if now != before:
            _notice(f"{before} is there already; this goes to {now}, and -f replaces it")
    model = _chosen(args.model) if "model" in args else None
    with progress.shown("rendering") as tell:
        measured = render_files(
            args.session,
            wanted,
            report=lambda done, total: tell(done, total, f"{done:.0f} of {total:.0f} s"),
            notice=_notice,
            model=model,
        )
    for file in measured:
        say(shown(file.told))
    if wanted.stems is not None and not measured:
        say("no voice sounds there: no file was written")
    for made, held in (
        (wanted.midi, "notes, and what was sent"),
        (wanted.plot, "waveform, spectrum, voices"),
    ):
        if made is not None:
            say(shown(f"{made}: {held}"))
    return 0


def _wanted(args: argparse.Namespace) -> Any:
    from latentcode.offline.session import Wanted

    places = _places(args)
    return Wanted(args.output, *places, args.format, args.stems, args.dry, args.midi, args.plot, args.force)


def _info(args: argparse.Namespace) -> int:
    print(describe(args.file))
    return 0


def _doctor(args: argparse.Namespace) -> int:
    from latentcode.doctor import run

    return run()


def describe(name: str) -> str:
    """What a model, a session or a sound is, in a few lines.

    Raises LatentcodeError for none of them.
    """
    return "\n".join(map(shown, _described(name)))


def _described(name: str) -> list[str]:
    from latentcode.models.card import BUILT_IN, MODEL_FILES, looks_like_model, model_names, split_choice
    from latentcode.models.family import recognised
    from latentcode.session.journal import begins_session

    path, _ = split_choice(Path(os.path.expanduser(name)))
    start = _start(path) if os.path.isfile(path) else b""
    if name in BUILT_IN or path.suffix.lower() in MODEL_FILES or looks_like_model(start):
        return _model_lines(name)
    if begins_session(start):
        return _session_lines(path)
    if name in model_names() if not start else recognised(path):
        return _model_lines(name)
    return _sound_lines(name)


def _start(path: Path) -> bytes:
    """The first bytes of a file, which may be of any size."""
    try:
        with path.open("rb") as file:
            return file.read(START)
    except OSError as error:
        raise LatentcodeError(f"{path} cannot be read: {error.strerror or error}") from error


def _model_lines(name: str) -> list[str]:
    from latentcode.models import card_of
    from latentcode.models.card import model_file
    from latentcode.models.families.streams.archive import recognises

    if recognises(model_file(name)):
        return _export_lines(model_file(name))
    card = card_of(name)
    sizes = f"windows of {card.window} samples, {card.latent_dim} latents, {card.units} units, hop {card.hop}"
    lines = [f"model {card.name} ({card.family})", f"  {card.sample_rate} Hz, {sizes}", f"  {card.file}"]
    return lines + [f"  {key}: {value}" for key, value in card.notes]


def _export_lines(path: Path) -> list[str]:
    """An exported model, of which nothing is run."""
    from latentcode.models import rates
    from latentcode.models.card import file_digest
    from latentcode.models.families.streams.archive import read_export, told
    from latentcode.models.trust import is_trusted

    export = read_export(path)
    lines = [f"model {path.stem} (exported)", *(f"  {line}" for line in told(export))]
    digest = file_digest(path)
    rate = "" if export.sample_rate or rates.told(digest) else ", sample_rate=44100"
    trusted = is_trusted(digest)
    said = (
        ""
        if trusted and not rate
        else f'; load_model("{path.name}"{rate}{"" if trusted else ", trust=True"})'
    )
    return [*lines, f"  {'trusted' if trusted else 'not trusted yet'}{said}", f"  {path}"]


def _session_lines(path: Path) -> list[str]:
    from latentcode.session.journal import read_session

    session = read_session(path)
    rate = session.number("rate")
    commands, failed = sum(len(b.marks) for b in session.blocks), sum(b.failed for b in session.blocks)
    minutes, seconds = divmod(session.end / rate, 60)
    lines = [
        f"session {path}",
        f"  {int(minutes)} min {seconds:.1f} s, {len(session.blocks)} blocks of code, {commands} commands",
    ]
    if failed:
        lines.append(f"  {failed} blocks raised an error when they were played")
    if session.model != session.header.get("model_file"):
        lines.append(f"  plays the model {session.model}, which its header means")
    lines += [f"  {line}" for line in (*session.unwritten, *session.faults)]
    return lines + [f"  {key}: {value}" for key, value in session.header.items()]


def _sound_lines(name: str) -> list[str]:
    from latentcode.audio import reading as audio
    from latentcode.audio.decoding import opened
    from latentcode.sounds import library as sounds

    sound = sounds.find(name)
    try:
        frames, rate = audio.size(audio.sound_file(sound.file))
    except SoundError as error:
        if "not a sound" not in str(error):  # it is one, but too long, or of a rate that none has
            raise
        raise SoundError(f"neither a sound, nor a model, nor a session: {error}") from None
    with opened(sound.file) as found:
        channels = "mono" if found.channels == 1 else f"{found.channels} channels"
        among = f", one of {sound.count}" if sound.count > 1 else ""
        lines = [
            f"sound {sound.name}{among}",
            f"  {frames / rate:.2f} s, {rate} Hz, {channels}, {found.format}",
        ]
    if sound.pitch is not None:
        lines.append(f"  MIDI note {sound.pitch}")
    return [*lines, f"  {sound.file}"]


def _options(args: argparse.Namespace) -> Any:
    from dataclasses import fields

    from latentcode.prompt.options import Options

    given = {field.name: getattr(args, field.name, None) for field in fields(Options)}
    return Options(**{name: value for name, value in given.items() if value is not None})


def _notice(text: str) -> None:
    say(f"latentcode: {shown(text)}", file=sys.stderr)


def _ranged(low: int, high: int, whole: bool = False) -> Callable[[str], float]:
    """A reader of numbers from `low` to `high`."""

    def read(text: str) -> float:
        try:
            value = int(text) if whole else float(text)
        except ValueError:
            value = float("nan")  # which is in no range
        if not low <= value <= high:
            kind = "a whole number" if whole else "a number"
            raise argparse.ArgumentTypeError(f"{kind} from {low} to {high} is needed, not {text!r}")
        return value

    return read


_whole = _ranged(1, 1_000_000, whole=True)
_seed = _ranged(-(2**63), 2**63 - 1, whole=True)


def _bpm(text: str) -> str:
    from latentcode.prompt.scenes import bpm_text

    try:
        return bpm_text(text)
    except LatentcodeError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
