"""`python -m latentcode.stage ADDRESS --at …`: the stage of a desk, which starts and ends it."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from latentcode.errors import LatentcodeError
from latentcode.protocol.messages import Notice
from latentcode.protocol.wire import Wire, connect
from latentcode.stage.serving import Serving


def main(arguments: list[str]) -> int:
    """Serve until the desk hangs up."""
    parser = argparse.ArgumentParser(prog="python -m latentcode.stage")
    parser.add_argument("address", help="of the wire to the desk")
    parser.add_argument("--at", default="", help="the address to be served at")
    parser.add_argument("--door", type=Path, help="of the set; the newest that plays, where none is given")
    parser.add_argument("--desk", type=Path, help="where its desk listens to editors")
    options = parser.parse_args(arguments)
    wire = connect(options.address)
    try:
        serving = Serving(options.at, options.door, options.desk)
    except LatentcodeError as error:
        wire.send(Notice(f"✗ {error}"))
        return 1
    for line in serving.told:
        wire.send(Notice(line))
    threading.Thread(target=_until_gone, args=(wire, serving), daemon=True).start()
    serving.run()
    return 0


def _until_gone(wire: Wire, serving: Serving) -> None:
    try:
        while True:
            wire.receive()
    except EOFError:
        serving.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
