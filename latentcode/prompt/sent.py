"""What an editor sends to the prompt, as a paste or as fast as a terminal takes it,
is a block of its own.

Hands type a key at a time; a paste has its brackets, and a burst without them is many keys in one
read. A burst becomes a paste here, so that nothing indents, completes or ends its lines one by one.
"""

from __future__ import annotations

import ast
import re
import select
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TextIO

from prompt_toolkit.input import Input, create_input
from prompt_toolkit.key_binding.key_processor import KeyPress
from prompt_toolkit.keys import Keys
from ptpython.utils import unindent_code

from latentcode.set.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.document import Document

FEW = 4  # characters in one read that no hand types
QUIET, STILL = 0.02, 0.1  # seconds without a key after which a burst is over, and one that stops in a line
LONGEST = 2.0  # seconds that a burst is waited for
FAR = 64  # lines at the margin that an unfinished statement may go on over
TEXT = frozenset({Keys.ControlI, Keys.ControlJ, Keys.ControlM})
COMMANDS = frozenset({Keys.Escape, Keys.ControlX})  # what follows them is no text
GOES_ON = re.compile(r"\s|(else|elif|except|finally)\b|[)\]}]")


class Burst(str):
    """Text that came without brackets: what several sends may have come to."""

    __slots__ = ()


@dataclass
class Arrived:
    """What an editor has sent into the line: `text`, behind what stood there `before`;
    together `whole`.
    """

    before: str
    text: str
    whole: str
    burst: bool


@dataclass
class Entry:
    """What Enter gives: `code` to be run, and what was being typed and comes back afterwards
    (`kept`).
    """

    code: str
    burst: bool = False
    kept: str = ""


def at_enter(document: Document, arrived: Arrived | None) -> Entry | None:
    """What Enter runs because an editor has sent it;
    None where Enter does what it does for hands.
    """
    text = document.text
    if not document.is_cursor_at_the_end:
        return None
    if arrived is None or arrived.whole != text:
        *before, last = text.split("\n")
        alone = before and _silences(last) and not parses(text)
        return Entry(last.strip(), kept="\n".join(before)) if alone else None
    sent, whole = unindent_code(arrived.text), Entry(unindent_code(text).rstrip(), arrived.burst)
    if not arrived.before.strip():
        return None if arrived.burst and _begins(sent) else whole
    if _silences(sent):
        return Entry(sent, arrived.burst, arrived.before)
    if parses(text):
        return whole if "\n" in sent else None
    return Entry(sent, arrived.burst, arrived.before) if stands(sent) else None


def pieces(code: str) -> list[tuple[int, str]]:
    """A burst cut where it must be, so that what is wrong in one send holds up no other: each piece
    with its first line, from 1.
    """
    if parses(code):
        return [(1, code)]
    lines = code.split("\n")
    starts = [n for n, line in enumerate(lines) if line and not GOES_ON.match(line)]
    found: list[tuple[int, str]] = []
    before = False
    for line, text, right in _cut(lines, starts or [0]):
        if right and before:
            found[-1] = found[-1][0], f"{found[-1][1]}\n{text}"
        else:
            found.append((line + 1, text))
        before = right
    return found


def blocks_of(code: str) -> list[tuple[int, str]]:
    """The blocks of a file, each with its first line, from 1: what stands between blank lines at
    the margin.

    What is wrong in one holds up no other. What is nothing but comments is left out.
    """
    lines = code.split("\n")
    starts = [
        n
        for n, line in enumerate(lines)
        if line.strip() and not GOES_ON.match(line) and (n == 0 or not lines[n - 1].strip())
    ]
    found = []
    for line, text, right in _cut(lines, starts or [0]):
        tree = _tree(text) if right else None
        if tree is None or tree.body:
            found.append((line + 1, text.rstrip()))
    return found


def _cut(lines: list[str], starts: list[int]) -> Iterator[tuple[int, str, bool]]:
    """Lines cut at some of the `starts`, so that each part parses, if it can: its first line, from
    0, its text, and whether it does.
    """
    place = 0
    while place < len(starts):
        begin, ends = starts[place], [*starts[place + 1 :], len(lines)]
        texts = ["\n".join(lines[begin:end]) for end in ends[:FAR]]
        number = next((n for n, text in enumerate(texts) if parses(text)), -1)
        yield begin, texts[max(number, 0)], number >= 0
        place += max(number, 0) + 1


def after_loads(code: str, loads: str) -> list[tuple[int, str]]:
    """A block cut behind each statement that calls `loads`, each part with its line, from 1."""
    tree, lines = _tree(code), code.encode().split(b"\n")
    found, line, column = [], 0, 0
    for node in tree.body[:-1] if tree else ():
        if isinstance(node, ast.Expr) and _calls(node.value, loads):
            end, over = (node.end_lineno or 1) - 1, node.end_col_offset or 0
            found.append((line + 1, _between(lines, line, column, end, over)))
            rest = lines[end][over:].lstrip(b" \t;")
            line, column = (end, len(lines[end]) - len(rest)) if rest else (end + 1, 0)
    return [*found, (line + 1, _between(lines, line, column, len(lines) - 1, len(lines[-1])))]


