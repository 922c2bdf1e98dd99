"""The prompt of a terminal that can draw nothing, or of an editor's: lines in, lines out."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import History, InMemoryHistory

from latentcode.prompt.complete import DeskCompleter
from latentcode.prompt.inbox import block_of
from latentcode.prompt.long_lines import PUT_BACK, kept_typing, typed_so_far
from latentcode.prompt.typed_history import TypedHistory

if TYPE_CHECKING:
    from latentcode.prompt.session import Desk

FIRST, NEXT = ">>> ", "... "
HINT = "Ctrl-D or exit() leaves · hush() lets all fade · panic() is silence at once"
NO_TEXT = "✗ what was typed is no UTF-8 ({error}); set the terminal to UTF-8, and type it again"
APART = " \t\n()[]{}<>,.*/=+-:@!?%~|"  # what ends a word for Tab; a quote does not, or it would be closed


def typed(
    desk: Desk,
    complete: Callable[[str], bool],
    history: str | None,
    over: Callable[[Callable[[], str]], AbstractContextManager[None]],
) -> None:
    """Run blocks as they are typed, each when it is `complete`; an indented one ends with an empty
    line. Returns when the musician leaves.

    over    while this lasts, what is told leaves the line standing that it is given
    """
    known = TypedHistory(history) if history is not None else InMemoryHistory()
    _edited(desk, known)
    desk.inbox.heard.append(lambda incoming, outcome: _kept(known, block_of(incoming)))
    block = ""
    while True:
        try:
            prompt = NEXT if block else FIRST
            standing = partial(_standing, prompt)
            with called_aside(desk), taken_up_again(standing), over(standing):
                block += input(prompt) + "\n"
            if complete(block):
                code, block = block, ""
                if code.strip():
                    known.store_string(code.rstrip())
                    with kept_typing(echo=True):
                        right = desk.run_all(code)
                    if not right and desk.was_interrupted:
                        _put_back(desk)
        except EOFError:
            return
        except UnicodeDecodeError as error:
            desk.say(NO_TEXT.format(error=error))
        except KeyboardInterrupt:
            print()
            if not block:
                desk.say(HINT)
            block = ""


def _standing(prompt: str) -> str:
    """What stands in the line that is being typed; empty where nobody types."""
    if not sys.stdin.isatty():
        return ""
    try:
        import readline
    except ImportError:
        return prompt
    return prompt + readline.get_line_buffer()


@contextmanager
def called_aside(desk: Desk) -> Iterator[None]:
    """While a line is waited for, what editors send is run beside it: a signal calls the thread.

    Where there is no such signal it runs before the next line.
    """
    ring = desk.inbox.ring
    number, thread = getattr(signal, "SIGUSR1", None), threading.main_thread().ident
    desk.inbox.run_all()
    if number is None or thread is None or threading.get_ident() != thread:
        yield
        return

    def called(*_: Any) -> None:
        print()  # behind what is being typed
        desk.inbox.run_all()

    before = signal.signal(number, called)
    desk.inbox.ring = lambda: signal.pthread_kill(thread, number)
    try:
        desk.inbox.run_all()  # what came before it could be called
        yield
    finally:
        desk.inbox.ring = ring
        signal.signal(number, signal.SIG_IGN)  # one that is on its way ends nothing
        signal.signal(number, before if before is not signal.SIG_DFL else signal.SIG_IGN)


@contextmanager
def taken_up_again(standing: Callable[[], str]) -> Iterator[None]:
    """Ctrl-Z stops the prompt while a line is typed, and not the music; after `fg` the line stands
    there again, and is edited as before.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    import termios

    def stopped(*_: Any) -> None:
        with suppress(termios.error, OSError):
            mode = termios.tcgetattr(sys.stdin)
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)  # here it stops
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, mode)
        signal.signal(signal.SIGTSTP, stopped)
        print(standing(), end="", flush=True)

    before = signal.getsignal(signal.SIGTSTP)
    if before is signal.SIG_DFL and sys.stdin.isatty():
        signal.signal(signal.SIGTSTP, stopped)
    try:
        yield
    finally:
        signal.signal(signal.SIGTSTP, before)


def _put_back(desk: Desk) -> None:
    """Have what was typed behind a line that Ctrl-C ended in the next one, to be run or not."""
    if not (text := typed_so_far()):
        return
    try:
        import readline
    except ImportError:
        desk.say(f"not run, as Ctrl-C came before it: {text}")
        return

    def put() -> None:
        readline.insert_text(text)
        readline.redisplay()
        readline.set_pre_input_hook(None)

    readline.set_pre_input_hook(put)
    desk.say(PUT_BACK)


def _kept(known: History, code: str | None) -> None:
    """What an editor sent is in the history, as what is typed is."""
    if code is None:
        return
    known.store_string(code)
    with suppress(ImportError, OSError):
        _recalled(code)


def _recalled(entry: str) -> None:
    """Have ↑ bring back an entry. Raises ImportError where there is no readline."""
    import readline

    with suppress(ValueError):  # one that it cannot hold: a zero byte, half a character
        readline.add_history(entry)


def _edited(desk: Desk, known: History) -> None:
    """Lines are edited, completed by Tab and kept for the next set, where there is readline."""
    with suppress(ImportError, OSError):
        import readline

        for entry in reversed([*known.load_history_strings()]):
            _recalled(entry)
        completer = DeskCompleter(lambda: desk.known)

        def complete(start: str, number: int) -> str | None:
            line = readline.get_line_buffer()[: readline.get_endidx()]
            found = completer.get_completions(Document(line), CompleteEvent(completion_requested=True))
            words = [start[: len(start) + one.start_position] + one.text for one in found]
            return words[number] if number < len(words) else None

        readline.set_completer(complete)
        readline.set_completer_delims(APART)
        readline.parse_and_bind("tab: complete")
