"""The journal: a session as readable Python with `# @` marks, written line by line and read back.

    # latentcode session 1
    # @ seed 7  rate 44100  buffer 256  model house@3f9a
    # @ 12 5292000
    d1 >> s("cello(3,8)"); d2 >> s("kick*4")
    # @ 12 d1 9c41e0 5292000
    # @ 12 d2 77ab02 5292000

`# @ N SAMPLE` opens block N; after its code comes one mark for each command: block, target, digest of what was
asked, stamp. Other marks hold what wall time decided: `failed N`, `dry FIRST LAST`, `device SAMPLE BUFFER`,
`restart SAMPLE`, `missed VOICE SAMPLE NOTE`, `recording FIRST FRAMES PATH`, `end SAMPLE`.
`fallback PLACE SAMPLE DIGEST` is what took too long: see `aside.py`.
`unwritten FIRST LAST LOST`: in this time the disk took nothing; what waited is there, but so many lines.
What hands did is `in KEY STAMP VALUE KEY STAMP VALUE …`: see `latentcode.control.keys` and `hands.py`.
`hand SAMPLE PLACE VALUE PLACE VALUE …` is what they gave the player at a border: see `conduct/holding.py`.
`tempo SAMPLE CPS JUMP` and `transport SAMPLE WHAT` came from those who are followed (see `timing/decided.py`).
`answer BLOCK.N VALUE` is what a block was told when it asked (see `answered.py`).
"""

from __future__ import annotations

import io
import re
import threading
import time
import tokenize
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from latentcode import limits
from latentcode.engine.lines import Lines
from latentcode.errors import SessionError

FIRST_LINE = "# latentcode session 1"
UNWRITTEN = "unwritten"
AGAIN = 1.0  # seconds until a disk that was full is tried again
_MARK = "# @ "
_OWN = re.compile(r"# (\\*)@")  # a musician's own comment that looks like a mark


@dataclass(frozen=True)
class Mark:
    """One command of a block: what it was about, the digest of what was asked, and its stamp."""

    target: str
    digest: str
    stamp: int


@dataclass(frozen=True)
class Block:
    """A block of code as it was typed, from line `line` of the file on."""

    number: int
    code: str
    line: int
    sample: int = 0
    failed: bool = False
    marks: tuple[Mark, ...] = ()


@dataclass
class Session:
    """A journal as read: its header, its blocks in order, and its other marks by name."""

    header: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    notes: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

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
    def end(self) -> int:
        """The last sample that is known of."""
        ends = [int(note[0]) for note in self.notes.get("end", [])]
        stamps = [mark.stamp for block in self.blocks for mark in block.marks]
        return max(ends or [max(stamps, default=0) + 10 * self.number("rate", 44100)])


class Journal:
    """Appends to a session file, from any thread; each call is on the disk's way when it returns.

    What the disk does not take waits in memory until it does: no call raises, and the set plays on. `tell` gets
    what the musician should know of that, `sample` gives the next sample to be rendered.
    """

    def __init__(self, path: Path, again: bool = False) -> None:
        """A new file, or one that is continued (`again`). Raises SessionError when a new one cannot be had."""
        self.path = path
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
        pairs = "  ".join(f"{name} {_word(value)}" for name, value in values.items())
        self._write(f"{FIRST_LINE}\n{_MARK}{pairs}\n")

    def block(self, number: int, code: str, sample: int) -> None:
        """A block was accepted while `sample` was the next to be rendered."""
        self._write(f"\n{_MARK}{number} {sample}\n{_escaped(code)}\n")

    def command(self, number: int, mark: Mark) -> None:
        """A command of a block was stamped."""
        self._write(f"{_MARK}{number} {mark.target} {mark.digest} {mark.stamp}\n")

    def note(self, name: str, *values: object) -> None:
        """Something that wall time decided."""
        self._write(f"{_MARK}{' '.join([name, *map(_word, values)])}\n")

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
        self._lines.put(f"{_MARK}{UNWRITTEN} {since} {now} {lost}\n")
        self._lines.flush()
        self._since, self._lines.lost = None, 0
        missing = f"{lost} lines of it are lost" if lost else "nothing is lost"
        self.tell(f"{self.path} is written again: {missing}")


