"""The words of a mark: how each kind is written, what it stands for, and what it must look like.

`# @ NAME WORD WORD …` is one line of comment, so a word has no space in it; a plain value, as an
answer that code was given (`# @ answer 12.1 0.5`), is one word, too.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from latentcode.errors import EngineError, SessionError
from latentcode.files.texts import shown
from latentcode.parameters import MASTER

MARK = "# @ "
FINE = 10**12  # parts of a cycle, of which a sample has thousands at the slowest tempo
_VOICE = r"d([1-9]|1[0-6])"
_BYTES = "bytes in base64"  # the one key of what stands for bytes
_ESCAPED = re.compile(r"%\{([0-9a-f]{1,6})\}")

Place = tuple[Any, ...]
"""What a hand moves: ("gain", voice), ("pan", voice), ("master",), ("turn", rack, effect, parameter)."""


def word(value: object) -> str:
    """A value as one word of a mark: what would end the word or the line is written `%{20}`;
    nothing is `-`.
    """
    text = str(value).replace("%{", "%{25}{") or "-"
    return "".join(f"%{{{ord(one):x}}}" if one.isspace() or shown(one) != one else one for one in text)


def plain(text: str) -> str:
    """What a word stands for."""
    if "%{" not in text:  # as in nearly all
        return text
    return _ESCAPED.sub(lambda found: _character(int(found[1], 16)) or found[0], text)


def place_name(place: Place) -> str:
    """d1.gain, master, d1.fx.0.1 (place in the chain, parameter), master.fx.0.1."""
    if place[0] != "turn":
        return ".".join([f"d{voice + 1}" for voice in place[1:]] + [str(place[0])])
    rack = "master" if place[1] == MASTER else f"d{place[1] + 1}"
    return f"{rack}.fx.{place[2]}.{place[3]}"


def place_named(text: str) -> Place:
    """The place of a name."""
    first, *rest = text.split(".")
    rack = MASTER if first == "master" else int(first.removeprefix("d")) - 1
    if not rest:
        return (first,)
    return (rest[0], rack) if rest[0] != "fx" else ("turn", rack, int(rest[1]), int(rest[2]))


class WordKind(NamedTuple):
    """A kind of word: how it looks, and the way from and to what it stands for."""

    pattern: re.Pattern[str]
    read: Callable[[str], Any] = str
    write: Callable[[Any], object] = str
    check: Callable[[str], bool] = bool  # of what looks right

    def fits(self, text: str) -> bool:
        """Whether a word is of this kind, as it is written."""
        return self.pattern.fullmatch(text) is not None and self.check(text)


def text_of(value: Any) -> str:
    """A value as text without spaces. Raises EngineError for what is not plain.

    Plain: None, bool, int, float, str, bytes, and lists, tuples and dictionaries (keys are text) of
    these.
    """
    try:
        text = json.dumps(value, separators=(",", ":"), default=_told)
    except (TypeError, ValueError) as error:
        raise EngineError(f"{value!r} is no plain value: {error}") from error
    return text.replace(" ", "\\u0020")  # spaces stand inside texts alone


def value_of(text: str) -> Any:
    """The value of a text; lists come back as tuples. Raises SessionError for what is none."""
    try:
        return _frozen(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise SessionError(f"{text!r} is no answer that a session could have noted: {error}") from error


def is_value(text: str) -> bool:
    """Whether a text may be that of a value."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _told(value: Any) -> Any:
    if isinstance(value, bytes):
        return {_BYTES: base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} cannot be noted")


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    if not isinstance(value, dict):
        return value
    if value.keys() == {_BYTES}:
        return base64.b64decode(value[_BYTES])
    return {key: _frozen(item) for key, item in value.items()}


