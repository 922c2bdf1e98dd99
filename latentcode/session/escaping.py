"""Code in a journal: where it ends, and how it is written so that nothing of it is taken for a
mark.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable, Iterator

from latentcode.files import texts
from latentcode.session.header import is_header
from latentcode.session.marks import MARK

_OWN = re.compile(r"# (\\*)@")  # a musician's own comment that looks like a mark


def parts(lines: list[str]) -> Iterator[tuple[int | None, int, int]]:
    """The line of each mark (None before the first), and those from the next on that are code,
    the last not included.

    All that tells of marks is comments. Where another header stands behind blocks, in a file that
    was put together of several sessions, they are over.
    """
    mark, begin, headed, blocks = None, 0, False, False
    while True:
        end = _mark_line(lines, begin)
        yield mark, begin, end
        if end == len(lines):
            return
        words = lines[end][len(MARK) :].split(maxsplit=1)
        if is_header(words):
            if headed and blocks:
                return
            headed = True
        blocks = blocks or (bool(words) and words[0].isdigit())
        mark, begin = end, end + 1


def _mark_line(lines: list[str], begin: int) -> int:
    """The first line from `begin` on that is a mark: a comment, and not text in a string.

    Where the code before it is damaged, the first that looks like one. The number of lines where
    there is none.
    """
    looks = next((n for n in range(begin, len(lines)) if lines[n].startswith(MARK)), len(lines))
    if looks in (begin, len(lines)):
        return looks
    if _no_long_strings("\n".join(lines[begin:looks])):
        return looks
    found = _mark_comment(lines, begin)
    return found if found == looks or whole("\n".join(lines[begin:found])) else looks


def _no_long_strings(code: str) -> bool:
    """Whether no string can go on beyond a line, so that no text is taken for a mark; most code is
    so, and need not be read as Python.
    """
    return "\\" not in code and '"""' not in code and "'''" not in code


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


def escaped(code: str) -> str:
    """A block as it is written: Python ends lines at carriage returns, too;
    what is no Python becomes comments.
    """
    code = code.replace("\r\n", "\n").replace("\r", "\n")
    if not whole(code):
        return "\n".join(f"#  {texts.shown(line)}" for line in code.split("\n"))
    return _in_comments(code, lambda found: f"# {found[1]}\\@")


def unescaped(code: str) -> str:
    return _in_comments(code, lambda found: f"# {found[1][:-1]}@")


def _in_comments(code: str, change: Callable[[re.Match[str]], str]) -> str:
    """`code` with the beginning of each comment that looks like a mark changed."""
    if "@" not in code:
        return code
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


def whole(code: str) -> bool:
    """Whether it is Python, to its end."""
    try:
        compile(code, "<block>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


def says_something(code: str) -> bool:
    """Whether there is more than comments."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in code.split("\n"))
