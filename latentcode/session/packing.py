"""Marks of which there are very many, in a compact form below the code: columns,
as compressed text in comments.

    # @ packed in 1744 zlib-base85
    #   c-rk&%W~T|5JhkN2ZWyF2wl1_h+MYFB7`Zb6A~i;#M…

The text has four lines: the names of what was moved, and for each value the number of its name, how
many samples it lies after the one before it, and what it is. A block that is damaged is left out
whole.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, groupby
from typing import NamedTuple

from latentcode.session.marks import MARK
from latentcode.session.records import RECORDS, DirectValues, Inputs, Packed, Record

LARGEST = 1 << 20  # bytes of text that one block may unfold to
MOST = 8192  # values in one block
ROW = 256  # bytes that a value takes in memory, about
WIDTH = 100  # columns
FEW = 3  # values in one mark that is written out
COMMENT = "#   "


class InputValue(NamedTuple):
    """One value: the word for what was moved, the sample, the word for the value."""

    name: str
    sample: int
    value: str


class Columns(NamedTuple):
    """How marks become rows, and rows the words of marks."""

    rows: Callable[[list[str]], Iterable[InputValue]]
    words: Callable[[list[InputValue]], Iterable[list[str]]]


def _input_rows(words: list[str]) -> Iterable[InputValue]:
    return map(InputValue, words[::3], map(int, words[1::3]), words[2::3])


def _input_words(rows: list[InputValue]) -> Iterable[list[str]]:
    return [[text for row in rows for text in (row.name, str(row.sample), row.value)]]


def _direct_rows(words: list[str]) -> Iterable[InputValue]:
    return (
        InputValue(name, int(words[0]), value) for name, value in zip(words[1::2], words[2::2], strict=True)
    )


def _direct_words(rows: list[InputValue]) -> Iterable[list[str]]:
    for sample, found in groupby(rows, lambda row: row.sample):
        yield [str(sample), *(text for row in found for text in (row.name, row.value))]


COLUMNS = {
    Inputs.name: Columns(_input_rows, _input_words),
    DirectValues.name: Columns(_direct_rows, _direct_words),
}


def rows_of(records: Iterable[Record]) -> list[InputValue]:
    """The values of marks of one name, in order."""
    words = (record.format()[len(MARK) :].split() for record in records)
    return [row for name, *rest in words for row in COLUMNS[name].rows(rest)]


def packed(name: str, rows: list[InputValue]) -> Iterator[str]:
    """The lines of blocks that hold the values of a name's marks."""
    for begin in range(0, len(rows), MOST):
        yield from _block(name, rows[begin : begin + MOST])


def plain(name: str, rows: list[InputValue]) -> Iterator[str]:
    """The lines of marks that hold values of a name's, a few in each."""
    for begin in range(0, len(rows), FEW):
        for words in COLUMNS[name].words(rows[begin : begin + FEW]):
            yield " ".join([f"{MARK}{name}", *words])


def _block(name: str, rows: list[InputValue]) -> Iterator[str]:
    text = _text(rows)
    if len(text) > LARGEST and len(rows) > 1:
        yield from _block(name, rows[: len(rows) // 2])
        yield from _block(name, rows[len(rows) // 2 :])
        return
    yield Packed(name, len(rows)).format()
    coded = base64.b85encode(zlib.compress(text, 9)).decode()
    width = WIDTH - len(COMMENT)
    yield from (f"{COMMENT}{coded[at : at + width]}" for at in range(0, len(coded), width))


def _text(rows: list[InputValue]) -> bytes:
    numbers = {name: number for number, name in enumerate(dict.fromkeys(row.name for row in rows))}
    steps = [
        row.sample - before for row, before in zip(rows, [0, *(row.sample for row in rows)], strict=False)
    ]
    columns = [numbers, [numbers[row.name] for row in rows], steps, [row.value for row in rows]]
    return "\n".join(" ".join(map(str, column)) for column in columns).encode()


def unpacked(mark: Packed, below: Iterable[str]) -> list[Record]:
    """The marks in the comments that stand below one. Raises ValueError for what is damaged."""
    kind, columns = RECORDS.get(mark.marks), COLUMNS.get(mark.marks)
    if kind is None or columns is None:
        raise ValueError(f"{mark.marks} cannot be packed")
    rows = _rows(_unfolded(below), mark.count)
    found = [kind.parse(words) for words in columns.words(rows)]
    whole = [record for record in found if record is not None]
    if len(whole) < len(found):
        raise ValueError(f"it holds what is not as in '{kind.usage()}'")
    return whole


def _unfolded(below: Iterable[str]) -> str:
    """The text in comments; what would be larger than it may is not unfolded. Raises ValueError."""
    coded = "".join(line[len(COMMENT) :] for line in below if line.startswith(COMMENT))
    unfolding = zlib.decompressobj()
    try:
        data = unfolding.decompress(base64.b85decode(coded), LARGEST)
        text = data.decode()
    except (ValueError, zlib.error) as error:
        raise ValueError("what stands below it is damaged") from error
    if not unfolding.eof:
        raise ValueError("what stands below it is not whole, or too large")
    return text


def _rows(text: str, count: int) -> list[InputValue]:
    lines = text.split("\n")
    if len(lines) != 4 or {line.count(" ") + 1 for line in lines[1:]} != {count}:
        raise ValueError(f"what stands below it are not {count} values")
    names, numbers, steps, values = (line.split(" ") for line in lines)
    if not all(re.fullmatch("-?[0-9]{1,12}", one) for one in (*numbers, *steps)):
        raise ValueError("what stands below it are no columns of numbers")
    places = [int(number) for number in numbers]
    if not all(0 <= place < len(names) for place in places):
        raise ValueError("what stands below it has no name for all of its values")
    return list(map(InputValue, (names[place] for place in places), accumulate(map(int, steps)), values))