def read_session(path: str | Path) -> Session:
    """The session in a file. Raises SessionError for what is none; an unfinished last block is left out."""
    try:
        if excess := limits.excess(Path(path).stat().st_size):
            raise SessionError(f"{path} is too large for a session: it would take {excess}")
        text = Path(path).read_text(encoding="utf-8", errors="surrogateescape")
    except (OSError, UnicodeDecodeError) as error:
        raise SessionError(f"{path} cannot be read: {error}") from error
    if not text.startswith("# latentcode session "):
        raise SessionError(f"{path} is no session: its first line must be {FIRST_LINE!r}")
    if not text.startswith(FIRST_LINE):
        raise SessionError(f"{path} was written by a newer latentcode: {text.splitlines()[0]!r}")
    return _Reader(text).read()


def left_behind(path: str | Path) -> Session:
    """The session that another engine has left in a file; an empty one where it cannot be read."""
    try:
        return read_session(path)
    except SessionError:
        return Session()


class _Reader:
    def __init__(self, text: str) -> None:
        self._lines, self._marks = text.splitlines(), _mark_lines(text)
        self._session = Session()
        self._by_number: dict[int, int] = {}

    def read(self) -> Session:
        for place, line in enumerate(self._marks):
            words = self._lines[line][len(_MARK) :].split()
            if not words:
                continue
            if words[0].isdigit() and len(words) == 2:
                end = self._marks[place + 1] if place + 1 < len(self._marks) else len(self._lines)
                self._block(int(words[0]), int(words[1]), line + 1, end)
            elif words[0].isdigit():
                self._command(int(words[0]), words[1:], line)
            elif not self._session.header and not self._session.blocks:
                self._session.header = dict(zip(words[::2], words[1::2], strict=False))
            else:
                self._note(words[0], tuple(words[1:]))
        return self._session

    def _block(self, number: int, sample: int, begin: int, end: int) -> None:
        code = _unescaped("\n".join(self._lines[begin:end]))
        self._by_number[number] = len(self._session.blocks)
        self._session.blocks.append(Block(number, code.rstrip("\n"), begin + 1, sample))

    def _command(self, number: int, words: list[str], line: int) -> None:
        try:
            mark = Mark(words[0], words[1], int(words[2]))
            place = self._by_number[number]
        except (IndexError, ValueError, KeyError) as error:
            raise SessionError(
                f"line {line + 1}: {self._lines[line]!r} is no mark; as in '# @ 12 d1 9c41e0 5292000'"
            ) from error
        block = self._session.blocks[place]
        self._session.blocks[place] = Block(
            number, block.code, block.line, block.sample, block.failed, (*block.marks, mark)
        )

    def _note(self, name: str, values: tuple[str, ...]) -> None:
        if name == "failed" and values and int(values[0]) in self._by_number:
            place = self._by_number[int(values[0])]
            block = self._session.blocks[place]
            self._session.blocks[place] = Block(
                block.number, block.code, block.line, block.sample, True, block.marks
            )
        self._session.notes.setdefault(name, []).append(values)


def _mark_lines(text: str) -> list[int]:
    """The lines (from 0) that are marks: comments, not text inside a string."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and token.start[1] == 0 and token.string.startswith(_MARK):
                found.append(token.start[0] - 1)
    except (tokenize.TokenError, SyntaxError):  # a last block that was cut off: what came before it counts
        pass
    return found


def _escaped(code: str) -> str:
    try:
        compile(code, "<block>", "exec")
    except (SyntaxError, ValueError):  # what is no Python is kept as a comment
        return "\n".join(f"#  {line}" for line in code.splitlines())
    return _in_comments(code, lambda found: f"# {found[1]}\\@")


def _unescaped(code: str) -> str:
    return _in_comments(code, lambda found: f"# {found[1][:-1]}@")


def _in_comments(code: str, change: Any) -> str:
    """`code` with the beginning of each comment that looks like a mark changed."""
    lines = code.splitlines()
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


def _word(value: object) -> str:
    return str(value).replace(" ", "_") or "-"
