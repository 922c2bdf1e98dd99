"""`python -m latentcode.midi_osc ADDRESS`: MIDI input in a process of its own,
started by `midi_in_client.py`.
"""

from __future__ import annotations

import sys
import threading
from contextlib import suppress

from latentcode.midi_osc.ports import Ports
from latentcode.protocol.helper_messages import Choose, Make, ToMidiIn
from latentcode.protocol.wire import Wire, connect


def main(arguments: list[str]) -> int:
    """Listen until whoever has started us hangs up."""
    sys.setswitchinterval(0.0005)  # JACK's thread, where it calls Python, must not wait for ours
    wire = connect(arguments[0], ToMidiIn)
    ports = Ports(wire.send)
    threading.Thread(target=_obey, args=(wire, ports), name="asked", daemon=True).start()
    with suppress(EOFError):
        ports.run()
    return 0


def _obey(wire: Wire, ports: Ports) -> None:
    with suppress(EOFError):
        while True:
            match wire.receive():
                case Choose(fragments):
                    ports.choose(fragments)
                case Make(name):
                    ports.make(name)
    ports.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