def _calls(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _between(lines: list[bytes], line: int, column: int, end: int, over: int) -> str:
    found = lines[line : end + 1]
    found[-1] = found[-1][:over]
    found[0] = found[0][column:]
    return b"\n".join(found).decode()


def after(code: str, line: int) -> tuple[int, str]:
    """What of a block follows its statement in a line, and in which line that begins; both from 1,
    and 0 where nothing does.
    """
    start = next((start for start, _ in _starts(code) if start > line), 0)
    return start, "\n".join(code.split("\n")[start - 1 :]) if start else ""


def unrun(
    code: str, place: tuple[int, int | None] | None, more: bool = False, goes_on: bool = False
) -> tuple[str, int]:
    """What is said of a block that went wrong at a place, beside what was wrong: what else of it
    has run, and what has not; and the line, from 1, from which on nothing has, 0 where all has.

    place    the line and the column of the statement; None: there was none, as it does not parse
    more     whether there is more behind the block
    goes_on  whether what stands behind the statement is run all the same
    """
    before, behind = around(code, *place) if place else (False, 0)
    if goes_on and (behind or more):
        return "; what follows is run all the same", 0
    if place is None:
        return "; nothing of it has run" if "\n" in code.strip() else "", 1
    said = ["what stands before it has run"] * before
    said += [f"what follows has not{'' if before else ' run'}"] * bool(behind or more)
    return f"; {', '.join(said)}" if said else "", behind


def around(code: str, line: int, column: int | None) -> tuple[bool, int]:
    """What else there is in a block beside the statement at a place, of which the column may be
    unknown: whether statements before it, and the line from 1 where those behind it begin; 0 for
    none.
    """
    starts = _starts(code)
    if column is None and sum(start[0] == line for start in starts) > 1:  # it may be any of them
        return True, line
    upto = sum(start <= (line, sys.maxsize if column is None else column) for start in starts)
    return upto > 1, starts[upto][0] if upto < len(starts) else 0


def _starts(code: str) -> list[tuple[int, int]]:
    """Where the statements of a block begin: lines from 1, columns from 0, in bytes."""
    tree = _tree(code)
    return [(_first_line(node), node.col_offset) for node in tree.body] if tree else []


def _first_line(node: ast.stmt) -> int:
    above: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in above)])


def parses(code: str) -> bool:
    """Whether code is whole and right, as far as its syntax goes."""
    return _tree(code) is not None


def _tree(code: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are for the line when it runs
        try:
            return ast.parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _silences(code: str) -> bool:
    """Whether code does nothing but silence: that is never held up."""
    tree = _tree(code.strip())
    return tree is not None and bool(tree.body) and all(map(_silence, tree.body))


def _silence(node: ast.stmt) -> bool:
    called = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    kind = KINDS.get(called.id) if isinstance(called, ast.Name) else None
    return kind is not None and kind.music == "ends"


def stands(code: str) -> bool:
    """Whether code is whole by itself, and does something."""
    tree = _tree(code)
    words = (ast.Name, ast.Constant, ast.Tuple)  # rather a part of something
    return tree is not None and not all(
        isinstance(node, ast.Expr) and isinstance(node.value, words) for node in tree.body
    )


def _begins(code: str) -> bool:
    """Whether one line begins what must go on with indented ones:
    an editor may send line by line.
    """
    if "\n" in code or parses(code):
        return False
    ends = ("\n pass", "\n pass\nfinally: pass", "\ndef f(): pass")
    return any(parses(code + end) for end in ends)


def keyboard(commands: Callable[[], bool], stdin: TextIO | None = None) -> Input:
    """The terminal's keys, bursts made pastes of; `commands`: whether letters are commands,
    as in vi's own mode.
    """
    if sys.platform == "win32":  # there prompt_toolkit does the same
        return create_input()
    from prompt_toolkit.input.vt100 import Vt100Input

    class TerminalInput(Vt100Input):
        def read_keys(self) -> list[KeyPress]:
            keys, end = super().read_keys(), time.monotonic() + LONGEST
            while keys and not self.closed and time.monotonic() < end:
                seconds = _patience(keys)
                if not seconds or not select.select([self.fileno()], [], [], seconds)[0]:
                    break
                keys += super().read_keys()
            return [*as_pastes(keys, commands())]

    return TerminalInput(stdin or sys.stdin)


def _patience(keys: list[KeyPress]) -> float:
    """Seconds to wait for more of a burst; 0 for what hands type."""
    ends = [key.key in (Keys.ControlM, Keys.ControlJ) for key in keys]
    if len(keys) < FEW or not any(ends):
        return 0.0
    return QUIET if ends[-1] else STILL


def as_pastes(keys: list[KeyPress], commands: bool = False) -> Iterator[KeyPress]:
    """The same keys, with what no hand types as a paste,
    and Enter behind it where it ends with one.
    """
    before: Keys | str = ""
    for text, run in groupby(keys, lambda key: key.key in TEXT or not isinstance(key.key, Keys)):
        found = [*run]
        if not text or before in COMMANDS:
            yield from found
        else:
            yield from _pasted(found, commands)
        before = found[-1].key


def _pasted(keys: list[KeyPress], commands: bool) -> Iterator[KeyPress]:
    text = "".join(key.data for key in keys).replace("\r\n", "\n").replace("\r", "\n")
    body, _, rest = text.rpartition("\n")
    whole = body.strip("\n")
    if len(whole.strip()) < 2:
        yield from map(_typed, body)
    else:
        yield from map(_typed, body[: len(body) - len(body.lstrip("\n"))][:2])  # the end of what came before
        yield KeyPress(Keys.BracketedPaste, Burst(whole))
        if "\n" not in whole and body.endswith("\n"):
            yield _typed("\n")  # of a block that came line by line
    if len(body) < len(text) - len(rest):
        yield _typed("\n")
    if len(rest) < FEW or commands:
        yield from map(_typed, rest)
    else:
        yield KeyPress(Keys.BracketedPaste, Burst(rest))


def _typed(character: str) -> KeyPress:
    return KeyPress({"\n": Keys.ControlM, "\t": Keys.ControlI}.get(character, character), character)
