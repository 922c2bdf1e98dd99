"""`latentcode pipe`: have a running set evaluate what another program writes, as flok does."""

from __future__ import annotations

import argparse
import os
import stat
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from latentcode.cli.options import ranged
from latentcode.cli.send import WAIT, add_line_options, led_back, tell
from latentcode.errors import EngineError
from latentcode.files.texts import say
from latentcode.remote.feeds import PORT

if TYPE_CHECKING:
    from latentcode.remote.client import Client

LONG = 2 * WAIT  # seconds without an answer after which that is told
RUNS_ON = (
    "what was sent has not ended, or waits for what has not; interrupt() ends it, panic() all that sounds too"
)
GONE = "latentcode: {error}; what is sent from now on is for the next set"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who speaks, to whom, and from where."""
    add_line_options(parser, "pipe")
    parser.add_argument(
        "--osc",
        type=ranged(1, 65535, whole=True),
        nargs="?",
        const=PORT,
        metavar="PORT",
        help=f"take OSC messages /flok at a port of this machine, too (default {PORT})",
    )


def run(args: argparse.Namespace) -> int:
    """Until standard input ends, whatever sets come and go; 0 where all went well."""
    from latentcode.remote.client import Client
    from latentcode.remote.feeds import listen

    line = _Line(partial(Client, args.name, args.socket))
    if args.osc is not None:
        listen(args.osc, line.send)
    line.feed()
    return line.ended(patient=args.osc is not None and not _is_written())


def _is_written() -> bool:
    """Whether another program writes to standard input, which has left where that ends."""
    mode = os.fstat(sys.stdin.fileno()).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


class _Line:
    """Sends blocks as they come, whatever runs, to the set that plays then."""

    def __init__(self, called: Callable[[], Client]) -> None:
        """Raises EngineError where no set answers."""
        self._called, self._lock = called, threading.RLock()
        self._left = dict[int, threading.Timer]()  # what is not answered
        self._answered = threading.Condition(self._lock)
        self._client: Client | None = None
        self._status, self._told = 0, False
        self._unread: OSError | None = None
        self._connect()

    def feed(self) -> None:
        """Send what comes through standard input, until its end."""
        from latentcode.prompt.sent import blocks_of, pieces
        from latentcode.remote.feeds import blocks

        for written in blocks(sys.stdin.fileno()):
            for first, block in blocks_of(written):
                for line, piece in pieces(block):
                    self.send(piece, first + line - 1)

    def send(self, block: str, line: int = 1) -> None:
        """Have a block run, which stands in a line of what was written; a set that has ended
        meanwhile gives way to the next.
        """
        with self._lock:
            try:
                self._post("eval", code=block, line=line, wait=WAIT)
            except EngineError as error:
                self._wrong(f"latentcode: {error}")

    def ended(self, patient: bool) -> int:
        """The exit status, when all that was sent is answered, or its set is gone.

        patient  never, as messages may come still

        Raises OSError where nobody reads what is said.
        """
        with self._answered:
            self._answered.wait_for(lambda: self._unread or not (self._left or patient))
            if self._unread:
                raise self._unread
            return self._status

    def _connect(self) -> Client:
        with led_back():
            client = self._client = self._called()
        threading.Thread(target=self._hear, args=(client,), daemon=True).start()
        return client

    def _post(self, op: str, **fields: Any) -> None:
        number = (self._client or self._connect()).post(op, **fields)
        self._left[number] = timer = threading.Timer(LONG, self._runs_on)
        timer.daemon = True
        timer.start()

    def _hear(self, client: Client) -> None:
        try:
            for answer in client.messages():
                with self._answered:
                    self._over([answer["id"]])
                    self._status = max(self._status, tell(answer))
        except EngineError as error:
            with self._answered:
                self._client = None
                self._over([*self._left])
                self._wrong(GONE.format(error=error))
        except OSError as error:
            with self._answered:
                self._unread = error
                self._answered.notify()

    def _over(self, numbers: list[int]) -> None:
        for number in numbers:
            if (timer := self._left.pop(number, None)) is not None:
                timer.cancel()
        self._told = self._told and bool(self._left)
        self._answered.notify()

    def _runs_on(self) -> None:
        with self._lock, suppress(OSError):
            if self._left and not self._told:
                self._told = True
                say(RUNS_ON)

    def _wrong(self, line: str) -> None:
        self._status = 1
        say(line, file=sys.stderr)
