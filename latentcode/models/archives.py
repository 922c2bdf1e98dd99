"""The files that torch writes, as data: a pickle, and the numbers of its tensors beside it.

`torch.save` writes a zip, or what it wrote before 1.6; `torch.jit.save` a zip with the source of
its classes beside the pickle.

Nothing that a file names is imported or run, and nothing is allocated that the file is too small to
fill. Does not import torch.
"""

from __future__ import annotations

import io
import math
import os
import pickle
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import numpy as np

from latentcode.arrays import Float32
from latentcode.models.card import LEGACY_START, ZIP_START
from latentcode.models.pickles import MOST_BYTES, Known, Name, Record, ordered, read_pickle

PIECE = 1 << 20  # bytes that are read at a time
FLOATS = {"Float": "<f4", "Double": "<f8", "Half": "<f2", "BFloat16": "<u2"}
DTYPES = FLOATS | {
    "Long": "<i8", "Int": "<i4", "Short": "<i2", "Char": "<i1", "Byte": "<u1", "Bool": "<u1",
    "ComplexFloat": "<c8", "ComplexDouble": "<c16", "QInt8": "<i1", "QUInt8": "<u1", "QInt32": "<i4",
}  # fmt: skip
UNREADABLE = (  # what damaged pickles and archives are known to raise
    *(pickle.UnpicklingError, EOFError, AttributeError, TypeError, ValueError, LookupError, ArithmeticError),
    *(MemoryError, RuntimeError, ImportError, OSError, struct.error, zlib.error, zipfile.BadZipFile),
)
JIT_LISTS = ("restore_type_tag", "build_intlist", "build_doublelist", "build_boollist", "build_tensorlist")


@dataclass(frozen=True)
class Storage:
    """A run of numbers somewhere in the file."""

    kind: str  # a key of DTYPES
    key: str
    count: int

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(DTYPES[self.kind])

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.count * self.dtype.itemsize


@dataclass(frozen=True)
class StoredTensor:
    """A view of a storage: where it starts, its shape and its strides, in numbers.

    `negative`: the numbers are kept with the other sign, as torch keeps the imaginary part of a
    conjugate.
    """

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    negative: bool = False

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return math.prod(self.shape)

    @property
    def last(self) -> int:
        """The place of its last number, counted from its first."""
        return sum((size - 1) * stride for size, stride in zip(self.shape, self.strides, strict=True))

    def trouble(self, archive: Archive) -> str:
        """What speaks against reading it as weights; empty when nothing does."""
        if self.storage.kind not in FLOATS:
            return "is not of a floating-point type"
        if self.storage.size > archive.size_of(self.storage):
            return f"claims {self.storage.size} bytes; its storage in the file is smaller than its tensor"
        if self.count > self.storage.count or self.offset + self.last >= self.storage.count:
            return f"claims {self.count} numbers, which reach beyond the {self.storage.count} of its storage"
        return ""

    def view(self, archive: Archive) -> np.ndarray[Any, np.dtype[Any]]:
        """The tensor's numbers as they are kept."""
        dtype = self.storage.dtype
        span = archive.read(self.storage.key, self.offset * dtype.itemsize, (self.last + 1) * dtype.itemsize)
        steps = [stride * dtype.itemsize for stride in self.strides]
        return np.lib.stride_tricks.as_strided(np.frombuffer(span, dtype), self.shape, steps, writeable=False)

    def array(self, archive: Archive) -> Float32:
        """The tensor's numbers, widened to float32."""
        view = self.view(archive)
        if self.storage.kind == "BFloat16":
            found: Float32 = (np.ascontiguousarray(view).astype(np.uint32) << 16).view(np.float32)
        else:
            with np.errstate(
                over="ignore"
            ):  # what float32 cannot hold is refused with all that is not finite
                found = np.array(view, dtype=np.float32, order="C")
        return np.negative(found) if self.negative else found


