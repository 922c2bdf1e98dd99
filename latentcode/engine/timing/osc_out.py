"""Patterns that leave as OSC: how what they say is sent."""

from __future__ import annotations

from collections.abc import Callable

from latentcode.midi_osc.osc import Sockets, bundled
from latentcode.midi_osc.sending import Sender
from latentcode.set.outgoing import OutgoingEvent


class OscSender:
    """Sends what goes out to its host, each message at its moment or, with time tags, ahead of it.

    The options of what goes out: nudge in ms, whether with time tags.
    """

    def __init__(self, notice: Callable[[str], None]) -> None:
        self._sender = Sender(notice, Sockets(notice))

    def open(self, place: str) -> None:
        """Find out where a place is before anything is sent there."""
        self._sender.open(place)

    def send(self, going: OutgoingEvent, moment: float) -> None:
        """Let it leave with its sample, which is heard at `moment`."""
        nudge, tagged = going.options
        moment += nudge / 1000
        for data in going.data:
            if tagged:
                self._sender.now(going.where.port, bundled(data, moment))
            else:
                self._sender.at(moment, going.where.port, data)

    def close(self) -> None:
        self._sender.close()
