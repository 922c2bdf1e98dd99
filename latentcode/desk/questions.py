"""Questions to the engine that are answered at once, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count
from typing import Any

PATIENCE = 0.5  # seconds that the prompt waits for an answer


class Questions:
    """Asks by ("ask", number, kind, …) and waits for ("answer", number, value); see `engine/answers.py`."""

    def __init__(self, send: Callable[..., None]) -> None:
        self._send = send
        self._numbers = count(1)
        self._changed = threading.Condition()
        self._asked: set[int] = set()
        self._answers: dict[int, Any] = {}

    def ask(self, *question: Any, patience: float = PATIENCE) -> Any:
        """The answer, or None when there is none in time."""
        number = next(self._numbers)
        self._asked.add(number)
        try:
            self._send("ask", number, *question)
            with self._changed:
                self._changed.wait_for(lambda: number in self._answers, patience)
            return self._answers.get(number)
        finally:
            self._asked.discard(number)
            self._answers.pop(number, None)

    def answered(self, number: int, value: Any) -> None:
        """An answer has come; one that nobody waits for any more is dropped."""
        with self._changed:
            if number in self._asked:
                self._answers[number] = value
                self._changed.notify_all()
