"""`latentcode play SESSION`: a session is replayed, live."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from latentcode.cli.options import (
    add_find_option,
    add_session,
    add_sound_options,
    add_span_options,
    add_tempo_option,
    have_grabs,
    may_run,
    options_of_session,
    places,
)
from latentcode.errors import LatentcodeError
from latentcode.files.texts import say

if TYPE_CHECKING:
    from latentcode.prompt.opening import Past
    from latentcode.prompt.play import Part

GOES_ON = "leaves the loop, the set goes on where the part ends, and the prompt is yours"
LEFT = "the loop is left: another engine starts, and goes on where the part ends"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_session(parser)
    add_sound_options(parser)
    add_span_options(parser)
    parser.add_argument("--loop", action="store_true", help="the part again and again, until Ctrl-C")
    add_tempo_option(parser)
    parser.add_argument("--solo", metavar="d1,…", help="the voices that alone are heard")
    parser.add_argument(
        "--then-prompt",
        action="store_true",
        help="the prompt is yours where it ends (with --loop: at Ctrl-C), and the set goes on",
    )
    add_find_option(parser)
    parser.add_argument("--trust", action="store_true", help="run its code without asking")


def run(args: argparse.Namespace) -> int:
    """Play it to its end, or until Ctrl-C. Raises LatentcodeError."""
    from latentcode.prompt.opening import Past
    from latentcode.prompt.play import Part, play

    part = Part(*places(args), _voices(args.solo), args.loop, args.bpm or "")
    if args.then_prompt and not part.loop:
        return _then_prompt(args, part, Past(Path(args.session), part.begin, part.end, whole=True))
    past = Past(Path(args.session), part.begin, bpm=part.bpm)
    may_run(args, past.session)
    if part.begin is not None:
        have_grabs(past)
    if part.loop:
        say(f"again and again: Ctrl-C {GOES_ON if args.then_prompt else 'ends it'}")
    try:
        play(past.session, options_of_session(args), part=part)
    except KeyboardInterrupt:
        if not args.then_prompt:
            raise
        say(LEFT)
    if args.then_prompt:
        return _then_prompt(args, part, Past(Path(args.session), part.end))
    return 0


def _then_prompt(args: argparse.Namespace, part: Part, past: Past) -> int:
    """The prompt of the set that was played, as the part was wanted. Raises LatentcodeError."""
    from latentcode.cli.open import go_on

    return go_on(args, replace(past, solo=part.solo, bpm=part.bpm))


def _voices(text: str | None) -> tuple[int, ...]:
    """The voices, from 0, of "d1,d3". Raises LatentcodeError."""
    from latentcode.parameters import VOICES

    names = [] if text is None else [name.strip() for name in text.split(",")]
    known = {f"d{voice + 1}": voice for voice in range(VOICES)}
    if unknown := [name for name in names if name not in known]:
        raise LatentcodeError(f"{unknown[0]!r} is no voice, d1 to d{VOICES}; as in --solo d1,d3")
    return tuple(known[name] for name in names)