@dataclass(frozen=True)
class Archive:
    """A file's pickle as plain values, and how to read (key of a storage, first byte, count).

    `sizes`: the bytes of each storage that are really in the file. `text`: a source in it by its
    place, "__torch__/model.py", empty where it has none.
    """

    content: object
    sizes: dict[str, int]
    read: Callable[[str, int, int], bytes]
    text: Callable[[str], str] = lambda place: ""

    def size_of(self, storage: Storage) -> int:
        return self.sizes.get(storage.key, 0)


def holds_code(path: Path) -> bool:
    """Whether a file is what `torch.jit.save` writes; False where it is damaged."""
    try:
        with path.open("rb") as file:
            if file.read(len(ZIP_START)) != ZIP_START:
                return False
        with in_pieces(path) as file, zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except UNREADABLE:
        return False
    roots = {name.removesuffix("constants.pkl") for name in names if name.endswith("/constants.pkl")}
    return any(name.startswith(tuple(f"{root}code/" for root in roots)) for name in names) if roots else False


def read_archive(path: Path) -> Archive:
    """What is in a file of torch.

    Raises ValueError, OSError, BadZipFile and others for what is none.
    """
    with path.open("rb") as file:
        zipped = file.read(len(ZIP_START)) == ZIP_START
    return _read_zip(path) if zipped else _read_legacy(path)


class _Pieces(io.BufferedReader):
    """A file that gives no more at once than a checkpoint needs:
    a zip's directory may claim any size.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MOST_BYTES:
            raise ValueError(f"it asks for {size} bytes at once")
        return super().read(MOST_BYTES if size is None or size < 0 else size)


def in_pieces(path: Path) -> io.BufferedReader:
    """A file to read a zip from that somebody else has made."""
    return _Pieces(io.FileIO(path))


def _read_zip(path: Path) -> Archive:
    with in_pieces(path) as file, zipfile.ZipFile(file) as archive:
        entries = {info.filename: info for info in archive.infolist()}
        pickles = [info for name, info in entries.items() if name.endswith("/data.pkl")]
        if len(pickles) != 1 or pickles[0].file_size > MOST_BYTES:
            raise ValueError("no data.pkl")
        root = pickles[0].filename.removesuffix("data.pkl")
        if (order := entries.get(f"{root}byteorder")) and _start(archive, order) != b"little":
            raise ValueError("big-endian")
        unpacked = io.BytesIO(_start(archive, pickles[0]))
    size, place = os.path.getsize(path), f"{root}data/"
    stored = {name.removeprefix(place): info for name, info in entries.items() if name.startswith(place)}
    sizes = {key: info.file_size for key, info in stored.items() if _plain(info, size)}

    def read(key: str, first: int, count: int) -> bytes:
        with in_pieces(path) as file, zipfile.ZipFile(file) as archive, archive.open(stored[key]) as entry:
            return _span(entry, first, count)

    @lru_cache(maxsize=4)
    def text(place: str) -> str:
        info = entries.get(f"{root}code/{place}")
        if info is None:
            return ""
        with in_pieces(path) as file, zipfile.ZipFile(file) as archive, archive.open(info) as entry:
            return entry.read(MOST_BYTES).decode(errors="replace")

    return Archive(read_pickle(unpacked, KNOWN, _reference), sizes, read, text)


def _start(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{info.filename} is compressed, as torch never does")
    with archive.open(info) as entry:
        return entry.read(MOST_BYTES)


def _plain(info: zipfile.ZipInfo, size: int) -> bool:
    """Whether an entry is kept as it is, as torch keeps storages, in a file of `size` bytes."""
    whole = info.compress_size == info.file_size and info.header_offset + info.file_size <= size
    return info.compress_type == zipfile.ZIP_STORED and whole


def _span(entry: IO[bytes], first: int, count: int) -> bytes:
    """Bytes of a zip's entry; all of it is read, so that its checksum is held against it."""
    found, place = bytearray(count), 0
    while piece := entry.read(PIECE):
        begin, end = max(first, place), min(first + count, place + len(piece))
        if begin < end:
            found[begin - first : end - first] = piece[begin - place : end - place]
        place += len(piece)
    if place < first + count:
        raise ValueError("a storage is smaller than its tensor")
    return bytes(found)


