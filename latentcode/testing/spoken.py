"""Messages as tuples, (name, fields …), as tests write them down."""

from __future__ import annotations

from typing import Any

from msgspec.structs import astuple

from latentcode.protocol.messages import Ask, FromDesk, Message, Timing, by_name, name_of
from latentcode.protocol.observing import ToObserver
from latentcode.protocol.player_messages import FromPlayer, ToPlayer

OPEN = (Ask, Timing)  # messages whose last field is any number of values
KINDS = by_name(FromDesk | ToObserver | ToPlayer | FromPlayer)


def spoken(message: Message) -> tuple[Any, ...]:
    """A message as a tuple."""
    fields = astuple(message)
    return (name_of(message), *((*fields[:-1], *fields[-1]) if isinstance(message, OPEN) else fields))


def made(name: str, *values: Any) -> Any:
    """The message of a name, with its fields."""
    kind: Any = KINDS[name]
    fixed = len(kind.__struct_fields__) - 1
    return kind(*values[:fixed], tuple(values[fixed:])) if kind in OPEN else kind(*values)
