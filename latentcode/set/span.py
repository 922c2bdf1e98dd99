"""A part of a session, from one place to another: in cycles, or in seconds."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from latentcode.checks import as_fraction
from latentcode.clock.tempo import TempoMap
from latentcode.errors import SessionError
from latentcode.session.journal import Session
from latentcode.session.records import Bookmark
from latentcode.set.commands import Command, quant_of
from latentcode.set.retiming import tempo_of

CLOCK = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,6}):([0-9]{2}(?:\.[0-9]{1,9})?)", re.ASCII)


@dataclass(frozen=True)
class Place:
    """A place in a session: a number of cycles, or of seconds, or where a bookmark stands."""

    value: Fraction
    seconds: bool = False
    bookmark: str = ""

    def __str__(self) -> str:
        return self.bookmark or f"{float(self.value):g}{' s' if self.seconds else ''}"


def place(text: str) -> Place:
    """The place that a text means: "32" or "65/2" cycles, "30s" or "1:30" a time, as it is told
    everywhere, else the name of a bookmark.

    Raises SessionError.
    """
    if found := CLOCK.fullmatch(text.strip()):
        hours, minutes, rest = map(Fraction, found.groups(default="0"))
        return Place(3600 * hours + 60 * minutes + rest, seconds=True)
    number, seconds = (text.strip()[:-1], True) if text.strip().endswith("s") else (text.strip(), False)
    value = as_fraction(number)
    if value is None and text.strip():
        return Place(Fraction(0), bookmark=text)
    if value is None or value < 0:
        raise SessionError(
            f"{text!r} is no place in a session: type cycles, as 32, seconds, as 30s, or a bookmark's name"
        )
    return Place(value, seconds)


def span(
    session: Session, asked: list[tuple[int, Command]], begin: Place | None, end: Place | None
) -> tuple[int, int]:
    """The first sample of a part, and that after its last.

    Raises SessionError for a part that is not there.
    """
    rate, tempo = session.number("rate"), None
    if any(found is not None and not found.seconds for found in (begin, end)):
        tempo = tempo_of(session, asked)

    def sample(found: Place) -> int:
        if found.bookmark and tempo is not None:
            return min(_bookmarked(session, asked, tempo, found.bookmark), session.end - 1)
        if found.seconds or tempo is None:
            return math.ceil(found.value * rate)
        beyond = found.value > tempo.cycle_at(session.end)
        return session.end + 1 if beyond else tempo.sample_of(found.value)

    first, last = 0 if begin is None else sample(begin), session.end if end is None else sample(end)
    if begin is not None and first >= session.end:
        at = "" if tempo is None else f" at cycle {float(tempo.cycle_at(session.end)):.2f}"
        raise SessionError(f"the session ends after {session.end / rate:.2f} s{at}, before {begin} comes")
    if end is not None and last <= first:
        raise SessionError(f"nothing lies between {begin or 0} and {end}: the second place must come later")
    return first, min(last, session.end)


def _bookmarked(session: Session, asked: list[tuple[int, Command]], tempo: TempoMap, name: str) -> int:
    """Where a bookmark stands: as it was noted, or as a line says that was written in by hand.

    Raises SessionError with the names that there are.
    """
    found = {}
    for stamp, command in asked:
        if command.kind == "bookmark":
            named, quant = command.arguments
            cycle, whole = tempo.cycle_at(stamp), quant_of(quant)
            found[named] = tempo.sample_of(math.ceil(cycle / whole) * whole if whole else cycle)
    found |= {one.bookmark: one.sample for one in session.of(Bookmark)}
    if name not in found:
        there = f"its bookmarks are {', '.join(sorted(found))}" if found else "it has no bookmarks"
        raise SessionError(
            f"{name!r} is no place in the session: type cycles, as 32, or seconds, as 30s; {there}"
        )
    return found[name]
