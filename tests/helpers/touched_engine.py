"""The engine process, which is also told what hands do: `Arrive` from the desk."""

from __future__ import annotations

import sys
import time

from latentcode.engine import __main__ as program
from latentcode.engine import process
from latentcode.inputs.history import Input
from latentcode.protocol.messages import FromDesk, Message


class Arrive(Message, frozen=True):
    """The control `key` has been moved to a value."""

    key: str
    value: float


class Engine(process.Engine):
    """One that takes it."""

    def takers(self):
        return {**super().takers(), Arrive: self.arrive}

    def arrive(self, key, value):
        self.hands.arrive(Input(key, value), time.monotonic())


if __name__ == "__main__":
    process.Engine = Engine
    program.FromDesk = FromDesk | Arrive
    sys.exit(program.main(sys.argv[1:]))
