"""The prompt: ptpython's input, with our toolbar, keys and completion."""

from __future__ import annotations

import codeop
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from latentcode.ending import QUIT, SIGNALS, STRAY, when_ended
from latentcode.files import places
from latentcode.files.texts import say, shown
from latentcode.files.trust import asked
from latentcode.models.trust import ask_by
from latentcode.prompt.early_engine import ENGINE, EarlyEngine
from latentcode.prompt.link import Link, open_doors
from latentcode.prompt.long_lines import LONG, kept_typing, terminal_modes
from latentcode.prompt.options import Options, data_folder, log_file, remember_last
from latentcode.prompt.remote import Pressed, seen, serving
from latentcode.prompt.session import Desk, Leave
from latentcode.protocol import wire
from latentcode.protocol.messages import Notice
from latentcode.remote.address import own_path

if TYPE_CHECKING:
    from prompt_toolkit.application import Application

    from latentcode.prompt.opening import Opened, Past

HINT = "Ctrl-D or exit() leaves · Ctrl-X h hushes · Ctrl-X p is panic"
HELLO = 'latentcode: d1 >> s("cello(3,8)") plays, hush() ends; Tab completes, help() tells, the guide: docs/guide.md'
SERVING = """latentcode: editors play this set at {path}
latentcode send FILE sends one; Ctrl-C ends the set"""

PIPED = (
    "this set takes its lines from a file or another program, and from here hush() and panic() alone; "
    "latentcode serve is a set that editors play"
)


