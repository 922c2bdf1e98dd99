"""What every pattern is, whatever can be done with it:
a tree that answers queries and can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from types import CellType, FunctionType
from typing import Any, TypeVar, cast

from latentcode.patterns.compile import Compiled, check_span, compile_pattern
from latentcode.patterns.digest import digest
from latentcode.patterns.event import DEFAULT, Context, Event, Float64, Hands

T = TypeVar("T", bound="Tree")


class Tree:
    """A frozen tree that gives events for spans of time; two are equal if their digests are.

    Its nodes are in `nodes.py`, what can be done with all of them in `pattern.py`.
    """

    _random = False  # whether a node is random itself

    def query(
        self,
        begin: float | Fraction,
        end: float | Fraction,
        context: Context = DEFAULT,
        live: Hands = None,
    ) -> list[Event]:
        """Return the events of a span of cycles. Raises PatternError for a span that is none."""
        return self._compiled(context).query(*check_span(begin, end), live)

    def sample(self, cycles: Float64, context: Context = DEFAULT, live: Hands = None) -> Float64:
        """Return the values at moments given in cycles, shape (N,) → (N,).

        A pattern of events holds its last value through a rest, one cycle back at most, then 0.
        Raises PatternError if a value is no number.
        """
        return self._compiled(context).sample(cycles, live)

    def _compiled(self, context: Context) -> Compiled:
        kept: tuple[Context, Compiled] | None = self.__dict__.get("_kept")
        if kept is None or kept[0] is not context:
            kept = self.__dict__["_kept"] = (context, compile_pattern(self, context))
        return kept[1]

    @cached_property
    def digest(self) -> str:
        """What the pattern is, as 32 hexadecimal digits: equal in every process and every run."""
        return digest(self)

    @cached_property
    def random_nodes(self) -> int:
        """How many random nodes the tree has, those inside its values included."""
        return self._random + sum(map(random_nodes, _children(self)))

    @cached_property
    def _foreign(self) -> bool:
        """Whether the tree calls functions that are not the package's own."""
        return any(map(foreign, _children(self)))

    @cached_property
    def live_inputs(self) -> tuple[Any, ...]:
        """The live inputs (`nodes.Live`) that the tree asks, those inside its values and functions
        included.
        """
        return tuple(dict.fromkeys(found for child in _children(self) for found in live_inputs(child)))

    def retimed(self: T, scale: Fraction, shift: Fraction) -> T:
        """Return the pattern seen through inner cycle = outer cycle · scale + shift."""
        raise NotImplementedError

    def reseeded(self: T, index: int) -> T:
        """Return the pattern with its random nodes given another seed."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tree) and self.digest == other.digest

    def __hash__(self) -> int:
        return int(self.digest[:15], 16)

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in field_names(self)}

    def __bool__(self) -> bool:
        return True

    __iter__ = None  # a pattern goes on for ever


def field_names(value: Any) -> tuple[str, ...]:
    """The names of the fields of a dataclass, of which this is one."""
    return _fields_of(cast(Hashable, type(value)))


@lru_cache(maxsize=1024)
def _fields_of(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _children(value: Any) -> Iterator[Any]:
    if is_dataclass(value) and not isinstance(value, type):
        return (getattr(value, name) for name in field_names(value))
    return iter(value) if isinstance(value, tuple) else iter(())


def mapped(value: Any, change: Callable[[Tree], Any], known: dict[int, Any] | None = None) -> Any:
    """Return a tree, or a value that contains trees, with every node put through a function,
    from the leaves up.
    """
    known = {} if known is None else known
    if id(value) not in known:
        made = _rebuilt(value, lambda item: mapped(item, change, known))
        known[id(value)] = change(made) if isinstance(made, Tree) else made
    return known[id(value)]


def replaced(value: Any, old: Tree, new: Tree, known: dict[int, Any] | None = None) -> Any:
    """Return a tree, or a value that contains trees, with one node in place of another."""
    known = {} if known is None else known
    if id(value) not in known:
        same = type(value) is type(old) and value == old
        known[id(value)] = new if same else _rebuilt(value, lambda item: replaced(item, old, new, known))
    return known[id(value)]


def _rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """A value with all that it is made of changed; itself where nothing is."""
    if isinstance(value, tuple):
        items = tuple(change(item) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if not is_dataclass(value) or isinstance(value, type):
        return value
    inner = {name: getattr(value, name) for name in field_names(value)}
    made = {name: change(item) for name, item in inner.items()}
    changed = any(made[name] is not inner[name] for name in inner)
    return replace(value, **made) if changed else value


def foreign(value: Any) -> bool:
    """Whether a pattern, or what is inside a value,
    calls functions that are not the package's own.
    """
    if isinstance(value, Tree):
        return value._foreign
    if isinstance(value, FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or () if cell != CellType()]
        functions = [held for held in cells if isinstance(held, FunctionType)]
        return not all(map(_own, (value, *functions))) or any(map(foreign, _held(value)))
    if isinstance(value, tuple) or is_dataclass(value):
        return any(map(foreign, _children(value)))
    return callable(value) and not _own(value)


def _own(function: Any) -> bool:
    return str(getattr(function, "__module__", "")).startswith("latentcode.")


def live_inputs(value: Any) -> tuple[Any, ...]:
    """Return the live inputs in a pattern, or in the patterns inside a value."""
    if isinstance(value, Tree):
        return value.live_inputs
    inside = _held(value) if isinstance(value, FunctionType) else _children(value)
    return tuple(found for child in inside for found in live_inputs(child))


def _held(function: FunctionType) -> Iterator[Any]:
    """What a function holds besides its code, but for other functions, which may know it."""
    cells = [cell.cell_contents for cell in function.__closure__ or () if cell != CellType()]
    held = [*cells, *(function.__defaults__ or ())]
    return (value for value in held if not isinstance(value, FunctionType))


def holds(value: Any, kinds: tuple[type, ...]) -> bool:
    """Whether a value is of one of some kinds, or has something inside that is."""
    return isinstance(value, kinds) or any(holds(child, kinds) for child in _children(value))


def random_nodes(value: Any) -> int:
    """Return the number of random nodes in a pattern, or in the patterns inside a value."""
    return value.random_nodes if isinstance(value, Tree) else sum(map(random_nodes, _children(value)))
