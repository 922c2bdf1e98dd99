"""MIDI without a machine's ports, of the shape of `midi_osc.interface.Interface`."""

from __future__ import annotations

from collections.abc import Iterator

from latentcode.inputs.keys import port_name
from latentcode.midi_osc.interface import Interface


class FakeInput:
    """An open input; `waiting` is what it will read."""

    def __init__(self, port: str, waiting: list[bytes]) -> None:
        self.port, self.waiting, self.closed = port, waiting, False

    def read(self) -> Iterator[tuple[bytes, float]]:
        """The packets that wait, none a second later than the one before."""
        while self.waiting:
            yield bytes(self.waiting.pop(0)), 0.0

    def close(self) -> None:
        """Hang up."""
        self.closed = True


class FakeOutput:
    """An open output, the nth of its name; `sent` is what was sent to it."""

    def __init__(self, port: str, nth: int = 0) -> None:
        self.port, self.nth, self.closed = port, nth, False
        self.sent: list[bytes] = []

    def send(self, data: bytes) -> None:
        """Keep a message; an OSError after `close`, as where a port has gone."""
        if self.closed:
            raise OSError(self.port)
        self.sent.append(bytes(data))

    def close(self) -> None:
        """Hang up."""
        self.closed = True


class FakeInterface:
    """A machine's MIDI: `plugged` holds the names of its ports, `lines` and `outs` what was opened.

    `packets[port, nth]` is what the nth input of a name will read; `away` are ports that go and
    come back before anybody looks, `loose` those that others disconnect.
    """

    name = "fake"

    def __init__(self, *plugged: str) -> None:
        self.plugged = list(plugged)
        self.packets: dict[tuple[str, int], list[bytes]] = {}
        self.lines: list[FakeInput] = []
        self.outs: list[FakeOutput] = []
        self.closed = self.dead = False
        self.away: set[str] = set()
        self.loose: set[str] = set()

    def inputs(self) -> list[str]:
        """All ports can be listened to."""
        return [] if self.dead else list(self.plugged)

    def outputs(self) -> list[str]:
        """… and sent to."""
        return [] if self.dead else list(self.plugged)

    def gone(self) -> bool:
        """Whether it is `dead`."""
        return self.dead

    def plain(self, port: str) -> str:
        """A port's name as keys have it."""
        return port_name(port)

    def listen(self, port: str, nth: int) -> FakeInput:
        """Listen to the nth input of a name. Raises OSError where it is not plugged in."""
        if self.plugged.count(port) <= nth:
            raise OSError(port)
        self.lines.append(FakeInput(port, self.packets.setdefault((port, nth), [])))
        return self.lines[-1]

    def virtual(self, name: str) -> FakeInput:
        """An input that others connect to."""
        return FakeInput(name, self.packets.setdefault((name, 0), []))

    def returned(self) -> set[str]:
        """What was put into `away`, once."""
        away, self.away = self.away, set()
        return away

    def cut(self) -> set[str]:
        """What was put into `loose`, once."""
        loose, self.loose = self.loose, set()
        return loose

    def shows(self, name: str) -> bool:
        """Others see it."""
        return True

    def send_to(self, port: str, nth: int, own: str) -> FakeOutput:
        """Open the nth output of a name. Raises OSError where it is not plugged in."""
        if self.plugged.count(port) <= nth:
            raise OSError(port)
        self.outs.append(FakeOutput(port, nth))
        return self.outs[-1]

    def virtual_output(self, name: str) -> FakeOutput:
        """An output that others connect to."""
        self.outs.append(FakeOutput(name))
        return self.outs[-1]

    def close(self) -> None:
        """Let go of it."""
        self.closed = True


_: type[Interface] = FakeInterface  # so that the fake keeps the shape of what it stands for
