"""What a model is, without loading it: a `Card`, read from the header of its file.

Does not import torch.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentcode.errors import ModelError
from latentcode.files import limits, whereabouts

BUILT_IN = frozenset({"default", "house"})  # names of the model that comes with the package
HOUSE = Path(__file__).parent.parent / "data" / "house.safetensors"
FAMILY = "rawaudiovae"
ITEM_BYTES = {"F16": 2, "BF16": 2, "F32": 4, "F64": 8}
MOST_OVERLAP = 16  # windows at a time
HEADER_LIMIT = 1 << 20  # bytes; ours take about a thousand


@dataclass(frozen=True)
class Card:
    """A model's name, sizes and origin.

    `window` is in samples at `sample_rate` (Hz); `hop` (samples) is how far apart its training
    windows were. `digest` is that of the file's content. `notes` are (key, value) pairs of text,
    `snr_db` among them.
    """

    name: str
    digest: str
    family: str
    sample_rate: int
    window: int
    latent_dim: int
    units: int
    hop: int
    notes: tuple[tuple[str, str], ...] = ()
    file: str = ""

    def note(self, key: str, default: str = "") -> str:
        """The note called `key`, or `default`."""
        return dict(self.notes).get(key, default)

    @property
    def doubt(self) -> str:
        """What had to be assumed of a model whose files do not say it, and what helps;
        empty otherwise.
        """
        text = self.note("sample_rate")
        return (
            f"{self.name}: {text}; put its config.ini beside it if it sounds too high or too low"
            if text
            else ""
        )


def model_file(name_or_path: str | os.PathLike[str]) -> Path:
    """The file that a name ("default", "house") or a path stands for;
    ModelError when there is none.

    A path may name one of several models in a checkpoint after a #, as in ckpt_00500#ema.
    """
    given = HOUSE if name_or_path in BUILT_IN else _located(name_or_path)
    path, _ = split_choice(given)
    if os.path.isdir(path):
        raise ModelError(f"{path} is a folder; give the model file itself")
    if not os.path.isfile(path):
        if whereabouts.stands_in(name_or_path):
            return HOUSE
        raise ModelError(
            f"no model at {path}; give 'default', a .safetensors file or a rawaudiovae checkpoint"
        )
    if path.stat().st_size == 0:
        raise ModelError(f"{path} is empty; copy or train the model again")
    if excess := limits.excess(path.stat().st_size):
        raise ModelError(f"{path} is too large for a model: it would take {excess}")
    try:
        path.open("rb").close()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}") from error
    return given


def _located(path: str | os.PathLike[str]) -> Path:
    found = list(whereabouts.candidates(path))
    return next((one for one in found if os.path.exists(split_choice(one)[0])), found[-1])


def split_choice(given: Path) -> tuple[Path, str]:
    """The file, and which of several models in it, of what may be written as ckpt_00500#ema."""
    name, mark, choice = given.name.partition("#")
    if not mark or not name or os.path.exists(given):
        return given, ""
    return given.with_name(name), choice


def chosen_digest(path: Path, choice: str) -> str:
    """The digest of one of the models in a file: of two in one file they differ."""
    digest = file_digest(path)
    return hashlib.blake2b(f"{digest}#{choice}".encode(), digest_size=16).hexdigest() if choice else digest


def looks_like_model(start: bytes) -> bool:
    """Whether a file that starts so is safetensors, or what torch saves, zip or legacy,
    whatever it is called.
    """
    from latentcode.models.archives import LEGACY_START, ZIP_START

    return start[8:9] == b"{" or start.startswith((LEGACY_START, ZIP_START))


def is_safetensors(path: Path) -> bool:
    """Whether the file begins as a safetensors file does: eight bytes of length, then a brace."""
    with split_choice(path)[0].open("rb") as file:
        start = file.read(9)
    return len(start) == 9 and start[8:] == b"{" and path.suffix != ".json"


def read_header(path: Path, sample_rate: int | None = None) -> tuple[Card, dict[str, Any]]:
    """The card and the table of tensors of one of our files,
    everything checked against the file's size.

    Raises ModelError for what is none of ours, or damaged.
    """
    path, choice = split_choice(path)
    if choice:
        raise ModelError(f"{path} holds one model, and none that is called {choice!r}; leave out #{choice}")
    tensors = _tensor_table(path)
    metadata = tensors.pop("__metadata__", {})
    if not isinstance(metadata, dict) or metadata.get("family") != FAMILY:
        family = metadata.get("family") if isinstance(metadata, dict) else None
        raise ModelError(f"{path} holds a model of family {family!r}; latentcode reads {FAMILY!r}")
    sizes = layer_sizes({name: tuple(entry["shape"]) for name, entry in tensors.items()}, path)
    check_extra([name for name in tensors if name not in layer_shapes(*sizes)], path)
    rate = sample_rate or _whole(metadata, "sample_rate", path)
    card = Card(
        name=str(metadata.get("name") or path.stem),
        digest=file_digest(path),
        family=FAMILY,
        sample_rate=checked_rate(rate),
        window=sizes[0],
        units=sizes[1],
        latent_dim=sizes[2],
        hop=_whole(metadata, "hop", path),
        notes=_notes(metadata, path),
        file=str(path),
    )
    return card, tensors


