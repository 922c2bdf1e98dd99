"""The next control that a hand moves: waited for, once or for each of a row of pads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from latentcode.errors import ControlError
from latentcode.files.texts import say
from latentcode.inputs.keys import key, spoken
from latentcode.prompt.controllers.actions import done
from latentcode.prompt.long_lines import tells_itself
from latentcode.prompt.set_api import SetApi

PATIENCE = 15.0  # seconds that a hand is waited for
SPARE = 2.0  # … and its answer
TRIES = 8  # at one pad: a control that trembles is not waited for for ever


def heard(stage: SetApi, seconds: float, what: str, pressed: bool = False) -> tuple[str, str | None] | None:
    """The exact key of the next control that a hand moves (or presses), and the encoding of one
    that is endless; None where none was moved.
    """
    if stage.live:
        tells_itself()
        print(f"{what} … (Ctrl-C ends)", flush=True)
    found = stage.asked("learn", seconds, pressed, patience=seconds + SPARE)
    name, encoding = found if isinstance(found, (tuple, list)) else (found, None)
    return (name, encoding) if isinstance(name, str) else None


def struck(stage: SetApi, things: Sequence[Any], seconds: float = PATIENCE) -> Iterator[tuple[str, Any]]:
    """Pads that are struck one after the other, each with what it is to do, in their order; those
    that are left when none is struck any more are told.
    """
    known: set[str] = set()
    for number, thing in enumerate(things):
        found = _new(stage, known, f"strike the pad for {done(thing)}", seconds)
        if found is None:
            if stage.live:
                say(f"no other pad was struck within {seconds:g} s; {len(things) - number} have none")
            return
        known.add(found)
        if stage.live:
            say(f"{spoken(found)} → {done(thing)}")
        yield found, thing


def _new(stage: SetApi, known: set[str], what: str, seconds: float) -> str | None:
    """The next control that is none of those known: a pad that is struck twice is one pad."""
    for _ in range(TRIES):
        found = heard(stage, seconds, what, pressed=True)
        if found is None or found[0] not in known:
            return found and found[0]
        if stage.live:
            say(f"{spoken(found[0])} has something to do already; strike another")
    return None


def key_range(stage: SetApi, seconds: float = PATIENCE) -> tuple[str, str, int, int]:
    """The port, the channel, and the lowest and highest key of two that are pressed, in any order.

    Raises ControlError where none, or something else, is pressed.
    """
    found = [_pressed(stage, f"press the {end} key", seconds) for end in ("lowest", "highest")]
    places = {(meant.port, meant.channel) for meant in found}
    if len(places) > 1:
        raise ControlError(
            f"one keyboard has both ends of a range, not {spoken(str(found[0]))} and {spoken(str(found[1]))}"
        )
    low, high = sorted(int(meant.what) for meant in found)
    if stage.live:
        say(f"keys {low} to {high}{spoken(str(found[0])).removeprefix(f'note {found[0].what}')}")
    return found[0].port, found[0].channel, low, high


def _pressed(stage: SetApi, what: str, seconds: float) -> Any:
    found = heard(stage, seconds, what)
    if found is None:
        raise ControlError(f"no key was pressed within {seconds:g} s; midi() shows what is heard")
    meant = key(found[0])
    if meant.kind != "note":
        raise ControlError(
            f"a range has keys as its ends, not {spoken(found[0])}; midi() shows what is heard"
        )
    return meant
