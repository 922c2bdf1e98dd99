"""A trajectory in the words in which a musician would write it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from latentcode.latents import trajectory as t
from latentcode.latents.drones import Looped
from latentcode.latents.path import Path
from latentcode.patterns import Pattern


@t.method("__repr__")
def show(node: t.Trajectory) -> str:
    """One line: `meso(cello:2, choir:2, ~ sine)`."""
    return WORDS[type(node)](node) if type(node) in WORDS else type(node).__name__


def shown_curve(value: Any) -> str:
    if isinstance(value, Pattern):
        return " ".join(repr(value).split())
    if isinstance(value, np.ndarray):
        return f"[{value[0]:g} … {value[-1]:g}]" if len(value) > 1 else f"[{value[0]:g}]"
    return f"{value:g}" if isinstance(value, float) else repr(value)


def _method(name: str, *fields: str) -> Callable[[Any], str]:
    def words(node: Any) -> str:
        return f"{node.child}.{name}({', '.join(shown_curve(getattr(node, field)) for field in fields)})"

    return words


def _extension(node: t.Extend) -> str:
    child = node.child
    inside = f"{child.a}, {child.b}, {shown_curve(child.alpha)}" if isinstance(child, t.Mix) else repr(child)
    return f"extend({inside}, factor={node.factor:g}{_glide(child)})"


def _glide(node: t.Trajectory) -> str:
    return ", glide=True" if getattr(node, "glide", False) else ""


WORDS: dict[type, Callable[[Any], str]] = {
    Path: lambda node: node.name,
    Looped: lambda node: node.path.name,
    t.Named: lambda node: node.name if node.variant is None else f"{node.name}:{node.variant:g}",
    t.Pitched: lambda node: f"{node.name} at {node.pitch:g}",
    t.Point: lambda node: f"point({len(node.mean)} dimensions)",
    t.Mix: lambda node: f"meso({node.a}, {node.b}, {shown_curve(node.alpha)}{_glide(node)})",
    t.Stepwise: lambda node: f"stepwise({node.a}, {node.b}, {node.steps}{_glide(node)})",
    t.Extend: _extension,
    t.Sum: lambda node: f"({node.a} + {node.b})",
    t.Product: lambda node: f"({node.a} * {node.b})",
    t.Scale: _method("scale", "amount"),
    t.Bias: _method("bias", "amount"),
    t.Jitter: _method("jitter", "amount"),
    t.Dim: _method("dim", "index", "value"),
    t.Reverse: _method("reverse"),
    t.Smooth: _method("smooth"),
    t.Speed: _method("speed", "factor"),
    t.EncodedBy: _method("encoded_by", "model"),
    t.InTime: lambda node: repr(node.child),
}
