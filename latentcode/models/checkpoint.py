"""Reads the public rawaudiovae checkpoints as data: nothing that a file names is imported or run.

`torch.save` writes a pickle. It is read here by an unpickler that knows ordered dictionaries, tensors and
their storages; every other name in it becomes an inert `Record` that swallows what it is given. So a whole
pickled module (`best_model.pt`) is readable whatever its class was called. Does not import torch.
"""

from __future__ import annotations

import pickle
import struct
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import ModelError
from latentcode.models.card import (
    FAMILY,
    Card,
    checked_rate,
    file_digest,
    layer_shapes,
    layer_sizes,
    one_line,
)
from latentcode.models.config import Origin, read_config

LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
PICKLE_LIMIT = 1 << 24  # bytes of the pickle without its tensors; a checkpoint has a few thousand
FLOATS = {"Float": "<f4", "Double": "<f8", "Half": "<f2", "BFloat16": "<u2"}
DTYPES = FLOATS | {"Long": "<i8", "Int": "<i4", "Short": "<i2", "Char": "<i1", "Byte": "<u1", "Bool": "<u1"}
UNREADABLE = (  # what damaged pickles and archives are known to raise
    *(pickle.UnpicklingError, EOFError, AttributeError, TypeError, ValueError, LookupError, ArithmeticError),
    *(MemoryError, RuntimeError, ImportError, OSError, struct.error, zlib.error, zipfile.BadZipFile),
)

ReadBytes = Callable[[str, int, int], bytes]  # (key of the storage, first byte, count)


def read_checkpoint(path: Path, sample_rate: int | None = None) -> tuple[Card, Weights]:
    """The card and the weights (read when asked for) of a checkpoint or of a whole pickled module."""
    try:
        content, read_bytes = _read_zip(path) if zipfile.is_zipfile(path) else _read_legacy(path)
    except UNREADABLE as error:
        raise ModelError(
            f"{path} is cut off or no model, neither safetensors nor a torch checkpoint: {one_line(error)}"
        ) from None
    tensors = _layers(content, path)
    window, units, latent = layer_sizes({name: tensor.shape for name, tensor in tensors.items()}, path)
    origin = read_config(path, window)
    card = Card(
        name=path.stem,
        digest=file_digest(path),
        family=FAMILY,
        sample_rate=checked_rate(sample_rate or origin.sample_rate),
        window=window,
        latent_dim=latent,
        units=units,
        hop=origin.hop,
        notes=_notes(origin, sample_rate),
        file=str(path),
    )
    wanted = layer_shapes(window, units, latent)
    return card, Weights(path, {name: tensors[name] for name in wanted}, read_bytes)


@dataclass(frozen=True)
class Weights:
    """The weights of a checkpoint by name, still in its file."""

    path: Path
    tensors: dict[str, StoredTensor]
    read_bytes: ReadBytes

    def arrays(self) -> dict[str, Float32]:
        """Every weight as float32; ModelError when the file does not hold what it promises."""
        try:
            return {name: tensor.array(self.read_bytes) for name, tensor in self.tensors.items()}
        except UNREADABLE as error:
            raise ModelError(f"{self.path} is cut off or damaged: {one_line(error)}") from None


@dataclass(frozen=True)
class StorageType:
    """The class of a storage."""

    kind: str  # a key of DTYPES


@dataclass(frozen=True)
class Storage:
    """A run of numbers somewhere in the file."""

    kind: str
    key: str
    count: int

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(DTYPES[self.kind])


@dataclass(frozen=True)
class StoredTensor:
    """A view of a storage: where it starts, its shape and its strides, in numbers."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def array(self, read_bytes: ReadBytes) -> Float32:
        """The tensor's numbers, widened to float32."""
        if self.storage.kind not in FLOATS:
            raise ValueError("a weight is not of a floating-point type")
        dtype = self.storage.dtype
        last = sum((size - 1) * stride for size, stride in zip(self.shape, self.strides, strict=True))
        if self.offset + last >= self.storage.count:
            raise ValueError("a weight reaches beyond its storage")
        span = read_bytes(self.storage.key, self.offset * dtype.itemsize, (last + 1) * dtype.itemsize)
        flat = np.frombuffer(span, dtype)
        steps = [stride * dtype.itemsize for stride in self.strides]
        view = np.lib.stride_tricks.as_strided(flat, self.shape, steps, writeable=False)
        if self.storage.kind == "BFloat16":
            return (np.ascontiguousarray(view).astype(np.uint32) << 16).view(np.float32)
        return np.array(view, dtype=np.float32, order="C")


class Record:
    """Stands for an object of any class that is not known here: keeps its state, does nothing."""

    state: object = None

    def __init__(self, *args: object, **kwargs: object) -> None: ...

    def __new__(cls, *args: object, **kwargs: object) -> Record:
        return super().__new__(cls)

    def __setstate__(self, state: object) -> None:
        self.__dict__["state"] = state

    def __setitem__(self, key: object, value: object) -> None: ...

    def append(self, value: object) -> None: ...

    def extend(self, values: object) -> None: ...

    def add(self, value: object) -> None: ...


