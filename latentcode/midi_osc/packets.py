"""OSC packets as they arrive: bundles are opened, and of each message the numbers are read.

| types | are read as |
| --- | --- |
| i h f d r | numbers (r, a colour, as one of 32 bits) |
| T F | 1 and 0 |
| s S c b t m I N | an argument that is no number: it has its place, and is left out |
| [ … ] | one argument that is no number, whatever it holds |

A message with any other type is refused whole, as nobody knows where its next argument begins.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

BUNDLE, HEAD = b"#bundle\0", 16  # a bundle's mark; it and the time tag are so many bytes
NUMBERS = {
    tag: struct.Struct(form) for tag, form in zip("ihfdr", (">i", ">q", ">f", ">d", ">I"), strict=True)
}
SKIPPED = {"c": 4, "m": 4, "t": 8, "I": 0, "N": 0}  # bytes of what is no number
TRUTH = {"T": 1.0, "F": 0.0}
TEXTS, BLOB = "sS", "b"
SIZE = struct.Struct(">i")

Number = tuple[str, int, float]  # address, place among the arguments, value


def messages(packet: bytes) -> Iterator[bytes]:
    """The messages of a packet, those of bundles in their order.

    Raises ValueError for what is no OSC.
    """
    left = [packet]
    while left:
        part = left.pop()
        if part.startswith(BUNDLE):
            left += reversed(_elements(part))
        else:
            yield part


def numbers(message: bytes) -> list[Number]:
    """The finite numbers of a message. Raises ValueError for one that cannot be read to its end."""
    address, here = _text(message, 0)
    if not address.startswith("/"):
        raise ValueError(f"an OSC address begins with /, not {address[:20]!r}")
    if here == len(message):
        return []
    tags, here = _text(message, here)
    if not tags.startswith(","):
        raise ValueError("the types of an OSC message begin with a comma")
    found: list[Number] = []
    place = depth = 0
    for tag in tags[1:]:
        depth += (tag == "[") - (tag == "]")
        if depth < 0:
            raise ValueError("an OSC array ends before it begins")
        value = None
        if tag not in "[]":
            value, here = _argument(message, here, tag)
        if value is not None and depth == 0 and math.isfinite(value):
            found.append((address, place, value))
        place += depth == 0
    if depth:
        raise ValueError("an OSC array does not end")
    return found


def _elements(bundle: bytes) -> list[bytes]:
    found, here = [], HEAD
    if len(bundle) < HEAD:
        raise ValueError("an OSC bundle has a time tag")
    while here < len(bundle):
        size, here = _size(bundle, here)
        found.append(bundle[here : here + size])
        here += size
    return found


def _argument(message: bytes, here: int, tag: str) -> tuple[float | None, int]:
    """The value of an argument, None for what is no number; and where the next one begins."""
    if tag in TRUTH:
        return TRUTH[tag], here
    if tag in TEXTS:
        return None, _text(message, here)[1]
    if tag == BLOB:
        size, here = _size(message, here)
        return None, _within(message, here + -(-size // 4) * 4)
    if tag in NUMBERS:
        form = NUMBERS[tag]
        end = _within(message, here + form.size)
        return float(form.unpack_from(message, here)[0]), end
    if tag in SKIPPED:
        return None, _within(message, here + SKIPPED[tag])
    raise ValueError(f"OSC has no type {tag!r} that is known here")


def _text(message: bytes, here: int) -> tuple[str, int]:
    """A text, and where what follows it begins: it ends with a zero,
    and fills words of four bytes.
    """
    end = message.index(b"\0", here)
    return message[here:end].decode("utf-8"), _within(message, here + (end - here) // 4 * 4 + 4)


def _size(message: bytes, here: int) -> tuple[int, int]:
    """How long what follows is, and where it begins."""
    begin = _within(message, here + SIZE.size)
    (size,) = SIZE.unpack_from(message, here)
    if size < 0:
        raise ValueError("a size below 0")
    _within(message, begin + size)
    return size, begin


def _within(message: bytes, place: int) -> int:
    if place > len(message):
        raise ValueError("an OSC message that is cut off")
    return place
