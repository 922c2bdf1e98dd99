"""The set as the threads of the engine share it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from latentcode.engine.desk_server import Desks
from latentcode.session.writing import Journal
from latentcode.set.performance import Performance


@dataclass(frozen=True)
class LiveSet:
    """What plays, what is written down of it, and who is told of it.

    `lock` is held while the performance is told something, or asked.
    """

    performance: Performance
    journal: Journal
    desks: Desks
    lock: threading.RLock = field(default_factory=threading.RLock)
