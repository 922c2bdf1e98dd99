"""The header of a safetensors file: its metadata and its table of tensors, read without torch."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from latentcode.errors import ModelError
from latentcode.models.card import Card, file_digest, one_line, split_choice

ITEM_BYTES = {"F16": 2, "BF16": 2, "F32": 4, "F64": 8}
SIZES = ("window", "hop", "latent_dim", "units", "sample_rate")
LIMIT = 1 << 20  # bytes; ours take about a thousand


def is_safetensors(path: Path) -> bool:
    """Whether the file begins as a safetensors file does: eight bytes of length, then a brace."""
    with split_choice(path)[0].open("rb") as file:
        start = file.read(9)
    return len(start) == 9 and start[8:] == b"{" and path.suffix != ".json"


def metadata(path: Path) -> dict[str, str]:
    """What a file says of itself; nothing of one that is no safetensors file, or damaged."""
    if not is_safetensors(path):
        return {}
    try:
        found = read_header(path)[0]
    except (ModelError, OSError):
        return {}
    return found


def read_header(path: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """The metadata and the table of tensors (`dtype`, `shape`, `data_offsets` by name) of a file,
    all of it checked against the file's size.

    Raises ModelError for what is damaged, and where one of several models is asked for.
    """
    path, choice = split_choice(path)
    if choice:
        raise ModelError(f"{path} holds one model, and none that is called {choice!r}; leave out #{choice}")
    tensors = _tensor_table(path)
    told = tensors.pop("__metadata__", {})
    return ({str(key): value for key, value in told.items()} if isinstance(told, dict) else {}), tensors


def told_card(path: Path, family: str) -> tuple[Card, dict[str, Any]]:
    """The card of a file that says all of its sizes, and its table of tensors: whether one fits the
    other, and whether its rate can be one, is its family's to check. Raises ModelError.
    """
    told, tensors = read_header(path)
    window, hop, latent_dim, units, rate = (whole_number(told, key, path) for key in SIZES)
    card = Card(
        name=told.get("name") or path.stem,
        digest=file_digest(path),
        family=family,
        sample_rate=rate,
        window=window,
        latent_dim=latent_dim,
        units=units,
        hop=hop,
        notes=notes_of(told, path),
        file=str(path),
    )
    return card, tensors


def whole_number(metadata: dict[str, str], key: str, path: Path) -> int:
    """What stands under a key as a whole number from 0 to 999999999. Raises ModelError."""
    text = str(metadata.get(key, ""))
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ModelError(f"{path}: {key} is {text!r}; a whole number was expected")
    return int(text)


def notes_of(metadata: dict[str, str], path: Path) -> tuple[tuple[str, str], ...]:
    """The notes in a file's metadata, and those beside the file.

    Raises ModelError where they are no JSON object.
    """
    return tuple((_notes(metadata.get("notes", "{}"), path) | notes_beside(path)).items())


def beside(path: Path) -> Path:
    """The file beside a model for notes that come later: the model stays as it is, and with it the
    digest by which sessions know it.
    """
    return path.with_suffix(".card.json")


def notes_beside(path: Path) -> dict[str, str]:
    """The notes in that file; none where there is none. Raises ModelError where it is damaged."""
    try:
        return _notes(beside(path).read_bytes(), beside(path))
    except OSError:
        return {}


def _notes(text: str | bytes, path: Path) -> dict[str, str]:
    try:
        return {str(key): str(value) for key, value in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise ModelError(f"{path}: its notes are not a JSON object") from None


def _tensor_table(path: Path) -> dict[str, Any]:
    size = path.stat().st_size
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if length > min(size - 8, LIMIT):
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


def check_shapes(wanted: Mapping[str, tuple[int, ...]], tensors: Mapping[str, Any], path: Path) -> None:
    """Refuse a table of tensors in which some are missing, too many, or of other shapes.

    Raises ModelError.
    """
    found = {name: tuple(entry["shape"]) for name, entry in tensors.items()}
    for name in (*wanted, *found):
        if found.get(name) != wanted.get(name):
            raise ModelError(
                f"{path}: its layers do not fit together: {name} is {found.get(name, 'missing')}, "
                f"{wanted.get(name, 'nothing')} was expected"
            )
