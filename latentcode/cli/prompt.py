"""`latentcode` without a command: the prompt."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace

from latentcode.cli.options import (
    add_desk_options,
    add_sound_options,
    bpm,
    check_stage,
    have_grabs,
    options,
    ranged,
    seed,
)
from latentcode.errors import ModelError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the prompt, which stand before any command."""
    add_sound_options(parser)
    _add_music(parser)
    _add_files(parser)
    _add_desk(parser)


def _add_music(parser: argparse.ArgumentParser) -> None:
    """How what is typed sounds."""
    parser.add_argument("--seed", type=seed, metavar="N", help="of all that is random in the set")
    parser.add_argument("--bpm", type=bpm, metavar="X", help="the tempo to begin with (default 120)")
    parser.add_argument("--synthesis", choices=("overlap", "concat"), help="windows faded, or end to end")
    parser.add_argument(
        "--grains",
        choices=("auto", "aligned", "plain"),
        help="windows that go on with one another: where latents stand still (default), always, never",
    )
    parser.add_argument(
        "--ahead",
        type=ranged(0, 5000, whole=True),
        metavar="MS",
        help="how far ahead exported streams are decoded (default 200)",
    )
    parser.add_argument(
        "--rows",
        type=ranged(1, 64, whole=True),
        metavar="N",
        help="layers that go through an exported stream together (default 4)",
    )
    parser.add_argument(
        "--noise", type=ranged(0, 1), metavar="X", help="of the encoder's variance, 0 to 1 (default 0)"
    )


def _add_files(parser: argparse.ArgumentParser) -> None:
    """What is read and written."""
    parser.add_argument(
        "--journal", metavar="FILE", help="where the set is written down; a folder is one too"
    )
    parser.add_argument(
        "--model-rate",
        type=ranged(1000, 768_000, whole=True),
        metavar="HZ",
        help="the sampling rate of an exported model that does not say it; is remembered",
    )
    parser.add_argument(
        "--load",
        metavar="FILE",
        action="append",
        default=[],
        help="run a file of prepared code first, block by block; may be given several times",
    )
    parser.add_argument("--rig", metavar="FILE", help="bring back a rig first: controllers, mix, outputs")


def _add_desk(parser: argparse.ArgumentParser) -> None:
    """Where the musician is."""
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go back to the set that still plays, or go on with the last one",
    )
    parser.add_argument("--keep", action="store_true", help="let the music go on after leaving")
    parser.add_argument(
        "--midi",
        metavar="NAME,…",
        help="listen to MIDI inputs with these in their names, or none (default: all)",
    )
    add_desk_options(parser)


def run(args: argparse.Namespace, alone: bool = False) -> int:
    """Play until the prompt is left; `alone`: without one, until a signal.

    Raises ModelError where the model is none, or takes no rate.
    """
    from latentcode.files.trust import asked
    from latentcode.models import card_of, rates
    from latentcode.models.trust import allow
    from latentcode.prompt import prompt

    check_stage(args)
    named = [("rig", args.rig)] * bool(args.rig) + [("load", file) for file in args.load]
    lines = tuple(f"{word}({_whole(file)!r})" for word, file in named)
    wanted = replace(options(args), first=lines)
    if wanted.model != "default" or args.model_rate:
        card = card_of(wanted.model, args.model_rate)
        if args.model_rate and not card.code:
            raise ModelError(
                f"--model-rate {args.model_rate} is for exported models (.ts) that do not say their rate; "
                f"{card.name} says its own, in its file or a config.ini beside it: leave --model-rate out"
            )
        allow(card, ask=asked)
        if args.model_rate:
            rates.remember(card.digest, args.model_rate)
    return prompt.run(wanted, alone=alone, ready=have_grabs)


def _whole(file: str) -> str:
    """A file by its whole path; the name of a controller, which has no ending, as it is."""
    return os.path.abspath(os.path.expanduser(file)) if os.path.splitext(file)[1] else file
