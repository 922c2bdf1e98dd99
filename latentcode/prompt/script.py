"""A set that a program plays: `with lc.set() as d: d.run('d1 >> s("cello(3,8)")')`.

What it plays is text, as at the prompt, since the journal keeps it, and a replay runs it again.
"""

from __future__ import annotations

import atexit
import math
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from latentcode import checks
from latentcode.errors import EngineError
from latentcode.files.texts import say
from latentcode.prompt.early_engine import ENGINE
from latentcode.prompt.link import ELSEWHERE, Link
from latentcode.prompt.options import Options
from latentcode.prompt.remote import Pressed, seen
from latentcode.prompt.scenes import bpm_text
from latentcode.prompt.session import Desk, Leave
from latentcode.protocol.messages import State
from latentcode.remote.incoming import Outcome

STARTING = 60.0  # seconds that an engine may take to start
DESKLESS = 5.0  # … and plays on without its program, which cannot come back to it
LEAVE = "a program leaves a set where its `with` ends, or by close()"
BUSY = (
    "the program that plays this set runs lines from elsewhere while it waits, as in d.wait(8), and is at "
    "something else; hush() and panic() count all the same"
)
OVER = "this set has ended ({}); `with lc.set() as d:` begins another, in a notebook %set"
LOOK = 0.02  # seconds between two looks at the clock

Ring = Callable[[Callable[[], None]], None]  # has something called where the program is at nothing else


def started(**options: Any) -> ScriptedSet:
    """A set with the options of the prompt (`latentcode --help`), as bpm=104, driver="timer",
    seed=7,
    model="mine.safetensors".

    Raises EngineError for what is no option, and where no engine can be started.
    """
    known = sorted(Options.__dataclass_fields__)
    if unknown := sorted({*options} - {*known}):
        raise EngineError(f"a set has no option {unknown[0]!r}; it has {', '.join(known)}")
    if "bpm" in options:
        options["bpm"] = bpm_text(options["bpm"])
    return ScriptedSet(Options(**options))


