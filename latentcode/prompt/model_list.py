"""`latentcode models`, and `models()` at the prompt: the models that there are, and what they do
here.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence

from latentcode.errors import LatentcodeError
from latentcode.files import places
from latentcode.files.texts import shown
from latentcode.models import pace
from latentcode.models.card import FOLDERS, model_names
from latentcode.models.catalogue import Entry, entries
from latentcode.progress import counted
from latentcode.protocol.priority import behind

SET_APART = 10  # niceness of what measures while a set plays


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("--names", action="store_true", help="their names alone, for a shell's completion")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="do not measure what was not measured yet")
    how.add_argument("--again", action="store_true", help="measure all of them anew, as on a machine at rest")


def run(args: argparse.Namespace) -> int:
    """Print the models; measures those that were not measured yet."""
    if args.names:
        print("\n".join(map(shown, model_names())))
        return 0
    found = entries()
    if not args.quick:
        asked = unmeasured(found, args.again)
        with counted("measuring", len(asked)) as step:
            for entry in asked:
                _measure_here(entry, args.again)
                step(shown(entry.name))
    show(found)
    return 0


def unmeasured(found: Sequence[Entry], again: bool = False) -> list[Entry]:
    """Those that may run, and of which nothing was measured on this machine; or all, `again`."""
    able = [one for one in found if one.card and one.trusted is not False]
    return [one for one in able if again or (one.card and pace.known(one.card) is None)]


def measure_apart(found: Sequence[Entry]) -> None:
    """Measure in a process of its own, behind all that plays; nothing is imported here for it."""
    asked = unmeasured(found)
    if not asked:
        return
    command = [sys.executable, "-m", "latentcode.models.pace", *(one.name for one in asked)]
    with (
        counted("measuring", len(asked)) as step,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True
        ) as child,
    ):
        behind(SET_APART, child.pid)
        try:
            for line in child.stdout or ():
                step(shown(line.strip()))
        finally:
            child.kill()


def show(found: Sequence[Entry]) -> None:
    """Print a line for each, and where others are looked for."""
    from rich.text import Text

    from latentcode.pictures import canvas, tables

    rows = [(one, pace.known(one.card) if one.card else None) for one in found]
    lines = tables.models(rows, canvas.width())
    own = shown(str(places.find("data").folder / "models"))
    lines.append(Text(f"yours lie in {own}, and where {FOLDERS} says", canvas.DIM))
    canvas.printed(lines)


def _measure_here(entry: Entry, again: bool) -> None:
    assert entry.card is not None
    try:
        pace.measured(entry.card, again)
    except (LatentcodeError, OSError, RuntimeError) as error:
        print(f"latentcode: {shown(f'{entry.name}: {error}')}", file=sys.stderr)
