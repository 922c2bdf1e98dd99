"""MIDI messages as bytes, from values as inputs have them: 0 to 1, bend −1 to 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

KEYS = 127
CENTRE = 8192  # of 14 bits


class Format(NamedTuple):
    """How a value becomes a number on the wire, and that number messages.

    least, most   what values can be; those beyond are moved to the edge
    number        a value → a whole number
    bytes         channel (0 to 15), what (the number of a controller, 0 where there is none),
                  number → messages
    """

    least: float
    most: float
    number: Callable[[float], int]
    bytes: Callable[[int, int, int], list[bytes]]


def _seven(value: float) -> int:
    return round(value * KEYS)


def _nrpn(channel: int, what: int, number: int) -> list[bytes]:
    pairs = ((99, what >> 7), (98, what & KEYS), (6, number >> 7), (38, number & KEYS))
    return [bytes((0xB0 | channel, *pair)) for pair in pairs]


FORMATS: dict[str, Format] = {
    "cc": Format(0, 1, _seven, lambda channel, what, number: [bytes((0xB0 | channel, what, number))]),
    "nrpn": Format(0, 1, lambda value: round(value * 16383), _nrpn),
    "pressure": Format(0, 1, _seven, lambda channel, what, number: [bytes((0xD0 | channel, number))]),
    "program": Format(0, KEYS, round, lambda channel, what, number: [bytes((0xC0 | channel, number))]),
    "bend": Format(
        -1,
        1,
        lambda value: min(round(value * CENTRE) + CENTRE, 16383),
        lambda channel, what, number: [bytes((0xE0 | channel, number & KEYS, number >> 7))],
    ),
}


def note_on(channel: int, key: int, velocity: float) -> bytes:
    """A key is struck; `channel` 0 to 15, `velocity` above 0 to 1."""
    return bytes((0x90 | channel, key, min(max(round(velocity * KEYS), 1), KEYS)))


def note_off(channel: int, key: int) -> bytes:
    """A key is let go."""
    return bytes((0x80 | channel, key, 0))
