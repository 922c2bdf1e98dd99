"""An engine that is started before it is known what it is to play: it imports torch meanwhile.

Its desk reads a journal then, which holds what the engine must be told; both take seconds.
"""

from __future__ import annotations

import os
import threading
from typing import Any

from latentcode.protocol.messages import CommandLine
from latentcode.protocol.wire import Wire

EARLY = "--early"  # the command line of such an engine, until it is told its own


def command_line(arguments: list[str], wire: Wire) -> list[str]:
    """The engine's command line behind its address: that with which it was started, or the one that
    it is told. Ends the process where its desk has none for it.
    """
    if arguments != [EARLY]:
        return arguments
    threading.Thread(target=_imported, name="imports", daemon=True).start()
    told: Any = None
    try:
        while not isinstance(told, CommandLine):
            told = wire.receive()
    except EOFError:  # the set could not be read
        os._exit(0)  # whatever is being imported
    return list(told.words)


def _imported() -> None:
    import torch  # noqa: F401
