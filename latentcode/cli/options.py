"""Options that several commands have, the readers of their numbers, and what is said in passing."""

from __future__ import annotations

import argparse
import os
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from latentcode import progress
from latentcode.errors import LatentcodeError, SessionError
from latentcode.files.texts import say, shown

if TYPE_CHECKING:
    from latentcode.prompt.opening import Past
    from latentcode.prompt.options import Options
    from latentcode.session.journal import Session

LONGEST = 4000  # characters of a notice


def ranged(low: int, high: int, whole: bool = False) -> Callable[[str], float]:
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


whole = ranged(1, 1_000_000, whole=True)
seed = ranged(-(2**63), 2**63 - 1, whole=True)


def bpm(text: str) -> str:
    """A tempo as it was written. Raises argparse.ArgumentTypeError."""
    from latentcode.prompt.scenes import bpm_text

    try:
        return bpm_text(text)
    except LatentcodeError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def add_sound_options(parser: argparse.ArgumentParser) -> None:
    """What is played with, and what it goes to; an option that is not given is no attribute."""
    add = partial(parser.add_argument, default=argparse.SUPPRESS)
    add("--model", metavar="FILE", help="a model file (default: the built-in model)")
    add("--driver", choices=("auto", "jack", "portaudio", "timer"), help="what the sound goes to")
    add("--outputs", type=whole, metavar="N", help="open at most so many outputs (default: all, up to 8)")
    add(
        "--inputs",
        type=ranged(1, 8, whole=True),
        metavar="N",
        help="open inputs from the start, at least so many (default: when live_in(1) first asks for them)",
    )
    add(
        "--rate",
        type=ranged(1000, 768_000, whole=True),
        metavar="HZ",
        help="the sampling rate that is wanted",
    )
    add("--buffer", type=whole, metavar="N", help="the buffer size that is wanted, in samples")
    add("--lead", type=ranged(1, 1000), metavar="MS", help="how far to render ahead (default 26)")
    add("--hop", type=whole, metavar="N", help="samples between two windows (default: half a window)")
    add(
        "--low-latency",
        action="store_true",
        help="hear hands sooner: buffers of 128, a hop of a quarter window, a lead of 14 ms",
    )


def session_file(text: str) -> str:
    """The session that is meant by its file, by the beginning of its name among those that were
    played, or by "last".

    Raises argparse.ArgumentTypeError for the beginning of several, and of none.
    """
    from latentcode.prompt.options import last_sessions, played_sessions

    if os.path.isfile(text) and zipfile.is_zipfile(text):
        from latentcode.offline.archive import is_packed, unpacked

        return str(unpacked(text)) if is_packed(text) else text
    if os.path.lexists(text) or os.path.dirname(text):
        return text
    if text == "last":
        if not (played := last_sessions()):
            raise argparse.ArgumentTypeError("no set was played yet; latentcode plays one")
        return str(played[0])
    found = [path for path in played_sessions() if path.name.startswith(text)]
    whole = [path for path in found if text in (path.stem, path.name)]
    found = whole or found
    if len(found) > 1:
        names = ", ".join(sorted(str(path) if whole else path.stem for path in found)[:5])
        several = "the name" if whole else "the beginning"
        raise argparse.ArgumentTypeError(f"{text!r} is {several} of several: {names}")
    if not found and not text.endswith(".py"):
        nowhere = "no set that was played begins so; latentcode sessions lists them"
        raise argparse.ArgumentTypeError(f"there is no file {text!r}, and {nowhere}")
    return str(next(iter(found), text))


def add_session(parser: argparse.ArgumentParser, name: str = "session") -> None:
    """A session that is needed."""
    told = "a file, or the beginning of the name of a set that was played (latentcode sessions), or last"
    parser.add_argument(name, metavar=name.upper(), type=session_file, help=told)


def add_find_option(command: argparse.ArgumentParser) -> None:
    """Where to look for what a session needs and is not there."""
    command.add_argument(
        "--find",
        metavar="FOLDER",
        action="append",
        default=[],
        help="look through FOLDER, by content, for sounds and models that are not where they were",
    )


def found_again(args: argparse.Namespace, session: Session) -> None:
    """Have all sounds and models of a session found, in the folders of --find too, and told.

    Raises SessionError with what is nowhere, all of it at once.
    """
    from latentcode.files import whereabouts
    from latentcode.models.card import default_is
    from latentcode.progress import shown_late
    from latentcode.set import finding

    whereabouts.know(session.found)
    with whereabouts.looking_in(session.folders), default_is(session.value("default")):
        finding.check(args.find)
        lost = finding.lost(session, own_model="model" not in args)
        if lost and args.find:
            with shown_late("searching") as step:
                found = finding.search(lost, args.find, step)
            whereabouts.know(found | finding.folders_of(session, found))
            for one in lost:
                if one.name in found:
                    notice(f"{one} is found: {found[one.name]}")
            lost = [one for one in lost if one.name not in found]
        if any(not one.changed for one in lost):
            raise SessionError(finding.missing(lost))


