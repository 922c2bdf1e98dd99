"""Strings become numbers where they look like them; where they turn out to be names,
they keep their text.

`cat("007")` cannot know yet what it is for: `n(cat("007"))` counts, `s(cat("007"))` plays a sound
of that name.
"""

from __future__ import annotations

from dataclasses import is_dataclass, replace
from typing import TYPE_CHECKING, Any

from latentcode.patterns import chance, combine, nodes, setters, slicing, time
from latentcode.patterns.arguments import Call, Opened

if TYPE_CHECKING:
    from latentcode.patterns.pattern import Pattern

# where in a node the values come from that it gives; what else it holds are numbers, or signals
VALUES: dict[type, tuple[str, ...]] = {
    **dict.fromkeys(
        (nodes.Affine, nodes.CycleMap, nodes.Where, nodes.Ply, nodes.Chop, nodes.Degrade, nodes.Given, nodes.Seeded),
        ("child",),
    ),
    **dict.fromkeys((nodes.Sequence, nodes.Cycles, nodes.Stack), ("children",)),
    nodes.Bind: ("function",),
    combine.Picked: ("patterns",),
    chance.Chosen: ("patterns",),
    chance.Part: ("pattern",),
    time.Either: ("yes", "no"),
    Call: ("pattern", "arguments"),
    Opened: ("made", "given"),
}  # fmt: skip
NUMERIC = frozenset({"_irand", "_run", "_pieces", "exprange", "curve", "quantize", "switch"})  # calls
BESIDE = (combine.Panned, combine.Quieter, slicing.Portion)  # add controls to a value, as SetControl does


def as_names(pattern: Pattern) -> Pattern:
    """Return a pattern whose values have their text where they are numbers that were written in
    strings.
    """
    return _named(pattern, {})  # type: ignore[no-any-return]


def _named(value: Any, known: dict[int, Any]) -> Any:
    if id(value) not in known:
        known[id(value)] = _rewritten(value, known)
    return known[id(value)]


def _rewritten(value: Any, known: dict[int, Any]) -> Any:
    if isinstance(value, nodes.Pure):
        return nodes.Pure(value.text) if value.text else value
    if isinstance(value, tuple):
        items = tuple(_named(item, known) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if not is_dataclass(value) or isinstance(value, type):
        return value
    inner = {name: getattr(value, name) for name in _values(value)}
    changed = {name: new for name, old in inner.items() if (new := _named(old, known)) is not old}
    return replace(value, **changed) if changed else value


def _values(node: Any) -> tuple[str, ...]:
    """The fields of a node in which its values are."""
    if isinstance(node, nodes.Apply):
        control = node.operator.startswith("control:") and node.operator != "control:s"
        return ("left",) if control or node.operator == "keep_if" else ()
    if isinstance(node, nodes.Map):
        told = isinstance(node.function, setters.SetControl) and node.function.name != "s"
        return ("child",) if told or isinstance(node.function, BESIDE) else ()
    if isinstance(node, Call) and node.name in NUMERIC:
        return ()
    return VALUES.get(type(node), ())