class RebuildTensor:
    """In place of torch._utils._rebuild_tensor_v2."""

    __slots__ = ()

    def __call__(
        self, storage: object, offset: object, shape: object, strides: object, *_: object
    ) -> StoredTensor:
        if not (isinstance(storage, Storage) and isinstance(shape, tuple) and isinstance(strides, tuple)):
            raise pickle.UnpicklingError("a tensor is not built from a storage and a shape")
        numbers = (offset, *shape, *strides)
        if len(shape) != len(strides) or not all(type(n) is int and 0 <= n < 1 << 40 for n in numbers):
            raise pickle.UnpicklingError("a tensor has impossible sizes")
        assert isinstance(offset, int)
        return StoredTensor(storage, offset, shape, strides)

    def __setstate__(self, state: object) -> None:
        raise pickle.UnpicklingError("a function was given a state")


class RebuildParameter:
    """In place of torch._utils._rebuild_parameter."""

    __slots__ = ()

    def __call__(self, tensor: object, *_: object) -> object:
        return tensor

    def __setstate__(self, state: object) -> None:
        raise pickle.UnpicklingError("a function was given a state")


KNOWN: dict[tuple[str, str], object] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): RebuildTensor(),
    ("torch._utils", "_rebuild_parameter"): RebuildParameter(),
}


class DataUnpickler(pickle.Unpickler):
    """An unpickler that builds plain data, stored tensors and records, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        known = KNOWN.get((module, name))
        if known is not None:
            return known
        kind = name.removesuffix("Storage")
        if module in ("torch", "torch.cuda") and kind in DTYPES and kind != name:
            return StorageType(kind)
        return type("Record", (Record,), {})

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.storages: dict[str, Storage] = {}

    def persistent_load(self, reference: object) -> object:
        match reference:
            case ("storage", StorageType(kind), str(key), _, int(count), *view) if view in ([], [None]):
                return self.storages.setdefault(key, Storage(kind, key, count))
            case ("module", kind, *_):  # legacy files name the source of a module's class
                return kind
        raise pickle.UnpicklingError("an unknown kind of reference")


def _read_zip(path: Path) -> tuple[object, ReadBytes]:
    with zipfile.ZipFile(path) as archive:
        pickles = [info for info in archive.infolist() if info.filename.endswith("/data.pkl")]
        if len(pickles) != 1 or pickles[0].file_size > PICKLE_LIMIT:
            raise ValueError("no data.pkl")
        root = pickles[0].filename.removesuffix("data.pkl")
        orders = [archive.read(name) for name in archive.namelist() if name == f"{root}byteorder"]
        if any(order != b"little" for order in orders):
            raise ValueError("big-endian")
        with archive.open(pickles[0]) as file:
            content = DataUnpickler(file).load()

    def read_bytes(key: str, first: int, count: int) -> bytes:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo(f"{root}data/{key}")
            if info.compress_type != zipfile.ZIP_STORED or first + count > info.file_size:
                raise ValueError(f"storage {key} is smaller than its tensor")
            return archive.read(info)[first : first + count]

    return content, read_bytes


def _read_legacy(path: Path) -> tuple[object, ReadBytes]:
    with path.open("rb") as file:
        magic, _, _ = (DataUnpickler(file).load() for _ in range(3))  # and version, and the system's sizes
        if magic != LEGACY_MAGIC:
            raise ValueError("no torch checkpoint")
        unpickler = DataUnpickler(file)
        content = unpickler.load()
        keys = DataUnpickler(file).load()
        places = dict(_place(file, unpickler.storages[key]) for key in keys)

    def read_bytes(key: str, first: int, count: int) -> bytes:
        begin, length = places[key]
        with path.open("rb") as file:
            file.seek(begin + first)
            data = file.read(count) if first + count <= length else b""
        if len(data) < count:
            raise ValueError(f"storage {key} is smaller than its tensor")
        return data

    return content, read_bytes


def _place(file: IO[bytes], storage: Storage) -> tuple[str, tuple[int, int]]:
    """Where a legacy file's next storage lies, as (first byte, count); moves on to the one after it."""
    (count,) = struct.unpack("<q", file.read(8))
    length = count * storage.dtype.itemsize
    if length < 0:
        raise ValueError("a storage has a negative size")
    begin = file.tell()
    file.seek(length, 1)
    return storage.key, (begin, length)


def _layers(content: object, path: Path) -> dict[str, StoredTensor]:
    """The tensors of a state dictionary or of a whole module, by their names (`fc1.weight`)."""
    if isinstance(content, Record):
        found = _module_tensors(content)
    else:
        state = content.get("state_dict", content) if isinstance(content, dict) else None
        found = dict(state) if isinstance(state, dict) else {}
    tensors = {
        name.removeprefix("module."): tensor
        for name, tensor in found.items()
        if isinstance(name, str) and isinstance(tensor, StoredTensor)
    }
    if not tensors:
        raise ModelError(
            f"{path} is a torch file without a model's weights; give a checkpoint with a state_dict"
        )
    return tensors


def _module_tensors(module: Record) -> dict[str, object]:
    """The parameters of a pickled module and of the modules in it, one level down."""
    state = module.state if isinstance(module.state, dict) else {}
    children = state.get("_modules")
    found: dict[str, object] = {}
    for name, child in (children if isinstance(children, dict) else {}).items():
        inner = child.state if isinstance(child, Record) and isinstance(child.state, dict) else {}
        parameters = inner.get("_parameters")
        for key, value in (parameters if isinstance(parameters, dict) else {}).items():
            found[f"{name}.{key}"] = value
    return found


def _notes(origin: Origin, sample_rate: int | None) -> tuple[tuple[str, str], ...]:
    notes = origin.notes if sample_rate is None else ()
    return (("origin", "a rawaudiovae checkpoint"), *notes)
