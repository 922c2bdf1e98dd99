"""Digests: one name for equal content, the same in every process and every run.

Functions count by bytecode, constants, names, defaults and closure values, arrays by content,
dataclasses by class name and fields (one marked `unless_default` only when it is not at its
default, so that what was digested before it was there is called the same). `hash()` and `id()` are
never used, so PYTHONHASHSEED changes nothing.
"""

from __future__ import annotations

import dis
import functools
import hashlib
import types
from collections.abc import Callable, Hashable, Iterable
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any, cast

import numpy as np

from latentcode.errors import PatternError

SIZE = 16  # bytes
SHORT = 64  # characters of what comes again and again: numbers, names
# what has moved, or has another name, by the names that the first journals knew it by: it digests as it did then
MOVED = {  # from where it was, to where it is
    ("latentcode.latent.moving", "latentcode.latents.strategies"): (
        "walk orbit slerp spline plane freeze scrub prior FromPrior Motion"
    ),
    ("latentcode.latent.names", "latentcode.latents.drones"): "Bound",
    ("latentcode.latent.spans", "latentcode.latents.motions"): "Span Fit Freeze Scrub Smoothed",
}
KNOWN_AS = {  # what a name now begins with
    **{f"{now}.{name}": f"{then}.{name}" for (then, now), names in MOVED.items() for name in names.split()},
    "latentcode.patterns.setters.NamedSound": "latentcode.patterns.setters.Named",
    "latentcode.clock.": "latentcode.engine.conduct.",
    "latentcode.inputs.": "latentcode.control.",
    "latentcode.latents.": "latentcode.latent.",
    "latentcode.offline.pattern": "latentcode.offline",
    "latentcode.pictures.": "latentcode.desk.seeing.",
    "latentcode.prompt.controllers.": "latentcode.desk.hands.",
    "latentcode.prompt.set_api": "latentcode.desk.stage",
    "latentcode.prompt.": "latentcode.desk.",
    "latentcode.set.actions": "latentcode.actions",
    "latentcode.set.commands": "latentcode.commands",
    "latentcode.set.effects": "latentcode.effects",
    "latentcode.sounds.folders": "latentcode.folders",
    "latentcode.sounds.library": "latentcode.sounds",
    "latentcode.sounds.model": "latentcode.model",
    "latentcode.synth.keyboard": "latentcode.actions",
}


Made = Callable[[Any, tuple[int, ...]], bytes]


def digest(value: object) -> str:
    """Return the blake2b digest of a value, in hex.

    Raises PatternError for what has no stable content.
    """
    return _digest(value, ()).hex()


def _hash(kind: str, parts: Iterable[bytes]) -> bytes:
    made = hashlib.blake2b(kind.encode(), digest_size=SIZE)
    for part in parts:
        made.update(len(part).to_bytes(8, "little"))
        made.update(part)
    return made.digest()


def _digest(value: Any, inside: tuple[int, ...]) -> bytes:
    if (plain := _PLAIN.get(type(value))) is not None:
        return plain(value, inside)
    kept = (
        value.__dict__.get("digest") if hasattr(value, "__dict__") and not isinstance(value, type) else None
    )
    if isinstance(kept, str):
        return bytes.fromhex(kept)
    if (made := _made_by(cast(Hashable, type(value)))) is not None:
        return made(value, inside)
    if hasattr(value, "__fspath__"):
        return _hash("path", [str(value).encode()])
    if is_dataclass(value):
        return _dataclass(value, inside)
    if callable(value) and hasattr(value, "__qualname__"):
        return _hash("named", [_name(value).encode()])
    if hasattr(value, "__dict__"):
        return _hash(_name(type(value)), [_digest(vars(value), inside)])
    raise PatternError(
        f"a pattern cannot hold {value!r} ({type(value).__name__}): it has no content to compare it by; "
        "use numbers, strings, tuples, arrays, functions or dataclasses"
    )


@functools.lru_cache(maxsize=1024)
def _made_by(kind: Any) -> Made | None:
    """What digests values of a kind, where the table has it or what it is derived from."""
    return next((_TABLE[one] for one in kind.__mro__ if one in _TABLE), None)


def _name(named: Any) -> str:
    """What a class or a function is called, as it was from the beginning."""
    return _known_as(f"{named.__module__ or ''}.{named.__qualname__}")


@functools.lru_cache(maxsize=1024)
def _known_as(name: str) -> str:
    for now, then in KNOWN_AS.items():
        if name.startswith(now):
            return then + name.removeprefix(now)
    return name


def _plain(value: Any, inside: tuple[int, ...]) -> bytes:
    return _text(type(value).__name__, repr(value))


def _number(value: Any, inside: tuple[int, ...]) -> bytes:
    # a number counts by value: 2, 2.0 and Fraction(2) mean the same in a pattern
    finite = value - value == 0
    return _text("number", str(Fraction(value) if finite else value))


@functools.lru_cache(maxsize=4096)
def _decimal(value: float) -> bytes:
    return _number(value, ())


def _whole(value: Any, inside: tuple[int, ...]) -> bytes:
    return _text("number", str(value))  # as of a Fraction, which takes longer


def _text(kind: str, text: str) -> bytes:
    return _short(kind, text) if len(text) <= SHORT else _hash(kind, [text.encode()])


@functools.lru_cache(maxsize=4096)
def _short(kind: str, text: str) -> bytes:
    return _hash(kind, [text.encode()])


