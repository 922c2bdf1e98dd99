"""`midi`: the controls as they stand."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from latentcode.errors import ControlError
from latentcode.prompt.long_lines import tells_itself
from latentcode.prompt.set_api import Words
from latentcode.words import prompt_word

PERIOD = 0.05  # seconds between two pictures
NOBODY = "the engine does not answer; when it has started, type the line again"
ESCAPE = b"\x1b"

Pressed = Callable[[float], bool]


class Looking(Words):
    """The word that shows what hands do."""

    @prompt_word()
    def midi(self, live: bool = False) -> None:
        """The ports that are listened to, what is bound to what, where controls stand,
        and what waits for its hand.

        An arrow says which way to turn a control whose value was brought back (see `takeover`).
        `live`: goes on showing it, until a key is pressed or Ctrl-C.

        Raises ControlError where the engine does not answer.
        """
        if not self._stage.live:
            return
        from latentcode.pictures import canvas

        if live and sys.stdout.isatty():
            with suppress(KeyboardInterrupt):
                self._watch()
        else:
            canvas.printed(self._lines())

    def _lines(self) -> list[Any]:
        from latentcode.pictures import canvas, tables

        told = self._stage.question("controls")
        if told is None:
            raise ControlError(NOBODY)
        told = {**told, "heard": self._stage.question("heard") or {}}
        return [canvas.safe(line) for line in tables.controls(told, canvas.width())]

    def _watch(self) -> None:
        from rich.console import Console, Group
        from rich.live import Live

        from latentcode.pictures import canvas

        tells_itself()
        console = Console(file=sys.stdout, width=canvas.width(), highlight=False)
        with _keys() as pressed, Live(console=console, auto_refresh=False, transient=False) as shown:
            while not pressed(PERIOD):
                shown.update(Group(*self._lines()[: canvas.height()]), refresh=True)


@contextmanager
def _keys() -> Iterator[Pressed]:
    """Tells whether a key is pressed within some seconds; where that cannot be known, none is."""
    if sys.platform == "win32" or sys.__stdin__ is None or not sys.__stdin__.isatty():
        yield _no_key
        return
    import select
    import termios
    import tty

    descriptor = sys.__stdin__.fileno()
    before = termios.tcgetattr(descriptor)

    def pressed(seconds: float) -> bool:
        found = bool(select.select([descriptor], [], [], seconds)[0])
        if found and os.read(descriptor, 1) == ESCAPE:
            termios.tcflush(descriptor, termios.TCIFLUSH)  # an arrow is several
        return found

    tty.setcbreak(descriptor)
    try:
        yield pressed
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _no_key(seconds: float) -> bool:
    time.sleep(seconds)
    return False
