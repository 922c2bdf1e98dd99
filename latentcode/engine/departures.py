"""What is sent, on its way out over MIDI and OSC: each message leaves when the sound of its sample
leaves the player.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from latentcode.midi_osc.midi_out_client import Posting
from latentcode.midi_osc.osc import Sockets, bundled
from latentcode.midi_osc.sending import Sender
from latentcode.set.event_encoder import ALL, Destination, OutgoingEvent


class Wall(Protocol):
    """What is needed of those who know when a sample is heard."""

    def moment_of(self, sample: float) -> float: ...


class Departures:
    """Gives what goes out to those who send it: `services` by the name of their service.

    The options of what goes out: nudge in ms (later, or below 0 earlier); over MIDI whether the
    port is virtual, over OSC whether it leaves at once, with time tags.
    """

    def __init__(self, wall: Wall, sender: Posting, tell: Callable[[str], None]) -> None:
        self.wall, self.sender = wall, sender
        self._osc = Sender(tell, Sockets(tell))
        self._last: dict[tuple[str, int, int], float] = {}  # by key when it was last struck or let go
        self.services: dict[str, Callable[[OutgoingEvent, float], None]] = {
            "midi": self._midi,
            "osc": self._bundle,
        }

    def send(self, going: OutgoingEvent) -> None:
        """Let it leave with its sample."""
        self.services[going.where.service](going, self.wall.moment_of(going.sample))

    def open(self, where: Destination, options: tuple[Any, ...] = ()) -> None:
        """Look for a port before anything is sent there."""
        if where.service == "midi":
            self.sender.open(where.port, bool(options and options[1]))
        elif where.service == "osc":
            self._osc.open(where.port)

    def ready(self, where: Destination, options: tuple[Any, ...]) -> bool:
        """Whether something can be sent there, or it is known that nobody is there."""
        self.open(where, options)
        return where.service != "midi" or where.what == ALL or self.sender.looked_for(where.port)

    def close(self) -> None:
        """Let go of what sounds, and of the ports."""
        self.sender.close()
        self._osc.close()

    def _midi(self, going: OutgoingEvent, moment: float) -> None:
        nudge, virtual = going.options
        self.sender.open(going.where.port, virtual)
        moment += nudge / 1000
        if going.where.what == "note":
            moment = self._in_order(going, moment)
        for data in going.data:
            self.sender.at(moment, going.where.port, data)

    def _bundle(self, going: OutgoingEvent, moment: float) -> None:
        nudge, tagged = going.options
        moment += nudge / 1000
        for data in going.data:
            if tagged:
                self._osc.now(going.where.port, bundled(data, moment))
            else:
                self._osc.at(moment, going.where.port, data)

    def _in_order(self, going: OutgoingEvent, moment: float) -> float:
        """Not before the last of the same key: what is known of moments changes,
        and so do nudges and latency.
        """
        key = (going.where.port, going.where.channel, going.value.key)
        self._last[key] = max(moment, self._last.get(key, moment))
        return self._last[key]
