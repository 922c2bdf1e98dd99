"""The marks of a learned space as a .safetensors file: numbers and names,
nothing that could be run.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from latentcode.errors import ControlError
from latentcode.latents.spaces import Mark

FORMAT = "latentcode space 1"


def written(marks: tuple[Mark, ...], inputs: list[str]) -> bytes:
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


def understood(content: bytes, name: str) -> tuple[Mark, ...]:
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
