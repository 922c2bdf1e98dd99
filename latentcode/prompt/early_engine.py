"""An engine that is started before it is known what it is to play: it imports torch while the desk
reads a journal, and is ready sooner for it (see `engine/early.py`).
"""

from __future__ import annotations

from types import TracebackType

from latentcode.engine.early import EARLY
from latentcode.prompt.options import log_file
from latentcode.protocol import wire
from latentcode.protocol.messages import ToDesk

ENGINE = "latentcode.engine"


class EarlyEngine:
    """Waits for its command line, which a link tells it. Whoever starts one ends it, where nobody
    has taken it: use it as a context.
    """

    def __init__(self, engine: str = ENGINE) -> None:
        self.engine = engine
        self._child: wire.Child | None = wire.start(engine, EARLY, hears=ToDesk, log=log_file())

    def take(self) -> wire.Child | None:
        """The engine, for a link that ends it from now on; None when it is taken."""
        child, self._child = self._child, None
        return child

    def __enter__(self) -> EarlyEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if (child := self.take()) is not None:
            child.close(0.0)  # it has only imported
