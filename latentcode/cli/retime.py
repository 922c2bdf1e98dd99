"""`latentcode retime SESSION`: an edited session is written down as it is now: where it lies in its
new tempo, with the marks of its code.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from latentcode.cli.options import add_find_option, add_session, may_run, notice
from latentcode.files import atomic, texts
from latentcode.files.texts import say, shown


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_session(parser)
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="(default: beside it, with a number)"
    )
    parser.add_argument("-f", "--force", action="store_true", help="replace a file that is there already")
    add_find_option(parser)
    parser.add_argument("--trust", action="store_true", help="run its code without asking")


def run(args: argparse.Namespace) -> int:
    """Write it, and say what was done. Raises LatentcodeError."""
    may_run(args)
    from latentcode.files.whereabouts import looking_in
    from latentcode.models.card import default_is
    from latentcode.prompt.again import asked_again
    from latentcode.prompt.update_digests import remark, remarked
    from latentcode.session.reading import read_shown
    from latentcode.set.retiming import retimed_text

    session = read_shown(args.session)
    with looking_in(session.folders), default_is(session.value("default")):
        asked_again(session, notice, every=True)
        out = args.output or Path(args.session)
        out = out if args.force else atomic.unused(out)
        if session.there is None:
            found = remarked(Path(args.session), edited=True)
            if not found.told:
                say("nothing has moved: its stamps are those of its tempo, its marks those of its code")
                return 0
            atomic.write(out, found.text.encode("utf-8", "surrogateescape"))
            moved = "nothing has moved"
        else:
            text = retimed_text(session, texts.read(args.session, "surrogateescape"))
            atomic.write(out, text.encode("utf-8", "surrogateescape"))
            found, stamps = remark(out, edited=True), sum(len(block.marks) for block in session.blocks)
            moved = f"{len(session.blocks)} blocks and {stamps} commands, at the cycles where they stood"
    say(shown(f"{out}: {'; '.join([moved, *found.told])}"))
    return 0
