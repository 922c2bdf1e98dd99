"""The live link to the engine: starts it, keeps its latest state,
and starts another when it dies.
"""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from msgspec.structs import replace as with_fields

from latentcode.errors import EngineError
from latentcode.files import places
from latentcode.files.texts import shown
from latentcode.prompt.deaths import Deaths
from latentcode.prompt.early_engine import ENGINE
from latentcode.prompt.long_lines import tells_itself
from latentcode.prompt.options import Options, doors, log_file
from latentcode.prompt.questions import PATIENCE, Questions
from latentcode.prompt.unanswered import Unanswered
from latentcode.protocol import wire
from latentcode.protocol.messages import (
    Accepted,
    Answer,
    Attach,
    Block,
    Bye,
    CommandLine,
    Decided,
    Encoding,
    Failed,
    Hands,
    Held,
    Hello,
    Message,
    Missed,
    More,
    Notice,
    Record,
    Refused,
    Replaced,
    Restore,
    Stamped,
    State,
    ToDesk,
    Unheard,
    Unread,
    Without,
    tupled,
)

ELSEWHERE = "the set has ended at another prompt; Ctrl-D leaves"
FAREWELL = 4.0  # seconds that an engine may take to fade and end
TRIES = 3  # of engines that somebody kills before the first has played
REMEMBERED = 64  # what was refused last
SHORT = 1.0  # seconds that somebody who asks waits for an engine without being told
STARTING = 60.0  # … and at the most
# what an engine that takes over is told anyway
AGAIN = (Block, More, Stamped, Hands, Held, Decided, Missed, Unread)
CANNOT = "the engine cannot start: "
DOOR, REPLAY = ".door", ".play.door"  # what the names of doors end in

Tell = Callable[[str], None]


