"""What pads did in a session, told from its code and from what hands did; none of its code is run.

The router of a set hears the inputs again; what its pads do is as much of it as stands in the code:
scenes that are gone to, `back`, `hush` and the like.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from latentcode.errors import ControlError
from latentcode.inputs.history import Input
from latentcode.inputs.keys import Key
from latentcode.prompt.controllers.assignments import TRANSPORT, input_of, place_of
from latentcode.session.journal import Block, Session
from latentcode.set.actions import Action, Do
from latentcode.set.commands import SET, Command
from latentcode.set.controller_router import ControllerRouter

LEADS = ("go", "back", "hush", "panic", "undo", "redo")  # what leads to who plays


class Pressed(NamedTuple):
    """What a pad did: at which sample, which input it was, a kind of command and its argument."""

    sample: int
    key: str
    kind: str
    argument: str


def presses(session: Session) -> list[Pressed]:
    """What pads and transport keys did that leads to who plays, in order."""
    given = sorted(
        (mark.stamp, place, block)
        for place, block in enumerate(session.blocks)
        if (mark := next((one for one in block.marks if one.target == "pads"), None)) is not None
    )
    if not given:
        return []
    found = list[Pressed]()
    hand = Input("", 0.0)

    def take(command: Command, sample: int) -> None:
        found.append(Pressed(sample, hand.key, command.kind, str(command.arguments[0])))

    router = _router(session.number("rate"), take)
    for hand, sample in sorted(session.inputs, key=lambda one: one[1]):
        while given and given[0][0] <= sample:
            _give(router, given.pop(0)[2])
        router.heard(hand, sample)
    return found


def _router(rate: int, schedule: Any) -> ControllerRouter:
    """Hears inputs for a set of which there is nothing but its rate."""
    renderer = SimpleNamespace(settings=SimpleNamespace(sample_rate=rate))
    host = SimpleNamespace(renderer=renderer, schedule=schedule, notice=lambda text: None)
    return ControllerRouter(cast(Any, host))


def _give(router: ControllerRouter, block: Block) -> None:
    """Give pads what a block of code gives them, as far as it says that in so many words."""
    with suppress(SyntaxError, ValueError, RecursionError):
        for node in ast.walk(ast.parse(block.code)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GIVEN:
                with suppress(ControlError, ValueError):  # it says no name that could be meant
                    GIVEN[node.func.id](router, node)


def _pads(router: ControllerRouter, call: ast.Call) -> None:
    options = _options(call)
    where = place_of(options.get("port"), options.get("ch"), "pads")
    (given,) = call.args
    if not isinstance(given, ast.Dict):
        if ast.literal_eval(given) is None:
            router.change("pads", None, *where)
        return
    pairs = dict[str, Action | None]()
    for name, thing in zip(given.keys, given.values, strict=True):
        if isinstance(name, ast.Constant):
            pairs[str(input_of(name.value, *where))] = _done(thing)
    router.change("pads", pairs.items(), *where)


def _transport(router: ControllerRouter, call: ast.Call) -> None:
    where = place_of(_options(call).get("port"), None, "transport")
    things = dict(zip(("start", "stop", "resume"), TRANSPORT, strict=True))
    asked = [*zip(things, call.args, strict=False), *((one.arg, one.value) for one in call.keywords)]
    pairs = {str(Key(things[name], "", *where)): _done(thing) for name, thing in asked if name in things}
    router.change("transport", pairs.items(), *where)


GIVEN = {"pads": _pads, "transport": _transport}


def _options(call: ast.Call) -> Mapping[str | None, Any]:
    """Those that stand there as a number or a text."""
    given = {one.arg: one.value for one in call.keywords}
    return {name: value.value for name, value in given.items() if isinstance(value, ast.Constant)}


def _done(thing: ast.expr) -> Do:
    """What is done at a press, as far as it leads to who plays."""
    return Do(tuple(Command(kind, SET, (argument,)) for kind, argument in _led(thing)))


def _led(thing: ast.expr) -> Iterator[tuple[str, str]]:
    if isinstance(thing, ast.Name) and thing.id in LEADS:
        yield thing.id, ""
    for node in ast.walk(thing):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        word = "go" if node.func.id == "scene" else node.func.id
        if word in LEADS:
            first = node.args[0] if node.args else None
            yield word, str(first.value) if isinstance(first, ast.Constant) else ""
