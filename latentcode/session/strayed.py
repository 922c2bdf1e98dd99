"""What an editor has made of a session's marks: comments that were marks and are none, marks that
were taken out. It is told, as what they said is lost without a word otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from latentcode.checks import received
from latentcode.session.header import HEADER, is_header
from latentcode.session.marks import MARK, number_of, opens_block
from latentcode.session.packing import COMMENT
from latentcode.session.records import RECORDS, Packed

LIKE = re.compile(r"\s*#+\s*@\s+(.+)")  # indented, with tabs, doubled or without its space
QUOTED = 60  # characters of a line
NO_HEADER = (
    "there is no header below it ('# @ seed 7  rate 44100  …'): all is played as the first sets were, with "
    "the first model, which may be another sound; copy the header of the session that this was"
)
NO_BLOCKS = (
    "no mark says when anything was typed ('# @ 1 0'): all of its code counts at the beginning; take the "
    "marks over from the session that this was, or write '# @ 2 441000' above what comes at that sample"
)


def strayed(lines: Sequence[str], headed: bool, blocks: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The places of what is lost so, from 0, and what is amiss; `headed`: a header was found;
    `blocks`: the numbers of all blocks, 0 of those that no mark opens.
    """
    like = [place for place, line in enumerate(lines) if "@" in line and _was_mark(line)]
    if like:
        more = f", and of {len(like) - 1} lines more" if like[1:] else ""
        yield (
            like[0],
            f"{_quoted(lines[like[0]])} was a mark, and is none{more}: it must begin with '{MARK}', where the "
            "line begins",
        )
    for place, line in enumerate(lines[1:], 1):
        if line.startswith("#") and _goes_on(lines[place - 1], line):
            yield place, f"{_quoted(line)} belongs to the mark above: a mark is one line, however long"
    if blocks and not like and not headed:
        yield 0, NO_HEADER
    if blocks and not like and not any(blocks):
        yield 0, NO_BLOCKS


def _was_mark(line: str) -> bool:
    """Whether a line says what marks say, and is written as they are not."""
    found = None if line.startswith(MARK) else LIKE.fullmatch(line)
    words = [] if found is None else found[1].split()
    if not words:
        return False
    if (kind := RECORDS.get(words[0])) is not None:
        return kind.parse(words[1:]) is not None
    of_command = len(words) == 4 and None not in (number_of(words[0]), number_of(words[3]))
    return of_command or opens_block(words) or is_header(words)


def _goes_on(above: str, line: str) -> bool:
    """Whether a comment is the rest of the mark above it, which was wrapped."""
    if not above.startswith(MARK) or line.startswith((MARK, COMMENT)):
        return False
    words, rest = above[len(MARK) :].split(), line.lstrip("#").split()
    if is_header(words):
        return len(HEADER.keys() & {*rest}) > 1
    kind = RECORDS.get(words[0]) if words and rest else None
    return kind is not None and kind is not Packed and kind.parse([*words[1:], *rest]) is not None


def _quoted(line: str) -> str:
    """A line as a message quotes it: headers are long."""
    return received(line if len(line) <= QUOTED else f"{line[:QUOTED]}…")
