"""The journal: a session as readable Python with `# @` marks, as it is read.

    # latentcode session 1
    # @ seed 7  rate 44100  buffer 256  model house@3f9a
    # @ 12 5292000 60
    d1 >> s("cello(3,8)"); d2 >> s("kick*4")
    # @ 12 d1 9c41e0 5292000
    # @ 12 d2 77ab02 5292000

`# @ N SAMPLE CYCLE` opens block N (early engines noted no cycle); after its code comes one mark for
each command: block, target, digest of what was asked, stamp. Commands with one stamp count in the
order of their marks, as they were ready, which need not be that of their blocks. All other marks
are `session/records.py`'s; `session/writing.py` writes them.

Lines end at a line feed and nowhere else. A block, or lines between two of them, that have no marks
were written there by hand: they count at the sample of their block. What cannot be read is named,
and all else is.
"""

from __future__ import annotations

import os
import re
import stat
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from latentcode.checks import received, shortened
from latentcode.errors import SessionError
from latentcode.files import limits, texts
from latentcode.inputs.keys import Input, wrong_key
from latentcode.models.card import BUILT_IN, DEFAULTS
from latentcode.session.escaping import parts, says_something, unescaped, whole
from latentcode.session.header import HABITS, HEADER, header_of, wrong_header
from latentcode.session.marks import MARK, CommandMark, cycle_of, number_of, opens_block, plain
from latentcode.session.packing import ROW, unpacked
from latentcode.session.records import (
    ALL,
    FIRST_LINE,
    RECORDS,
    Behind,
    Device,
    DirectValues,
    End,
    Failed,
    Fallback,
    Grab,
    GrabbedInput,
    Inputs,
    Jump,
    Missed,
    Packed,
    Reached,
    Record,
    Recording,
    Restart,
    Take,
    Unheard,
    Unread,
    Unwritten,
)
from latentcode.session.strayed import strayed

# what an engine does at a sample, once
DONE = (Behind, DirectValues, Fallback, Grab, GrabbedInput, Missed, Unread)

MOST_FAULTS = 50  # that are told
ANOTHER = "another session begins here: it is left out, with all that follows; give it a file of its own"

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Block:
    """A block of code as it was typed, from line `line` of the file on;
    number 0 was written in by hand.
    """

    number: int
    code: str
    line: int
    sample: int = 0
    failed: bool = False
    marks: tuple[CommandMark, ...] = ()
    unheard: tuple[tuple[str, ...], ...] = ()  # (target, digest) of what never counted; () for all else
    cycle: Fraction | None = None  # at its sample


@dataclass(frozen=True)
class Moved:
    """Where the samples of a session lie now: those before `since` where they lay."""

    there: Callable[[int], int]
    since: int = 0

    def __call__(self, sample: int) -> int:
        return sample if sample < self.since else self.there(sample)

    def after(self, before: Moved) -> Moved:
        """Where samples lie now that were moved before."""
        return Moved(lambda sample: self(before(sample)), min(self.since, before.since))


