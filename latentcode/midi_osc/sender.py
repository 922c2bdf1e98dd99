"""`python -m latentcode.midi_osc.sender ADDRESS`: MIDI out in a process of its own,
started by `posting.py`.
"""

from __future__ import annotations

import sys
from contextlib import suppress

from latentcode.midi_osc.outlets import outputs
from latentcode.midi_osc.sending import Sender
from latentcode.protocol import messages
from latentcode.protocol.wire import Wire, connect


def main(arguments: list[str]) -> int:
    """Send until whoever has started us hangs up."""
    sys.setswitchinterval(0.0005)
    wire = connect(arguments[0], messages.ToMidiOut)

    def tell(message: messages.FromMidiOut) -> None:
        with suppress(EOFError):
            wire.send(message)

    def notice(text: str) -> None:
        tell(messages.Notice(text))

    sender = Sender(notice, changed=lambda name, there: tell(messages.OutputThere(name, there)))
    with suppress(EOFError):
        _obey(wire, sender)
    sender.close()
    return 0


def _obey(wire: Wire, sender: Sender) -> None:
    while True:
        match wire.receive():
            case messages.At(moment, port, data):
                sender.at(moment, port, data)
            case messages.Open(port, virtual):
                sender.open(port, virtual)
            case messages.Forget(port, after):
                sender.forget(port, after)
            case messages.Release(port):
                sender.release(port)
            case messages.Struck(port, keys):
                sender.struck(port, keys)
            case messages.Reopen():
                sender.reopen()
            case messages.NameOutputs():
                wire.send(messages.OutputNames(tuple(outputs())))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
