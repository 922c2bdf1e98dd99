"""What is said on the line between an editor and a set: a JSON object a line, in UTF-8.

A request has an `op` and, if its sender wants to know which answer is whose, an `id`; each gets one
answer, `{"id": …, "ok": …}`. What is pushed has an `event` instead. docs/editors.md tells it whole.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias, get_args

import msgspec
from msgspec import Meta, Struct

from latentcode.errors import EngineError
from latentcode.files.texts import whole
from latentcode.remote.incoming import Outcome

LONGEST = 1 << 20  # bytes of a line
CUT = 1 << 18  # characters of a text that is cut, at first
MOST_LINES = 1_000_000  # of a file
EVENTS = ("sounding", "state", "message", "block")


class Request(Struct, frozen=True, kw_only=True, tag_field="op", tag=str.lower):
    """What all requests have in common."""

    id: int | str | None = None


class Hello(Request, frozen=True, kw_only=True):
    """Who speaks: the name that stands in the journal at its blocks."""

    name: str


class Eval(Request, frozen=True, kw_only=True):
    """Run a block, which stands in a line (from 1) of a file.

    The answer comes when it has run, and, after `wait` seconds at the most, when the engine has
    taken or refused what it asks for.
    """

    code: str
    file: str = ""
    line: Annotated[int, Meta(ge=1, le=MOST_LINES)] = 1
    wait: float = 0.0


class Hush(Request, frozen=True, kw_only=True):
    """All voices fade out."""


class Panic(Request, frozen=True, kw_only=True):
    """Silence at once."""


class Interrupt(Request, frozen=True, kw_only=True):
    """What Ctrl-C is at the prompt: the block of an editor that runs is ended."""


class Listen(Request, frozen=True, kw_only=True):
    """Which events are to be told from now on, and no others."""

    events: tuple[str, ...]


class State(Request, frozen=True, kw_only=True):
    """How the set stands."""


Requests: TypeAlias = Hello | Eval | Hush | Panic | Interrupt | Listen | State
OPS = tuple(str(one.__struct_config__.tag) for one in get_args(Requests))
_decoder: msgspec.json.Decoder[Requests] = msgspec.json.Decoder(Requests)


def read(line: bytes) -> Requests:
    """The request in a line. Raises EngineError, with what a request is, for none."""
    try:
        return _decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise EngineError(
            f"no request: {error}; a request is a line as "
            f'{{"op": "eval", "id": 1, "code": "hush()"}}, and an op one of {", ".join(OPS)}'
        ) from None


def id_of(line: bytes) -> int | str | None:
    """The id of what is no request, so that its sender knows what was wrong."""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    known = found.get("id") if isinstance(found, dict) else None
    return known if isinstance(known, (int, str)) else None


def written(message: dict[str, Any]) -> bytes:
    """A message as a line; of one that would be too long for a line the longest texts are cut."""
    line, most = as_line(message), CUT
    while len(line) > LONGEST:
        line, most = as_line(_shortened(message, most)), most // 2
    return line


def as_line(message: dict[str, Any]) -> bytes:
    """A message as a line, however long; what is half a character is a sign."""
    try:
        return msgspec.json.encode(message) + b"\n"
    except UnicodeEncodeError:  # half a character, as Python's texts may have
        return msgspec.json.encode({name: _whole(value) for name, value in message.items()}) + b"\n"


def _shortened(value: Any, most: int) -> Any:
    """A value whose texts and lists have so many parts at most."""
    if isinstance(value, str):
        return value if len(value) <= most else f"{value[:most]}…"
    if isinstance(value, dict):
        return {name: _shortened(item, most) for name, item in value.items()}
    return [_shortened(item, most) for item in value[:most]] if isinstance(value, (list, tuple)) else value


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value)
    return [_whole(one) for one in value] if isinstance(value, (list, tuple)) else value


def answer(outcome: Outcome, refused: list[str]) -> dict[str, Any]:
    """What an editor is told of a block; lines are those of its file."""
    errors = [text for text in (outcome.error, *refused) if text]
    told: dict[str, Any] = {
        "ok": not errors,
        "block": outcome.number,
        "value": outcome.value,
        "printed": outcome.printed,
        "notes": list(outcome.notes),
    }
    if errors:
        told["error"] = "\n".join(errors)
    for name in ("line", "unrun"):
        if line := getattr(outcome, name):
            told[name] = line
    return told