class Link:
    """A set's engine. Messages sent before it is ready wait; `tell` gets lines for the musician.

    early   an engine that was started already (`EarlyEngine`)

    `state` and `hello` hold what the engine said last, `heard` when (time.monotonic()), `encoding`
    what is being encoded, or None, `door` where others can call. `down` says why there is no engine
    and none is to come, `pausing` why the next one is still to come. `restoring` gives what an
    engine that goes on at a sample is told.
    """

    def __init__(
        self, options: Options, tell: Tell, engine: str = ENGINE, early: wire.Child | None = None
    ) -> None:
        self.options, self._engine, self._early = options, engine, early
        self._tell: Tell = lambda line: tell(shown(line))  # they hold what devices and files are called
        self.state = State()
        self.hello: Hello | None = None
        self.heard = 0.0
        self.encoding: Encoding | None = None
        self.down = self.pausing = ""
        self.door: Path | None = None
        self.lock = threading.RLock()
        self._ready = threading.Event()
        self._gone = threading.Event()
        self._line: wire.Wire | None = None
        self._child: wire.Child | None = None
        self._waiting: deque[Message] = deque()
        self._recording: Record | None = None  # what was asked for last
        self._resuming = ""  # the file of a recording that no engine has said to go on with yet
        self._unanswered = Unanswered()
        self._leaving = self._keeping = False
        self._died, self._died_at, self._begun = 0.0, 0, 0.0
        self._deaths = Deaths()
        self._pause: threading.Timer | None = None
        self._told = ""  # of a pause, last
        self._listener: threading.Thread | None = None
        self._memory: Any = None
        self._more: tuple[str, ...] = ()
        self._first: tuple[str, ...] = ()  # of the first engine alone
        self._reached = self._by_itself = 0  # where it came to; up to where its journal holds what is to come
        self._log: Path | None = None
        self._log_begin, self._reason = 0, ""
        self._replaced = False
        self.refused: deque[tuple[int, str]] = deque(maxlen=REMEMBERED)  # block, and why
        self.questions = Questions(self.send)
        self.began: Callable[[str], None] = lambda journal: None  # told where a set is written down
        self.again_at: int | None = None  # where another engine begins; None: where this one was
        self.restoring: Callable[[int], Iterable[Message]] = self._restoring

    # beginning and end

    def start(self, *more: str) -> None:
        """Start an engine; returns at once.

        One that takes its place later is started with the same `more`.
        """
        self._more = more
        self._launch()

    def take_up(self, sample: int, last: int) -> None:
        """Start an engine that goes on with the journal of the options at a sample, and plays up to
        the `last` what that holds; `TakeUp` tells it what was asked.
        """
        self._reached, self._by_itself = sample, last
        self._first = ("--start", str(sample), "--continue", "--opened")
        self._launch(*self._first)

    def _launch(self, *more: str) -> None:
        self._log, self._reason = log_file(), ""
        self._log_begin = self._log.stat().st_size if self._log else 0
        folder = doors()
        kind = REPLAY if "--hold" in self._more else DOOR
        self.door = None if folder is None else folder / f"{os.getpid()}{kind}"
        door = [] if self.door is None else ["--door", str(self.door)]
        log = [] if self._log is None else ["--log", str(self._log)]
        words = [*self.options.arguments(), *door, *log, *self._more, *more]
        self._child, self._early = self._early, None
        if self._child is None:
            self._child = wire.start(self._engine, *words, hears=ToDesk, log=self._log)
        else:
            with suppress(EOFError):  # it is gone: whoever listens hears that, too
                self._child.wire.send(CommandLine(tuple(words)))
        self._attach(self._child.wire)

    def resume(self) -> None:
        """Call the engine that still plays. Raises EngineError when there is none."""
        for door in open_doors(replays=False):
            line = wire.call(door, ToDesk)
            line.send(Attach())
            self._attach(line)
            self.door = door
            return
        raise EngineError("no set is playing that could be resumed; type latentcode to start one")

    @property
    def ready(self) -> bool:
        """Whether an engine is there that has said hello."""
        return self._ready.is_set()

    def pending(self, number: int) -> bool:
        """Whether the engine has not taken, or refused, what a block asked for."""
        return number in self._unanswered

    def wait_ready(self, seconds: float) -> bool:
        """Whether the engine has said hello within `seconds`;
        False at once when it cannot start.
        """
        end = time.monotonic() + seconds
        while not self._ready.wait(0.05):
            if self.down or time.monotonic() > end:
                return False
        return True

    def leave(self, keep: bool = False) -> None:
        """Say goodbye: the engine fades and ends, or plays on (`keep`)."""
        self._leaving, keep = True, keep or self._replaced
        with suppress(EOFError, OSError):
            if self._line is not None:
                self._line.send(Bye(keep))
        self._keeping = keep
        if not keep and not self._gone.wait(FAREWELL) and self._child is not None:
            self._child.close(0.5)
            self._swept()
        if self._listener is not None:
            self._listener.join(1.0)

    def _swept(self) -> None:
        """Leave nothing of an engine that had not begun, and had no time to do so itself."""
        journal = Path(str(self.options.journal))
        with suppress(OSError):
            if self.door is not None:
                self.door.unlink(missing_ok=True)
                self.door.with_suffix(places.WORDS).unlink(missing_ok=True)
            if not self.hello and journal.is_file() and not journal.stat().st_size:
                journal.unlink()

    def abandon(self) -> None:
        """End an engine that has played nothing yet."""
        self._leaving = True
        if self._child is not None:
            self._child.close(SHORT)

    # speaking

    def send(self, message: Message) -> None:
        """A message to the engine; waits here while there is no engine."""
        with self.lock:
            self._unanswered.sent(message)
            if isinstance(message, Record):
                self._recording, self._resuming = message, ""
            if (self.down and not self._replaced) or (self.pausing and isinstance(message, Block)):
                self._again()
            if not self._ready.is_set():
                self._waiting.append(message)
                return
            self._put(message)

    def ask(self, kind: str, *question: Any, patience: float = PATIENCE) -> Any:
        """What the engine answers within `patience` seconds, counted from its hello;
        None without an answer. "settled": whether all blocks from before are taken or refused.
        """
        if kind == "settled":
            return self._settled(patience)
        return self.questions.ask(kind, *question, patience=patience) if self._there() else None

    def _settled(self, patience: float) -> bool:
        end = time.monotonic() + patience
        while self._unanswered and time.monotonic() < end:
            time.sleep(0.02)
        return not self._unanswered

    def _there(self) -> bool:
        """Whether an engine has said hello; one that starts is waited for, and Ctrl-C ends that."""
        if self.ready or self._line is None or self._leaving or self._replaced:
            return self.ready
        if not self.wait_ready(SHORT) and not self.down:
            tells_itself()
            self._tell("waiting for the engine … (Ctrl-C ends)")
        return self.wait_ready(STARTING)

    @property
    def memory(self) -> Any:
        """The commands that count still (`latentcode.prompt.restore_log.Memory`)."""
        if self._memory is None:
            from latentcode.prompt.restore_log import Memory

            self._memory = Memory()
        return self._memory

    def _put(self, message: Message) -> None:
        assert self._line is not None
        with suppress(EOFError):  # the receiving thread notices, and sends again what is unanswered
            self._line.send(message)

    # listening

    def _attach(self, line: wire.Wire) -> None:
        self._line, self._begun = line, time.monotonic()
        self._gone.clear()
        self._listener = threading.Thread(target=self._listen, args=(line,), name="engine link", daemon=True)
        self._listener.start()

    def _listen(self, line: wire.Wire) -> None:
        """Hear the engine until it hangs up, or we leave it to itself."""
        try:
            while not self._keeping:
                if line.poll(0.1):
                    message = line.receive()
                    HANDLERS[type(message)](self, message)
        except EOFError:
            self._gone.set()
        line.close()
        if line is self._line and not self._leaving:
            self._lost()

    def _on_hello(self, hello: Hello) -> None:
        with self.lock:
            self.hello, self.down = hello, ""
            self.options = replace(self.options, journal=hello.journal)
            if self._died:
                for message in self.restoring(self._died_at):
                    self._put(message)
                for message in (again := list(self._unanswered.again())):
                    self._put(message)
                waiting = (one for one in self._waiting if not isinstance(one, AGAIN))
                self._waiting = deque(one for one in waiting if one not in again)
                self._tell("the engine is back")
            self._died, self._told = 0.0, ""
            while self._waiting:
                self._put(self._waiting.popleft())
            self._ready.set()
        self.began(hello.journal)

    def _on_state(self, state: State) -> None:
        self.state, self.heard = state, time.monotonic()
        if state.recording:
            self._resuming = ""

    def _on_accepted(self, accepted: Accepted) -> None:
        self._answered(accepted.number, accepted.part)
        self._reached = max([self._reached, *(stamp for _, _, stamp in accepted.marks)])
        self.memory.accepted(accepted.number, accepted.marks)

    def _on_refused(self, refused: Refused) -> None:
        target = refused.target
        self.memory.refused(refused.number, target)
        text = f"{target}: {refused.text.removeprefix(target + ': ')}"
        self.refused.append((refused.number, text))
        self._tell(f"✗ {text}")

    def _on_failed(self, failed: Failed) -> None:
        after = "its last good pattern plays again" if failed.replaced else "it is silent"
        self._tell(f"✗ d{failed.voice + 1} failed: {failed.text}; {after}")

    def _on_encoding(self, encoding: Encoding) -> None:
        self.encoding = None if encoding.done >= encoding.total else encoding

    def _on_answer(self, answer: Answer) -> None:
        self.questions.answered(answer.number, tupled(answer.value))

    def _on_without(self, without: Without) -> None:
        """It goes on with less than the one before."""
        self._deaths.forget()

    def _on_replaced(self, replaced: Replaced) -> None:
        self._replaced = True
        self._tell(replaced.text)

    def _on_notice(self, notice: Notice) -> None:
        if notice.text.startswith(CANNOT):
            self._reason = notice.text.removeprefix(CANNOT)
        else:
            self._tell(notice.text)

    def _answered(self, number: int, part: int) -> None:
        with self.lock:
            self._unanswered.answered(number, part)

    # when the engine has died

    def _lost(self) -> None:
        with self.lock:
            self._deaths.died(time.monotonic() - self._begun, self._unanswered, self.ready)
            self._ready.clear()
            if self._replaced:  # whoever holds the set sees to it
                self.down = ELSEWHERE
                self._tell(self.down)
                return
            self._died = time.monotonic()
            if not self.hello and not self._killed():
                self.down = self._last_words()
                self._tell(f"✗ the engine does not start: {self.down}")
                return
            self._next()

    def _killed(self) -> bool:
        """Whether the first engine was killed by somebody, who may not do so the next time."""
        if self._child is None or self._reason or self._deaths.row >= TRIES:
            return False
        with suppress(subprocess.TimeoutExpired):
            return self._child.process.wait(SHORT) in (-signal.SIGKILL, -signal.SIGTERM)
        return False

    def _next(self) -> None:
        """Another engine, at once or after a pause that grows; a set is never given up."""
        self._record_on()
        if pause := self._deaths.pause:
            self._after(pause, f"the engine died again as it began: {self._last_words()}")
            return
        self._tell("✗ the engine died; another one takes over where it was")
        self._again()

    def _record_on(self) -> None:
        """Have the next engine go on with a recording, also where the last has not said yet that it
        does: it may have died as it began.
        """
        path = self.state.recording or self._resuming
        wanted = self._recording or Record(path, False, False)
        if not path or wanted.path is None:
            return
        if self.state.recording:
            self._tell(f"{path} holds what was recorded; it goes on in another file")
        if wanted not in self._waiting:
            self._waiting.append(wanted)
        self._resuming, self.state = path, with_fields(self.state, recording=None)

    def _after(self, pause: float, reason: str) -> None:
        """Another engine after a pause, or when a line is entered; told when it is news."""
        before, self.pausing = self._told, f"{reason}; another one is tried in {pause:g} s"
        self._told = self.pausing
        if self.pausing != before:
            self._tell(f"✗ {self.pausing}, or when you enter a line")
        self._pause = threading.Timer(pause, self._paused)
        self._pause.daemon = True
        self._pause.start()

    def _paused(self) -> None:
        with self.lock:
            if self.pausing and not self._leaving:
                self._again()

    def _again(self) -> None:
        """Another engine, at the last render head; what two have died over is left out."""
        self.down = self.pausing = ""
        if self._pause is not None:
            self._pause.cancel()
        self._leave_out(self._deaths.deadly)
        try:
            self._launch(*self._where())
        except OSError as error:  # the system gives no process, memory or file now
            self._deaths.died(0.0, self._unanswered, False)
            self._after(self._deaths.pause or SHORT, f"no engine can be started: {error.strerror or error}")

    def _leave_out(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            if (code := self._unanswered.leave_out(number)) is not None:
                self._waiting.append(Unheard((number,)))
                self._tell(f"✗ not played, as two engines died over it: {code}")

    def _where(self) -> tuple[str, ...]:
        """What the next engine is told of where it begins."""
        if not self.hello:
            self._died = 0.0
            return self._first
        here = max(self.state.sample, self._reached) if self.again_at is None else self.again_at
        if self.again_at is not None or here < self._by_itself:
            self._died_at = here
            return "--start", str(here), "--continue", "--opened"
        self._died_at = max([self.state.sample, *(stamp for stamp, _ in self.memory.commands())])
        return "--start", str(self._died_at), "--continue"

    def _restoring(self, sample: int) -> Iterable[Message]:
        yield Restore(self.memory.commands())

    def _last_words(self) -> str:
        if self._reason:
            return self._reason
        if self._log is None:
            return "it ended at once"
        with suppress(OSError), self._log.open("rb") as log:
            trimmed = self._log_begin > self._log.stat().st_size
            log.seek(0 if trimmed else self._log_begin)
            lines = log.read().decode(errors="replace").strip().splitlines()
            if lines:
                return f"{lines[-1].strip()} (see {self._log})"
        return f"it ended at once (see {self._log})"


HANDLERS: dict[type[Message], Callable[[Link, Any], None]] = {
    Hello: Link._on_hello,
    State: Link._on_state,
    Accepted: Link._on_accepted,
    Refused: Link._on_refused,
    Failed: Link._on_failed,
    Encoding: Link._on_encoding,
    Notice: Link._on_notice,
    Without: Link._on_without,
    Replaced: Link._on_replaced,
    Answer: Link._on_answer,
}


def open_doors(replays: bool = True) -> list[Path]:
    """The doors of sets that play, the newest first; doors that nobody answers at are removed.

    `replays`: those that are played again as well, which nobody can take up.
    """
    found = []
    doors = [file for folder in places.all_of("runtime") for file in folder.glob(f"*{DOOR}")]
    there = [(file.lstat(), file) for file in doors if replays or not file.name.endswith(REPLAY)]
    for about, door in sorted(there, key=lambda pair: pair[0].st_mtime, reverse=True):
        if stat.S_ISLNK(about.st_mode) or not places.mine(door):
            continue  # put there while others could write to the folder
        try:
            wire.call(door).close()
            found.append(door)
        except ConnectionRefusedError:
            with suppress(OSError):
                door.unlink()
                door.with_suffix(places.WORDS).unlink(missing_ok=True)
        except OSError:  # one that is busy is not gone
            continue
    return found
