"""The journal: a session as readable Python with `# @` marks, written line by line and read back.

    # latentcode session 1
    # @ seed 7  rate 44100  buffer 256  model house@3f9a
    # @ 12 5292000
    d1 >> s("cello(3,8)"); d2 >> s("kick*4")
    # @ 12 d1 9c41e0 5292000
    # @ 12 d2 77ab02 5292000

`# @ N SAMPLE` opens block N; after its code comes one mark for each command: block, target, digest of what was
asked, stamp. `unheard N TARGET DIGEST` is one that never counted (it was refused, or a later line was ready before
it), `unheard N` all of a block that are not stamped. Other marks hold what wall time decided: `failed N`,
`dry FIRST LAST`, `device SAMPLE BUFFER` (a new graph plays from there), `restart SAMPLE`, `missed VOICE SAMPLE NOTE`,
`recording FIRST FRAMES PATH`, `end SAMPLE`. `fallback PLACE SAMPLE DIGEST` is what took too long: see
`clock/set_aside.py`.
`unwritten FIRST LAST LOST`: in this time the disk took nothing; what waited is there, but so many lines.
What hands did is `in KEY STAMP VALUE KEY STAMP VALUE …`: see `latentcode.inputs.keys` and `engine/input_queue.py`.
`hand SAMPLE PLACE VALUE PLACE VALUE …` is what they gave the player at a border: see `set/live_ownership.py`.
`tempo SAMPLE CPS JUMP` and `transport SAMPLE WHAT` came from those who are followed (see
`engine/timing/sync_journal.py`).
`sound NAME DIGEST` is a file of the musician's that was played.
`answer BLOCK.N VALUE` is what a block was told when it asked (see `engine/codec.py`).

Lines end at a line feed and nowhere else. A block, or lines between two of them, that have no marks were written
there by hand: they count at the sample of their block. What cannot be read is named, and all else is.
"""

from __future__ import annotations

import io
import os
import re
import threading
import time
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from latentcode.errors import SessionError
from latentcode.files import atomic, limits, texts
from latentcode.session.lines import Lines
from latentcode.session.marks import FORMS, MARK, plain, samples, word, wrong, wrong_header

ALL = "all"  # the header's word on marks: what never counted has one, too
FIRST_LINE = "# latentcode session 1"
UNWRITTEN = "unwritten"
AGAIN = 1.0  # seconds until a disk that was full is tried again
_OWN = re.compile(r"# (\\*)@")  # a musician's own comment that looks like a mark


@dataclass(frozen=True)
class CommandMark:
    """One command of a block: what it was about, the digest of what was asked, and its stamp."""

    target: str
    digest: str
    stamp: int


@dataclass(frozen=True)
class Block:
    """A block of code as it was typed, from line `line` of the file on; number 0 was written in by hand."""

    number: int
    code: str
    line: int
    sample: int = 0
    failed: bool = False
    marks: tuple[CommandMark, ...] = ()
    unheard: tuple[
        tuple[str, ...], ...
    ] = ()  # (target, digest) of commands that never counted; () for all others


@dataclass
class Session:
    """A journal as read: its header, its blocks in order, its other marks by name, and what could not be read."""

    header: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    notes: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    path: Path | None = None  # None: not read from a file

    @property
    def folders(self) -> tuple[str, ...]:
        """Where its sounds and models are looked for: in its own folder, then in that where it was played."""
        own = (
            [] if self.path is None else [Path(os.path.abspath(self.path)).parent, self.path.resolve().parent]
        )
        return tuple(dict.fromkeys([*map(str, own), *self.played_in]))

    @property
    def played_in(self) -> tuple[str, ...]:
        """The folder where it was played; none in what early engines wrote."""
        return (self.header["folder"],) if "folder" in self.header else ()

    @property
    def model(self) -> str:
        """The name or file of its model; of one that is no longer where it was, that in the session's folder."""
        given = Path(self.header.get("model_file", "default"))
        beside = (Path(folder, given.name) for folder in self.folders)
        moved = given.is_absolute() and not os.path.exists(given)
        return str(next((one for one in beside if os.path.exists(one)), given) if moved else given)

    def another_model(self, digest: str, file: str) -> str:
        """A sentence on a model that is not what it was when the session was played; empty where it is."""
        _, at, then = self.header.get("model", "").rpartition("@")
        if not at or digest.startswith(then):
            return ""
        was = self.header["model"]
        return f"the model {file} has changed: the session was played with {was}, this is {digest[:12]}"

    @property
    def complete(self) -> bool:
        """Whether every command has a mark that was not written in by hand; not so in what early engines wrote."""
        return self.header.get("marks") == ALL or "latentcode" not in self.header

    def spans(self, name: str) -> list[tuple[int, int]]:
        """The marks of a name that hold two numbers: dry spans, changes of device."""
        return [(int(first), int(second)) for first, second, *_ in self.notes.get(name, [])]

    def number(self, name: str, default: int) -> int:
        """A whole number of the header."""
        try:
            return int(self.header.get(name, default))
        except ValueError as error:
            raise SessionError(
                f"the session's {name} is {self.header[name]!r}; it must be a whole number"
            ) from error

    @property
    def unwritten(self) -> list[str]:
        """Sentences on when the journal could not be written, and what it lacks for that."""
        rate = self.number("rate", 44100)
        return [
            f"from {int(first) / rate:.1f} s to {int(last) / rate:.1f} s the journal could not be written; "
            + (
                f"{lost} lines of it are missing"
                if lost != "0"
                else "it was afterwards, and nothing is missing"
            )
            for first, last, lost in self.notes.get(UNWRITTEN, [])
        ]

    @property
    def reached(self) -> Iterator[int]:
        """Samples that the set has come to: all that its blocks and marks speak of."""
        for block in self.blocks:
            yield from (block.sample, *(mark.stamp for mark in block.marks))
        for name, notes in self.notes.items():
            for words in notes:
                yield from samples(name, words)

    @property
    def end(self) -> int:
        """The last sample that is known of."""
        ends = [int(note[0]) for note in self.notes.get("end", [])]
        stamps = [mark.stamp for block in self.blocks for mark in block.marks]
        stamps += [block.sample for block in self.blocks if not block.failed and not block.unheard]
        return max(ends or [max(stamps, default=0) + 10 * self.number("rate", 44100)])


