"""`latentcode stage`: the stage page of whichever set is playing here."""

from __future__ import annotations

import argparse

from latentcode.files.texts import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "--at",
        metavar="ADDRESS",
        default="",
        help="serve it there: :4748, 192.168.1.4:4747, 0.0.0.0 for all networks (default: this machine alone)",
    )


def run(args: argparse.Namespace) -> int:
    """Serve the page until Ctrl-C, from one set to the next. Raises LatentcodeError."""
    from latentcode.stage.serving import Serving

    serving = Serving(args.at)
    for line in serving.told:
        say(line)
    say("Ctrl-C ends it")
    serving.run()
    return 0