def _read_legacy(path: Path) -> Archive:
    size = os.path.getsize(path)
    with path.open("rb") as file:
        if file.read(len(LEGACY_START)) != LEGACY_START:
            raise ValueError("no torch checkpoint")
        file.seek(0)
        head = io.BytesIO(file.read(MOST_BYTES))
        for _ in range(3):  # the magic number, a version, the system's sizes
            read_pickle(head, {}, _reference)
        storages: dict[str, Storage] = {}
        content = read_pickle(head, KNOWN, lambda given: _noted(_reference(given), storages))
        keys = read_pickle(head, {}, _reference)
        file.seek(head.tell())
        if not isinstance(keys, list) or not storages.keys() >= set(keys):
            raise ValueError("it does not say where its tensors are")
        places = dict(_place(file, storages[key], size) for key in keys)

    def read(key: str, first: int, count: int) -> bytes:
        with path.open("rb") as file:
            file.seek(places[key][0] + first)
            return file.read(count)

    return Archive(content, {key: length for key, (_, length) in places.items()}, read)


def _place(file: IO[bytes], storage: Storage, size: int) -> tuple[str, tuple[int, int]]:
    """Where a legacy file's next storage lies, as (first byte, count);
    moves on to the one after it.

    torch writes them in the order of their addresses, so what is missing at the end may be
    anybody's.
    """
    (count,) = struct.unpack("<q", file.read(8))
    begin, length = file.tell(), count * storage.dtype.itemsize
    if length < 0 or begin + length > size:
        raise ValueError(
            f"a storage of {length} bytes in a file that ends {size - begin} after its beginning"
        )
    file.seek(length, 1)
    return storage.key, (begin, length)


def _noted(value: object, storages: dict[str, Storage]) -> object:
    if isinstance(value, Storage):
        return storages.setdefault(value.key, value)
    return value


def _reference(reference: object) -> object:
    match reference:
        case ("storage", Name("torch" | "torch.cuda", name), str(key), _, int(count), *view):
            kind = name.removesuffix("Storage")
            if view in ([], [None]) and kind in DTYPES and kind != name and 0 <= count < 1 << 48:
                return Storage(kind, key, count)
        case ("module", kind, *_):  # legacy files name the source of a module's class
            return kind
    return Record()


def _tensor(
    storage: object,
    offset: object,
    shape: object,
    strides: object,
    _grad: object = None,
    _hooks: object = None,
    about: object = None,
    *_: object,
) -> object:
    """In place of torch._utils._rebuild_tensor_v2;
    `about` says what torch does to the numbers when they are read.
    """
    if not (isinstance(storage, Storage) and isinstance(shape, tuple) and isinstance(strides, tuple)):
        return Record()
    numbers = (offset, *shape, *strides)
    if len(shape) != len(strides) or not all(type(n) is int and 0 <= n < 1 << 40 for n in numbers):
        raise ValueError("a tensor has impossible sizes")
    assert isinstance(offset, int)
    negative = isinstance(about, dict) and bool(about.get("neg"))
    return StoredTensor(storage, offset, shape, strides, negative)


def _first(value: object, *_: object) -> object:
    return value


def _typed(function: object, _kind: object, arguments: object, *_: object) -> object:
    """In place of torch._tensor._rebuild_from_type_v2,
    which gives a tensor the class of a parameter.
    """
    known = KNOWN.get(function) if isinstance(function, Name) else None
    if known in (_tensor, _first) and isinstance(arguments, tuple):
        return known(*arguments)
    return Record()


KNOWN: Known = {
    Name("collections", "OrderedDict"): ordered,
    Name("torch._utils", "_rebuild_tensor"): _tensor,
    Name("torch._utils", "_rebuild_tensor_v2"): _tensor,
    Name("torch._utils", "_rebuild_parameter"): _first,
    Name("torch._utils", "_rebuild_parameter_with_state"): _first,
    Name("torch._tensor", "_rebuild_from_type_v2"): _typed,
    **{Name("torch.jit._pickle", name): _first for name in JIT_LISTS},
}