_LONGEST = 4000  # digits of a fraction; sets with many ramps had that many, and Python reads 4300
_DIGITS = f"[0-9]{{1,{_LONGEST}}}"
KINDS = {
    "SAMPLE": WordKind(re.compile(r"[0-9]{1,12}"), int),
    "FRAMES": WordKind(re.compile(r"[0-9]{1,12}"), int),  # so many samples, wherever they lie
    "TIME": WordKind(re.compile(r"-?[0-9]{1,12}"), int),  # a sample that may lie before the set begins
    "NUMBER": WordKind(re.compile(r"[0-9]{1,9}"), int),
    "WHOLE": WordKind(re.compile(r"-?[0-9]{1,20}"), int),
    "BUFFER": WordKind(re.compile(r"0*[1-9][0-9]{0,4}"), int),
    "VALUE": WordKind(re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,40})?(e[+-]?[0-9]{1,3})?"), float),
    "FRACTION": WordKind(re.compile(rf"-?{_DIGITS}(/0*[1-9][0-9]{{0,{_LONGEST}}}|\.{_DIGITS})?"), Fraction),
    "VOICE": WordKind(re.compile(_VOICE), lambda text: int(text[1:]) - 1, lambda voice: f"d{voice + 1}"),
    "PLACE": WordKind(
        re.compile(rf"master|{_VOICE}\.(gain|pan)|(master|{_VOICE})(\.fx\.[0-9]{{1,2}}\.[0-9]{{1,2}})"),
        place_named,
        place_name,
    ),
    "NAME": WordKind(re.compile(r"[0-9]{1,9}\.[0-9]{1,9}")),
    "WORD": WordKind(re.compile(r"\S+")),
    "JSON": WordKind(re.compile(r"\S+"), check=is_value),
}
SAMPLES = frozenset({"SAMPLE", "TIME"})  # the kinds that say where, and move with it
NOTHING = "-"  # a word of forms that stands for no value


class Form(NamedTuple):
    """The kinds of words of a mark: those that come first, and those that come again and again."""

    first: tuple[str, ...]
    again: tuple[str, ...]

    def kinds(self, words: int) -> tuple[str, ...]:
        """The kinds of so many words; of another number where the form has no such."""
        return (*self.first, *self.again * ((words - len(self.first)) // max(len(self.again), 1)))

    def read(self, words: Sequence[str]) -> list[Any] | None:
        """What words of this form stand for; None where they are of another."""
        kinds = self.kinds(len(words))
        pairs = list(zip(kinds, words, strict=False))
        if len(kinds) != len(words) or not all(_kind(kind).fits(text) for kind, text in pairs):
            return None
        return [_kind(kind).read(plain(text)) for kind, text in pairs if kind != NOTHING]

    def write(self, values: Sequence[Any]) -> list[str] | None:
        """Values as words of this form; None where it has another number of them."""
        count = len(values) + self.first.count(NOTHING)
        kinds, left = self.kinds(count), iter(values)
        if len(kinds) != count:
            return None
        return [NOTHING if kind == NOTHING else word(_kind(kind).write(next(left))) for kind in kinds]


@lru_cache
def form(text: str) -> Form:
    """A form, from how it is written down."""
    head, _, tail = text.partition("[")
    return Form(tuple(head.split()), tuple(tail.rstrip("]").split()))


@lru_cache
def _kind(name: str) -> WordKind:
    return KINDS.get(name) or WordKind(re.compile(re.escape(name)))  # a word that stands for itself


def _character(code: int) -> str:
    return chr(code) if code <= 0x10FFFF else ""


# the marks that have numbers for names


@dataclass(frozen=True)
class CommandMark:
    """One command of a block: what it was about, the digest of what was asked, and its stamp; of
    those with one stamp the mark that comes first, by its `line` in the file, counted first.
    """

    target: str
    digest: str
    stamp: int
    line: int = field(default=0, compare=False)

    def format(self, number: int) -> str:
        """The mark, for the block of a number."""
        return f"{MARK}{number} {word(self.target)} {word(self.digest)} {self.stamp}"


def block_mark(number: int, sample: int, cycle: Fraction | None = None) -> str:
    """What stands before the code of a block, accepted while `sample`, at a cycle,
    was the next to be rendered.
    """
    return f"{MARK}{number} {sample}" if cycle is None else f"{MARK}{number} {sample} {_short(cycle)}"


def _short(cycle: Fraction) -> str:
    """A cycle as a word: exactly, or, where ramps of the tempo have made it long, earlier by less
    than a thousandth of a sample, so that it still leads to that sample.
    """
    if cycle.denominator <= FINE or cycle < 0:
        return str(cycle)
    whole, part = divmod(cycle.numerator * FINE // cycle.denominator, FINE)
    return f"{whole}.{part:0{len(str(FINE)) - 1}d}"


def cycle_of(word: str) -> Fraction | None:
    """The cycle in the mark of a block; None where it is none."""
    kind = KINDS["FRACTION"]
    return kind.read(word) if kind.fits(word) else None


def opens_block(words: Sequence[str]) -> bool:
    """Whether the words of a mark open a block of code."""
    if not words or number_of(words[0]) is None or len(words) not in (2, 3):
        return False
    return len(words) == 2 or (words[1][0].isdecimal() and cycle_of(words[2]) is not None)


def number_of(text: str) -> int | None:
    """The whole number, of at most twelve digits, that a word is; None where it is none."""
    return int(text) if re.fullmatch("[0-9]{1,12}", text) else None