class Notices:
    """Lines for the musician from any thread: above the prompt while there is one, else at once."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque()
        self._app: Application[str] | None = None
        self._lock = threading.RLock()
        self._aside = False  # a block of an editor runs, and the terminal is as if no prompt were there
        self.listeners: list[Callable[[str], None]] = []
        self.errand: Callable[[], None] = lambda: None  # what `ring` has done
        self._standing: Callable[[], str] = str  # what stands in the line of a plain prompt that waits

    def tell(self, line: str) -> None:
        """Show a line."""
        for listener in self.listeners:
            listener(line)
        self._lines.append(line)
        with self._lock:
            if self._aside:
                self._drain()
                return
        if not self._soon(self._above):  # where it has just ended `shown_by` shows the line
            self._drain()

    def ring(self) -> None:
        """Have the errand run on the prompt's thread, as if the prompt were not there;
        nothing where there is none.
        """
        self._soon(self._run_errand)

    def leave(self) -> None:
        """End the prompt that is there, from any thread; nothing where a line runs."""
        if (app := self._app) is not None:
            self._soon(partial(_exit, app))

    def _soon(self, call: Callable[[], object]) -> bool:
        """Have something called by the prompt that is there; False where there is none."""
        app = self._app
        loop = None if app is None else app.loop
        if loop is None:
            return False
        with suppress(RuntimeError):  # it has just ended
            loop.call_soon_threadsafe(call)
        return True

    @contextmanager
    def shown_by(self, app: Application[str]) -> Iterator[None]:
        """While this lasts a prompt is there."""
        self._app = app
        app.pre_run_callables.append(self.ring)  # for what came when it was about to be there
        try:
            yield
        finally:
            self._app = None
            self._drain()

    @contextmanager
    def over(self, standing: Callable[[], str]) -> Iterator[None]:
        """While this lasts a plain prompt waits, in whose line something stands: what is told comes
        in its place, and it stands below again.
        """
        self._standing = standing
        try:
            yield
        finally:
            self._standing = str

    def _above(self) -> None:
        from prompt_toolkit.application import run_in_terminal

        run_in_terminal(self._drain)

    def _run_errand(self) -> None:
        from prompt_toolkit.application import run_in_terminal

        run_in_terminal(self._errand_aside)

    def _errand_aside(self) -> None:
        self._aside = True
        try:
            with kept_typing():
                self.errand()
        finally:
            with self._lock:  # no line is shown over the prompt that comes back
                self._aside = False

    def _drain(self) -> None:
        with self._lock:
            standing, out = self._standing() if self._lines else "", sys.__stdout__
            if standing:  # no terminal is so plain that it has no carriage return
                print("\r" + " " * len(standing) + "\r", end="", file=out)
            while self._lines:
                say(self._lines.popleft(), file=out)
            if standing:
                print(standing, end="", file=out, flush=True)


SOON, TRIES = 1.0, 20  # seconds in which a prompt that is told to end has ended, and how often it is told


def _exit(app: Application[str]) -> None:
    """End a prompt as Ctrl-D does, on the thread that it runs on; once."""
    if app.is_running and app.future is not None and not app.future.done():
        app.exit(exception=EOFError)


STAGE = "latentcode.stage"  # started by its name, as it lies above
NO_SCREEN = ("", "dumb", "unknown")  # values of TERM
STARTING = 60.0  # seconds that an engine may take to start


def run(
    options: Options,
    engine: str = ENGINE,
    past: Past | None = None,
    alone: bool = False,
    ready: Callable[[Past], None] = lambda past: None,
    early: EarlyEngine | None = None,
) -> int:
    """A set at the prompt, from the first line to the farewell; returns the exit status.

    past    a set of before that it goes on with
    alone   there is no prompt: only editors play
    ready   is called with the set of before, or the last one, before it goes on
    early   an engine that was started already for a set of before
    """
    notices = Notices()
    ask_by(asked)
    for remark in places.remarks():
        notices.tell(remark)
    doors = open_doors(replays=False)
    if past is not None or (options.resume and not doors):
        with early or EarlyEngine(engine) as started:  # it imports while the journal is read
            return _gone_on(past, options, started, notices, alone, ready)
    link = Link(options if options.resume else options.settled(), notices.tell, engine)
    if options.resume:
        link.resume()
        return _played(_desk(link, notices), notices, Desk.resumed, alone)
    if doors:
        notices.tell("another set is playing already: latentcode --resume takes it up")
    link.start()
    return _played(_desk(link, notices), notices, lambda desk: None, alone)


def _gone_on(
    past: Past | None,
    options: Options,
    early: EarlyEngine,
    notices: Notices,
    alone: bool,
    ready: Callable[[Past], None],
) -> int:
    """A set that goes on with one of before; None: with the last one."""
    from latentcode.models.card import default_is
    from latentcode.prompt.opening import last_set, taken_up

    def begin(link: Link, found: Opened) -> Desk:
        desk = _desk(link, notices)
        desk.remember(found)
        import_module("latentcode.prompt.input")
        return desk

    if past is None:
        past = last_set(notices.tell)
    ready(past)
    with default_is(past.session.value("default")):
        desk, found = taken_up(past, options, notices.tell, early, begin)
        return _played(desk, notices, lambda desk: desk.go_on(found), alone)


def _desk(link: Link, notices: Notices) -> Desk:
    link.began = remember_last  # the file that is written, which may be another than the one asked for
    return Desk(link, notices.tell, LONG)


def _played(desk: Desk, notices: Notices, begin: Callable[[Desk], None], alone: bool) -> int:
    """The prompt, when the desk has begun, until it is left."""
    link = desk.link
    if link.hello is not None:
        remember_last(link.hello.journal)
    ending = _Ending(desk, notices, link.options.keep)
    stray = when_ended(lambda number: None, STRAY)  # signal.alarm(1) in a line, kill -USR1: ends no set
    with stray, when_ended(ending, (*SIGNALS, *QUIT)), ExitStack() as stack:
        if link.options.stage is not None:
            stack.callback(_staged(link.options.stage, link, notices).close)
        try:
            if alone or sys.stdin.isatty():
                path = stack.enter_context(serving(desk, notices))
            else:
                stack.enter_context(seen(Pressed(desk, PIPED), link.door))
            if alone:
                _served(desk, path, begin)
            elif sys.stdin.isatty():
                _typed(desk, notices, begin)
            else:
                _piped(desk, begin)
        except Leave:
            pass
        finally:
            ending.over.set()
            _farewell(link, ending.keep)
    return ending.status or int(bool(link.down) and not link.hello)  # 1 where no engine could be started


def _staged(at: str, link: Link, notices: Notices) -> wire.Child:
    """Have the set shown at an address, by a process of its own; what it says is told."""
    found = {"--door": link.door, "--desk": own_path()}
    words = [word for name, path in found.items() if path for word in (name, str(path))]
    child = wire.start(STAGE, "--at", at, *words, hears=Notice, log=log_file())

    def hear() -> None:
        with suppress(EOFError):
            while True:
                notices.tell(child.wire.receive().text)

    threading.Thread(target=hear, name="stage", daemon=True).start()
    return child


class _Ending:
    """A signal ends the prompt: SIGTERM the set too, a closed terminal (SIGHUP) and Ctrl-\\
    (SIGQUIT) not, as the musician may come back.

    Where a line runs instead of the prompt, a thread sees to it: the line may never end.
    """

    def __init__(self, desk: Desk, notices: Notices, keep: bool) -> None:
        self._desk, self._notices, self.keep, self.status = desk, notices, keep, 0
        self.over = threading.Event()
        self._restore = terminal_modes()

    def __call__(self, number: int) -> None:
        self.keep, self.status = self.keep or number != signal.SIGTERM, 128 + number
        threading.Thread(target=self._insist, daemon=True).start()

    def _insist(self) -> None:
        for _ in range(TRIES):  # the next prompt may be about to come
            self._notices.leave()
            self._desk.inbox.leave()
            if self.over.wait(SOON / TRIES):
                return
        _last("")
        try:
            _farewell(self._desk.link, self.keep)
            if (sent_to := own_path()) is not None:
                sent_to.unlink(missing_ok=True)
        finally:
            self._restore()
            os._exit(self.status)


def _typed(desk: Desk, notices: Notices, begin: Callable[[Desk], None]) -> None:
    options = desk.link.options
    if options.plain or is_plain():
        _plain(desk, notices, begin)
        return
    from latentcode.prompt.input import LineInput

    leaving = "Leave? The music goes on." if options.keep else "Leave? The music fades out."
    box = LineInput(desk, _history(desk), options.vi, leaving, HINT)
    desk.inbox.heard.append(box.heard)
    begin(desk)
    print(HELLO)
    with kept_typing():
        desk.run_first()
    while True:
        try:
            desk.inbox.run_all()
            with notices.shown_by(box.app):
                entry = box.read_line()
            if entry.code.strip():
                run = desk.run_all if entry.burst else desk.run
                with kept_typing():
                    box.came_of_it(right := run(entry.code))
                    if not right and desk.was_interrupted:
                        box.put_back()
        except EOFError:
            return
        except KeyboardInterrupt:  # between two lines
            desk.say(HINT)


def _plain(desk: Desk, notices: Notices, begin: Callable[[Desk], None]) -> None:
    from latentcode.prompt.plain import typed

    desk.prepare()
    begin(desk)
    print(HELLO)
    desk.run_first()
    typed(desk, complete, _history(desk), notices.over)


def is_plain() -> bool:
    """Whether the terminal has no cursor that can be moved."""
    return sys.platform != "win32" and os.environ.get("TERM", "") in NO_SCREEN


def _served(desk: Desk, path: Path | None, begin: Callable[[Desk], None]) -> None:
    """What editors send, until Ctrl-C or a signal."""
    if path is None:
        return
    begin(desk)
    desk.prepare()
    print(SERVING.format(path=path), flush=True)
    with suppress(KeyboardInterrupt):
        desk.run_first()
        desk.inbox.serve()


def _piped(desk: Desk, begin: Callable[[Desk], None]) -> None:
    """Blocks from a file or another program, each run when it is complete."""
    begin(desk)
    desk.run_first()
    block = ""
    for line in sys.stdin:
        block += line
        if complete(block):
            desk.run_all(block)
            block = ""
    if block.strip():
        desk.run_all(block)
    desk.link.wait_ready(STARTING)  # what was said so far is still on its way


def complete(block: str) -> bool:
    """Whether a block can be run as it is: an indented one ends with an empty line."""
    try:
        return codeop.compile_command(block.rstrip(" \t").removesuffix("\n"), "<piped>", "single") is not None
    except (SyntaxError, ValueError, OverflowError):
        return True  # to be run, so that the error is shown


def _farewell(link: Link, keep: bool) -> None:
    from latentcode.prompt.trust import trust_own

    journal = link.hello.journal if link.hello else ""
    if keep:
        _last("the music goes on; latentcode --resume comes back to it")
    elif link.hello:
        _last("fading out …")
    with suppress(KeyboardInterrupt):
        link.leave(keep)
    if journal and journal != os.devnull:
        trust_own(journal)
        remember_last(journal)
        _last(f"the set is in {shown(journal)}")


def _last(line: str) -> None:
    """Show a line on a terminal that may be gone."""
    with suppress(OSError, ValueError):
        say(line)


def _history(desk: Desk) -> str | None:
    from latentcode.prompt.typed_history import history_file

    file, remark = history_file(data_folder())
    if remark:
        desk.say(remark)
    return file
