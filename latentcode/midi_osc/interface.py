"""The door to the machine's MIDI: what every interface can do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

CLIENT = "latentcode"
PORT = f"{CLIENT}-midi"  # of one port: the player's own client has the bare name, for patchbays
QUEUE = 16384  # messages that wait for us: three seconds of a storm


class OpenInput(Protocol):
    """An open input.

    What arrives waits in a queue of its own, so that no driver ever waits for us.
    """

    def read(self) -> Iterator[tuple[bytes, float]]:
        """The packets that have arrived, each with the seconds since the one before."""

    def close(self) -> None:
        """Hang up."""


class OpenOutput(Protocol):
    """An open output."""

    def send(self, data: bytes) -> None:
        """Send one message. Raises OSError where the port has gone."""

    def close(self) -> None:
        """Hang up."""


class Interface(Protocol):
    """One of the machine's ways to MIDI. What it opens stays open when it is closed itself."""

    name: str

    def inputs(self) -> list[str]:
        """The names of what can be listened to; nothing where the interface has gone."""

    def outputs(self) -> list[str]:
        """The names of what can be sent to; nothing where the interface has gone."""

    def gone(self) -> bool:
        """Whether it has gone, as with a sound server that died: another is to be made."""

    def plain(self, port: str) -> str:
        """A port's name as keys have it; two ports may have the same."""

    def listen(self, port: str, nth: int) -> OpenInput:
        """Listen to the nth input of a name. Raises OSError where it has gone."""

    def virtual(self, name: str) -> OpenInput:
        """Make an input that others connect to.

        Raises NotImplementedError where there are none (Windows).
        """

    def returned(self) -> set[str]:
        """Ports that have gone and come back since this was asked last;
        nothing where the interface cannot tell.
        """

    def cut(self) -> set[str]:
        """Ports that are there and were disconnected from ours by others since this was asked last;
        nothing where the interface cannot tell.
        """

    def shows(self, name: str) -> bool:
        """Whether others see our virtual input; not,
        where the server was started again meanwhile.
        """

    def send_to(self, port: str, nth: int, own: str) -> OpenOutput:
        """Open the nth output of a name, through a port of ours called `own`.

        Raises OSError where it has gone.
        """

    def virtual_output(self, name: str) -> OpenOutput:
        """Make an output that others connect to.

        Raises NotImplementedError where there are none (Windows).
        """

    def close(self) -> None:
        """Let go of it."""