class ScriptedSet:
    """A set from its first line to its farewell; it fades out where the `with` ends, or the
    program does, however that comes; with `keep` it plays on.

    What editors send runs while it waits, or between two blocks; where there is a `ring`, whenever
    that comes to it.

    Raises EngineError where no engine can be started, and where the program plays one already.
    """

    _playing: ClassVar[ScriptedSet | None] = None  # a process has one door

    def __init__(
        self,
        options: Options,
        say: Callable[[str], None] = say,
        engine: str = ENGINE,
        leave: str = LEAVE,
        ring: Ring | None = None,
    ) -> None:
        if (other := ScriptedSet._playing) is not None:
            raise EngineError(
                f"this program plays a set already ({other.journal}); leave its `with`, or close() it, first"
            )
        self._link = Link(options.settled(), say, engine)
        self._say, self._leave = say, leave
        self.desk = Desk(self._link, say)
        self.desk.inbox.out = lambda: sys.stdout
        self._ring = ring
        self.desk.inbox.ring = self._come
        self._turn = threading.RLock()  # of whoever runs a block
        self._at_it = 0  # how many run blocks, or wait
        self._link.start(*(() if options.keep else ("--deskless", str(DESKLESS))))
        atexit.register(self.close)
        self._seen = ExitStack()
        with self._ended_where_it_fails():
            if not self._link.wait_ready(STARTING):
                raise EngineError(f"no set could be started: {self._link.down or 'the engine says nothing'}")
            there = Pressed(self.desk, BUSY, lambda: self._ring is not None or self._at_it > 0)
            self._seen.enter_context(seen(there, self._link.door))
        ScriptedSet._playing = self

    def run(self, code: str) -> Any:
        """Run a block as at the prompt; the value of its last expression.

        Other threads wait meanwhile. Raises whatever the code raises: LatentcodeError, for what is
        none of the set's; EngineError for what is no text, and where the set has ended.
        """
        if not isinstance(code, str):
            raise checks.wrong("run", "code, as a text", code, "d.run('d1 >> s(\"cello\")')")
        with self._attending(), self._turn:
            outcome = self._ran(code)
            if outcome.error:
                raise self.desk.error or EngineError(outcome.error)
            return self._value(outcome)

    def tried(self, code: str) -> Any:
        """The same; what is wrong in it is said, as at the prompt, instead of raised, and gives
        None. Raises EngineError where the set has ended.
        """
        with self._attending(), self._turn:
            outcome = self._ran(code)
            if outcome.error:
                self._say(f"✗ {outcome.error}")
            return self._value(outcome)

    @contextmanager
    def _attending(self) -> Iterator[None]:
        """While this lasts what editors send is taken; it runs at the end, if not before.

        Raises EngineError where the set has ended.
        """
        self._check()
        with self._turn:
            self._at_it += 1
        try:
            yield
        finally:
            with self._turn:
                self._at_it -= 1
                if not self._at_it:  # else this is within a block, or somebody waits
                    self._let_in()

    def _come(self) -> None:
        if self._ring is not None:
            self._ring(self._let_in)

    def _let_in(self) -> None:
        """Run what editors have sent; what is said of it is nothing that it prints."""
        out = sys.stdout

        def aside(line: str) -> None:
            with redirect_stdout(out):
                self._say(line)

        with self._turn:
            if ScriptedSet._playing is self:
                self.desk.say = aside
                try:
                    self.desk.inbox.run_all()
                finally:
                    self.desk.say = self._say

    def _check(self) -> None:
        """Raises EngineError where the set has ended."""
        if ScriptedSet._playing is not self or self._link.down == ELSEWHERE:
            raise EngineError(OVER.format(self.journal))

    def _ran(self, code: str) -> Outcome:
        """What came of a block, of which nothing is said but its notes."""
        self.desk.error, self.desk.say = None, lambda line: None
        try:
            outcome = self.desk.evaluate(code)
        except Leave:
            return Outcome(error=self._leave)
        finally:
            self.desk.say = self._say
        for line in outcome.notes:
            self._say(line)
        return outcome

    def _value(self, outcome: Outcome) -> Any:
        return None if outcome.error or outcome.value is None else self["_"]

    def wait(self, cycles: float = 1) -> None:
        """Let the set play on for so many cycles, `math.inf` for ever; what editors send runs.

        Raises EngineError where the engine is gone or the set has ended, and for no number.
        """
        end = checks.number(cycles, "wait", 0, math.inf, "d.wait(8)") + self._now()
        with self._attending():
            while self._now() < end:
                self._check()  # another thread may have closed it
                if self._link.down:
                    raise EngineError(f"the engine is gone: {self._link.down}")
                self._let_in()
                time.sleep(LOOK)

    @property
    def state(self) -> State:
        """How the set stands, ten times a second."""
        return self._link.state

    @property
    def journal(self) -> str:
        """The file in which the set is written down."""
        return str(self._link.options.journal)

    @property
    def door(self) -> Path | None:
        """Where others may call at its engine; None where they cannot."""
        return self._link.door

    @contextmanager
    def _ended_where_it_fails(self) -> Iterator[None]:
        """Leave no engine behind that nobody can speak to, as after Ctrl-C while it starts."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Fade out, and end."""
        if ScriptedSet._playing is self:
            ScriptedSet._playing = None
        self._seen.close()
        atexit.unregister(self.close)
        self._link.leave(self._link.options.keep)

    def __enter__(self) -> ScriptedSet:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __getitem__(self, name: str) -> Any:
        """What a name means in the set."""
        return self.desk.names.space[name]

    def _ipython_key_completions_(self) -> Iterable[str]:
        return self.desk.known

    def _now(self) -> float:
        """The cycle that is heard now."""
        state, link = self._link.state, self._link
        age = time.monotonic() - link.heard if link.heard else 0.0
        return state.cycle + min(age, 1.0) * (state.bpm or 0.0) / 60 / max(state.beats, 1)


def between_cells(shell: Any) -> Ring | None:
    """What has something called on the thread of a shell while it runs no cell, from any thread;
    None where nothing can.
    """
    if (loop := getattr(getattr(shell, "kernel", None), "io_loop", None)) is not None:
        soon: Ring = loop.add_callback
        return soon
    if (app := getattr(getattr(shell, "pt_app", None), "app", None)) is not None:
        return partial(_above, app)
    return None


def _above(app: Any, call: Callable[[], None]) -> None:
    """Call something above the line that is typed in a terminal, or is about to be."""
    from prompt_toolkit.application import run_in_terminal

    def undisturbed() -> None:
        waker = signal.set_wakeup_fd(-1)  # a Ctrl-C meanwhile is not for the line as well
        try:
            call()
        finally:
            signal.set_wakeup_fd(waker)

    def soon() -> None:
        if app.loop is not None:
            with suppress(RuntimeError):  # the line has just ended: above the next
                app.loop.call_soon_threadsafe(partial(run_in_terminal, undisturbed))

    app.pre_run_callables.append(soon)
    soon()
