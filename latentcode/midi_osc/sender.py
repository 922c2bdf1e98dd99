"""`python -m latentcode.midi_osc.sender ADDRESS`: MIDI out in a process of its own, started by `posting.py`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress

from latentcode.midi_osc.outlets import outputs
from latentcode.midi_osc.sending import Sender
from latentcode.protocol.wire import Wire, connect


def main(arguments: list[str]) -> int:
    """Send until whoever has started us hangs up."""
    sys.setswitchinterval(0.0005)
    wire = connect(arguments[0])

    def tell(*message: object) -> None:
        with suppress(EOFError):
            wire.send(*message)

    def notice(text: str) -> None:
        tell("notice", text)

    sender = Sender(notice, changed=lambda name, there: tell("there", name, there))
    with suppress(EOFError):
        _obey(wire, sender)
    sender.close()
    return 0


def _obey(wire: Wire, sender: Sender) -> None:
    actions: dict[str, Callable[..., None]] = {
        "at": sender.at,
        "open": sender.open,
        "forget": sender.forget,
        "release": sender.release,
        "struck": sender.struck,
        "reopen": sender.reopen,
    }
    while True:
        what, *values = wire.receive()
        if what == "names":
            wire.send("names", *outputs())
        else:
            actions[what](*values)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
