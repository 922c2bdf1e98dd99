"""What an exported streaming model offers, read without running it and without torch.

Such a file is TorchScript, a zip of a pickle, of tensors and of source, in the convention of nn~:
a method `m` has a tensor `m_params` (channels in, ratio in, channels out, ratio out), an attribute
`a` one with the types of its values. The pickle is read as data (`models/pickles.py`), and of the
source no more than the heads of functions, as text.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Literal

from latentcode.errors import ModelError
from latentcode.files import limits
from latentcode.models.archives import (
    UNREADABLE,
    Archive,
    Storage,
    StoredTensor,
    holds_code,
    read_archive,
)
from latentcode.models.card import one_line
from latentcode.models.pickles import Record

Latents = Literal["continuous", "codes", "angles"]
PARAMS = "_params"
TYPES = ("bool", "int", "float", "str", "tensor", "buffer")  # by their numbers in `a_params`
STATE = ("pad", "cache")  # buffers that hold what a stream remembers, a row for each voice
RATES = ("sampling_rate", "sr", "sample_rate")
FINAL_RATE = re.compile(r"^  (?:sampling_rate|sr|sample_rate) : Final\[int\] = (\d{1,9})$", re.MULTILINE)
HEAD = re.compile(r"^  def (\w+)\(", re.MULTILINE)
CODES = ("vectorquant", "rvq", "codebook", "discretescripted", "discreteencoder")  # in names of classes
ANGLES = ("spherical",)
MOST_HELD = 1 << 18  # things in all modules; a RAVE has a few thousand
DEEPEST = 64  # modules, one in the other
MOST_TRIED = 64  # modules that look as if they had methods
MOST_NUMBERS = 64  # of a tensor that is read
MOST_CHANNELS, MOST_RATIO = 4096, 1 << 20


@dataclass(frozen=True)
class Method:
    """One row of the convention: input (B, in_channels, T / in_ratio), output (B, out_channels,
    T / out_ratio), T in samples; `inputs` and `outputs` are the labels of the channels, if any.
    """

    in_channels: int
    in_ratio: int
    out_channels: int
    out_ratio: int
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Export:
    """An exported model as its file tells of it.

    kind         the name of its class
    methods      what it does, by name: "encode", "decode", "forward", "prior" …
    attributes   what can be set in it, by name: the types of its values, of `TYPES`
    sample_rate  in Hz; None where the file does not say it
    streams      whether it has buffers for what a stream remembers; without them blocks do not join
    rows         how many voices these buffers have room for; 0 where there are none
    latents      "codes": whole numbers, each an entry of one of its codebooks; "angles": of a point
                 on a sphere
    codes        how many entries a codebook has; 0 where that is not known
    inner        the attribute in which the model lies that has these methods, with dots where it
                 lies deeper: "", "model", "_rave"
    size         bytes of its tensors
    """

    path: Path
    kind: str
    methods: Mapping[str, Method]
    attributes: Mapping[str, tuple[str, ...]]
    sample_rate: int | None
    streams: bool
    rows: int
    latents: Latents
    codes: int
    inner: str
    size: int


@dataclass(frozen=True)
class _Module:
    """A module in the tree: the names that lead to it, and what it holds."""

    place: tuple[str, ...]
    kind: str  # of its class, with dots: "__torch__.rave.blocks.Encoder"
    held: Mapping[str, object] = field(repr=False)

    @property
    def name(self) -> str:
        return self.kind.rpartition(".")[2]


def recognises(path: Path) -> bool:
    """Whether a file is TorchScript; False for a damaged one."""
    return holds_code(path)


def read_export(path: Path) -> Export:
    """What an exported model offers.

    Raises ModelError for a file that is damaged or too large, or that has no method `decode`.
    """
    status = path.stat()
    return _read(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int, _size: int) -> Export:
    try:
        archive = read_archive(path)
        modules = list(_modules(archive.content))
        size = _checked(archive, modules)
        if not modules:
            raise ValueError("there is no module in it")
        return _export(path, archive, modules, size)
    except (ValueError, *UNREADABLE) as error:
        raise ModelError(f"{path} is cut off or no TorchScript: {one_line(error)}") from None


def _export(path: Path, archive: Archive, modules: list[_Module], size: int) -> Export:
    model, methods = _offering(archive, modules, path)
    inside = [one for one in modules if one.place[: len(model.place)] == model.place]
    rows = [rows for one in inside for rows in _rows(one)]
    latents, codes = _latents(archive, inside)
    return Export(
        path=path,
        kind=model.name,
        methods=methods,
        attributes=_attributes(archive, model),
        sample_rate=_rate(archive, model, modules),
        streams=bool(rows),
        rows=min(rows, default=0),
        latents=latents,
        codes=codes,
        inner=".".join(model.place),
        size=size,
    )


def _modules(content: object) -> Iterator[_Module]:
    """The modules of a pickle, those nearest to its root first; each once.

    Raises ValueError for more than a model can have: the same state may be that of many.
    """
    waiting: deque[tuple[tuple[str, ...], object]] = deque([((), content)])
    seen: set[int] = set()
    held_by_all = 0
    while waiting:
        place, found = waiting.popleft()
        if not isinstance(found, Record) or not isinstance(found.state, dict) or id(found) in seen:
            continue
        seen.add(id(found))
        held_by_all += 1 + len(found.state)
        if held_by_all > MOST_HELD or len(place) > DEEPEST:
            raise ValueError("it has more modules than a model can have")
        kind = f"{found.kind.module}.{found.kind.name}" if found.kind else ""
        held = {str(name): value for name, value in found.state.items()}
        yield _Module(place, kind, held)
        waiting.extend(((*place, name), value) for name, value in held.items() if isinstance(value, Record))


def _checked(archive: Archive, modules: list[_Module]) -> int:
    """The bytes of all tensors, each of which is in the file.

    Raises ValueError, also where a storage is packed, as torch never does, and LatentcodeError
    where a bound is wrong.
    """
    storages: dict[str, Storage] = {}
    for one in modules:
        for name, value in one.held.items():
            if isinstance(value, StoredTensor):
                storage = storages.setdefault(value.storage.key, value.storage)
                if storage.size > archive.size_of(storage):
                    raise ValueError(f"{'.'.join((*one.place, name))} is not in the file as a whole")
    size = sum(storage.size for storage in storages.values())
    if excess := limits.excess(size):
        raise ValueError(f"its tensors ask for {excess}")
    return size


def _offering(archive: Archive, modules: list[_Module], path: Path) -> tuple[_Module, dict[str, Method]]:
    """The module nearest to the root that has a method `decode`, and its methods."""
    most: dict[str, Method] = {}
    likely = (one for one in modules if any(name.endswith(PARAMS) for name in one.held))
    for one in islice(likely, MOST_TRIED):
        methods = _methods(archive, one)
        if "decode" in methods:
            return one, methods
        most = most or methods
    told = f"only {', '.join(most)}" if most else "none"
    raise ModelError(
        f"{path} is TorchScript, and no model that can be played: that takes a method decode with "
        f"decode_params, as in exports for nn~; of such methods it has {told}"
    )


def _methods(archive: Archive, module: _Module) -> dict[str, Method]:
    """The methods of a module: those with four numbers, whose function there is."""
    heads, listed = _heads(archive, module), _texts(module.held.get("_methods"))
    found = {}
    for name in _with_params(module):
        numbers = _numbers(archive, module.held[name + PARAMS])
        if len(numbers) != 4 or (listed and name not in listed) or (heads and name not in heads):
            continue
        channels, ratios = numbers[::2], numbers[1::2]
        if not all(1 <= n <= MOST_CHANNELS for n in channels) or not all(
            1 <= n <= MOST_RATIO for n in ratios
        ):
            raise ValueError(f"{name}{PARAMS} are {', '.join(map(str, numbers))}, which cannot be")
        inputs, outputs = (_texts(module.held.get(f"{name}_{way}_labels")) for way in ("input", "output"))
        found[name] = Method(numbers[0], numbers[1], numbers[2], numbers[3], inputs, outputs)
    return found


def _attributes(archive: Archive, module: _Module) -> dict[str, tuple[str, ...]]:
    """The attributes of a module: those that a function sets."""
    heads, listed = _heads(archive, module), _texts(module.held.get("_attributes"))
    found = {}
    for name in _with_params(module):
        settable = f"set_{name}" in heads or (not heads and name in listed)
        if settable and (not listed or name in listed):
            numbers = _numbers(archive, module.held[name + PARAMS])
            found[name] = tuple(TYPES[n] if 0 <= n < len(TYPES) else "tensor" for n in numbers)
    return found


def _with_params(module: _Module) -> list[str]:
    """Names beside which there are parameters as the convention has them."""
    return [
        name.removesuffix(PARAMS)
        for name, value in module.held.items()
        if name.endswith(PARAMS) and isinstance(value, StoredTensor)
    ]


def _heads(archive: Archive, module: _Module) -> frozenset[str]:
    """The names of a module's functions, as its source has them; none where that is not there."""
    place, _, name = module.kind.rpartition(".")
    text = archive.text(f"{place.replace('.', '/')}.py")
    _, _, rest = text.partition(f"class {name}(")
    return frozenset(HEAD.findall(rest.partition("\nclass ")[0]))