@dataclass
class Session:
    """A journal as read: its header, its blocks and its other marks in order,
    and what could not be read.
    """

    header: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    path: Path | None = None  # None: not read from a file
    there: Moved | None = None  # since its tempo was edited
    left: list[CommandMark] = field(default_factory=list)  # of blocks that are gone

    @property
    def folders(self) -> tuple[str, ...]:
        """Where its sounds and models are looked for: in its own folder,
        then in that where it was played.
        """
        own = (
            [] if self.path is None else [Path(os.path.abspath(self.path)).parent, self.path.resolve().parent]
        )
        return tuple(dict.fromkeys([*map(str, own), *self.played_in]))

    @property
    def played_in(self) -> tuple[str, ...]:
        """The folders where it was played: first those of the sessions that it goes on from;
        none in what early engines wrote.
        """
        before = self.header["looked_in"].split("\n") if "looked_in" in self.header else []
        return (*before, *([self.header["folder"]] if "folder" in self.header else []))

    @property
    def found(self) -> dict[str, str]:
        """Files that were found elsewhere than where it asks for them, by the names that it has."""
        folder = "" if self.path is None else str(Path(os.path.abspath(self.path)).parent)
        lines = self.header["found"].split("\n") if "found" in self.header else []
        pairs = (line.partition("\t") for line in lines)
        return {name: os.path.join(folder, file) for name, tab, file in pairs if tab}

    @property
    def model(self) -> str:
        """The name or file of its model; of one that is no longer where it was,
        that in the session's folder.
        """
        named = self.header.get("model_file") or self._named
        given = Path(self.value("default") if named in DEFAULTS else named)
        beside = (Path(folder, given.name) for folder in self.folders)
        moved = given.is_absolute() and not os.path.exists(given)
        return str(next((one for one in beside if os.path.exists(one)), given) if moved else given)

    @property
    def _named(self) -> str:
        """The model of the package that a header names, where it says no file."""
        name = self.header.get("model", "").partition("@")[0]
        return name if name in BUILT_IN else "default"

    def another_model(self, digest: str, file: str) -> str:
        """A sentence on a model that is not what it was when the session was played;
        empty where it is.
        """
        _, at, then = self.header.get("model", "").rpartition("@")
        if not at or digest.startswith(then):
            return ""
        was = self.header["model"]
        return f"the model {file} has changed: the session was played with {was}, this is {digest[:12]}"

    @property
    def complete(self) -> bool:
        """Whether every command has a mark that was not written in by hand;
        not so in what early engines wrote.
        """
        return self.header.get("marks") == ALL or "latentcode" not in self.header

    def of(self, kind: type[R]) -> list[R]:
        """The marks of a kind, in order."""
        return [record for record in self.records if isinstance(record, kind)]

    @property
    def takes(self) -> list[Recording]:
        """What was recorded of it, in order; without frames where nobody has noted how long that
        became.
        """
        whole = {(one.first, one.path): one for one in self.of(Recording)}
        begun = {(one.first, one.path): Recording(one.first, 0, one.path) for one in self.of(Take)}
        return sorted((begun | whole).values(), key=lambda one: one.first)

    @property
    def inputs(self) -> Iterator[tuple[Input, int]]:
        """What hands did, each with the first sample that it may affect,
        in the order in which it was noted.
        """
        for record in self.of(Inputs):
            for key, stamp, value in record.inputs:
                yield Input(key, value), stamp

    def value(self, name: str) -> str:
        """What the header says of a name of HEADER; what that was before headers said it."""
        return self.header.get(name, HEADER[name].before)

    def number(self, name: str) -> int:
        """A whole number of the header."""
        return int(self.value(name))

    @property
    def habits(self) -> dict[str, bool]:
        """What its set does of what sets of before did not, see `HABITS`."""
        return {name: bool(self.number(name)) for name in HABITS}

    @property
    def went_on(self) -> int | None:
        """The sample at which it went on with a set of before; None: it did with none."""
        return number_of(self.header.get("at", ""))

    @property
    def unwritten(self) -> list[str]:
        """Sentences on when the journal could not be written, and what it lacks for that."""
        rate = self.number("rate")
        return [
            f"from {found.first / rate:.1f} s to {found.last / rate:.1f} s the journal could not be written; "
            + (
                f"{found.lost} lines of it are missing"
                if found.lost
                else "it was afterwards, and nothing is missing"
            )
            for found in self.of(Unwritten)
        ]

    @property
    def reached(self) -> Iterator[int]:
        """Samples that the set has come to: all that its blocks and marks speak of, and the ones
        behind those at which something was done that is not done again.
        """
        for block in self.blocks:
            yield from (block.sample, *(mark.stamp for mark in block.marks))
        for record in self.records:
            done = isinstance(record, DONE)
            yield from (sample + done for sample in record.samples())

    @property
    def end(self) -> int:
        """The last session sample; where no end is noted, ten seconds after the last mark."""
        ends = [end.sample for end in self.of(End)]
        stamps = [mark.stamp for block in self.blocks for mark in block.marks]
        stamps += [block.sample for block in self.blocks if not block.failed and not block.unheard]
        stamps += [one.sample for one in self.of(Reached)]
        return max(ends or [max(stamps, default=0) + 10 * self.number("rate")])


def begins_session(start: bytes) -> bool:
    """Whether a file that begins so is meant as a session."""
    return texts.decoded(start, "replace").startswith("# latentcode session")


