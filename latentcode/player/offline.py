"""The player's graph without a device: what a set sounds like, as fast as it goes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import AudioError
from latentcode.player.mixer import Command, checked
from latentcode.player.transport import Tap, Transport, message_key
from latentcode.protocol.messages import name_of
from latentcode.protocol.ringbuffer import CHANNELS

Span = tuple[int, int]
Late = tuple[str, int, int]
"""A command that came late: its key (`message_key`, or its name alone), its sample, and where it took effect."""


def render(
    blocks: Iterable[Float32],
    *,
    rate: int,
    buffer: int,
    commands: Sequence[Command] = (),
    dry: Sequence[Span] = (),
    restarts: Sequence[Span] = (),
    anew: Collection[int] = (),
    late: Sequence[Late] = (),
    start: int = 0,
    headroom: int = 0,
    told: Callable[[], Iterable[Command]] = tuple,
    taps: Sequence[Tap] = (),
) -> Iterator[Float32]:
    """Play `blocks` (n, 32), float32, which begin at session sample `start`; yields (n, 2) float32.

    The first sample yielded is session sample `start` too, and as many samples come out as went in.
    With the `commands`, `dry` spans (first, last) and `buffer` size of a live set it equals the
    live recording sample for sample. `told` is asked for more commands whenever blocks have come:
    those that only rendering finds out. `late` are those that came after their sample. `restarts`
    are (sample, buffer) where a device was lost or came back, or another player began: at those in
    `anew` with faders and effects where they are at the beginning. `headroom` (dB) is what the mix
    is turned down by. `taps` see each buffer as it is computed.

    Uses pyo's one server of this process. AudioError for a block of another shape.
    """
    from latentcode.player.drivers import SteppedDriver

    class Stepped(SteppedDriver):
        """One that Ctrl-C ends: pyo would print what a callback raises, and go on."""

        def _callback(self) -> None:
            try:
                super()._callback()
            except KeyboardInterrupt as interrupt:
                interrupted.append(interrupt)

        def step(self) -> None:
            super().step()
            if interrupted:
                raise interrupted.pop()

    interrupted: list[KeyboardInterrupt] = []
    source = _Replay(blocks, start, dry)
    transport = Transport(source, start, lambda *report: None)
    messages = _Messages(transport, late)
    messages.take(commands)
    output = _Output(start)
    transport.sinks.append(output.sink)
    transport.taps.extend(taps)
    for until, size in _stretches(restarts, buffer):
        driver = Stepped("offline", rate, size, transport, transport.advance, headroom)
        driver.start()
        try:
            last = None if until is None else until - (size if until in anew else 1)
            while last is None or transport.position <= last:
                source.hold(transport.position + size)
                messages.take(told())
                messages.pass_on(transport.position)
                driver.step()
                driver.graph.tidy()
                yield from output.take(source.end)
                if output.done == source.end:
                    return
        finally:
            driver.close(1.0)
            driver.graph.close()
        if until is not None and until in anew:
            transport.begin_anew(until)


def _stretches(restarts: Sequence[Span], buffer: int) -> Iterator[tuple[int | None, int]]:
    for sample, size in sorted(restarts, key=lambda restart: restart[0]):  # of one sample the last counts
        yield sample, buffer
        buffer = size
    yield None, buffer


class _Messages:
    """Commands on their way to the transport: each when it is due, or where it came too late."""

    def __init__(self, transport: Transport, late: Sequence[Late]) -> None:
        self._transport = transport
        self._late = {(key, sample): applied for key, sample, applied in late}
        self._held: list[tuple[int, Command]] = []

    def take(self, commands: Iterable[Command]) -> None:
        """Commands as the engine sent them."""
        for command in map(checked, commands):
            keys = ((name, command.sample) for name in (message_key(command), name_of(command)))
            applied = next((self._late[key] for key in keys if key in self._late), command.sample)
            self._held.append((applied, command))

    def pass_on(self, position: int) -> None:
        """Hand over what takes effect in the buffer that begins at `position`."""
        due = [command for applied, command in self._held if applied <= position]
        self._held = [(applied, command) for applied, command in self._held if applied > position]
        for command in sorted(due, key=lambda command: command.sample):
            self._transport.command(command)


class _Output:
    """What the graph gave, from session sample `done` on,
    without what its latency put before the start.
    """

    def __init__(self, start: int) -> None:
        self.done = start
        self._blocks: list[tuple[int, Float32]] = []

    def sink(self, first: int, block: Float32) -> None:
        self._blocks.append((first, block))

    def take(self, end: int | None) -> Iterator[Float32]:
        """The new blocks, up to session sample `end`."""
        blocks, self._blocks = self._blocks, []
        for first, block in blocks:
            if first > self.done:  # between two players
                block, first = np.pad(block, ((first - self.done, 0), (0, 0))), self.done
            block = block[max(0, self.done - first) : None if end is None else max(0, end - first)]
            self.done += len(block)
            if len(block):
                yield block


class _Replay:
    """The transport's source: blocks as they come, none during a dry span.

    `end` is known when they end.
    """

    def __init__(self, blocks: Iterable[Float32], start: int, dry: Sequence[Span]) -> None:
        self.end: int | None = None
        self._blocks = iter(blocks)
        self._dry = sorted(dry)
        self._first = start
        self._held = np.zeros((0, CHANNELS), np.float32)

    def copy(self, position: int, out: Float32) -> bool:
        count = out.shape[1]
        self.hold(position + count)
        block = self._held[position - self._first : position + count - self._first]
        self._held, self._first = self._held[position + count - self._first :], position + count
        if any(first < position + count and position <= last for first, last in self._dry):
            return False
        out[:, : len(block)] = block.T
        out[:, len(block) :] = 0.0
        return True

    def promised(self, position: int) -> bool:
        """All samples are here from the beginning."""
        return True

    def hold(self, until: int) -> None:
        """Have the blocks up to session sample `until`."""
        while self.end is None and self._first + len(self._held) < until:
            block = next(self._blocks, None)
            if block is None:
                self.end = self._first + len(self._held)
            elif block.ndim != 2 or block.shape[1] != CHANNELS:
                raise AudioError(f"a block is (n, {CHANNELS}) float32, not {tuple(block.shape)}")
            else:  # mostly nothing is left of the last
                self._held = np.concatenate((self._held, block)) if len(self._held) else block
