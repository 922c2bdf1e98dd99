"""`latentcode open SESSION`: a set goes on from where it stood, at the prompt."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from latentcode.cli.options import (
    add_desk_options,
    add_find_option,
    add_session,
    add_sound_options,
    add_tempo_option,
    check_stage,
    have_grabs,
    may_run,
    options_of_session,
    place,
)

if TYPE_CHECKING:
    from latentcode.prompt.early_engine import EarlyEngine
    from latentcode.prompt.opening import Past


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_session(parser)
    parser.add_argument(
        "--from",
        dest="begin",
        metavar="PLACE",
        help="the cycle (32), time (30s, 1:30) or bookmark where it goes on (default: its end)",
    )
    parser.add_argument("--silent", action="store_true", help="nothing sounds; back() brings back what did")
    add_tempo_option(parser)
    parser.add_argument("--journal", metavar="FILE", help="where the new session is written down")
    parser.add_argument("--keep", action="store_true", help="let the music go on after leaving")
    add_desk_options(parser)
    add_find_option(parser)
    parser.add_argument("--trust", action="store_true", help="run its code without asking")
    add_sound_options(parser)


def run(args: argparse.Namespace) -> int:
    """Play until the prompt is left. Raises LatentcodeError."""
    from latentcode.prompt.early_engine import EarlyEngine

    check_stage(args)
    with EarlyEngine() as early:  # first of all: what it imports takes longest
        from latentcode.prompt.opening import Past

        past = Past(Path(args.session), place(args.begin), silent=args.silent, bpm=args.bpm or "")
        return go_on(args, past, early)


def go_on(args: argparse.Namespace, past: Past, early: EarlyEngine | None = None) -> int:
    """The prompt of a set that goes on. Raises LatentcodeError."""
    from latentcode.prompt import prompt

    may_run(args, past.session)
    return prompt.run(options_of_session(args), past=past, ready=have_grabs, early=early)
