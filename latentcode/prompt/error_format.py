"""Errors in one line, with the part of the musician's code that they come from."""

from __future__ import annotations

import io
import linecache
import re
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentcode.errors import LatentcodeError
from latentcode.prompt import error_hints, habits

PREFIX = "<line "  # how the files of blocks are called: <line 12>
CALLED = "<called>"  # what the code of a last expression is called that is a call
OWN = ("<module>", CALLED)  # what that of a block's own statements is called
KINDS = {"Pattern": "a pattern", "Trajectory": "a trajectory", "Voice": "a voice", "Voices": "d"}
LONGEST = 400  # characters of a message
MOST_SHOWN = 500  # blocks whose lines tracebacks show; those that define something are not counted
DEFINING = re.compile(r"\b(def|lambda|class)\b")
_shown: dict[str, None] = {}  # their names, those that ran last at the end


@dataclass(frozen=True)
class Origin:
    """Where a block stands: in a file (empty: at the prompt), from a line on."""

    file: str = ""
    line: int = 1

    def placed(self, code: str) -> str:
        """The block with as many lines before it as it has there,
        so that whatever tells a line tells that.
        """
        return "\n" * (self.line - 1) + code


TYPED = Origin()


def block_file(number: int, code: str, origin: Origin = TYPED) -> str:
    """The name under which a block is compiled, so that tracebacks can show its lines."""
    where = f": {Path(origin.file).name}" if origin.file else ""
    name = f"{PREFIX}{number}{where}>"
    text = origin.placed(code)
    linecache.cache[name] = (len(text), None, io.StringIO(text, newline=None).readlines(), name)
    _shown.pop(name, None)
    if not DEFINING.search(code):  # a function is asked for its lines as long as it is there
        _shown[name] = None
    while len(_shown) > MOST_SHOWN:
        oldest = next(iter(_shown))
        del _shown[oldest]
        linecache.cache.pop(oldest, None)
    return name


def one_line(error: BaseException, namespace: Mapping[str, Any] | None = None) -> str:
    """What is wrong, and where in the block if it has several lines."""
    if isinstance(error, SyntaxError):
        return _syntax(error)
    meant = error_hints.near_miss(error, namespace or {}) if isinstance(error, AttributeError) else ""
    text = _shortened(meant or _message(error) + _suggestion(error, namespace or {}))
    frame = _last_frame(error)
    if frame is None or frame.lineno is None:
        return text
    place, file = _segment(frame), _file(frame.filename)
    if file or len(linecache.getlines(frame.filename)) > 1:
        return f"{text}  ({file}line {frame.lineno}: {place})"
    return text if place in text or isinstance(error, LatentcodeError) else f"{text}  (in {place})"


def full(error: BaseException) -> str:
    """The traceback, from the musician's code on."""
    shown = error.with_traceback(_user_part(error))
    if shown.__cause__ is not None and isinstance(error, LatentcodeError):
        shown.__suppress_context__, shown.__cause__ = True, None
    return "".join(traceback.format_exception(type(shown), shown, shown.__traceback__)).rstrip()