def _items(value: Iterable[Any], inside: tuple[int, ...]) -> bytes:
    return _hash("items", [_digest(item, inside) for item in value])


def _unordered(value: Iterable[Any], inside: tuple[int, ...]) -> bytes:
    return _hash("set", sorted(_digest(item, inside) for item in value))


def _mapping(value: dict[Any, Any], inside: tuple[int, ...]) -> bytes:
    pairs = sorted((_digest(key, inside), _digest(item, inside)) for key, item in value.items())
    return _hash("mapping", [part for pair in pairs for part in pair])


def _array(value: Any, inside: tuple[int, ...]) -> bytes:
    flat = np.ascontiguousarray(value)
    return _hash("array", [flat.dtype.str.encode(), repr(flat.shape).encode(), flat.tobytes()])


def _dataclass(value: Any, inside: tuple[int, ...]) -> bytes:
    named = [
        part
        for name, encoded, unless in _compared(cast(Hashable, type(value)))
        if not _default(getattr(value, name), unless)
        for part in (encoded, _digest(getattr(value, name), inside))
    ]
    return _hash(_name(type(value)), named)


def _default(value: Any, unless: Any) -> bool:
    """Whether a value does not count, as it is what stood there before there was one."""
    return unless is not MISSING and bool(value == unless)


@functools.lru_cache(maxsize=1024)
def _compared(kind: Hashable) -> tuple[tuple[str, bytes, Any], ...]:
    """Of a dataclass the fields that count: name, the same as bytes, and the value with which one
    does not count after all, or MISSING.
    """
    counting = (f for f in fields(cast(Any, kind)) if f.compare)
    return tuple(
        (f.name, f.name.encode(), f.default if f.metadata.get("unless_default") else MISSING)
        for f in counting
    )


def _code(code: Any, inside: tuple[int, ...]) -> bytes:
    constants = [_digest(c, inside) for c in code.co_consts[_docstring(code) :]]
    used = tuple(map(_known_as, code.co_names))  # modules that it imports are among them
    names = repr((used, code.co_varnames, code.co_freevars, code.co_argcount, code.co_flags)).encode()
    return _hash("code", [code.co_code, names, *constants])


def _docstring(code: Any) -> int:
    return 0 if code.co_name == "<lambda>" or not code.co_consts or code.co_consts[0] is not None else 1


def _function(value: Any, inside: tuple[int, ...]) -> bytes:
    if id(value) in inside:  # a function that knows itself
        return _hash("again", [str(inside.index(id(value))).encode()])
    if value.__module__ and value.__module__.startswith("latentcode.") and "<" not in value.__qualname__:
        return _hash("named", [_name(value).encode()])
    inside = (*inside, id(value))
    cells = [_cell(cell, inside) for cell in value.__closure__ or ()]
    used = _globals(value, inside)
    defaults = [_digest(value.__defaults__, inside), _digest(value.__kwdefaults__, inside)]
    return _hash("function", [_code(value.__code__, inside), *defaults, *cells, *used])


def _cell(cell: Any, inside: tuple[int, ...]) -> bytes:
    try:
        held = cell.cell_contents
    except ValueError:  # nothing has been put into it yet
        return b""
    return _digest(held, inside)


def _globals(value: Any, inside: tuple[int, ...]) -> list[bytes]:
    """Digest the functions and plain values that a function reads from its module."""
    known = value.__globals__
    names = sorted({name for code in _codes(value.__code__) for name in _global_names(code) if name in known})
    return [part for name in names for part in (name.encode(), _global(known[name], inside))]


def _global_names(code: Any) -> set[str]:
    return {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}


def _global(value: Any, inside: tuple[int, ...]) -> bytes:
    if isinstance(value, (int, float, str, Fraction, tuple, types.FunctionType)) or is_dataclass(value):
        return _digest(value, inside)
    return b""


def _codes(code: Any) -> Iterable[Any]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _method(value: Any, inside: tuple[int, ...]) -> bytes:
    return _hash("method", [_digest(value.__self__, inside), _digest(value.__func__, inside)])


def _partial(value: Any, inside: tuple[int, ...]) -> bytes:
    return _hash("partial", [_digest(v, inside) for v in (value.func, value.args, value.keywords)])


def _type(value: type, inside: tuple[int, ...]) -> bytes:
    return _hash("type", [_name(value).encode()])


def _module(value: Any, inside: tuple[int, ...]) -> bytes:
    return _hash("module", [_known_as(value.__name__).encode()])


_PLAIN: dict[type, Made] = {  # most of what trees are made of, and nothing that is derived from them
    type(None): _plain,
    bool: _plain,
    str: _plain,
    int: _whole,
    float: lambda value, inside: _decimal(value),
    Fraction: _whole,
    tuple: _items,
}
_TABLE: dict[type, Made] = {
    bytes: _plain,
    complex: _plain,
    type(...): _plain,
    str: _plain,
    int: _number,
    float: _number,
    Fraction: _number,
    np.generic: lambda value, inside: _digest(value.item(), inside),
    np.ndarray: _array,
    tuple: _items,
    list: _items,
    set: _unordered,
    frozenset: _unordered,
    dict: _mapping,
    Enum: lambda value, inside: _hash(_name(type(value)), [value.name.encode()]),
    types.CodeType: _code,
    types.FunctionType: _function,
    types.MethodType: _method,
    types.ModuleType: _module,
    functools.partial: _partial,
    type: _type,
}
