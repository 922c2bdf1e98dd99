"""The engine process, which is also told what hands do: ("arrive", key, value) from the desk."""

from __future__ import annotations

import sys
import time

from latentcode.engine import handlers as requests
from latentcode.engine.__main__ import main
from latentcode.inputs.history import Input


def arrive(engine, name, value):
    engine.hands.arrive(Input(name, value), time.monotonic())


if __name__ == "__main__":
    requests.HANDLERS["arrive"] = arrive
    sys.exit(main(sys.argv[1:]))