def read_session(path: str | Path) -> Session:
    """The session in a file.

    Raises SessionError for what is none; what is damaged is left out, and named.
    """
    faults = []
    try:
        status = Path(path).stat()
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            raise SessionError(f"{path} is no file: it may have no end")
        if excess := limits.excess(status.st_size):
            raise SessionError(f"{path} is too large for a session: it would take {excess}")
        data = Path(path).read_bytes()
        text = texts.decoded(data)
    except UnicodeDecodeError as error:
        text = texts.decoded(data, "replace")
        faults = [f"line {data.count(10, 0, error.start) + 1}: there are bytes that are no text"]
    except (OSError, ValueError) as error:  # ValueError: for a name with a zero in it
        raise SessionError(f"{path} cannot be read: {getattr(error, 'strerror', '') or error}") from error
    first, _, _ = text.partition("\n")
    if data.startswith(b"PK"):
        raise SessionError(f"{path} is an archive that latentcode pack did not write, or not all of one")
    if not first.startswith("# latentcode session "):
        raise SessionError(f"{path} is no session: its first line must be {FIRST_LINE!r}")
    if not re.match(rf"{FIRST_LINE}(?!\d)", first):
        raise SessionError(f"{path} was written by a newer latentcode: {received(first)}")
    return replace(_JournalReader(text, faults).read(), path=Path(path))


def left_behind(path: str | Path) -> Session:
    """The session that another engine has left in a file; an empty one where it cannot be read."""
    try:
        return read_session(path)
    except SessionError:
        return Session()


