"""`python -m latentcode.midi_osc ADDRESS in|out`: MIDI input, or output, in a process of its own,
started by `midi_in_client.py` and `midi_out_client.py`.
"""

from __future__ import annotations

import faulthandler
import sys
import threading
from contextlib import suppress

from latentcode.midi_osc.ports import Ports
from latentcode.midi_osc.sending import Sender, outputs
from latentcode.protocol import helper_messages, messages
from latentcode.protocol.wire import Wire, connect

STUCK = 20.0  # seconds after which a call into the system's MIDI does not come back


def main(address: str, way: str) -> int:
    """Listen, or send, until whoever has started us hangs up."""
    sys.setswitchinterval(0.0005)  # JACK's thread, where it calls Python, must not wait for ours
    run, hears = WAYS[way]
    with suppress(EOFError):
        run(connect(address, hears))
    return 0


def listen(wire: Wire) -> None:
    """Tell what arrives, and obey `ToMidiIn`. Raises EOFError when the wire is cut."""
    ports = Ports(wire.send, going=end_when_stuck)
    threading.Thread(target=_choose, args=(wire, ports), name="asked", daemon=True).start()
    ports.run()


def end_when_stuck(seconds: float = STUCK) -> None:
    """End this process, unless this is called again within so many seconds, or it ends by itself.

    JACK's library waits for ever for a thread that it has lost with its server, also where it only
    lets go; whoever needs MIDI starts another process once this one has gone.
    """
    faulthandler.dump_traceback_later(seconds, exit=True)  # a thread of C's, which needs no lock


def _choose(wire: Wire, ports: Ports) -> None:
    with suppress(EOFError):
        while True:
            match wire.receive():
                case helper_messages.Choose(fragments):
                    ports.choose(fragments)
                case helper_messages.Make(name):
                    ports.make(name)
    ports.close()


def send(wire: Wire) -> None:
    """Obey `ToMidiOut`, and let go of what sounds in the end."""

    def tell(message: helper_messages.FromMidiOut) -> None:
        with suppress(EOFError):
            wire.send(message)

    sender = Sender(
        lambda text: tell(messages.Notice(text)),
        changed=lambda name, there: tell(helper_messages.OutputThere(name, there)),
    )
    with suppress(EOFError):
        _send(wire, sender)
    end_when_stuck()
    sender.close()


def _send(wire: Wire, sender: Sender) -> None:
    while True:
        match wire.receive():
            case helper_messages.At(moment, port, data):
                sender.at(moment, port, data)
            case helper_messages.Open(port, virtual):
                sender.open(port, virtual)
            case helper_messages.Struck(port, keys):
                sender.struck(port, keys)
            case helper_messages.Reopen():
                sender.reopen()
            case helper_messages.NameOutputs():
                wire.send(helper_messages.OutputNames(tuple(outputs())))


WAYS = {"in": (listen, helper_messages.ToMidiIn), "out": (send, helper_messages.ToMidiOut)}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
