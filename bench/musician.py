"""`python -m bench.musician ADDRESS MODEL LEAD [OPTION=NUMBER …]`: the prompt, under remote control and unseen.

It starts the engine as the prompt does. It is asked ("run", code), ("state",), ("hello",) or ("said",), and
answers each with one value.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from msgspec import to_builtins

from latentcode.prompt.link import Link
from latentcode.prompt.options import Options
from latentcode.prompt.session import Desk
from latentcode.protocol.wire import connect

DESKLESS = "5"  # seconds that the engine survives this process
HEARING = 60.0


def main(address: str, model: str, lead: str, *more: str) -> None:
    """Serve until the measurement hangs up."""
    line = connect(address)
    said: list[str] = []
    options = Options(model=model, driver="jack", lead=float(lead), seed=1)
    numbers: dict[str, Any] = {name: int(value) for name, value in (word.split("=") for word in more)}
    options = replace(options, **numbers)
    link = Link(options.settled(), said.append)
    link.start("--deskless", DESKLESS)
    desk = Desk(link, said.append)
    answers: dict[str, Callable[..., Any]] = {
        "run": desk.run,
        "state": lambda: _fresh(link),
        "said": lambda: said,
        "hello": lambda: link.wait_ready(HEARING) and to_builtins(link.hello),
    }
    try:
        while True:
            kind, *rest = line.receive()
            line.send((answers[kind](*rest),))
    except EOFError:
        link.leave()


def _fresh(link: Link) -> dict[str, Any]:
    """The engine's state, heard after it was asked for."""
    asked = time.monotonic()
    while link.heard <= asked and time.monotonic() < asked + 2.0:
        time.sleep(0.01)
    return dict(to_builtins(link.state))


if __name__ == "__main__":
    main(*sys.argv[1:])
