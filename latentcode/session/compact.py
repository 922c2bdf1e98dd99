"""`python -m latentcode.session.compact SESSION…` — packs what hands did into a few lines below the
code.

A session with controllers is then read like one without. `--plain` writes a mark for each again, to
be edited. Nothing else of a session changes: one that would say something else is left as it is.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from latentcode.errors import LatentcodeError, SessionError
from latentcode.files import atomic, texts
from latentcode.session.escaping import parts
from latentcode.session.journal import Session, read_session
from latentcode.session.marks import MARK
from latentcode.session.packing import COLUMNS, COMMENT, InputValue, packed, plain, rows_of
from latentcode.session.records import RECORDS, Packed

FEW = 64  # values that may as well stay marks
NOTE = "# what hands did; python -m latentcode.session.compact --plain writes it out"


def compact(path: str | Path, write_out: bool = False) -> int:
    """Pack the values of a session that have marks of their own, or write them out;
    returns how many they are.

    Raises SessionError, and OSError where the file cannot be written.
    """
    session, text = read_session(path), texts.read(path)
    if session.faults:
        raise SessionError(f"{path}, {session.faults[0]}: mend it first")
    rows = {name: found for name, found in _rows(session).items() if write_out or len(found) >= FEW}
    written = plain if write_out else packed
    with atomic.replacing(path) as part:
        kept = "\n".join(_without(text.split("\n"), rows.keys())).rstrip("\n")
        below = [] if write_out or not rows else ["", NOTE]
        below += [line for name, found in rows.items() for line in written(name, found)]
        part.write_text("\n".join([kept, *below, ""]), encoding="utf-8", newline="\n")
        if _said(read_session(part)) != _said(session):
            raise SessionError(f"{path} would say something else: code was written in behind marks of hands")
    return sum(map(len, rows.values()))


def _rows(session: Session) -> dict[str, list[InputValue]]:
    return {name: rows_of(session.of(RECORDS[name])) for name in COLUMNS}


def _said(session: Session) -> tuple[Any, ...]:
    """What a session says, wherever in the file."""
    others = [record for record in session.records if record.name not in COLUMNS]
    blocks = [replace(block, line=0) for block in session.blocks]
    return session.header, blocks, others, _rows(session), session.faults


def _without(lines: list[str], names: Collection[str]) -> Iterator[str]:
    """The lines but those of marks of these names, packed or not."""
    for mark, begin, end in parts(lines):
        code = lines[begin:end]
        if mark is not None:
            name, *words = lines[mark][len(MARK) :].split() or [""]
            found = Packed.parse(words) if name == Packed.name else None
            if isinstance(found, Packed) and found.marks in names:
                code = [line for line in code if not line.startswith(COMMENT)]
            elif name not in names:
                yield lines[mark]
        yield from (line for line in code if line != NOTE)


def main(arguments: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m latentcode.session.compact", description=__doc__)
    parser.add_argument("sessions", metavar="SESSION", nargs="+")
    parser.add_argument("--plain", action="store_true", help="write a mark for each value again")
    options = parser.parse_args(None if arguments is None else list(arguments))
    try:
        for name in options.sessions:
            count = compact(name, options.plain)
            texts.say(f"{name}: {count} values {'written out' if options.plain else 'packed'}")
    except (LatentcodeError, OSError) as error:
        parser.error(str(error))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
