"""Edits of a session's text, as musicians make them and as hands slip: the same for the same chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from latentcode.session.escaping import parts
from latentcode.session.journal import Session
from latentcode.session.marks import MARK, number_of, opens_block
from latentcode.session.records import RECORDS

GARBAGE = (
    "",
    "# @",
    "# @ ",
    '"""',
    "(",
    "    pass",
    "# a word",
    "# @ 7 d1",
    "\ufffd\x00é",
    "\\",
    "# @ restart 5000",
)


@dataclass(frozen=True)
class Edit:
    """A text, what was done to it, and from which sample on it may sound otherwise."""

    text: str
    done: str
    since: int


class Editor:
    """Edits the text of a session; `code` gives lines that can be typed."""

    def __init__(self, text: str, session: Session, chance: Random, code: Callable[[], str]) -> None:
        self._lines, self._session, self._chance, self._code = text.split("\n"), session, chance, code
        self._since = self._samples()
        self._kinds: Sequence[Callable[[int], tuple[list[str], int]]] = (
            self._typed, self._typed, self._without, self._without, self._digit, self._digit, self._moved,
            self._twice, self._garbage, self._tempo, self._torn, self._character,
        )  # fmt: skip

    def edited(self) -> Edit:
        """One edit."""
        edit, at = self._chance.choice(self._kinds), self._chance.randrange(1, len(self._lines))
        lines, since = edit(at)
        return Edit("\n".join(lines), f"{edit.__name__[1:]} {at + 1}: {self._lines[at]!r}", since)

    def _samples(self) -> list[int]:
        """For each line from which sample on what it says may sound."""
        earliest = dict[int, int]()
        for block in self._session.blocks:
            first = min([block.sample, *(mark.stamp for mark in block.marks)])
            earliest[block.number] = min(first, earliest.get(block.number, first))
        found, here = [0] * len(self._lines), 0
        for mark, begin, end in parts(self._lines):
            words = [] if mark is None else self._lines[mark][len(MARK) :].split()
            if opens_block(words):
                here = earliest.get(int(words[0]), 0)
            for line in range(begin, end):
                found[line] = here
            if mark is not None:
                found[mark] = min([here, *self._said(words, earliest)])
        return found

    def _said(self, words: list[str], earliest: dict[int, int]) -> Iterator[int]:
        """The samples of which a mark speaks."""
        number = number_of(words[0]) if words else None
        if number is not None:
            yield earliest.get(number, 0)
            return
        kind = RECORDS.get(words[0]) if words else None
        record = None if kind is None else kind.parse(words[1:])
        if record is None:
            yield 0
            return
        yield from record.samples()
        if (block := getattr(record, "block", None)) is not None:
            yield earliest.get(block, 0)
        if (place := getattr(record, "place", None)) is not None and isinstance(place, str):
            yield earliest.get(number_of(place.partition(".")[0]) or -1, 0)

    def _with(self, at: int, *lines: str, without: int = 0) -> tuple[list[str], int]:
        before, after = self._lines[:at], self._lines[at + without :]
        return [*before, *lines, *after], min(self._since[at - 1 : at + without + 1])

    def _typed(self, at: int) -> tuple[list[str], int]:
        return self._with(at, self._code())

    def _tempo(self, at: int) -> tuple[list[str], int]:
        return self._with(
            at, f"bpm({self._chance.choice(['90', '240', '120, over=2', 'sine.range(90, 200)'])})"
        )

    def _without(self, at: int) -> tuple[list[str], int]:
        return self._with(at, without=min(self._chance.choice([1, 1, 2, 5]), len(self._lines) - at))

    def _twice(self, at: int) -> tuple[list[str], int]:
        return self._with(at, self._lines[at])

    def _garbage(self, at: int) -> tuple[list[str], int]:
        garbage = self._chance.choice(GARBAGE)
        lines, since = self._with(at, garbage)
        return lines, 0 if garbage.startswith(MARK) else since  # it may speak of any sample

    def _digit(self, at: int) -> tuple[list[str], int]:
        """Another digit in place of one."""
        line = self._lines[at]
        digits = [place for place, one in enumerate(line) if one.isdecimal()]
        return (
            self._changed(at, self._chance.choice(digits), str(self._chance.randrange(10)))
            if digits
            else self._twice(at)
        )

    def _character(self, at: int) -> tuple[list[str], int]:
        line = self._lines[at]
        return (
            self._changed(
                at, self._chance.randrange(len(line)), self._chance.choice(["", "#", " ", '"', "x", ")"])
            )
            if line
            else self._twice(at)
        )

    def _changed(self, at: int, place: int, other: str) -> tuple[list[str], int]:
        line = self._lines[at]
        lines, since = self._with(at, line[:place] + other + line[place + 1 :], without=1)
        return lines, 0 if line.startswith(MARK) else since  # it may speak of another sample now

    def _moved(self, at: int) -> tuple[list[str], int]:
        """A line elsewhere."""
        to = self._chance.randrange(1, len(self._lines))
        lines, since = self._with(at, without=1)
        lines.insert(min(to, len(lines)), self._lines[at])
        return lines, min(since, *self._since[max(to - 1, 0) : to + 2])

    def _torn(self, at: int) -> tuple[list[str], int]:
        """All behind a line is gone."""
        return self._lines[:at], min(self._since[at - 1 :])
