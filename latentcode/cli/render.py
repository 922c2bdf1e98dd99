"""`latentcode render SESSION`: what it sounds like is written to files."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from latentcode import progress
from latentcode.cli.options import (
    add_find_option,
    add_session,
    add_span_options,
    add_tempo_option,
    chosen,
    may_run,
    notice,
    places,
    ranged,
)
from latentcode.ending import Ended
from latentcode.files.texts import say, shown
from latentcode.parameters import VOICES

if TYPE_CHECKING:
    from latentcode.offline.session import Wanted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_session(parser)
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="OUT",
        help="a .wav, .flac, .aiff, .ogg, … file; with {voice} in its name one for each voice, too",
    )
    parser.add_argument("--stems", type=Path, metavar="FOLDER", help="a file for each voice that sounds")
    parser.add_argument("--dry", action="store_true", help="the voices without their effects")
    parser.add_argument(
        "--midi", type=Path, metavar="FILE", help="a .mid file of what was sent, and of the voices' notes"
    )
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", help="a .png, .svg or .pdf: waveform, spectrum, voices"
    )
    add_span_options(parser)
    add_tempo_option(parser)
    parser.add_argument(
        "--format", choices=("16", "24", "float"), help="bits of a sample (default: float for .wav, else 24)"
    )
    parser.add_argument(
        "--model",
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="a model file (default: that of the session)",
    )
    add_find_option(parser)
    parser.add_argument(
        "--processes",
        type=ranged(1, VOICES, whole=True),
        metavar="N",
        help="how many share the voices (default: one for each core, up to 4); 1 beside a set that plays",
    )
    parser.add_argument("-f", "--force", action="store_true", help="replace files that are there already")
    parser.add_argument("--trust", action="store_true", help="run its code without asking")
    parser.set_defaults(wrong=parser.error)


def run(args: argparse.Namespace) -> int:
    """Write the files, and say what was measured of each."""
    if not any((args.output, args.stems, args.midi, args.plot)):
        args.wrong("say what is to be written: -o OUT, --stems FOLDER, --midi FILE, --plot FILE")
    may_run(args)
    from latentcode.offline.session import check, render_files, unused

    asked = _wanted(args)
    check(asked)
    wanted = unused(asked)
    for name in ("out", "stems", "midi", "plot"):
        before, now = getattr(asked, name), getattr(wanted, name)
        if now != before:
            notice(f"{before} is there already; this goes to {now}, and -f replaces it")
    model = chosen(args.model) if "model" in args else None
    with _told_when_ended(wanted), progress.shown("rendering") as tell:
        measured = render_files(
            args.session,
            wanted,
            report=lambda done, total: tell(done, total, f"{done:.0f} of {total:.0f} s"),
            notice=notice,
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


@contextmanager
def _told_when_ended(wanted: Wanted) -> Iterator[None]:
    """Where Ctrl-C ends it early, that says which of its files are written."""
    files = [one for one in (wanted.mix, *wanted.voices, wanted.midi, wanted.plot) if one is not None]
    before = {one: _version(one) for one in files}
    there = wanted.stems is None or wanted.stems.is_dir()
    try:
        yield
    except Ended:
        raise
    except KeyboardInterrupt:
        written = [str(one) for one in files if _version(one) not in (None, before[one])]
        if wanted.stems is not None and not there:
            with suppress(OSError):  # something is in it
                wanted.stems.rmdir()
        told = f"written are {', '.join(written)}, and no more" if written else "nothing was written"
        raise KeyboardInterrupt(f"ended by Ctrl-C: {told}") from None


def _version(file: Path) -> tuple[int, int] | None:
    """What another file in its place has not; None where there is none."""
    with suppress(OSError):
        found = os.stat(file)
        return found.st_ino, found.st_mtime_ns
    return None


def _wanted(args: argparse.Namespace) -> Wanted:
    from latentcode.offline.session import Wanted

    span = places(args)
    return Wanted(
        args.output, *span, args.format, args.stems, args.dry, args.midi, args.plot, args.force, args.bpm,
        args.processes,
    )  # fmt: skip
