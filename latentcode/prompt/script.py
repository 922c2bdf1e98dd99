"""A set that a program plays: `with lc.set() as d: d.run('d1 >> s("cello(3,8)")')`.

What it plays is text, as at the prompt, since the journal keeps it, and a replay runs it again.
"""

from __future__ import annotations

import atexit
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

from latentcode.checks import as_float
from latentcode.errors import EngineError
from latentcode.files.texts import say
from latentcode.prompt.early_engine import ENGINE
from latentcode.prompt.link import Link
from latentcode.prompt.options import Options
from latentcode.prompt.remote import Pressed, seen
from latentcode.prompt.scenes import bpm_text
from latentcode.prompt.session import Desk, Leave
from latentcode.protocol.messages import State
from latentcode.remote.incoming import Outcome

STARTING = 60.0  # seconds that an engine may take to start
DESKLESS = 5.0  # … and plays on without its program, which cannot come back to it
LEAVE = "a program leaves a set where its `with` ends, or by close()"
ALONE = (
    "a script or a notebook plays this set, and alone gives it lines; from here it takes hush() and panic()"
)
LOOK = 0.02  # seconds between two looks at the clock


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

    Raises EngineError where no engine can be started, and where the program plays one already.
    """

    _playing: ClassVar[ScriptedSet | None] = None  # a process has one door

    def __init__(
        self, options: Options, say: Callable[[str], None] = say, engine: str = ENGINE, leave: str = LEAVE
    ) -> None:
        if (other := ScriptedSet._playing) is not None:
            raise EngineError(
                f"this program plays a set already ({other.journal}); leave its `with`, or close() it, first"
            )
        self._link = Link(options.settled(), say, engine)
        self._say, self._leave = say, leave
        self.desk = Desk(self._link, say)
        self._link.start(*(() if options.keep else ("--deskless", str(DESKLESS))))
        atexit.register(self.close)
        if not self._link.wait_ready(STARTING):
            raise EngineError(f"no set could be started: {self._link.down or 'the engine says nothing'}")
        ScriptedSet._playing = self
        self._seen = ExitStack()
        self._seen.enter_context(seen(Pressed(self.desk, ALONE), self._link.door))

    def run(self, code: str) -> Any:
        """Run a block as at the prompt; the value of its last expression.

        Raises whatever the code raises: LatentcodeError, for what is none of the set's.
        """
        outcome = self._ran(code)
        if outcome.error:
            raise self.desk.error or EngineError(outcome.error)
        return self._value(outcome)

    def tried(self, code: str) -> Any:
        """The same; what is wrong is said, as at the prompt, instead of raised, and gives None."""
        outcome = self._ran(code)
        if outcome.error:
            self._say(f"✗ {outcome.error}")
        return self._value(outcome)

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
        """Let the set play on for so many cycles. Raises EngineError where the engine is gone."""
        count = as_float(cycles)
        begin = self._now()
        while self._now() < begin + count:
            if self._link.down:
                raise EngineError(f"the engine is gone: {self._link.down}")
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
