"""Where the samples of a sound file lie, whatever its header promises.

A program that streams a sound cannot know its length when it writes the header, and leaves zeros,
ones, or the largest number that it knows; a copy that broke off promises more than is there. So the
chunk of samples decides, held to the size of the file.
"""

from __future__ import annotations

import io
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

UNKNOWN = 0x7F000000  # bytes; from here on a length is that of a stream: sox writes this, or 0x7ffff000
MOST_CHUNKS = 10_000
SMALL, LARGE = (1 << 32) - 1, (1 << 63) - 1


@dataclass(frozen=True)
class Layout:
    """How chunks follow one another: each has a name, a size and a content,
    padded to `pad` bytes.
    """

    first: int  # the byte at which the first chunk begins
    name: int  # bytes of a chunk's name
    size: str  # of a chunk, as struct writes it
    data: bytes  # the name of the chunk that holds the samples
    pad: int = 2
    inclusive: bool = False  # whether the size counts name and size, too


LAYOUTS = {
    b"RIFF": Layout(12, 4, "<I", b"data"),
    b"RIFX": Layout(12, 4, ">I", b"data"),
    b"RF64": Layout(12, 4, "<I", b"data"),
    b"BW64": Layout(12, 4, "<I", b"data"),
    b"FORM": Layout(12, 4, ">I", b"SSND"),
    b"caff": Layout(8, 4, ">q", b"data", pad=1),
    b"riff": Layout(40, 16, "<Q", b"data\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a", 8, inclusive=True),
}
LONG = (b"RF64", b"BW64")  # their sizes stand in a chunk of its own, the first one


@dataclass(frozen=True)
class Samples:
    """The bytes of the samples: where they begin, how many there are,
    and how many the header promises.

    `amend`: what must stand where in the header for it to be true, empty where readers understand
    it as it is.
    """

    begin: int
    size: int
    promised: int
    amend: tuple[tuple[int, bytes], ...] = ()

    @property
    def cut_off(self) -> bool:
        """Whether the file ends before what its header promises, and that was meant."""
        return self.size < self.promised < UNKNOWN


def find(path: Path) -> Samples | None:
    """Where the samples of a file are, None for a format without chunks, or a damaged one.

    Raises OSError.
    """
    with path.open("rb") as file:
        magic = file.read(4)
        layout = LAYOUTS.get(magic)
        size = os.fstat(file.fileno()).st_size
        if magic == b".snd":
            return _sun(file, size)
        found = _chunk(file, layout, layout.data, size) if layout else None
        if layout is None or found is None:
            return None
        begin, promised = found
        there = max(size - begin, 0)
        if magic in LONG:
            return _long(file, magic, begin, there, layout, size)
        empty = promised == 0 and _chunks_to_end(file, layout, begin, size)
        held = 0 if empty else _held(promised, there)
        return Samples(
            begin, held, promised if promised >= 0 else LARGE, _amendments(magic, layout, found, held, size)
        )


def _held(promised: int, there: int) -> int:
    """How many bytes of samples there are: what is promised, or all, where the promise is none."""
    if promised > 0 and (promised < UNKNOWN or promised <= there):
        return min(promised, there)
    return there


def _amendments(
    magic: bytes, layout: Layout, found: tuple[int, int], held: int, size: int
) -> tuple[tuple[int, bytes], ...]:
    """What makes a header true, in those formats where libsndfile does not see it by itself."""
    begin, promised = found
    places = {b"RIFF": [(4, size - 8), (begin - 4, held)], b"caff": [(begin - 8, held)]}
    places[b"RIFX"] = places[b"RIFF"]
    if held == promised:
        return ()
    pack = struct.Struct(layout.size).pack
    return tuple((at, pack(min(value, SMALL - 1))) for at, value in places.get(magic, []))


def _sun(file: BinaryIO, size: int) -> Samples:
    """The samples of an AU file, whose header is of one piece."""
    file.seek(4)
    begin, promised = struct.unpack(">II", file.read(8).ljust(8, b"\0"))
    there = max(size - begin, 0)
    held = _held(promised, there)
    return Samples(begin, held, promised, ((8, struct.pack(">I", held)),) if promised == 0 and held else ())


def opened(path: Path, found: Samples | None) -> BinaryIO | None:
    """A file whose header has been amended, None where it needs no amendment."""
    return io.BufferedReader(_Amended(path, dict(found.amend))) if found and found.amend else None


def _chunk(file: BinaryIO, layout: Layout, name: bytes, size: int) -> tuple[int, int] | None:
    """Where a chunk's content begins, and how many bytes it claims to have."""
    at, head = layout.first, layout.name + struct.calcsize(layout.size)
    for _ in range(MOST_CHUNKS):
        file.seek(at)
        read = file.read(head)
        if len(read) < head:
            return None
        (length,) = struct.unpack(layout.size, read[layout.name :])
        length -= head if layout.inclusive else 0
        if read[: layout.name] == name:
            return at + head, length
        if length < 0 or at + head + length > size:
            return None
        at += -(-(head + length) // layout.pad) * layout.pad
    return None


def _chunks_to_end(file: BinaryIO, layout: Layout, at: int, size: int) -> bool:
    """Whether all from here on are further chunks: what claims to be without samples is."""
    head = layout.name + struct.calcsize(layout.size)
    for _ in range(MOST_CHUNKS):
        if at + head > size:
            break
        file.seek(at)
        read = file.read(head)
        (length,) = struct.unpack(layout.size, read[layout.name :])
        if not read[: layout.name].isascii() or not 0 <= length <= size - at:
            return False
        at += -(-(head + length) // layout.pad) * layout.pad
    return at >= size


def _long(file: BinaryIO, magic: bytes, begin: int, there: int, layout: Layout, size: int) -> Samples | None:
    """The samples of a file with sizes of 64 bits: of the whole, of the samples, their count."""
    sizes = _chunk(file, layout, b"ds64", size)
    if sizes is None:
        return None
    file.seek(sizes[0] + 8)
    (promised,) = struct.unpack("<Q", file.read(8))
    held = _held(promised, there)
    amend = [(0, b"RF64")] if magic == b"BW64" else []
    if held != promised:
        amend.append((sizes[0], struct.pack("<QQQ", size - 8, held, 0)))
    return Samples(begin, held, min(promised, LARGE), tuple(amend))


class _Amended(io.RawIOBase):
    """A file as it would be with other bytes in its header."""

    def __init__(self, path: Path, amend: dict[int, bytes]) -> None:
        self._file, self._amend = path.open("rb", buffering=0), amend

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        at = self._file.tell()
        count = self._file.readinto(buffer)
        for place, new in self._amend.items():
            for index, byte in enumerate(new, place - at):
                if 0 <= index < count:
                    buffer[index] = byte
        return count

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()
