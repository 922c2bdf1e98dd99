"""A line that runs for long: that it does is told, and what is typed behind it is kept.

Ctrl-C ends such a line. The kernel then throws away what was typed and not read yet, unless it is
told not to (NOFLSH); what was typed stands in the next line instead, as it may have been meant for
a line that had ended well.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prompt_toolkit.key_binding.key_processor import KeyPress

    from latentcode.prompt.error_format import Origin

LONG = 1.0  # seconds after which a line that still runs is told
TOLD = "{what} is still running, and what sounds goes on; Ctrl-C ends it. What you type now waits for it"
PUT_BACK = "what you typed meanwhile stands in the line: Enter runs it, Ctrl-C throws it away"
WAITING = 1 << 16  # bytes at the most that a terminal has kept

_running: ContextVar[threading.Timer | None] = ContextVar("running", default=None)


@contextmanager
def told_when_long(tell: Callable[[str], None], what: str, seconds: float) -> Iterator[None]:
    """While this lasts a line runs: where it does so for `seconds` (0: never), `tell` is told once,
    from a thread of its own.
    """
    if not seconds or threading.current_thread() is not threading.main_thread():  # Ctrl-C ends no other
        yield
        return
    timer = threading.Timer(seconds, tell, [TOLD.format(what=what)])
    timer.daemon = True
    timer.start()
    token = _running.set(timer)
    try:
        yield
    finally:
        timer.cancel()
        _running.reset(token)


def tells_itself() -> None:
    """The line that runs here has said itself what it waits for: it need not be told."""
    if (timer := _running.get()) is not None:
        timer.cancel()


def named(origin: Origin, by: str) -> str:
    """What a line is called: by its file, by who sent it, or just so."""
    if origin.file:
        return f"{origin.file}, line {origin.line},"
    return f"what {by} sent" if by else "the line"


@contextmanager
def kept_typing(echo: bool = False) -> Iterator[None]:
    """What is typed while a line runs waits for the prompt untouched, and unseen without `echo`;
    Ctrl-C interrupts still, and throws none of it away.
    """
    if sys.platform == "win32":
        yield
        return
    import termios

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    keeping = [*before]
    keeping[3] |= termios.NOFLSH
    if not echo:
        keeping[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(descriptor, termios.TCSANOW, keeping)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSANOW, before)


def terminal_modes() -> Callable[[], None]:
    """What gives the terminal the modes back that it has now, for a program that ends in a line."""
    if sys.platform == "win32" or not sys.stdin.isatty():
        return lambda: None
    import os
    import termios

    descriptor = sys.stdin.fileno()
    modes = termios.tcgetattr(descriptor)

    def restore() -> None:
        with suppress(OSError, termios.error):  # it may be gone
            if os.tcgetpgrp(descriptor) == os.getpgrp():  # it would stop where another program has it
                termios.tcsetattr(descriptor, termios.TCSANOW, modes)

    return restore


def typed_so_far() -> str:
    """What was typed while a line ran, taken out of the terminal's hands; waits for nothing."""
    if sys.platform == "win32":
        return ""
    import os
    import select

    descriptor, found = sys.stdin.fileno(), b""
    with kept_typing():  # so that a line that is not ended can be read, too
        while select.select([descriptor], [], [], 0)[0] and len(found) < WAITING:
            found += os.read(descriptor, WAITING)
    return text_of(keys_in(found.decode(errors="ignore")))


def keys_in(data: str) -> list[KeyPress]:
    """The keys that were pressed, of what a terminal sends for them."""
    from prompt_toolkit.input.vt100_parser import Vt100Parser

    keys: list[KeyPress] = []
    with suppress(ValueError):
        Vt100Parser(keys.append).feed_and_flush(data)
    return keys


def text_of(keys: Iterable[KeyPress]) -> str:
    """The text that keys have typed: of those that are none, only Backspace and Enter count."""
    from prompt_toolkit.keys import Keys

    text = ""
    for key in keys:
        if key.key in (Keys.ControlM, Keys.ControlJ):
            text += "\n"
        elif key.key is Keys.ControlH:
            text = text[:-1]
        elif key.key is Keys.BracketedPaste or not isinstance(key.key, Keys):
            text += key.data
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
