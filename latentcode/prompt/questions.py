"""Questions to the engine, and waiting for their answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from latentcode.protocol.messages import Ask

PATIENCE = 0.5  # seconds that the prompt waits for an answer
GLANCE = 0.25  # seconds between two looks whether Ctrl-C was pressed


class Questions:
    """Asks by `Ask`, and waits for the `Answer` with its number;
    the kinds stand in `engine/queries.py`.
    """

    def __init__(self, send: Callable[[Ask], None]) -> None:
        self._send = send
        self._numbers = count(1)
        self._changed = threading.Condition()
        self._asked: set[int] = set()
        self._answers: dict[int, Any] = {}

    def ask(self, kind: str, *question: Any, patience: float = PATIENCE) -> Any:
        """The answer, or None when there is none in time."""
        number = next(self._numbers)
        self._asked.add(number)
        try:
            self._send(Ask(number, kind, question))
            with self._changed:
                self._wait(number, patience)
            return self._answers.get(number)
        finally:
            self._asked.discard(number)
            self._answers.pop(number, None)

    def _wait(self, number: int, patience: float) -> None:
        """In short waits: one that lasts cannot be interrupted everywhere."""
        end = time.monotonic() + patience
        while number not in self._answers and (left := end - time.monotonic()) > 0:
            self._changed.wait(min(left, GLANCE))

    def answered(self, number: int, value: Any) -> None:
        """An answer has come; one that nobody waits for any more is dropped."""
        with self._changed:
            if number in self._asked:
                self._answers[number] = value
                self._changed.notify_all()