def _rows(module: _Module) -> Iterator[int]:
    """The rows of the buffers of a module that hold what a stream remembers."""
    for name in STATE:
        value = module.held.get(name)
        if isinstance(value, StoredTensor) and len(value.shape) >= 2 and value.shape[0] > 0:
            yield value.shape[0]


def _rate(archive: Archive, model: _Module, modules: list[_Module]) -> int | None:
    """The sampling rate, as it stands nearest to the model: in itself, in what it lies in, and in
    what lies in it.
    """
    around = [one for one in modules if one.place == model.place[: len(one.place)]][::-1]
    inside = [one for one in modules if one.place[: len(model.place)] == model.place]
    for one in (*around, *inside):
        for name in RATES:
            found = _numbers(archive, one.held.get(name))
            if len(found) == 1 and 1000 <= found[0] <= 768_000:
                return found[0]
    return _written_rate(archive, model)


def _written_rate(archive: Archive, model: _Module) -> int | None:
    """One that is a constant of its class, and so stands in the source alone."""
    place, _, name = model.kind.rpartition(".")
    _, _, rest = archive.text(f"{place.replace('.', '/')}.py").partition(f"class {name}(")
    found = FINAL_RATE.search(rest.partition("\nclass ")[0])
    return int(found[1]) if found else None


