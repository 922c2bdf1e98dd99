"""How a pattern is printed: the events of the first cycle that has any, a signal as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from latentcode.checks import is_number
from latentcode.errors import LatentcodeError
from latentcode.patterns import inputs, nodes
from latentcode.patterns.chance import Floor
from latentcode.patterns.event import Event
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.words import operator

MOST = 12  # events in a line
AHEAD = 16  # cycles in which the first event is looked for
SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%", "pow": "**"}
BINDING = {"add": 1, "sub": 1, "mul": 2, "div": 2, "mod": 2, "pow": 3}
WHOLE = 4  # how tightly what stands alone holds together
LONGEST = 120  # characters


@operator("__repr__")
def show(pattern: Pattern) -> str:
    """Return one line: `0–1/2 a | 1/2–1 b`; `~` for a drone, `…` where an event goes on.

    Signals are shown as they are typed, `sine.slow(4) * 2`, unless a function of the musician's is
    in them.
    """
    if text := signal(pattern):
        return text
    try:
        cycle, events = _first_events(pattern)
    except LatentcodeError as error:
        return f"<pattern that cannot be queried: {error}>"
    shown = [_event(event) for event in events[:MOST]]
    if len(events) > MOST:
        shown.append(f"… {len(events) - MOST} more")
    before = f"silence until cycle {cycle}, then " if cycle else ""
    return before + " | ".join(shown) if shown else "silence"


def _first_events(pattern: Pattern) -> tuple[int, list[Event]]:
    """The first cycle that has any, and its events in order; cycle 0 and none after `AHEAD`."""
    for cycle in range(AHEAD):
        if events := sorted(pattern.query(cycle, cycle + 1), key=lambda event: event.part):
            return cycle, events
    return 0, []


def _event(event: Event) -> str:
    if event.whole is None:
        return f"~ {value(event.value)}"
    before = "" if event.has_onset else "…"
    after = "" if event.whole[1] == event.part[1] else "…"
    return f"{before}{event.part[0]}–{event.part[1]}{after} {value(event.value)}"


def value(item: Any) -> str:
    """Return a value as a musician would write it."""
    if isinstance(item, Fraction):
        return str(item)
    if isinstance(item, float):
        return f"{item:.4g}"
    return item if isinstance(item, str) else repr(item)


class Typed(NamedTuple):
    """What is typed, how tightly it binds, and whether it moves."""

    text: str
    binding: int = WHOLE
    moves: bool = True

    def within(self, binding: int) -> str:
        """The text in an expression that binds so tightly."""
        return self.text if self.binding >= binding else f"({self.text})"


def signal(pattern: Any) -> str:
    """A signal as it is typed; empty for what is none, for one that cannot be told,
    and for what is too long.
    """
    words = _words(pattern)
    return words.text if words and words.moves and len(words.text) <= LONGEST else ""


def _words(node: Any) -> Typed | None:
    told = TOLD.get(type(node))
    return told(node) if told else None


def _number(node: nodes.Pure | nodes.Steady) -> Typed | None:
    value = node.value
    if not is_number(value):
        return None
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    return Typed(text, BINDING["div"] if "/" in text else WHOLE if value >= 0 else BINDING["pow"], False)


def _combined(node: nodes.Apply) -> Typed | None:
    if spread := _spread(node):
        return spread
    sign, left, right = SIGNS.get(node.operator), _words(node.left), _words(node.right)
    if sign is None or left is None or right is None:
        return None
    binding = BINDING[node.operator]
    text = f"{left.within(binding)} {sign} {right.within(binding + 1)}"
    return Typed(text, binding, left.moves or right.moves)


def _spread(node: nodes.Apply) -> Typed | None:
    """A signal times a number and another one added, as `range` has it."""
    inside: Any = node.left
    bottom: Any = node.right
    if (node.operator, getattr(inside, "operator", "")) != ("add", "mul"):
        return None
    signal, width, low = _words(inside.left), _words(inside.right), _words(bottom)
    dial = getattr(inside.left, "dial", None)
    if signal and dial and (dial.low, dial.high - dial.low) == (bottom.value, inside.right.value):
        return signal  # a slider says its range itself
    if signal is None or width is None or low is None or width.moves or low.moves:
        return None
    top = _number(nodes.Pure(bottom.value + inside.right.value))
    return Typed(f"{signal.within(WHOLE)}.range({low.text}, {top.text})") if top and signal.moves else None


def _in_time(node: nodes.Affine) -> Typed | None:
    """Inner cycle = outer · factor + offset: faster by the factor, and then earlier."""
    inside = _words(node.child)
    if inside is None or node.factor <= 0:
        return None
    faster = f".fast({node.factor})" if node.factor > 1 else f".slow({1 / node.factor})"
    text = inside.within(WHOLE) + (faster if node.factor != 1 else "")
    earlier = node.offset / node.factor
    if earlier:
        text += f".early({earlier})" if earlier > 0 else f".late({-earlier})"
    return Typed(text, moves=inside.moves)


METHODS: dict[type, Callable[[Any], str]] = {
    inputs.Ratios: lambda f: f"exprange({f.low:g}, {f.high:g})",
    inputs.Bent: lambda f: f"curve({f.amount:g})",
    inputs.Nearest: lambda f: f"quantize([{', '.join(f'{level:g}' for level in f.levels)}])",
    inputs.Reaches: lambda f: f"switch({f.threshold:g})",
    Floor: lambda f: "floor()",
}


def _changed(node: nodes.Map) -> Typed | None:
    inside, method = _words(node.child), METHODS.get(type(node.function))
    dial = getattr(node.child, "dial", None)
    if dial and node.function == inputs.Ratios(dial.low, dial.high):  # a slider says its range itself
        return inside
    if inside is None or method is None:
        return None
    return Typed(f"{inside.within(WHOLE)}.{method(node.function)}", moves=inside.moves)


TOLD: dict[type, Callable[[Any], Typed | None]] = {
    nodes.Signal: lambda node: Typed(node.kind),
    nodes.Rand: lambda node: Typed(node.kind),
    nodes.Live: lambda node: Typed(inputs.typed(node)),
    nodes.Pure: _number,
    nodes.Steady: _number,
    nodes.Apply: _combined,
    nodes.Affine: _in_time,
    nodes.Map: _changed,
    nodes.Seeded: lambda node: _words(node.child),
}
