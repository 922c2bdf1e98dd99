"""Where the parts of a rig stand in its text, and how what is wrong with them is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from latentcode.prompt.rig.reading import Part

HEADER = re.compile(r"""\s*\[+\s*["'\w][^\[\]=]*\]+\s*(#.*)?$""")  # of a table: [voices.d1], [[pads]]
Wrong = tuple[Part, str]  # a part that cannot be done, and why


def told_wrong(wrong: Iterable[Wrong], text: str, file: str) -> list[str]:
    """A line for each thing that is wrong, with its place; what is wrong with several parts of one
    table is told once.
    """
    lines = text.split("\n")
    groups = groupby(wrong, lambda one: (one[0].section, one[0].table, one[1]))
    return [_line([part for part, _ in found], why, lines, file) for (_, _, why), found in groups]


def _line(parts: Sequence[Part], why: str, lines: Sequence[str], file: str) -> str:
    if why.startswith(f"{file}, "):
        return f"✗ {why}"
    section, entries = parts[0].section, ", ".join(part.entry for part in parts)
    what = f"{section} {entries}".strip()
    places = [place for part in parts if (place := line_of(part, lines)) is not None]
    if not places:
        return f"✗ {file}, {what}: {why}"
    where = f"line {places[0]}" if len(places) == 1 else f"lines {', '.join(map(str, places))}"
    return f"✗ {file}, {where} ({what}): {why}"


def line_of(part: Part, lines: Sequence[str]) -> int | None:
    """The line, from 1, on which a part stands; None where it is not found."""
    entry = part.entry
    if not part.section:
        heads = _headed(entry, lines)
        return _said(entry, range(_end(-1, lines)), lines) or (_nth(heads, part.table) + 1 if heads else None)
    heads = _headed(part.section, lines)
    if heads:
        head = _nth(heads, part.table)
        return _said(entry, range(head + 1, _end(head, lines)), lines) or head + 1
    owner, _, last = part.section.rpartition(".")  # [voices], and below it d1 = {…} or d1.gain = …
    return line_of(part._replace(section=owner, entry=last), lines)


def _nth(heads: Sequence[int], number: int) -> int:
    return heads[min(number, len(heads) - 1)]


def _headed(section: str, lines: Sequence[str]) -> list[int]:
    """Where the tables of a section begin."""
    named = r"\s*\.\s*".join(rf"""["']?{re.escape(word)}["']?""" for word in section.split("."))
    header = re.compile(rf"\s*\[+\s*{named}\s*\]")
    return [number for number, line in enumerate(lines) if header.match(line)]


def _end(head: int, lines: Sequence[str]) -> int:
    """Where a table ends that begins at a line."""
    return next((n for n in range(head + 1, len(lines)) if HEADER.match(lines[n])), len(lines))


def _said(entry: str, within: Iterable[int], lines: Sequence[str]) -> int | None:
    """The first of some lines that says an entry, from 1."""
    name = re.escape(entry)
    wanted = re.compile(rf"""\s*["']?{name}["']?\s*[.=]|\s*voice\s*=\s*["']{name}["']""")
    return next((n + 1 for n in within if entry and wanted.match(lines[n])), None)
