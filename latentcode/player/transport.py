"""The player's sample counter, and what happens at each border between two buffers:
samples come in, commands are applied, and what hands do.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar
from zlib import crc32

import numpy as np
from msgspec.structs import astuple

from latentcode.arrays import Float32
from latentcode.player.mixer import Command, Mixer, at_place
from latentcode.protocol.messages import Given, Place, name_of
from latentcode.protocol.player_messages import Ending, Fx, Gain, Hand, Master, Pan, Turn
from latentcode.protocol.ringbuffer import CHANNELS

CEILING = 8.0
"""Samples beyond this (18 dB over full scale) are clipped: something is wrong with them."""
FADE_SECONDS = 0.005


class Intake:
    """Turns ring samples into the next buffer of the graph,
    deterministic given which buffers are dry.

    `block` (channels, buffer) is the graph's own memory: filled in place, and still holding the
    buffer before when samples are missing. A buffer without samples is a linear fade from what
    sounded last; the first one with samples again fades in.
    """

    def __init__(self, block: Float32, rate: float, dry: bool = False) -> None:
        self.block = block
        self.dry = dry
        self._flat = block.reshape(-1)
        buffer = block.shape[1]
        length = min(buffer, max(1, round(FADE_SECONDS * rate)))
        self._rise = np.arange(1, length + 1, dtype=np.float32) / np.float32(length)
        self._fall = np.zeros(buffer, np.float32)
        self._fall[:length] = self._rise[::-1] - self._rise[0]

    def take(self) -> list[tuple[int, int]]:
        """Sanitise `block`, which has just been filled;
        returns (channel, samples mended) of the bad ones.
        """
        # The sum of squares is the cheapest proof that no sample is beyond the ceiling, infinite or NaN.
        mended = [] if self._flat.dot(self._flat) <= CEILING**2 else self._mend()
        if self.dry:
            self.block[:, : len(self._rise)] *= self._rise
            self.dry = False
        return mended

    def miss(self) -> None:
        """There are no samples for this buffer: fade out what sounded last."""
        np.multiply(self.block[:, -1:].copy(), self._fall, out=self.block)
        self.dry = True

    def peaks(self) -> Float32:
        """The largest magnitude in each channel of `block`."""
        peaks: Float32 = np.abs(self.block).max(axis=1)
        return peaks

    def _mend(self) -> list[tuple[int, int]]:
        bad = ~(np.abs(self.block) <= CEILING)
        if not bad.any():
            return []
        np.nan_to_num(self.block, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        np.clip(self.block, -CEILING, CEILING, out=self.block)
        counts = bad.sum(axis=1)
        return [(int(channel), int(counts[channel])) for channel in np.flatnonzero(counts)]


Item = tuple[Place, int, float]
"""Place, the sample of the command that gave it to the hand, value."""

_NEVER = -(1 << 62)


class LiveParameters:
    """Between the thread that hears of a hand and the audio thread.

    A value counts while the last command about its place is the one that it names: what came after
    has taken the place from the hand, and before it came the value waits. Of several values for one
    place the last counts.
    """

    def __init__(self) -> None:
        self._arrived: deque[tuple[Item, ...]] = deque()
        self._waiting: dict[Place, tuple[int, float]] = {}
        self._told: dict[Place, int] = {}
        self._closed = False

    def arrive(self, items: tuple[Item, ...]) -> None:
        """A hand has moved; may be called from any thread."""
        self._arrived.append(items)

    def told(self, command: Command) -> None:
        """A command has been applied."""
        match command:
            case Turn(sample, changes):
                self._told |= {("turn", *change[:3]): sample for change in changes}
            case Gain(sample, voice) | Pan(sample, voice) | Fx(sample, voice):
                self._told[name_of(command), voice] = sample
            case Master(sample):
                self._told[("master",)] = sample
            case Ending():
                self._closed = True

    def due(self) -> Given:
        """What is to be applied at this border."""
        while self._arrived:
            for place, since, value in self._arrived.popleft():
                self._waiting[place] = since, value
        if not self._waiting or self._closed:
            return ()
        due = tuple(
            (place, value) for place, (since, value) in self._waiting.items() if since == self._since(place)
        )
        self._waiting = {
            place: (since, value)
            for place, (since, value) in self._waiting.items()
            if since > self._since(place)
        }
        return due

    def _since(self, place: Place) -> int:
        """The sample of the last command about a place."""
        told = self._told.get(place, _NEVER)
        return max(told, self._told.get(("fx", place[1]), _NEVER)) if place[0] == "turn" else told


DRY_SECONDS = 0.25  # of a dry span that are reported at once

Report = Callable[..., None]
Sink = Callable[[int, Float32], None]
Tap = Callable[[int, Any, Mixer], None]


class SampleSource(Protocol):
    """Where samples come from: the ring, or what is replayed."""

    def copy(self, position: int, out: Float32) -> bool: ...
    def promised(self, position: int) -> bool: ...


class BlockGraph(Protocol):
    """What the transport needs of `graph.Graph`, so that it can be tested without pyo."""

    rate: int
    buffer: int
    latency: int
    block: Float32

    def compute(self) -> None: ...
    def silence(self) -> None: ...
    def output(self) -> Float32: ...
    def peaks(self) -> Float32: ...
    def prepare(self, command: Command) -> None: ...
    def apply(self, command: Command) -> None: ...


G = TypeVar("G", bound=BlockGraph)


def message_key(command: Command) -> str:
    """What tells a command from others with its name and sample: the same in a replay."""
    return f"{name_of(command)}:{crc32(repr(astuple(command)[1:]).encode()):08x}"


class Transport:
    """Moves one graph through session time.

    `advance` runs in the audio thread, all else may be anywhere.

    `position` is the first sample of the next buffer. `sinks` are given each buffer of output with
    the session sample it begins at, `taps` the graph itself and the mixer as soon as a buffer has
    been computed, with its first sample. Dry buffers, late commands, mended samples and what hands
    did go to `report`: all that lies before `settled` has gone there.
    """

    def __init__(self, source: SampleSource, start: int, report: Report, mixer: Mixer | None = None) -> None:
        self.position = self.settled = start
        self.mixer = mixer or Mixer()
        self.sinks: list[Sink] = []
        self.taps: list[Tap] = []
        self.dry_buffers = 0
        self.mended = 0
        self._source = source
        self._report = report
        self._fade_in = start > 0
        self._border = threading.Lock()
        self._arrived: deque[Command] = deque()
        self._waiting: list[Command] = []
        self._hands = LiveParameters()
        self._graph: BlockGraph | None = None
        self._intake = Intake(np.zeros((CHANNELS, 1), np.float32), 1.0)
        self._computed = False
        self._dry_since: int | None = None
        self._open = 0.0  # samples after which a dry span that goes on is reported, in parts
        self._begun = False
        self._before = 0  # samples of the buffer that was computed last, which may be of another size

    def adopt(self, build: Callable[[Mixer], G]) -> G:
        """Build a graph where the faders stand now, and let it play from the next buffer on."""
        with self._border:
            if self._graph is not None and self._computed and self.sinks:
                self._pass_on(self._graph)
            graph = build(self.mixer)
            self._intake, self._open = (
                Intake(graph.block, graph.rate, self._fade_in),
                DRY_SECONDS * graph.rate,
            )
            self._fade_in = True
            self._computed = False
            self._graph = graph
        return graph

    def plays(self, graph: BlockGraph) -> bool:
        """Whether this graph is the one that plays."""
        return graph is self._graph

    def still(self) -> AbstractContextManager[bool]:
        """While it lasts no buffer begins."""
        return self._border

    def begin_anew(self, position: int) -> None:
        """Another player takes over at a position, from nothing:
        with faders and effects as at the beginning.
        """
        with self._border:
            if self._graph is not None and self._computed and self.sinks:
                self._pass_on(self._graph)
            self._computed, self._waiting = False, []
            self.position, self.mixer = position, Mixer()

    def command(self, command: Command) -> None:
        """Keep a checked command until its sample has come; what it needs is built here,
        at once.
        """
        if self._graph is not None:
            self._graph.prepare(command)
        self._arrived.append(command)

    def stand(self, commands: Sequence[Command]) -> None:
        """Begin where another player stood: with checked commands, in their order,
        that it has carried out.
        """
        for command in commands:
            if isinstance(command, Hand):
                for place, value in command.given:
                    self.mixer.take(at_place(place, value))
            else:
                self.mixer.take(command)
                self._hands.told(command)

    def hand(self, items: tuple[Item, ...]) -> None:
        """Let values hold from the next border on, as long as what they are about does;
        it is reported.
        """
        self._hands.arrive(items)

    def bad(self, rack: int) -> None:
        """A chain of effects has gone bad in the buffer that is being computed."""
        self._report("bad", self.position, rack)

    def advance(self, graph: BlockGraph) -> bool:
        """One buffer border: pass the last output on, apply what is due, load what is next.

        False, and silence, when the caller's graph has been replaced.
        """
        with self._border:
            if graph is not self._graph:
                graph.silence()
                return False
            if self._computed and self.sinks:
                self._pass_on(graph)
            self._apply_due(graph)
            self._fill()
            graph.compute()
            self._computed = True
            for tap in tuple(self.taps):
                tap(self.position, graph, self.mixer)
            self.position += graph.buffer
            self._before = graph.buffer
            self._settle()
        return True

    def peaks(self) -> Float32:
        """The largest magnitude in each channel of the buffer that `advance` has just prepared."""
        assert self._graph is not None
        return self._graph.peaks()

    def finish(self) -> None:
        """Report what is still open."""
        self._end_dry()
        self._settle()

    def report_dry(self) -> None:
        """Report what is dry so far: who dies before it ends takes it along."""
        with self._border:
            open_since = self._dry_since
            self._end_dry()
            self._dry_since = None if open_since is None else self.position
            self._settle()

    def _settle(self) -> None:
        self.settled = self.position if self._dry_since is None else self._dry_since

    def _pass_on(self, graph: BlockGraph) -> None:
        output = graph.output()
        for sink in tuple(self.sinks):
            sink(self.position - graph.buffer - graph.latency, output)

    def _apply_due(self, graph: BlockGraph) -> None:
        while self._arrived:
            self._waiting.append(self._arrived.popleft())
            self._waiting.sort(key=lambda command: (command.sample, isinstance(command, Hand)))
        while self._waiting and self._waiting[0].sample <= self.position:
            command = self._waiting.pop(0)
            if isinstance(command, Hand):
                self._apply_held(graph, command.given)
            else:
                graph.apply(command)
                self._hands.told(command)
            if command.sample <= self.position - (self._before or graph.buffer):
                self._report("late", message_key(command), command.sample, self.position)
        held = self._hands.due()
        if held:
            self._apply_held(graph, held)
            self._report("hand", self.position, held)

    def _apply_held(self, graph: BlockGraph, held: Given) -> None:
        for place, value in held:
            graph.apply(at_place(place, value))

    def _fill(self) -> None:
        intake = self._intake
        if self._source.copy(self.position, intake.block):
            self._end_dry()
            self._begun = True
            for channel, count in intake.take():
                self.mended += count
                self._report("sanitised", self.position, channel // 2, count)
        else:
            intake.miss()
            self._begun = self._begun or self._source.promised(self.position)
            self.dry_buffers += self._begun
            if self._dry_since is not None and self.position - self._dry_since >= self._open:
                self._end_dry()  # a part of it: it is lost with an engine that dies before it is told
            if self._dry_since is None:
                self._dry_since = self.position

    def _end_dry(self) -> None:
        if self._dry_since is not None and self._dry_since < self.position:
            self._report("dry", self._dry_since, self.position - 1)
        self._dry_since = None