class Journal:
    """Appends to a session file, from any thread; each call is on the disk's way when it returns.

    What the disk does not take waits in memory until it does: no call raises, and the set plays on. `tell` gets
    what the musician should know of that, `sample` gives the next sample to be rendered.
    """

    def __init__(self, path: Path, again: bool = False) -> None:
        """A new file, or one that is continued (`again`). Raises SessionError when a new one cannot be had.

        A file that is there is never written into: a new one gets the next free number.
        """
        self.path = path = path if again or _is_device(path) else atomic.unused(path)
        self.tell: Callable[[str], None] = lambda text: None
        self.sample: Callable[[], int] = lambda: 0
        self._lines, self._lock = Lines(path), threading.RLock()
        self._since: tuple[int, float] | None = (
            None  # the sample since which lines wait, and when they are tried
        )
        try:
            self._lines.open()
        except OSError as error:
            if not again:
                raise SessionError(
                    f"the set cannot be written down in {path}: {error.strerror or error}; "
                    "give --journal another file"
                ) from error

    def header(self, values: dict[str, Any]) -> None:
        """What the set is played with; the first thing in the file."""
        pairs = "  ".join(f"{name} {word(value)}" for name, value in values.items())
        self._write(f"{FIRST_LINE}\n{MARK}{pairs}\n")

    def block(self, number: int, code: str, sample: int) -> None:
        """A block was accepted while `sample` was the next to be rendered."""
        self._write(f"\n{MARK}{number} {sample}\n{_escaped(code)}\n")

    def command(self, number: int, mark: CommandMark) -> None:
        """A command of a block was stamped."""
        self._write(f"{MARK}{number} {word(mark.target)} {word(mark.digest)} {mark.stamp}\n")

    def note(self, name: str, *values: object) -> None:
        """Something that wall time decided."""
        self._write(f"{MARK}{' '.join([name, *map(word, values)])}\n")

    def catch_up(self) -> None:
        """Write what waits, if the disk takes it by now; to be called now and then."""
        with self._lock:
            if self._since is not None and time.monotonic() >= self._since[1]:
                self._flush()

    def close(self) -> None:
        """Let go of the file, when what waits has been tried a last time."""
        with self._lock:
            if self._since is not None:
                self._flush()
            if self._lines.waiting:
                self._rescue()
            self._lines.close()

    def _rescue(self) -> None:
        """The set is over, and the disk still takes nothing: have it in another place."""
        try:
            self.tell(f"✗ {self.path} lacks the end of the set: all of it is in {self._lines.rescue()}")
        except OSError:
            self.tell(f"✗ {self.path} lacks the end of the set, which is lost: no disk takes it")

    def _write(self, text: str) -> None:
        with self._lock:
            self._lines.put(text)
            if self._since is None or time.monotonic() >= self._since[1]:
                self._flush()

    def _flush(self) -> None:
        former = self._since
        try:
            self._lines.flush()
            if former is not None:
                self._caught_up(former[0])
        except OSError as error:
            if former is None:
                self.tell(
                    f"✗ {self.path} cannot be written: {error.strerror or error}; "
                    "the set plays on, and its journal is kept in memory until there is space"
                )
            self._since = (self.sample() if former is None else former[0], time.monotonic() + AGAIN)

    def _caught_up(self, since: int) -> None:
        """Say in the journal what it could not be told in time. Raises OSError."""
        lost, now = self._lines.lost, self.sample()
        self._lines.put(f"{MARK}{UNWRITTEN} {since} {now} {lost}\n")
        self._lines.flush()
        self._since, self._lines.lost = None, 0
        missing = f"{lost} lines of it are lost" if lost else "nothing is lost"
        self.tell(f"{self.path} is written again: {missing}")


