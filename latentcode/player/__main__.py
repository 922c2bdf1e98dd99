"""The entry of the player process."""

from __future__ import annotations

import faulthandler
import os
import sys

from latentcode.player.locked import ended_when_locked


def run() -> int:
    """Play; the exit status."""
    faulthandler.enable()  # a crash in C leaves its stacks in the log
    ended_when_locked()
    os.environ.pop("PYO_SERVER_AUDIO", None)
    os.environ |= {"JACK_NO_START_SERVER": "1", "OPENBLAS_NUM_THREADS": "1"}
    try:
        from latentcode.player.process import main
    except ImportError as error:
        from latentcode.protocol.player_messages import Error, ToPlayer
        from latentcode.protocol.wire import connect

        text = f"pyo cannot be imported ({error}): type pip install pyo"
        connect(sys.argv[1], ToPlayer).send(Error(text))
        return 1
    return main(sys.argv[1:])


if __name__ == "__main__":
    status = run()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # without waiting for a device that may no longer answer