def layer_sizes(shapes: Mapping[str, tuple[int, ...]], path: Path) -> tuple[int, int, int]:
    """(window, units, latent_dim) from the shapes of the five layers;
    ModelError when they do not agree.
    """
    first, mean = shapes.get("fc1.weight", ()), shapes.get("fc21.weight", ())
    if len(first) != 2 or len(mean) != 2:
        raise ModelError(
            f"{path} is no raw-audio VAE: it has no layers fc1 and fc21 with two-dimensional weights"
        )
    (units, window), latent = first, mean[0]
    wanted = layer_shapes(window, units, latent)
    for name, shape in wanted.items():
        if shapes.get(name) != shape:
            found = shapes.get(name, "missing")
            raise ModelError(
                f"{path}: its layers do not fit together: {name} is {found}, {shape} was expected"
            )
    if min(window, units, latent) < 1:
        raise ModelError(f"{path}: its layers are empty ({window}, {units}, {latent})")
    return window, units, latent


def check_extra(names: Sequence[str], path: Path) -> None:
    """Refuse a model with layers that a raw-audio VAE has not: without them it would sound wrong.

    Raises ModelError with the names of its layers.
    """
    if names:
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        raise ModelError(
            f"{path} has layers that a raw-audio VAE does not have: {', '.join(names[:3])}{more}; "
            "without them it would sound wrong, so it is not loaded"
        )


def overlap_of(window: int, least: int = 2) -> int:
    """How many windows lie over one another, `least` at least: they must divide a window.

    Raises ModelError.
    """
    found = next((count for count in range(least, MOST_OVERLAP + 1) if window % count == 0), None)
    if found is None:
        raise ModelError(
            f"windows of {window} samples cannot overlap, as nothing from {least} to {MOST_OVERLAP} divides them: "
            "take a multiple of 4, as 1024; a model that has them is played with synthesis concat"
        )
    return found


def layer_shapes(window: int, units: int, latent: int) -> dict[str, tuple[int, ...]]:
    """The shape of every weight of a raw-audio VAE."""
    layers = {
        "fc1": (units, window),
        "fc21": (latent, units),
        "fc22": (latent, units),
        "fc3": (units, latent),
        "fc4": (window, units),
    }
    weights: dict[str, tuple[int, ...]] = {f"{name}.weight": shape for name, shape in layers.items()}
    return weights | {f"{name}.bias": shape[:1] for name, shape in layers.items()}


def checked_rate(rate: int) -> int:
    """`rate` when it is a sampling rate in Hz that sound can have.

    Raises ModelError for another.
    """
    if not 1000 <= rate <= 768_000:
        raise ModelError(f"a sampling rate of {rate} Hz; rates from 1000 to 768000 are allowed")
    return rate


def file_digest(path: Path) -> str:
    """The blake2b digest of a file's content, as 32 hexadecimal digits."""
    state = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            state.update(block)
    return state.hexdigest()


def one_line(error: BaseException) -> str:
    """What an error says, short and in one line; what kind it is when it says nothing."""
    return " ".join(str(error).split())[:120] or type(error).__name__


def _tensor_table(path: Path) -> dict[str, Any]:
    size = path.stat().st_size
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if length > min(size - 8, HEADER_LIMIT):
            raise ModelError(f"{path} is cut off or no model: its header claims {length} bytes of {size}")
        header = file.read(length)
    try:
        table = json.loads(header)
        ends = [_check_tensor(name, entry) for name, entry in table.items() if name != "__metadata__"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ModelError(f"{path} is no readable safetensors file: {one_line(error)}") from None
    if 8 + length + max(ends, default=0) != size:
        promised = 8 + length + max(ends, default=0)
        raise ModelError(f"{path} is cut off or damaged: {size} bytes, its header promises {promised}")
    return dict(table)


def _check_tensor(name: str, entry: dict[str, Any]) -> int:
    begin, end = entry["data_offsets"]
    shape = entry["shape"]
    if entry["dtype"] not in ITEM_BYTES:
        raise ValueError(f"{name} has type {entry['dtype']!r}")
    if not all(isinstance(count, int) and count >= 0 for count in (begin, end, *shape)):
        raise ValueError(f"{name} has impossible sizes")
    if end - begin != math.prod(shape) * ITEM_BYTES[entry["dtype"]]:
        raise ValueError(f"{name} has {end - begin} bytes for a shape of {shape}")
    return int(end)


def _whole(metadata: dict[str, Any], key: str, path: Path) -> int:
    text = str(metadata.get(key, ""))
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ModelError(f"{path}: {key} is {text!r}; a whole number was expected")
    return int(text)


def _notes(metadata: dict[str, Any], path: Path) -> tuple[tuple[str, str], ...]:
    try:
        notes = json.loads(metadata.get("notes", "{}"))
        return tuple((str(key), str(value)) for key, value in notes.items())
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise ModelError(f"{path}: its notes are not a JSON object") from None
