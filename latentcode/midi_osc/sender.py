"""`python -m latentcode.midi_osc.sender ADDRESS`: MIDI out in a process of its own,
started by `posting.py`.
"""

from __future__ import annotations

import sys
from contextlib import suppress

from latentcode.midi_osc.outlets import outputs
from latentcode.midi_osc.sending import Sender
from latentcode.protocol import helper_messages, messages
from latentcode.protocol.wire import Wire, connect


def main(arguments: list[str]) -> int:
    """Send until whoever has started us hangs up."""
    sys.setswitchinterval(0.0005)
    wire = connect(arguments[0], helper_messages.ToMidiOut)

    def tell(message: helper_messages.FromMidiOut) -> None:
        with suppress(EOFError):
            wire.send(message)

    def notice(text: str) -> None:
        tell(messages.Notice(text))

    sender = Sender(notice, changed=lambda name, there: tell(helper_messages.OutputThere(name, there)))
    with suppress(EOFError):
        _obey(wire, sender)
    sender.close()
    return 0


def _obey(wire: Wire, sender: Sender) -> None:
    while True:
        match wire.receive():
            case helper_messages.At(moment, port, data):
                sender.at(moment, port, data)
            case helper_messages.Open(port, virtual):
                sender.open(port, virtual)
            case helper_messages.Forget(port, after):
                sender.forget(port, after)
            case helper_messages.Release(port):
                sender.release(port)
            case helper_messages.Struck(port, keys):
                sender.struck(port, keys)
            case helper_messages.Reopen():
                sender.reopen()
            case helper_messages.NameOutputs():
                wire.send(helper_messages.OutputNames(tuple(outputs())))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
