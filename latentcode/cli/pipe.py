"""`latentcode pipe`: have a running set evaluate what another program writes, as flok does."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Iterator
from typing import Any

from latentcode.cli.options import ranged
from latentcode.cli.send import WAIT, add_line_options, tell
from latentcode.remote.feeds import PORT

SILENCES = {"hush()": "hush", "panic()": "panic"}  # they go before what waits


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
    """Until standard input ends; 0 where all went well."""
    from latentcode.remote.client import Client

    line = _Line(Client(args.name, args.socket), args.osc)
    status = 0
    for answer in line.answers():
        status = max(status, tell(answer))
    return status


class _Line:
    """Sends blocks as they come, whatever runs."""

    def __init__(self, client: Any, osc: int | None) -> None:
        from latentcode.remote.feeds import listen

        self._client, self._lock = client, threading.Lock()
        self._left, self._last = set[int](), 0  # what is not answered; the request behind all others
        if osc is not None:
            listen(osc, self._send)
        threading.Thread(target=self._feed, args=(osc is not None,), daemon=True).start()

    def answers(self) -> Iterator[dict[str, Any]]:
        """What comes of each block, until there are no more. Raises EngineError."""
        for message in self._client.messages():
            with self._lock:
                self._left.discard(message["id"])
                over = self._last and not self._left
            if message["id"] != self._last:
                yield message
            if over:
                return

    def _feed(self, patient: bool) -> None:
        from latentcode.prompt.sent import blocks_of
        from latentcode.remote.feeds import blocks

        for written in blocks(sys.stdin.fileno()):
            for _, block in blocks_of(written):
                self._send(block)
        if patient:  # messages may come still
            return
        with self._lock:
            self._last = self._client.post("state")
            self._left.add(self._last)

    def _send(self, block: str) -> None:
        if word := SILENCES.get(block.strip()):
            self._post(word)
        else:
            self._post("eval", code=block, wait=WAIT)

    def _post(self, op: str, **fields: Any) -> None:
        with self._lock:
            self._left.add(self._client.post(op, **fields))