def _is_device(path: Path) -> bool:
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def begins_session(start: bytes) -> bool:
    """Whether a file that begins so is meant as a session."""
    return texts.decoded(start, "replace").startswith("# latentcode session")


def read_session(path: str | Path) -> Session:
    """The session in a file. Raises SessionError for what is none; what is damaged is left out, and named."""
    faults = []
    try:
        if excess := limits.excess(Path(path).stat().st_size):
            raise SessionError(f"{path} is too large for a session: it would take {excess}")
        data = Path(path).read_bytes()
        text = texts.decoded(data)
    except UnicodeDecodeError as error:
        text = texts.decoded(data, "replace")
        faults = [f"line {data.count(10, 0, error.start) + 1}: there are bytes that are no text"]
    except (OSError, ValueError) as error:  # ValueError: for a name with a zero in it
        raise SessionError(f"{path} cannot be read: {getattr(error, 'strerror', '') or error}") from error
    first, _, _ = text.partition("\n")
    if not first.startswith("# latentcode session "):
        raise SessionError(f"{path} is no session: its first line must be {FIRST_LINE!r}")
    if not re.match(rf"{FIRST_LINE}(?!\d)", first):
        raise SessionError(f"{path} was written by a newer latentcode: {first!r}")
    return replace(_Reader(text, faults).read(), path=Path(path))


def left_behind(path: str | Path) -> Session:
    """The session that another engine has left in a file; an empty one where it cannot be read."""
    try:
        return read_session(path)
    except SessionError:
        return Session()


class _Reader:
    def __init__(self, text: str, faults: list[str]) -> None:
        self._lines, self._session = text.split("\n"), Session(faults=faults)
        if MARK.startswith(self._lines[-1]):  # hardly begun
            self._lines[-1] = ""
        self._cut = self._lines[-1] != ""  # the file ends in the middle of a line
        self._by_number: dict[int, int] = {}
        self._places: dict[tuple[str, ...], int] = {}  # the lines of notes
        self._sample = 0

    def read(self) -> Session:
        for mark, begin, end in self._parts():
            words = [] if mark is None else self._lines[mark][len(MARK) :].split()
            cut = self._cut and end == len(self._lines)
            if words[:1] and _number(words[0]) is not None and len(words) == 2:
                self._block(words, mark or 0, end, cut)
                continue
            if not (cut and begin == end) or self._ends(words):  # an unfinished mark is none
                self._mark(words, mark or 0)
            self._written_in(begin, end)
        self._checked()
        return self._session

    def _parts(self) -> Iterator[tuple[int | None, int, int]]:
        """The line of each mark, and those from the next on that are code. All that tells of marks is comments."""
        mark, begin = None, 0
        while True:
            end = _mark_line(self._lines, begin)
            yield mark, begin, end
            if end == len(self._lines):
                return
            mark, begin = end, end + 1

    def _ends(self, words: list[str]) -> bool:
        """Whether this is an end that can be one: editors leave out the last line feed."""
        return words[:1] == ["end"] and len(words) == 2 and (_number(words[1]) or 0) > self._sample

    def _fault(self, line: int, text: str) -> None:
        self._session.faults.append(f"line {line + 1}: {text}")

    def _block(self, words: list[str], line: int, end: int, cut: bool) -> None:
        number, sample = int(words[0]), _number(words[1])
        if sample is None:
            self._fault(line, f"{self._lines[line]!r} is no mark; it must be as in '# @ 12 5292000'")
            sample = self._sample
        self._sample = sample
        code = _unescaped("\n".join(self._lines[line + 1 : end])).rstrip("\n")
        if cut and not _whole(code):
            self._fault(line, "the file ends in the middle of this block; it is left out")
            return
        again = self._by_number.get(number)
        if again is not None and self._unanswered(again, code):
            return
        self._by_number[number] = len(self._session.blocks)
        self._session.blocks.append(Block(number, code, line + 2, sample))

    def _unanswered(self, place: int, code: str) -> bool:
        """Whether a block is the one that an engine had no time for, told to the next one."""
        before = self._session.blocks[place]
        return before.code == code and not before.marks and not before.failed

    def _written_in(self, begin: int, end: int) -> None:
        """Code that stands where a journal has none: somebody has written it there."""
        code = _unescaped("\n".join(self._lines[begin:end])).strip("\n")
        if _says_something(code):
            while not self._lines[begin].strip():
                begin += 1
            self._session.blocks.append(Block(0, code, begin + 1, self._sample))

    def _mark(self, words: list[str], line: int) -> None:
        session, plainly = self._session, [plain(one) for one in words]
        if not words:
            return
        if words[0].isdigit():
            self._command(plainly, line)
        elif not session.header and not session.blocks and words[0] not in FORMS:
            self._header(plainly, line)
        elif should := wrong(words[0], words[1:]):
            self._fault(line, f"{self._lines[line]!r} is left out; it must be as in '{should}'")
        else:
            self._places[tuple(plainly)] = line
            self._note(words[0], tuple(plainly[1:]))

    def _header(self, words: list[str], line: int) -> None:
        found = dict(zip(words[::2], words[1::2], strict=False))
        for name, should in ((name, wrong_header(name, text)) for name, text in found.items()):
            if should:
                self._fault(line, f"{name} {found[name]} is left out; it must be {should}")
        self._session.header = {n: text for n, text in found.items() if not wrong_header(n, text)}

    def _command(self, words: list[str], line: int) -> None:
        number, stamp = _number(words[0]), _number(words[-1])
        place = None if number is None else self._by_number.get(number)
        if len(words) != 4 or stamp is None or number is None:
            self._fault(
                line, f"{self._lines[line]!r} is no mark; it must be as in '# @ 12 d1 9c41e0 5292000'"
            )
        elif place is None:
            self._fault(line, f"{self._lines[line]!r} is left out: there is no block {number}")
        else:
            block = self._session.blocks[place]
            mark = CommandMark(words[1], words[2], stamp)
            self._session.blocks[place] = replace(block, marks=(*block.marks, mark))

    def _note(self, name: str, values: tuple[str, ...]) -> None:
        if name in ("failed", "unheard") and int(values[0]) in self._by_number:
            place = self._by_number[int(values[0])]
            block = self._session.blocks[place]
            told = {"failed": True} if name == "failed" else {"unheard": (*block.unheard, values[1:])}
            self._session.blocks[place] = replace(block, **told)
        self._session.notes.setdefault(name, []).append(values)

    def _checked(self) -> None:
        """A jump to where the session is over would be a silence that nobody has heard."""
        end = self._session.end
        jumps = self._session.notes.get("jump", [])
        for before, after in list(jumps):
            if int(before) > int(after) or int(before) < end < int(after):
                jumps.remove((before, after))
                self._fault(
                    self._places["jump", before, after], f"a jump to {after} is left out: it is over at {end}"
                )


