"""Reads a pickle as data, by a machine of its own that has no way to import,
to call or to run anything.

`pickletools` says which opcodes follow one another; here they build dictionaries, lists, tuples,
numbers and text. A class or function that the pickle names stays a `Name`, and an object of it
becomes an inert `Record`. Memory grows with the length of the pickle alone, whatever sizes it
claims.
"""

from __future__ import annotations

import io
import pickletools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_BYTES = 1 << 22  # of a pickle without its tensors; a checkpoint has a few thousand
MOST_STEPS = 1 << 20  # opcodes
KEYS = (
    str,
    int,
    float,
    bytes,
    type(None),
)  # of dictionaries; a tuple of tuples may take for ever to be hashed


@dataclass(frozen=True)
class Name:
    """A class or function that a pickle names. It is never looked up."""

    module: str
    name: str


@dataclass(eq=False, slots=True)
class Record:
    """Stands for an object of any class: what it was given as its state,
    its items where it is a mapping, and the name of its class where that stands before it.
    """

    state: object = None
    items: dict[Any, object] = field(default_factory=dict)
    kind: Name | None = None


Known = Mapping[Name, Callable[..., object]]


def read_pickle(file: io.BytesIO, known: Known, persistent: Callable[[object], object]) -> object:
    """The next value in `file`, which holds the whole of it.

    known       what stands for the few functions whose results are wanted, by their names
    persistent  gives the value for a reference to something outside of the pickle

    Raises ValueError, LookupError, TypeError, AttributeError or EOFError for what is none.
    """
    machine = _Machine(known, persistent)
    for step, (opcode, argument, _) in enumerate(pickletools.genops(file)):
        if step == MOST_STEPS:
            raise ValueError("its pickle is too long")
        if opcode.name == "STOP":
            break
        run = STEPS.get(opcode.name)
        if run is None:
            raise ValueError(f"its pickle has the opcode {opcode.name}")
        run(machine, argument)
    return machine.pop()


class _Machine:
    """The stack of a pickle, and what it remembers by number."""

    def __init__(self, known: Known, persistent: Callable[[object], object]) -> None:
        self.known, self.persistent = known, persistent
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, object] = {}

    def push(self, value: object) -> None:
        self.stack.append(value)

    def pop(self) -> Any:
        return self.stack.pop()

    def taken(self, count: int) -> list[Any]:
        """The last values, taken off the stack."""
        if count > len(self.stack):
            raise ValueError("its pickle takes what is not there")
        values = self.stack[len(self.stack) - count :]
        del self.stack[len(self.stack) - count :]
        return values

    def marked(self) -> list[Any]:
        """The values above the last mark."""
        return self.taken(len(self.stack) - self.marks.pop())

    def drop(self) -> None:
        if self.marks and self.marks[-1] == len(self.stack):
            self.marks.pop()
        else:
            self.pop()

    def drop_marked(self) -> None:
        self.marked()

    def remember(self, number: int | None) -> None:
        self.memo[len(self.memo) if number is None else number] = self.stack[-1]

    def extend(self, values: Iterable[object]) -> None:
        if isinstance(self.stack[-1], list):
            self.stack[-1].extend(values)

    def fill(self, flat: list[Any]) -> None:
        """Give the mapping on top of the stack its keys and values."""
        target = self.stack[-1]
        items = target.items if isinstance(target, Record) else target
        if isinstance(items, dict):
            items.update(_pairs(zip(flat[::2], flat[1::2], strict=True)))

    def build(self) -> None:
        state = self.pop()
        if isinstance(self.stack[-1], Record):
            self.stack[-1].state = state

    def named(self) -> None:
        name, module = self.pop(), self.pop()
        self.push(Name(str(module), str(name)))

    def made(self, what: object, arguments: object) -> None:
        """What comes of a call of `what`: nothing is called but what is known here."""
        kind = what if isinstance(what, Name) else None
        known = self.known.get(kind) if kind else None
        self.push(known(*arguments) if known and isinstance(arguments, tuple) else Record(kind=kind))

    def reduced(self) -> None:
        arguments, what = self.pop(), self.pop()
        self.made(what, arguments)


def ordered(pairs: object = (), *_: object) -> dict[Any, object]:
    """In place of collections.OrderedDict."""
    return _pairs(pair for pair in pairs if len(pair) == 2) if isinstance(pairs, (list, tuple)) else {}


def _pairs(pairs: Iterable[Any]) -> dict[Any, object]:
    return {key: value for key, value in pairs if isinstance(key, KEYS)}


Step = Callable[[_Machine, Any], None]
CONSTANTS = (
    "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "STRING", "BINSTRING",
    "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8", "UNICODE", "BINUNICODE",
    "SHORT_BINUNICODE", "BINUNICODE8",
)  # fmt: skip
STEPS: dict[str, Step] = {
    **dict.fromkeys(CONSTANTS, _Machine.push),
    **dict.fromkeys(("PROTO", "FRAME"), lambda machine, _: None),
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"), _Machine.remember),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), lambda m, number: m.push(m.memo[number])),
    **dict.fromkeys(("LIST", "FROZENSET"), lambda m, _: m.push(m.marked())),
    **dict.fromkeys(("EMPTY_LIST", "EMPTY_SET"), lambda m, _: m.push([])),
    **dict.fromkeys(("APPENDS", "ADDITEMS"), lambda m, _: m.extend(m.marked())),
    "NONE": lambda m, _: m.push(None),
    "NEWTRUE": lambda m, _: m.push(True),
    "NEWFALSE": lambda m, _: m.push(False),
    "MARK": lambda m, _: m.marks.append(len(m.stack)),
    "POP": lambda m, _: m.drop(),
    "POP_MARK": lambda m, _: m.drop_marked(),
    "DUP": lambda m, _: m.push(m.stack[-1]),
    "EMPTY_TUPLE": lambda m, _: m.push(()),
    "EMPTY_DICT": lambda m, _: m.push({}),
    "TUPLE": lambda m, _: m.push(tuple(m.marked())),
    "TUPLE1": lambda m, _: m.push(tuple(m.taken(1))),
    "TUPLE2": lambda m, _: m.push(tuple(m.taken(2))),
    "TUPLE3": lambda m, _: m.push(tuple(m.taken(3))),
    "DICT": lambda m, _: m.push(ordered(list(_couples(m.marked())))),
    "APPEND": lambda m, _: m.extend(m.taken(1)),
    "SETITEM": lambda m, _: m.fill(m.taken(2)),
    "SETITEMS": lambda m, _: m.fill(m.marked()),
    "GLOBAL": lambda m, name: m.push(Name(*name.split(" ", 1))),
    "STACK_GLOBAL": lambda m, _: m.named(),
    "REDUCE": lambda m, _: m.reduced(),
    "NEWOBJ": lambda m, _: m.reduced(),
    "NEWOBJ_EX": lambda m, _: m.made(None, m.taken(3)),
    "INST": lambda m, _: m.made(None, m.marked()),
    "OBJ": lambda m, _: m.made(None, m.marked()),
    "BUILD": lambda m, _: m.build(),
    "PERSID": lambda m, reference: m.push(m.persistent(reference)),
    "BINPERSID": lambda m, _: m.push(m.persistent(m.pop())),
}


def _couples(flat: list[Any]) -> Iterable[tuple[Any, Any]]:
    return zip(flat[::2], flat[1::2], strict=True)