class _JournalReader:
    def __init__(self, text: str, faults: list[str]) -> None:
        self._lines, self._session = text.split("\n"), Session(faults=faults)
        self._cut = cut_off(self._lines)
        self._by_number: dict[int, int] = {}
        # of each block, by its place: there may be a million of one
        self._marks: defaultdict[int, list[CommandMark]] = defaultdict(list)
        self._unheard: defaultdict[int, list[tuple[str, ...]]] = defaultdict(list)
        self._jumps: dict[Jump, int] = {}  # and their lines
        self._left_out = 0  # faults beyond those that are told
        self._sample = self._packed = 0
        self._before = 0  # how many blocks there were when the last engine took over
        self._restarted: int | None = None  # the sample at which it did

    def read(self) -> Session:
        for mark, begin, end in parts(self._lines):
            words = [] if mark is None else self._lines[mark][len(MARK) :].split()
            cut = self._cut and end == len(self._lines)
            if opens_block(words):
                self._block(words, mark or 0, end, cut)
                continue
            if not (cut and begin == end) or self._ends(words):  # an unfinished mark is none
                self._mark(words, mark or 0, end)
            self._written_in(begin, end)
        if end < len(self._lines):
            self._fault(end, ANOTHER)
        numbers = [block.number for block in self._session.blocks]
        for place, text in strayed(self._lines[:end], bool(self._session.header), numbers):
            self._fault(place, text)
        self._gathered()
        self._checked()
        if self._left_out:
            self._session.faults.append(f"and {self._left_out} lines more that cannot be read")
        return self._session

    def _gathered(self) -> None:
        """Give each block its marks."""
        self._session.blocks = [
            replace(block, marks=tuple(self._marks[place]), unheard=tuple(self._unheard[place]))
            for place, block in enumerate(self._session.blocks)
        ]

    def _ends(self, words: list[str]) -> bool:
        """Whether this is an end that can be one: editors leave out the last line feed."""
        return words[:1] == ["end"] and len(words) == 2 and (number_of(words[1]) or 0) > self._sample

    def _fault(self, line: int, text: str) -> None:
        if len(self._session.faults) < MOST_FAULTS:
            self._session.faults.append(f"line {line + 1}: {text}")
        else:
            self._left_out += 1

    def _block(self, words: list[str], line: int, end: int, cut: bool) -> None:
        number, sample = int(words[0]), number_of(words[1])
        if sample is None:
            self._fault(line, f"{received(self._lines[line])} is no mark; it must be as in '# @ 12 5292000'")
            sample = self._sample
        self._sample = sample
        code = unescaped("\n".join(self._lines[line + 1 : end])).rstrip("\n")
        if cut and not whole(code):
            self._fault(line, "the file ends in the middle of this block; it is left out")
            return
        again = self._by_number.get(number)
        if again is not None and self._unanswered(again, code):
            return
        self._by_number[number] = len(self._session.blocks)
        cycle = cycle_of(words[2]) if words[2:] else None
        self._session.blocks.append(Block(number, code, line + 2, sample, cycle=cycle))

    def _unanswered(self, place: int, code: str) -> bool:
        """Whether a block is the one that an engine had no time for, told to the next one; what the
        first has stamped of it, with its last breath, no desk has heard of, and it never counted.
        """
        blocks = self._session.blocks
        if blocks[place].code != code:
            return False
        if place < self._before:
            self._marks[place].clear()
            self._unheard[place].clear()
            return True
        return not self._marks[place] and not blocks[place].failed

    def _written_in(self, begin: int, end: int) -> None:
        """Code that stands where a journal has none: somebody has written it there."""
        while begin < end and not self._lines[begin].strip():
            begin += 1
        code = unescaped("\n".join(self._lines[begin:end])).rstrip("\n")
        if says_something(code):
            self._session.blocks.append(Block(0, code, begin + 1, self._sample))

    def _mark(self, words: list[str], line: int, end: int) -> None:
        if not words:
            return
        kind = RECORDS.get(words[0])
        if words[0].isdigit():
            self._command([plain(one) for one in words], line)
        elif kind is not None:
            self._record(kind, kind.parse(words[1:]), line, end)
        elif not self._session.header and not self._session.blocks:
            self._header(words, line)

    def _header(self, words: list[str], line: int) -> None:
        found = header_of(words)
        for name, should in ((name, wrong_header(name, text)) for name, text in found.items()):
            if should:
                self._fault(
                    line, f"{shortened(name)} {shortened(found[name])} is left out; it must be {should}"
                )
        self._session.header = {n: text for n, text in found.items() if not wrong_header(n, text)}

    def _command(self, words: list[str], line: int) -> None:
        number, stamp = number_of(words[0]), number_of(words[-1])
        place = None if number is None else self._by_number.get(number)
        if len(words) != 4 or stamp is None or number is None:
            self._fault(
                line, f"{received(self._lines[line])} is no mark; it must be as in '# @ 12 d1 9c41e0 5292000'"
            )
        elif place is None:
            self._fault(line, f"{received(self._lines[line])} is left out: there is no block {number}")
            self._session.left.append(CommandMark(words[1], words[2], stamp, line + 1))
        else:
            self._marks[place].append(CommandMark(words[1], words[2], stamp, line + 1))

    def _record(self, kind: type[Record], record: Record | None, line: int, end: int) -> None:
        if record is None:
            self._fault(line, f"{received(self._lines[line])} is left out; it must be as in '{kind.usage()}'")
            return
        if isinstance(record, Failed):
            self._of_block(record.block, failed=True)
        elif isinstance(record, Unheard):
            self._of_block(record.block, unheard=record.command)
        elif isinstance(record, Jump):
            self._jumps[record] = line
        elif isinstance(record, Inputs):
            self._inputs(record, line)
            return
        elif isinstance(record, Restart):
            self._before, self._restarted = len(self._session.blocks), record.sample
        elif isinstance(record, Device) and self._restarted is not None:
            record = Device(max(record.sample, self._restarted), record.buffer)
        elif isinstance(record, Packed):
            for each in self._unpacked(record, line, end):
                self._record(kind, each, line, end)
            return
        self._session.records.append(record)

    def _inputs(self, record: Inputs, line: int) -> None:
        """What hands did, without inputs that cannot be."""
        wrong = {name: should for name, *_ in record.inputs if (should := wrong_key(name))}
        for name, should in wrong.items():
            self._fault(line, f"the input {shortened(name)} is left out; {shortened(should)}")
        kept = tuple(given for given in record.inputs if given[0] not in wrong)
        if kept or not wrong:
            self._session.records.append(Inputs(kept))

    def _of_block(self, number: int, failed: bool = False, unheard: tuple[str, ...] | None = None) -> None:
        if (place := self._by_number.get(number)) is not None:
            if failed:
                self._session.blocks[place] = replace(self._session.blocks[place], failed=True)
            if unheard is not None:
                self._unheard[place].append(unheard)

    def _unpacked(self, record: Packed, line: int, end: int) -> list[Record]:
        try:
            if excess := limits.excess((self._packed + record.count) * ROW):
                raise ValueError(f"all that is packed would take {excess}")
            found = unpacked(record, self._lines[line + 1 : end])
            self._packed += record.count
            return found
        except ValueError as error:
            self._fault(line, f"{received(self._lines[line])} is left out: {error}")
            return []

    def _checked(self) -> None:
        """A jump to where the session is over would be a silence that nobody has heard."""
        end, session = self._session.end, self._session
        wrong = {
            jump: line
            for jump, line in self._jumps.items()
            if jump.before > jump.after or jump.before < end < jump.after
        }
        session.records = [one for one in session.records if one not in wrong] if wrong else session.records
        noted = bool(session.of(End))  # where it crashed, or still plays, the end is a guess
        for jump, line in wrong.items():
            if noted or jump.before > jump.after:
                self._fault(line, f"a jump to {jump.after} is left out: it is over at {end}")


def cut_off(lines: list[str]) -> bool:
    """Whether a file, as its lines, ends in the middle of one; a mark that has hardly begun is
    none.
    """
    if MARK.startswith(lines[-1]):
        lines[-1] = ""
    return lines[-1] != ""