def _latents(archive: Archive, modules: list[_Module]) -> tuple[Latents, int]:
    """What kind of numbers the latents are, by the names of the classes that make them."""
    names = [one.name.lower() for one in modules]
    if any(word in name for name in names for word in CODES):
        sizes = (_numbers(archive, one.held.get("codebook_size")) for one in modules)
        return "codes", next((size[0] for size in sizes if len(size) == 1), 0)
    return ("angles" if any(word in name for name in names for word in ANGLES) else "continuous"), 0


def _numbers(archive: Archive, value: object) -> list[int]:
    """A number, or a small tensor of numbers, as whole numbers; none of what is neither."""
    if type(value) is int or type(value) is float:
        return [int(value)] if abs(value) < 1 << 40 else []
    if not isinstance(value, StoredTensor) or not 0 < value.count <= MOST_NUMBERS:
        return []
    if value.offset + value.last >= value.storage.count or value.storage.size > 1 << 20:
        return []
    if value.storage.kind == "BFloat16" or value.storage.dtype.kind == "c":
        return []
    found = value.view(archive).ravel().tolist()
    return [int(n) for n in found] if all(abs(n) < 1 << 40 for n in found) else []  # no NaN either


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def told(export: Export) -> list[str]:
    """What an export is, in a few lines for people."""
    decode = export.methods["decode"]
    rate, ratio = export.sample_rate, decode.in_ratio
    pace = f" ({rate / ratio:.1f} a second)" if rate else ""
    kinds = {"continuous": "latents", "codes": "codes", "angles": "angles"}
    entries = f" from 0 to {export.codes - 1}" if export.codes else ""
    lines = [
        f"{f'{rate} Hz' if rate else 'it does not say its sampling rate'}, "
        f"{decode.in_channels} {kinds[export.latents]}{entries}, a frame every {ratio} samples{pace}, "
        f"{decode.out_channels} {'channel' if decode.out_channels == 1 else 'channels'}",
        "methods: " + ", ".join(f"{name} {_shape(method)}" for name, method in export.methods.items()),
    ]
    if export.attributes:
        named = (f"{name} ({', '.join(types)})" for name, types in export.attributes.items())
        lines.append("attributes: " + ", ".join(named))
    lines.append(
        f"streams, with room for {export.rows} voices in a batch"
        if export.streams
        else "does not stream: its blocks are cross-faded"
    )
    if export.inner:
        lines.append(f"lies in .{export.inner}")
    return [*lines, f"{limits.spoken(export.size)} of tensors, TorchScript class {export.kind}"]


def _shape(method: Method) -> str:
    return f"{method.in_channels} → {method.out_channels}"
