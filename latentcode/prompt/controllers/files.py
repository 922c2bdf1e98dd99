"""Files that a line reads and writes: what was read is noted, so that a replay does not need them.

The marks of a learned space are a .safetensors file: numbers and names, nothing that could be run.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from latentcode.errors import ControlError
from latentcode.files import atomic
from latentcode.files.texts import say
from latentcode.files.whereabouts import located
from latentcode.latents.spaces import Mark
from latentcode.prompt.set_api import SetApi

MOST = 16 * 2**20  # bytes


def file_of(file: Any, ending: str, example: str) -> Path:
    """The file that is meant. Raises ControlError for what is none, or has another ending."""
    if not isinstance(file, (str, os.PathLike)) or not os.fspath(file):
        raise ControlError(f"a file is needed here, not {file!r}; as in {example}")
    path = Path(os.path.abspath(located(file)))
    if path.suffix.lower() != ending:
        raise ControlError(f"this is kept in a {ending} file, not {os.fspath(file)!r}; as in {example}")
    return path


def read(stage: SetApi, path: Path) -> bytes:
    """What is in a file; in a replay what was in it then. Raises ControlError."""
    found = stage.noted(lambda: _content(path))
    return _content(path) if found is None else bytes(found)


def write(stage: SetApi, path: Path, content: bytes, force: bool = False) -> None:
    """Write a file, whole or not at all; a replay writes none. Raises ControlError.

    Something else that is there already is kept, and this gets a number, unless `force`.
    """
    if not stage.live:
        return
    try:
        if path.is_file() and path.read_bytes() == content:
            return
        free = path if force else atomic.unused(path)
        if free != path:
            say(
                f"{path} is there already, and is kept: this is saved as {free.name}; save(…, force=True) replaces it"
            )
        path = free
        atomic.write(path, content)
    except OSError as error:
        raise ControlError(f"{path} cannot be written: {error.strerror or error}") from error


def _content(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise ControlError(f"{path} is no file")
        if path.stat().st_size > MOST:
            raise ControlError(f"{path} is larger than {MOST // 2**20} MiB; it was not written by latentcode")
        return path.read_bytes()
    except OSError as error:
        raise ControlError(f"{path} cannot be read: {error.strerror or error}") from error


FORMAT = "latentcode space 1"


def marks_written(marks: tuple[Mark, ...], inputs: list[str]) -> bytes:
    """Marks as a file. Raises ControlError where there are none."""
    from safetensors.numpy import save

    if not marks:
        raise ControlError("the space has no marks to be saved; type space.mark(d1)")
    tensors: dict[str, Any] = {"places": np.array([mark.place for mark in marks], np.float64)}
    for number, mark in enumerate(marks):
        if mark.latent is not None:
            tensors[f"latent {number}"] = np.asarray(mark.latent, np.float32)
    texts = json.dumps([[mark.text, dict(mark.numbers)] for mark in marks])
    return bytes(save(tensors, {"format": FORMAT, "inputs": json.dumps(inputs), "marks": texts}))


def marks_of(content: bytes, name: str) -> tuple[Mark, ...]:
    """The marks in a file; `name` is what errors call it. Raises ControlError."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        about = _header(content)
        tensors, texts = load(content), json.loads(about["marks"])
        if about.get("format") != FORMAT or len(texts) != len(tensors["places"]):
            raise ValueError(f"its format is {about.get('format')!r}")
        return tuple(
            Mark(
                tuple(map(float, place)),
                tensors.get(f"latent {number}"),
                tuple(sorted((str(key), float(value)) for key, value in numbers.items())),
                str(text),
            )
            for number, (place, (text, numbers)) in enumerate(zip(tensors["places"], texts, strict=True))
        )
    except (SafetensorError, KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ControlError(f"{name} is no space that was saved by space.save: {error}") from error


def _header(content: bytes) -> dict[str, str]:
    """What a safetensors file says of itself."""
    size = int.from_bytes(content[:8], "little")
    found = json.loads(content[8 : 8 + size]).get("__metadata__", {})
    return found if isinstance(found, dict) else {}
