"""Code that comes from elsewhere: run on the thread of the prompt, between two lines of it.

Any thread puts a block in; the prompt's thread runs it by the very path of a typed line, and shows
what came and what came of it.
"""

from __future__ import annotations

import io
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import replace
from typing import Protocol, TextIO

from latentcode.prompt.blocks import Blocks
from latentcode.prompt.error_format import Origin
from latentcode.prompt.evaluate import Leave, Shield
from latentcode.remote.incoming import Incoming, Outcome

Done = Callable[[Outcome], None]
MOST_PRINTED = 1 << 18  # characters of what a block prints that its sender is told
MOST_SHOWN = 6  # lines of a block that the prompt shows
LEAVE = "the prompt is left where it stands: there, with exit() or Ctrl-D; hush() ends the music from here"


class Runs(Protocol):
    """What runs the blocks, and says what comes of them: the desk."""

    say: Callable[[str], None]

    @property
    def shield(self) -> Shield: ...

    @property
    def blocks(self) -> Blocks: ...

    def evaluate(self, code: str, origin: Origin, by: str) -> Outcome: ...

    def press(self, word: str, by: str) -> Outcome: ...


class Inbox:
    """Blocks that wait for the thread of the prompt. `ring` tells it that there is one."""

    def __init__(self, desk: Runs, ring: Callable[[], None] = lambda: None) -> None:
        self._desk, self.ring = desk, ring
        self.out: Callable[[], TextIO | None] = lambda: sys.__stdout__  # where what a block prints goes
        self.heard: list[Callable[[Incoming, Outcome], None]] = []  # told of each block that has run
        self._waiting: deque[tuple[Incoming, Done]] = deque()
        self._came = threading.Condition()
        self._running = self._left = self._busy = False
        self._interrupting = False

    def put(self, incoming: Incoming, done: Done = lambda outcome: None) -> None:
        """Have a block run; `done` is told what came of it, on the thread of the prompt. A key
        counts at once, on this thread, as what runs there may never end.
        """
        if incoming.key:
            self._show(incoming)
            self._over(incoming, self._desk.press(incoming.code.removesuffix("()"), incoming.by), done)
            return
        with self._came:
            self._waiting.append((incoming, done))
            self._came.notify()
        self.ring()

    def interrupt(self, whose: str = "ours") -> bool:
        """End the block that runs, as Ctrl-C does; False where none does.

        whose   "ours": only one that came from elsewhere; "any": a line of the prompt, too
        """
        with self._came:
            if not self._desk.shield.is_listening or (whose == "ours" and not self._running):
                return False
            self._interrupting = True
            interrupt_main()
            return True

    def leave(self) -> None:
        """Let `serve` come to its end."""
        with self._came:
            self._left = True
            self._came.notify()

    def run_all(self) -> None:
        """Run all that waits, on the thread of the prompt. Raises nothing.

        Called while it runs, as by a signal, it leaves the rest to that.
        """
        if self._busy:
            return
        self._busy = True
        try:
            while self._waiting:
                with suppress(IndexError), self._undisturbed():
                    self._run(*self._waiting.popleft())
        finally:
            self._busy = False

    def serve(self) -> None:
        """Run what comes until `leave` is called, or Ctrl-C is typed."""
        while not self._left:
            self.run_all()
            with suppress_if(lambda: self._interrupting), self._came:
                self._came.wait_for(lambda: self._waiting or self._left)

    def _run(self, incoming: Incoming, done: Done) -> None:
        self._show(incoming)
        printed = Copied(self.out())
        with self._came:
            self._running, self._interrupting = True, False
        try:
            with redirect_stdout(printed):
                origin = Origin(incoming.file, incoming.line)
                outcome = self._desk.evaluate(incoming.code, origin, incoming.by)
        except Leave:
            self._desk.blocks.end(True)
            outcome = Outcome(error=LEAVE, number=self._desk.blocks.number)
            self._desk.say(f"✗ {LEAVE}")
        finally:
            with self._came:
                self._running = False
        self._over(incoming, replace(outcome, printed=printed.text), done)

    def _over(self, incoming: Incoming, outcome: Outcome, done: Done) -> None:
        done(outcome)
        for hear in self.heard:
            hear(incoming, outcome)

    def _show(self, incoming: Incoming) -> None:
        lines = incoming.code.strip("\n").split("\n")
        if len(lines) > MOST_SHOWN:
            lines[MOST_SHOWN:] = [f"… {len(lines) - MOST_SHOWN} lines more"]
        first = f"{incoming.by}› "
        self._desk.say("\n".join([first + lines[0], *(" " * len(first) + line for line in lines[1:])]))

    @contextmanager
    def _undisturbed(self) -> Iterator[None]:
        """A Ctrl-C that an editor sent, and that comes when its block has just ended,
        is nobody's.
        """
        with suppress_if(lambda: self._interrupting):
            yield


def block_of(incoming: Incoming) -> str | None:
    """The code that came, as a history keeps it; None for a key, and for what no line can hold."""
    code = incoming.code.strip("\n").rstrip()
    return code if code.strip() and "\0" not in code and not incoming.key else None


@contextmanager
def suppress_if(theirs: Callable[[], bool]) -> Iterator[None]:
    """Let no KeyboardInterrupt through that is not the musician's own."""
    try:
        yield
    except KeyboardInterrupt:
        if not theirs():
            raise


class Copied(io.TextIOBase):
    """What is printed goes where it always goes, and is kept as well, up to a length."""

    def __init__(self, out: TextIO | None) -> None:
        self._out, self._parts, self._room = out, list[str](), MOST_PRINTED

    @property
    def text(self) -> str:
        """What was printed."""
        return "".join(self._parts) + ("…" if self._room <= 0 else "")

    def write(self, text: str) -> int:
        if self._room > 0:
            self._parts.append(text[: self._room])
            self._room -= len(text)
        if self._out is not None:
            with suppress(OSError, ValueError):  # a terminal that is gone
                self._out.write(text)
        return len(text)

    def flush(self) -> None:
        if self._out is not None:
            with suppress(OSError, ValueError):
                self._out.flush()

    def isatty(self) -> bool:
        return False


def interrupt_main() -> None:
    """What Ctrl-C does, from another thread."""
    thread = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and thread is not None:
        signal.pthread_kill(thread, signal.SIGINT)
    else:
        import _thread

        _thread.interrupt_main()
