"""The engine process, which is also told what hands do: `Arrive` from the desk."""

from __future__ import annotations

import sys
import time

from latentcode.engine import __main__ as process
from latentcode.engine import handlers as requests
from latentcode.inputs.history import Input
from latentcode.protocol.messages import FromDesk, Message


class Arrive(Message, frozen=True):
    """The control `key` has been moved to a value."""

    key: str
    value: float


def arrive(engine, key, value):
    engine.hands.arrive(Input(key, value), time.monotonic())


if __name__ == "__main__":
    requests.HANDLERS[Arrive] = arrive
    process.FromDesk = FromDesk | Arrive
    sys.exit(process.main(sys.argv[1:]))
