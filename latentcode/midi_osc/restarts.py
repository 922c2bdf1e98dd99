"""When a process of ours that died is started again, and when a performer has to know.

One that ends with the sound server is there again at once, and nobody has to do anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

AT_ONCE, AGAIN_SECONDS = 0.1, 2.0  # until the first start after a death, and until those after it
WITHIN, OFTEN = 120.0, 5  # so many deaths within so many seconds are told
TOO_OFTEN = (
    "✗ {name} has died {count} times in two minutes, and is started again each time; pull out what was plugged "
    "in last, and latentcode doctor in another terminal tells more"
)


@dataclass
class Restarts:
    """Of one process, by the name that a performer knows."""

    name: str
    notice: Callable[[str], None]
    _deaths: list[float] = field(default_factory=list)

    def died(self) -> float:
        """It has died just now: seconds until it is to be started again."""
        now = time.monotonic()
        self._deaths = [moment for moment in self._deaths if now - moment < WITHIN] + [now]
        if len(self._deaths) == OFTEN:
            self.notice(TOO_OFTEN.format(name=self.name, count=OFTEN))
        return AT_ONCE if len(self._deaths) == 1 else AGAIN_SECONDS
