"""The text of a session up to a sample, for another that goes on from there; or with all at other
samples.

All that is kept stands as it stood, comments and what hands did too, so what is heard up to there
is the same in both.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from latentcode.session.escaping import parts, whole
from latentcode.session.header import header_mark, header_of
from latentcode.session.journal import cut_off
from latentcode.session.marks import MARK, number_of, opens_block, plain
from latentcode.session.packing import COLUMNS, packed, rows_of, unpacked
from latentcode.session.records import (
    RECORDS,
    Answer,
    Behind,
    Bookmark,
    Deaf,
    Delayed,
    Device,
    DirectValues,
    Dry,
    Eased,
    End,
    Failed,
    Inputs,
    Jump,
    Late,
    Listening,
    MidiIn,
    Packed,
    Reached,
    Record,
    Recording,
    Restart,
    SentBy,
    Take,
    Timing,
    Unheard,
    Unwritten,
)

MACHINE = (Dry, Jump, Late, Restart, Device, Deaf, Unwritten, Behind, Delayed, Eased)
"""What the machine did then, and does not do where the same is played again."""


ASKED = frozenset({Timing.name, MidiIn.name})
"""Marks without a sample, of what a block asks for: they stand before it, as it ran before."""

LAST = 10**12  # beyond all samples
There = Callable[[int], int]  # where a sample lies now


@dataclass(frozen=True)
class Cut:
    """What becomes of the text of a session.

    until   the sample before which it is kept
    again   the sample from which it is played again: what the machine did from there on is left out
    header  takes the place of words of its own
    folder  where it lies, and what came in was recorded; empty: that stays beside it
    there   where its samples lie now; what hands gave the player lies at the next multiple of
            `border` where it has moved
    without which records are left out
    unmarked targets of commands whose marks are left out
    change  what else becomes of a record
    """

    until: int = LAST
    again: int = LAST
    header: Mapping[str, object] = field(default_factory=dict)
    folder: str = ""
    there: There | None = None
    border: int = 1
    without: Callable[[Record], bool] = lambda record: False
    unmarked: tuple[str, ...] = ()
    change: Callable[[Record], Record] = lambda record: record


def bordered(there: There, border: int) -> There:
    """Where what hands gave the player lies now: between two of its buffers, where it has moved."""

    def lies(sample: int) -> int:
        return sample if there(sample) == sample else -(-there(sample) // border) * border

    return lies


def rewritten(text: str, cut: Cut) -> str:
    """The text of a session as it is to be."""
    return "\n".join([*_Cutting(text, cut).lines(), ""])


class _Cutting:
    def __init__(self, text: str, wanted: Cut) -> None:
        self._lines, self._wanted, self._until = text.split("\n"), wanted, wanted.until
        self._there: There = wanted.there or (lambda sample: sample)
        self._bordered = bordered(self._there, wanted.border)
        self._kept, self._headed, self._sample = True, False, 0
        self._cut_off = cut_off(self._lines)
        self._opening: list[tuple[int, bool]] = []  # where blocks are opened, and whether they are kept
        self._blocks = set(self._kept_blocks())  # their numbers; what a line learnt stands before its block

    def lines(self) -> Iterator[str]:
        lines = self._lines
        for mark, begin, end in parts(lines):
            code = lines[begin:end]
            cut = self._is_cut(end)
            if mark is None:
                yield from code
                continue
            words = lines[mark][len(MARK) :].split()
            if opens_block(words):
                self._sample, self._kept = self._opened(words, code, cut)
                if not self._headed and self._wanted.header:
                    self._headed = True
                    yield header_mark(self._wanted.header)
                if self._kept:
                    yield " ".join([MARK.strip(), words[0], str(self._there(self._sample)), *words[2:]])
            elif not (cut and begin == end) and (ASKED.isdisjoint(words[:1]) or self._asked(mark)):
                packed_below = words[:1] == [Packed.name]
                yield from self._mark(lines[mark], words, code)
                code = [line for line in code if not line.startswith("#   ")] if packed_below else code
            if self._kept:
                yield from _without_blank_end(code, end == len(lines))

    def _kept_blocks(self) -> Iterator[int]:
        for mark, begin, end in parts(self._lines):
            words = [] if mark is None else self._lines[mark][len(MARK) :].split()
            if opens_block(words):
                self._sample, kept = self._opened(words, self._lines[begin:end], self._is_cut(end))
                self._opening.append((mark or 0, kept))
                if kept:
                    yield int(words[0])
        self._sample = 0

    def _asked(self, mark: int) -> bool:
        """Whether the block is kept before which a mark stands; the last has none behind it."""
        place = bisect_right(self._opening, mark, key=lambda opened: opened[0])
        return place == len(self._opening) or self._opening[place][1]

    def _is_cut(self, end: int) -> bool:
        """Whether a part that ends there was not written to its end."""
        return end == len(self._lines) and self._cut_off

    def _opened(self, words: list[str], code: list[str], cut: bool) -> tuple[int, bool]:
        """The sample of a block, by its mark, and whether it is kept."""
        sample = self._sample if (at := number_of(words[1])) is None else at
        return sample, sample < self._until and (not cut or whole("\n".join(code)))

    def _mark(self, line: str, words: list[str], below: list[str]) -> Iterator[str]:
        kind = RECORDS.get(words[0]) if words else None
        if words and number_of(words[0]) is not None:
            yield from self._command(words)
        elif kind is Packed:
            yield from self._packed(words, below)
        elif kind is not None:
            record = kind.parse(words[1:])
            cut = None if record is None else self._cut(self._wanted.change(record))
            if cut is not None and self._wanted.there is not None:
                cut = cut.moved(self._bordered if isinstance(cut, DirectValues) else self._there)
            if cut is not None:
                yield line if cut == record else cut.format()
        elif words and not self._headed:
            self._headed = True
            found = header_of(words)
            if (began := number_of(found.get("at", ""))) is not None:
                found["at"] = str(self._there(began))
            yield header_mark(found | dict(self._wanted.header))

    def _command(self, words: list[str]) -> Iterator[str]:
        """The mark of a command; one that came later never counted."""
        number, stamp = number_of(words[0]), number_of(words[-1])
        if len(words) != 4 or number not in self._blocks or stamp is None:
            return
        if words[1] in self._wanted.unmarked:
            return
        if stamp < self._until:
            yield " ".join([MARK.strip(), *words[:3], str(self._there(stamp))])
        else:
            yield Unheard(int(words[0]), plain(words[1]), plain(words[2])).format()

    def _packed(self, words: list[str], below: list[str]) -> Iterator[str]:
        mark = Packed.parse(words[1:])
        if not isinstance(mark, Packed) or mark.marks not in COLUMNS:
            return
        with suppress(ValueError):  # what is damaged counts nowhere
            rows = [row for row in rows_of(unpacked(mark, below)) if row.sample < self._until]
            moved = self._bordered if mark.marks == DirectValues.name else self._there
            yield from packed(mark.marks, [row._replace(sample=moved(row.sample)) for row in rows])

    def _cut(self, record: Record) -> Record | None:
        """What is left of a record."""
        if self._wanted.without(record):
            return None
        if isinstance(record, MACHINE) and min(record.samples()) >= self._wanted.again:
            return None
        if isinstance(record, Listening) and self._wanted.folder:
            record = replace(record, file=os.path.join(self._wanted.folder, record.file))
        found = SPECIAL.get(type(record))
        if found is not None:
            return found(record, self._until, self._blocks)
        samples = list(record.samples())
        return record if (self._kept if not samples else min(samples) < self._until) else None


def _without_blank_end(code: list[str], last: bool) -> list[str]:
    while last and code and not code[-1].strip():
        code = code[:-1]
    return code


def _inputs(record: Inputs, until: int, blocks: set[int]) -> Record | None:
    kept = tuple(one for one in record.inputs if one[1] < until)
    return Inputs(kept) if kept else None


def _span(record: Any, until: int, blocks: set[int]) -> Record | None:
    """A time, as far as it lies before."""
    return replace(record, last=min(record.last, until - 1)) if record.first < until else None


def _of_block(record: Any, until: int, blocks: set[int]) -> Record | None:
    return record if record.block in blocks else None


def _answer(record: Answer, until: int, blocks: set[int]) -> Record | None:
    return record if int(record.place.partition(".")[0]) in blocks else None


def _recording(record: Recording, until: int, blocks: set[int]) -> Record | None:
    return record if record.first + record.frames <= until else None


def _of_the_end(record: Record, until: int, blocks: set[int]) -> Record | None:
    """Of a set that is kept as a whole."""
    return record if until == LAST else None


SPECIAL: dict[type[Record], Callable[[Any, int, set[int]], Record | None]] = {
    Inputs: _inputs,
    Dry: _span,
    Deaf: _span,
    Unwritten: _span,
    Failed: _of_block,
    SentBy: _of_block,
    Unheard: _of_block,
    Answer: _answer,
    Bookmark: lambda record, until, blocks: record if record.sample <= until else None,  # that place too
    Recording: _recording,
    Take: _of_the_end,
    Reached: _of_the_end,
    End: _of_the_end,
}
