"""Whether pyo can open the default device: `python -m latentcode.player.probe RATE BUFFER OUTPUTS`
exits with 0.
"""

from __future__ import annotations

import os
import sys


def run() -> None:
    """Boot a server and leave at once, without pyo's own way out."""
    from latentcode.player.drivers import boot

    server = boot("portaudio", *map(int, sys.argv[1:4]))
    os._exit(0 if server.getIsBooted() else 1)


if __name__ == "__main__":
    run()
