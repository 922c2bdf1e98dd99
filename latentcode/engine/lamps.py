"""What a controller is told, so that it shows the set: lamps, rings of encoders, motor faders.

Each port is looked after some twenty times a second: what it should show now is compared with what
it was told, or has said itself, and the difference is sent. All of it is sent again every few
seconds, as not all that is sent arrives: JACK drops what falls into a buffer that a program on the
way has missed, and a controller that is just starting does not listen.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from latentcode.inputs.keys import ANY, Key, key, port_meant
from latentcode.midi_osc.midi import FORMATS
from latentcode.protocol.state import LampState
from latentcode.set.actions import Action, Do, Toggle
from latentcode.set.performance import Performance

EACH = 0.05  # seconds between two looks
AGAIN = 3.0  # seconds after which what is shown is sent again, a few spots at each look
AT_HAND = 0.5  # seconds after which a hand that has moved a control is not at it
STARTING = (0.0, 1.0, 4.0)  # seconds after an output was opened at which all is sent, SysEx included
MOVING = frozenset({"cc", "nrpn", "bend"})  # kinds of controls that can be moved from here
LAMPS = frozenset({"note", "cc"})  # … and those that pads are
MACKIE = "mackie"  # values as its protocol has them: an encoder's ring is another controller
ENCODERS, RING = range(16, 24), 32  # control changes of its encoders, and how far above is the ring of each
FAN, LIT = 0x20, 11  # a ring that is lit from its left end, and how many places it has
OFF = 0

Spot = tuple[str, int, int]  # kind of message, number of a key or a controller, channel from 0


class Sends(Protocol):
    """MIDI outputs."""

    def open(self, port: str, virtual: bool = False) -> None: ...
    def opened(self, port: str) -> int: ...
    def looked_for(self, port: str) -> bool: ...
    def now(self, port: str, data: bytes) -> None: ...


@dataclass
class Board:
    """A controller, by a part of its ports' names, and how it shows what its pads do: numbers, 0 to
    127, that are brightness on some and colours on others.

    on        of what is so now: a voice that is muted, the scene that was gone to
    dim       of a pad that does something
    waiting   of what comes at the next boundary
    values    whether controllers are told where they should stand; MACKIE: as its protocol has it
    channel   from 0, of lamps whose pads name none
    first     what it is sent when it is there, as SysEx that lets it be told
    """

    port: str
    on: int = 127
    dim: int = 1
    waiting: int = 64
    values: bool | str = True
    first: tuple[bytes, ...] = ()
    channel: int = 0
    opened: int = 0
    starts: tuple[float, ...] = ()  # when all is sent
    said: dict[Spot, int] = field(default_factory=dict)
    since: dict[Spot, float] = field(default_factory=dict)  # when that was sent, or said by itself
    hands: dict[str, float] = field(default_factory=dict)

    def means(self, name: Key) -> bool:
        """Whether an input is one of it."""
        return name.port == ANY or port_meant(self.port, name.port) or port_meant(name.port, self.port)


class Lamps:
    """All controllers that are shown the set. `tick` is called by the render thread, under the
    engine's lock.
    """

    def __init__(
        self, performance: Performance, sender: Sends, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._performance, self._sender, self._clock = performance, sender, clock
        self._boards: dict[str, Board] = {}
        self._next = 0.0

    @property
    def boards(self) -> tuple[LampState, ...]:
        """What was said of each."""
        return tuple(
            (
                one.port,
                one.on,
                one.dim,
                one.waiting,
                one.values,
                tuple(data.hex(" ") for data in one.first),
                one.channel + 1,
            )
            for one in self._boards.values()
        )

    def show(
        self,
        port: str | None,
        on: int,
        dim: int,
        waiting: int,
        values: bool | str,
        first: tuple[bytes, ...],
        channel: int = 1,
    ) -> None:
        """Show a controller the set from now on; with `on` below 0 no longer, None: none."""
        for board in [board for board in self._boards.values() if port in (None, board.port)]:
            self._darken(board)
        left = {name: board for name, board in self._boards.items() if port not in (None, name)}
        if port is not None and on >= 0:
            self._sender.open(port)
            if self._sender.looked_for(port) and not self._sender.opened(port):  # what is new is told there
                self._performance.notice(f"no MIDI output has {port!r} in its name; its lamps wait for it")
            left[port] = Board(port, on, dim, waiting, values, first, channel - 1)
        self._boards = left

    def tick(self) -> None:
        """Send what has changed."""
        now = self._clock()
        if not self._boards or now < self._next:
            return
        self._next = now + EACH
        for board in self._boards.values():
            self._look_after(board, now)

    def _look_after(self, board: Board, now: float) -> None:
        opened = self._sender.opened(board.port)
        if opened and opened != board.opened:  # also where nobody looked while it was away
            board.starts = tuple(now + seconds for seconds in STARTING)
            board.said.clear()
        board.opened = opened
        if not opened:
            return
        self._start(board, now)
        self._hear(board, now)
        shown = {**dict(self._values(board)), **dict(self._pads(board))}
        changed = [spot for spot, number in shown.items() if board.said.get(spot) != number]
        for spot in [*changed, *self._again(board, shown, now)]:
            board.said[spot], board.since[spot] = shown[spot], now
            self._send(board, spot, shown[spot])

    def _start(self, board: Board, now: float) -> None:
        """Let all be sent where it is time for it, but where a hand is."""
        left = tuple(moment for moment in board.starts if moment > now)
        if left == board.starts:
            return
        board.starts = left
        board.said = {spot: n for spot, n in board.said.items() if now - board.since[spot] < AT_HAND}
        for data in board.first:
            self._sender.now(board.port, data)

    def _again(self, board: Board, shown: dict[Spot, int], now: float) -> list[Spot]:
        """What was sent some time ago: so much of it at a look that all of it has its turn."""
        old = [spot for spot in shown if spot in board.said and now - board.since[spot] >= AGAIN]
        return old[: math.ceil(len(shown) * EACH / AGAIN)]

    def _hear(self, board: Board, now: float) -> None:
        """What the controller has said itself it need not be told; a pad that was hit has lost its
        lamp.
        """
        bindings, lamps = self._performance.bindings, dict(self._pads(board))
        said = {**self._performance.inputs.latest(), **bindings.takeover.hands}
        for name, value in said.items():
            meant = key(name)
            if board.hands.get(name) == value or not board.means(meant):
                continue
            board.hands[name] = value
            spot = _spot(meant, board.channel)
            if meant.kind == "note" or spot in lamps:
                board.said.pop(spot, None)
            elif name in bindings.takeover.hands or meant.kind == "bend":
                board.said[spot], board.since[spot] = FORMATS[meant.kind].number(value), now

    def _values(self, board: Board) -> Iterator[tuple[Spot, int]]:
        for name, value in self._performance.inputs.latest().items() if board.values else ():
            meant = key(name)
            if meant.kind in MOVING and board.means(meant):
                yield _value(_spot(meant), FORMATS[meant.kind].number(value), board.values == MACKIE)

    def _pads(self, board: Board) -> Iterator[tuple[Spot, int]]:
        for name, action in self._performance.touch.grip().pads:
            if name.kind in LAMPS and board.means(name):
                yield _spot(name, board.channel), self._shown(board, name, action)

    def _shown(self, board: Board, name: Key, action: Action) -> int:
        if self._performance.touch.waits(name):
            return board.waiting
        if isinstance(action, Toggle):
            return board.on if action.voice in self._performance.faders.muted else board.dim
        gone = self._performance.history.gone
        if (
            isinstance(action, Do)
            and gone
            and [c.arguments[0] for c in action.commands if c.kind == "go"] == [gone]
        ):
            return board.waiting if self._performance.coming else board.on
        return board.dim

    def _darken(self, board: Board) -> None:
        for spot in board.said:
            if spot[0] == "note":
                self._send(board, spot, OFF)

    def _send(self, board: Board, spot: Spot, number: int) -> None:
        kind, what, channel = spot
        if kind == "note":
            self._sender.now(board.port, bytes((0x90 | channel, what, number)))
            return
        for data in FORMATS[kind].bytes(channel, what, number):
            self._sender.now(board.port, data)


def _value(spot: Spot, number: int, mackie: bool) -> tuple[Spot, int]:
    """Where a controller is told a value, and as which number."""
    kind, what, channel = spot
    if not mackie or kind != "cc" or what not in ENCODERS:
        return spot, number
    return (kind, what + RING, channel), FAN | 1 + number * (LIT - 1) // 127


def _spot(name: Key, channel: int = 0) -> Spot:
    """Where a control is told something; `channel` where it names none."""
    channel = channel if name.channel == ANY else int(name.channel) - 1
    return name.kind, int(name.what or 0), channel
