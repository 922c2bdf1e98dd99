"""How far something is that takes long: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

Tell = Callable[[float, float, str], None]  # how much of how much is done, and what is said of it
LINE_SECONDS = 10.0
BEAT = 0.2  # seconds between two looks at what is waited for


@contextmanager
def shown(title: str = "", stays: bool = False) -> Iterator[Tell]:
    """A function that shows what it is told, on the error output, while the block lasts.

    The bar is there from when it is first told something: until then others may show theirs.
    Without a `title` what is said tells how far it is and how long it takes. `stays`: so does the
    bar, in the end.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(console, title)
        return
    with _bar(console, title, stays) as tell:
        yield tell


@contextmanager
def shown_late(title: str, seconds: float = 2.0) -> Iterator[Tell]:
    """As `shown`, for what is mostly over before anybody would ask: nothing for some seconds."""
    begun = time.monotonic()
    with shown(title) as tell:

        def told(done: float, total: float, text: str) -> None:
            if time.monotonic() - begun > seconds:
                tell(done, total, text)

        yield told


@contextmanager
def waited(title: str, seconds: float = 2.0) -> Iterator[None]:
    """A bar while the block lasts, from when that takes longer than some seconds; it says for how
    long already, since nobody knows how long it will be. Meanwhile nothing else may be shown.
    """
    over, begun = threading.Event(), time.monotonic()

    def show() -> None:
        if over.wait(seconds):
            return
        with shown(title) as tell:
            while not over.is_set():
                tell(0, 0, f"{time.monotonic() - begun:.0f} s")
                over.wait(BEAT)

    showing = threading.Thread(target=show, name="waited", daemon=True)
    showing.start()
    try:
        yield
    finally:
        over.set()
        showing.join()


@contextmanager
def counted(title: str, total: int) -> Iterator[Callable[[str], None]]:
    """A function to be called with the name of each of `total` things when it is done."""
    done = 0
    with shown(title) as tell:

        def step(name: str) -> None:
            nonlocal done
            done += 1
            tell(done, total, f"{done} of {total}  {name}")

        if total:
            tell(0, total, f"0 of {total}")
        yield step


@contextmanager
def _bar(console: Console, title: str, stays: bool) -> Iterator[Tell]:
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    said = TextColumn("{task.description}", markup=False)
    named = (TextColumn(escape(title)), BarColumn(), TimeRemainingColumn(), said)
    bar = Progress(*(named if title else (BarColumn(), said)), console=console, transient=not stays)
    task = bar.add_task("", total=None)

    def tell(done: float, total: float, text: str) -> None:
        bar.start()
        bar.update(task, completed=done, total=total or None, description=text)

    try:
        yield tell
    finally:
        bar.stop()


def _lines(console: Console, title: str) -> Tell:
    last = time.monotonic()

    def tell(done: float, total: float, text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= LINE_SECONDS:
            console.out(f"{title}: {text or f'{done / total:.0%}'}" if title else text)
            last = now

    return tell