def _message(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    if isinstance(error, LatentcodeError):
        return _marked(str(error)) or type(error).__name__
    if isinstance(error, RecursionError):
        return "a function calls itself without an end; let it call another, or stop at a number"
    if isinstance(error, SystemExit):
        return "a line cannot leave with SystemExit; type exit(), or Ctrl-D"
    kind = _kind(getattr(error, "obj", None)) if isinstance(error, AttributeError) else None
    if kind is not None:
        return f"{kind} has no {error.name!r}"  # type: ignore[attr-defined]
    explained = error_hints.explained(error, _code(error)) if isinstance(error, TypeError) else None
    if explained is not None:
        return explained
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _kind(value: object) -> str | None:
    """What a musician calls one of our objects."""
    names = {kind.__name__ for kind in type(value).__mro__ if kind.__module__.startswith("latentcode.")}
    spoken = next((spoken for name, spoken in KINDS.items() if name in names), None)
    return spoken if spoken or not names else f"the {type(value).__name__.strip('_').lower()}"


def _marked(text: str) -> str:
    """A message with a caret under a place, in one line:
    the place is marked in the text instead.
    """
    lines = text.split("\n")
    if len(lines) < 3 or lines[-1].strip() != "^":
        return " ".join(text.split())
    *said, shown, caret = lines
    place = caret.index("^")
    return f"{' '.join(said)}, here: {(shown[:place] + '▸' + shown[place:]).strip()}"


def _suggestion(error: BaseException, namespace: Mapping[str, Any]) -> str:
    name = getattr(error, "name", None)
    if not isinstance(name, str) or "did you mean" in str(error).lower():
        return ""
    if isinstance(error, AttributeError):
        if hint := habits.told(name, error):
            return f"; {hint}"
        known = [known for known in dir(getattr(error, "obj", None)) if not known.startswith("_")]
    elif isinstance(error, NameError):
        if habits.VOICE.fullmatch(name):
            return "; the voices are d1 to d16"
        if hint := error_hints.meant(name, namespace, error):
            return f"; {hint}"
        known = [key for key in namespace if not key.startswith("_")]
    else:
        return ""
    hint = habits.spelled(name, known, error)
    return f"; {hint}" if hint else ""


def _syntax(error: SyntaxError) -> str:
    text = (error.text or "").rstrip("\n")
    place = max((error.offset or 1) - 1, 0)
    marked = (text[:place] + "▸" + text[place:]).strip()
    file = _file(error.filename or "")
    where = f"{file}line {error.lineno}: " if file or (error.lineno or 1) > 1 else ""
    advice = f"; type {hint}" if (hint := error_hints.slip(text)) else ""
    said = f"{type(error).__name__}: {error.msg}{advice}  ({where}{marked})"
    return _shortened(said if text else f"{error.msg}")


def _file(name: str) -> str:
    """The file that a block was read from, as it stands before a line: "prep.py, "."""
    found = re.fullmatch(rf"{PREFIX}\d+: (.*)>", name)
    return f"{found[1]}, " if found else ""


def _last_frame(error: BaseException) -> traceback.FrameSummary | None:
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame for frame in reversed(frames) if frame.filename.startswith(PREFIX)), None)


def line_of(error: BaseException | None) -> int:
    """The line of a block, from 1, in whose statement it raised;
    its end when that cannot be told.
    """
    frames = traceback.extract_tb(error.__traceback__) if error is not None else []
    line = next((frame.lineno for frame in frames if frame.filename.startswith(PREFIX)), None)
    return sys.maxsize if line is None else line


def place_in(error: BaseException, number: int) -> tuple[int, int | None] | None:
    """The line of a block, from 1, and its column in bytes, where Python tells it, at which its
    own statement raised; None where that cannot be told.
    """
    frames = traceback.extract_tb(error.__traceback__)
    block = (f"{PREFIX}{number}>", f"{PREFIX}{number}: ")
    frame = next((one for one in frames if one.filename.startswith(block) and one.name in OWN), None)
    return None if frame is None or frame.lineno is None else (frame.lineno, getattr(frame, "colno", None))


def line_in(error: BaseException) -> int:
    """The line of a block, from 1, that is wrong; 0 where that cannot be told."""
    if isinstance(error, SyntaxError) and (error.filename or "").startswith(PREFIX):
        return error.lineno or 0
    frame = _last_frame(error)
    return 0 if frame is None else frame.lineno or 0


def _code(error: BaseException) -> str:
    """The line of the block that raised."""
    frame = _last_frame(error)
    return linecache.getline(frame.filename, frame.lineno or 1) if frame else ""


def _segment(frame: traceback.FrameSummary) -> str:
    """The expression that raised, where Python tells it, else its line."""
    line = linecache.getline(frame.filename, frame.lineno or 1).rstrip("\n")
    if sys.version_info >= (3, 11) and frame.colno is not None and frame.end_lineno == frame.lineno:
        data = line.encode()[frame.colno : frame.end_colno]
        return data.decode(errors="replace").strip() or line.strip()
    return line.strip()


def _user_part(error: BaseException) -> Any:
    trace = error.__traceback__
    while trace is not None and not trace.tb_frame.f_code.co_filename.startswith(PREFIX):
        trace = trace.tb_next
    return trace if trace is not None else error.__traceback__


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
