"""The other end of the line: a program that has a running set evaluate code."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from latentcode.errors import EngineError
from latentcode.remote import address
from latentcode.remote.protocol import LONGEST, as_line


class Client:
    """A line to a set; `told` gets the events that are pushed meanwhile."""

    def __init__(
        self,
        name: str,
        path: str | None = None,
        told: Callable[[dict[str, Any]], None] = lambda event: None,
    ) -> None:
        """Raises EngineError where no set answers."""
        self._socket = address.call(path)
        self._file = self._socket.makefile("rb")
        self._numbers, self._told = itertools.count(1), told
        self.name = self.ask("hello", name=name)["name"]

    def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        """The answer to a request. Raises EngineError when the set is gone."""
        number = self.post(op, **fields)
        return next(message for message in self.messages() if message["id"] in (number, None))

    def post(self, op: str, **fields: Any) -> int:
        """Send a request; the id of its answer.

        Raises EngineError when the set is gone, and for what is longer than a line may be.
        """
        number = next(self._numbers)
        line = as_line({"op": op, "id": number, **fields})
        if len(line) > LONGEST:
            raise EngineError(
                f"a block has {LONGEST} bytes at the most, and this one {len(line)}; cut it by blank lines, "
                "and send it as a file"
            )
        try:
            self._socket.sendall(line)
        except OSError as error:
            raise EngineError(f"the set is gone: {error}") from error
        return number

    def messages(self) -> Iterator[dict[str, Any]]:
        """The answers as they come. Raises EngineError when the set is gone."""
        while True:
            message = self._heard()
            if "event" in message:
                self._told(message)
            else:
                yield message

    def evaluate(self, code: str, file: str = "", line: int = 1, wait: float = 0.0) -> dict[str, Any]:
        """What came of a block of code (see `protocol.answer`)."""
        return self.ask("eval", code=code, file=file, line=line, wait=wait)

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _heard(self) -> dict[str, Any]:
        try:
            line = self._file.readline()
        except OSError as error:
            raise EngineError(f"the set is gone: {error}") from error
        if not line:
            raise EngineError("the set has ended")
        message: dict[str, Any] = msgspec.json.decode(line)
        return message