def add_span_options(command: argparse.ArgumentParser) -> None:
    """The part of a session that is wanted."""
    command.add_argument(
        "--from", dest="begin", metavar="PLACE", help="the first cycle (32), time (30s, 1:30) or bookmark"
    )
    command.add_argument("--to", dest="end", metavar="PLACE", help="where it ends, not included")


def add_tempo_option(command: argparse.ArgumentParser) -> None:
    """Another tempo for a session."""
    command.add_argument(
        "--bpm", type=bpm, metavar="N", help="one tempo from beginning to end, in place of the session's own"
    )


def places(args: argparse.Namespace) -> tuple[Any, Any]:
    """Where a part begins and ends. Raises SessionError."""
    return place(args.begin), place(args.end)


def place(text: str | None) -> Any:
    """The place that a text means, None without one. Raises SessionError."""
    from latentcode.set import span

    return None if text is None else span.place(text)


def add_desk_options(parser: argparse.ArgumentParser) -> None:
    """How the set is shown, to an audience and to the musician."""
    parser.add_argument(
        "--stage",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="serve a page that shows the set to an audience, on this machine or at an address: see "
        "latentcode stage --help",
    )
    parser.add_argument(
        "--plain", action="store_true", help="lines in, lines out: for terminals that can draw nothing"
    )
    parser.add_argument("--vi", action="store_true", help="vi keys at the prompt")


def check_stage(args: argparse.Namespace) -> None:
    """Return where a page can be served that was asked for. Raises LatentcodeError."""
    if args.stage is not None:
        from latentcode.stage import access, serving

        serving.check_installed()
        access.address(args.stage)


def options(args: argparse.Namespace) -> Options:
    """How the engine is to be started."""
    from dataclasses import fields

    from latentcode.prompt.options import Options

    given = {field.name: getattr(args, field.name, None) for field in fields(Options)}
    return Options(**{name: value for name, value in given.items() if value is not None})


def have_grabs(past: Past) -> None:
    """Have what was grabbed before the place where a set is taken up rendered again, where it is
    not kept. Raises LatentcodeError.
    """
    from latentcode.set.recorded import grabs_by_hand, missing_grabs

    missing = missing_grabs(past.session, past.path, past.session.end, bpm=past.bpm)
    if not missing and not grabs_by_hand(past.session):
        return
    from latentcode.offline.grabbing import grab_again

    with progress.shown("grabbing again what was grabbed") as tell:
        grab_again(
            past.path,
            past.begin,
            lambda done, total: tell(done, total, f"{done:.0f} of {total:.0f} s"),
            past.bpm,
        )


def options_of_session(args: argparse.Namespace) -> Options:
    """The same for a session, by another model where one is named. Raises ModelError."""
    from dataclasses import replace

    wanted = options(args)
    return replace(wanted, model=chosen(args.model)) if "model" in args else wanted


def chosen(model: str) -> str:
    """A model that is named from here, wherever a session comes from. Raises ModelError."""
    from latentcode.models.card import BUILT_IN, LASTING, model_file

    found = model_file(model)
    return LASTING[BUILT_IN[model]] if model in BUILT_IN else str(found.absolute())


def may_run(args: argparse.Namespace, session: Session | None = None) -> None:
    """Return when the file is a session, and it and the models that it asks for may be run.

    `session`: what it holds, where that has been read.
    """
    from latentcode.files.trust import asked
    from latentcode.files.whereabouts import looking_in
    from latentcode.models import card_of
    from latentcode.models.trust import allow
    from latentcode.prompt.trust import trusted
    from latentcode.session.reading import read_shown
    from latentcode.set.recorded import cards_of

    session = session or read_shown(args.session)
    if "find" in args:
        found_again(args, session)
    trusted(args.session, args.trust)
    with looking_in(session.folders):
        given = [card_of(args.model)] if "model" in args else []
        for card in (*given, *cards_of(session)):
            allow(card, args.trust, asked)


def notice(text: str) -> None:
    """Print a line beside what a command writes; of a text that never ends, its beginning."""
    told = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    say(f"latentcode: {shown(told)}", file=sys.stderr)
