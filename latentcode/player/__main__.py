"""The entry of the player process."""

from __future__ import annotations

import os
import sys


def run() -> None:
    """Play, then leave without waiting for a device that may no longer answer."""
    os.environ["PYO_GUI_WX"] = "0"
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["JACK_NO_START_SERVER"] = "1"
    from latentcode.player.process import main

    try:
        main(sys.argv[1:])
    except EOFError:
        os._exit(1)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    run()