def _mark_line(lines: list[str], begin: int) -> int:
    """The first line from `begin` on that is a mark: a comment, and not text in a string.

    Where the code before it is damaged, the first that looks like one. The number of lines where there is none.
    """
    looks = next((n for n in range(begin, len(lines)) if lines[n].startswith(MARK)), len(lines))
    if looks in (begin, len(lines)):
        return looks
    found = _mark_comment(lines, begin)
    return found if found == looks or _whole("\n".join(lines[begin:found])) else looks


def _mark_comment(lines: list[str], begin: int) -> int:
    rest = (lines[line] + "\n" for line in range(begin, len(lines)))
    try:
        for token in tokenize.generate_tokens(lambda: next(rest, "")):
            row, column = token.start
            if token.type == tokenize.COMMENT and column == 0 and token.string.startswith(MARK):
                return begin + row - 1
    except (tokenize.TokenError, SyntaxError):  # a string or a bracket that nobody has closed
        pass
    return len(lines)


def _escaped(code: str) -> str:
    """A block as it is written: Python ends lines at carriage returns, too; what is no Python becomes comments."""
    code = code.replace("\r\n", "\n").replace("\r", "\n")
    if not _whole(code):
        return "\n".join(f"#  {texts.shown(line)}" for line in code.split("\n"))
    return _in_comments(code, lambda found: f"# {found[1]}\\@")


def _unescaped(code: str) -> str:
    return _in_comments(code, lambda found: f"# {found[1][:-1]}@")


def _in_comments(code: str, change: Callable[[re.Match[str]], str]) -> str:
    """`code` with the beginning of each comment that looks like a mark changed."""
    lines = code.split("\n")
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        return code
    for token in tokens:
        if token.type == tokenize.COMMENT:
            row, column = token.start
            changed = _OWN.sub(change, lines[row - 1][column:], count=1)
            lines[row - 1] = lines[row - 1][:column] + changed
    return "\n".join(lines)


def _whole(code: str) -> bool:
    """Whether it is Python, to its end."""
    try:
        compile(code, "<block>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


def _says_something(code: str) -> bool:
    """Whether there is more than comments."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in code.split("\n"))


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,12}", text) else None
