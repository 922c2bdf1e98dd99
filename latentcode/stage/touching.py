"""What pages say of the hands on them, and which finger is which."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

from msgspec import Meta, MsgspecError, Struct, json

MOST_FINGERS = 10  # on all pages together
MOST_AT_ONCE = 64  # things that one message says

Place = Annotated[float, Meta(ge=0, le=1)]
Values = tuple[tuple[str, float], ...]


class Said(Struct, forbid_unknown_fields=True):
    """What a page says.

    fingers  (its own number of a finger, x, y) that are down on the map, or have moved
    lifted   the numbers of those that are there no more
    sliders  (name, place) that were moved
    """

    fingers: list[tuple[int, Place, Place]] = []
    lifted: list[int] = []
    sliders: list[tuple[str, Place]] = []


def read(text: str | bytes) -> Said | None:
    """What a page says; None for what it cannot say."""
    try:
        said = json.decode(text, type=Said)
    except (MsgspecError, UnicodeError, RecursionError):
        return None
    count = len(said.fingers) + len(said.lifted) + len(said.sliders)
    return said if count <= MOST_AT_ONCE else None


class Surface:
    """The fingers of all pages, and the sliders that there are; `tell` gets what they do.

    A finger is the first number that is free, from 1, for as long as it is down.
    """

    def __init__(self, tell: Callable[[Values], None]) -> None:
        self._tell = tell
        self._down: dict[tuple[object, int], int] = {}
        self._places: dict[int, tuple[float, float]] = {}
        self.sliders: frozenset[str] = frozenset()

    def hear(self, page: object, said: Said) -> None:
        """What a page says of its hands; nothing where no slider has such a name, or no finger is
        free.
        """
        found: list[tuple[str, float]] = []
        for own, x, y in said.fingers:
            found += self._moved((page, own), x, y)
        found += self._lifted((page, own) for own in said.lifted)
        found += [(f"slider:{name}", place) for name, place in said.sliders if name in self.sliders]
        if found:
            self._tell(tuple(found))

    def leave(self, page: object) -> None:
        """A page has gone, and its fingers with it."""
        if found := self._lifted([known for known in self._down if known[0] is page]):
            self._tell(tuple(found))

    @property
    def fingers(self) -> list[tuple[int, float, float]]:
        """Where fingers are down: (number, x, y)."""
        return [(number, *place) for number, place in sorted(self._places.items())]

    def _moved(self, finger: tuple[object, int], x: float, y: float) -> list[tuple[str, float]]:
        number, new = self._down.get(finger), finger not in self._down
        if number is None:
            free = (one for one in range(1, MOST_FINGERS + 1) if one not in self._places)
            if (number := next(free, None)) is None:
                return []
            self._down[finger] = number
        self._places[number] = (x, y)
        return [
            (_key("x", number), x),
            (_key("y", number), y),
            *([(_key("down", number), 1.0)] if new else []),
        ]

    def _lifted(self, fingers: Iterable[tuple[object, int]]) -> list[tuple[str, float]]:
        numbers = [number for finger in fingers if (number := self._down.pop(finger, None)) is not None]
        for number in numbers:
            del self._places[number]
        return [(_key("down", number), 0.0) for number in numbers]


def _key(what: str, finger: int) -> str:
    return f"touch:{what}" + (f"#{finger}" if finger > 1 else "")
