"""`latentcode pack SESSION`: a session and all that it needs in one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from latentcode.cli.options import add_find_option, add_session, found_again
from latentcode.files import atomic
from latentcode.files.texts import say, shown
from latentcode.progress import shown_late
from latentcode.session.reading import read_shown


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_session(parser)
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="a .zip file (default: the session's name, here)"
    )
    add_find_option(parser)
    parser.add_argument("-f", "--force", action="store_true", help="replace a file that is there already")


def run(args: argparse.Namespace) -> int:
    """Write it, and say what is in it; none of its code is run. Raises SessionError."""
    from latentcode.offline.archive import pack

    found_again(args, read_shown(args.session))
    out = args.output or Path(f"{Path(args.session).stem}.zip")
    out = out if args.force else atomic.unused(out)
    with shown_late("packing") as tell:
        found = pack(Path(args.session), out, lambda name: tell(0, 1, shown(name)))
    say(shown(f"{out}: {', '.join(found)}"))
    say(shown(f"latentcode play {out} plays it, latentcode open {out} goes on with it"))
    return 0
