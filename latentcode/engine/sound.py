"""The engine's side of the sound: the ring, the player process,
and the session's place on its counter.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from msgspec.structs import astuple, replace

from latentcode.arrays import Float32
from latentcode.clock.wall_time import WallTime
from latentcode.engine.standing import Standing
from latentcode.errors import AudioError
from latentcode.protocol.messages import Record, name_of
from latentcode.protocol.player_messages import (
    Device,
    Dry,
    FromPlayer,
    Hand,
    Listen,
    Now,
    PlayerCommand,
    Quit,
    Ready,
    Settled,
    Stand,
    ToPlayer,
)
from latentcode.protocol.ringbuffer import CHANNELS, INPUT_FRAMES, Ring
from latentcode.protocol.wire import Child, start

RING_FRAMES = 1 << 17  # nearly three seconds: more than any lead
START_SECONDS = 20.0
SAMPLES = frozenset({"sample", "first", "last", "applied"})  # fields of what the player reports
FAR = 1 << 62  # samples
CRASHES = 2  # of players that have never been ready, after which no other is tried
AGAIN = 2.0  # seconds until another player is tried where none could be started

Report = tuple[Any, ...]  # a name, and the fields of the message of that name


@dataclass(frozen=True)
class Wanted:
    """How the player is to be started; JACK decides rate and buffer all the same.

    `inputs`: how many at least are opened at once; None: none are before they are asked for.
    `kept`: the rate of a set that goes on, whatever the device has; 0: that of the device.
    """

    rate: int = 44100
    buffer: int = 256
    driver: str = "auto"
    outputs: int = 0
    headroom: int = 0
    log: str | None = None
    inputs: int | None = None
    kept: int = 0


class PlayerLink:
    """A ring and the player that plays it.

    Session samples are counted from `begin`; the player's own counter runs from its start. What the
    player reports reaches `heard` in session samples; a player that dies is started again where it
    stopped.
    """

    def __init__(self, wanted: Wanted, heard: Callable[[Report], None]) -> None:
        self._wanted, self._heard = wanted, heard
        self.ring = Ring.create(CHANNELS, RING_FRAMES, wanted.kept)
        self.ring.begun = FAR
        self.text, self.outputs, self._offset, self._counts = "", 2, 0, False
        self._inputs = wanted.inputs
        self._ready, self._closing = threading.Event(), False
        self._beat = 0.0
        self._began = -FAR  # the sample at which a player was started again
        self._early: list[FromPlayer] = []  # what was said before the set has begun
        self._telling = threading.RLock()
        self._standing, self._sending = Standing(), threading.Lock()
        self._crashes = 0
        self._player = self._start(0)
        self._follow(self._player)
        if not self._ready.wait(START_SECONDS):
            self._closing = True
            self._player.close()
            raise AudioError("the player does not answer; `latentcode doctor` tells what is missing")
        self.rate = self.ring.rate
        self.wall = WallTime(self.rate)

    @property
    def buffer(self) -> int:
        """Samples of the player's buffers; another device may have others."""
        return self.ring.buffer

    def begin(self, sample: int, lead: int) -> None:
        """Let session sample `sample` be the first that can still be rendered `lead`
        samples ahead.
        """
        first = self.border(self.ring.playhead + lead)
        with self._telling:
            self._offset = first - sample
            self._counts, self._began = True, sample
        self.ring.reset(first)
        self.ring.begun = first
        self.wall.restart()
        if self._early:
            threading.Thread(target=self._tell_early, name="early", daemon=True).start()

    def border(self, sample: int) -> int:
        """The first border between two of the player's buffers that does not lie before
        `sample`.
        """
        return -(-sample // self.buffer) * self.buffer

    def listen(self, inputs: int) -> None:
        """Have so many inputs opened; `listening` tells what came of it."""
        self._inputs = max(inputs, self._inputs or 0)
        self.send(Listen(inputs))

    def came_in(self, since: int) -> tuple[int, Float32]:
        """What has come in from session sample `since` on, (INPUTS, n), and where it begins: later
        than that where it was asked for too late.
        """
        head = self.ring.input_head
        first = max(since + self._offset, head - INPUT_FRAMES // 2)
        return first - self._offset, self.ring.heard(first, max(head, first))

    @property
    def input_head(self) -> int:
        """The first session sample that has not come in yet."""
        return self.ring.input_head - self._offset

    @property
    def playhead(self) -> int:
        """The session sample that the next buffer begins with."""
        return self.ring.playhead - self._offset

    @property
    def ahead(self) -> int:
        """Samples rendered and not yet played; negative when the player has overtaken."""
        return self.ring.ahead

    def taken_at(self, moment: float) -> float:
        """The session sample that the player takes from the ring at a moment (time.monotonic());
        none that it has not come to.

        A device that stands still for a while leaves the line through its callbacks behind.
        """
        there, even = self.playhead, self.wall.sample_at(moment) + self.buffer + self.ring.latency
        return min(max(even, there - self.buffer), there)

    def write(self, block: Float32) -> None:
        """Hand over the next samples, (32, n)."""
        self.ring.write(block.T)

    def beat(self) -> None:
        """Show the player that the engine is alive."""
        self.ring.engine_beat = time.monotonic()
        self._look()

    def _look(self) -> None:
        """Let wall time know where the player is: the buffer that begins at its beat is behind by
        the latency.
        """
        playhead, beat = self.ring.stepped()
        if beat != self._beat:
            self._beat = beat
            self.wall.see(playhead - self._offset - self.ring.buffer - self.ring.latency, beat)

    def moment_of(self, sample: float) -> float:
        """When (time.monotonic()) the sound of a session sample leaves the player.

        Not a buffer before it can: a device that stands still leaves the line through its callbacks
        behind.
        """
        playhead, beat = self.ring.stepped()
        leaving = playhead - self._offset - self.ring.buffer - self.ring.latency
        return max(self.wall.moment_of(sample), beat + (sample - leaving - self.ring.buffer) / self.rate)

    def skip(self, sample: int) -> None:
        """Let the next block begin at session sample `sample`."""
        self.ring.reset(sample + self._offset)

    def send(self, message: ToPlayer) -> None:
        """A message to the player, its sample a session sample."""
        with (
            self._sending,
            suppress(EOFError),
        ):  # the listener starts another player, and tells it where all stands
            if isinstance(message, PlayerCommand):
                self._standing.keep(message, self._played)
                message = self._counted(message)
            self._player.wire.send(message)

    def _counted(self, command: PlayerCommand) -> PlayerCommand:
        """A command with its sample on the player's own counter."""
        return replace(command, sample=int(command.sample) + self._offset)

    @property
    def _played(self) -> int:
        """The session sample of the border at which commands were last carried out."""
        return self.playhead - self.buffer

    def hand(self, items: tuple[tuple[tuple[Any, ...], int, float], ...]) -> None:
        """Let values hold from the player's next border on: place,
        the sample since which a hand holds it, value.
        """
        self.send(Now(tuple((place, since + self._offset, value) for place, since, value in items)))

    @property
    def period(self) -> float:
        """Seconds of one of the player's buffers."""
        return self.ring.buffer / self.rate

    def border_after(self, moment: float) -> float:
        """When (time.monotonic()) the player comes to its next border;
        soon where it should have by now.
        """
        border = self.ring.stepped()[1] + self.period
        return border if border > moment else moment + self.period / 8

    def record(self, path: str | None, stems: bool = False, outputs: bool = False) -> None:
        """Record what is heard to a WAV or FLAC file, or stop; each voice, all outputs too."""
        self.send(Record(path, stems, outputs))

    def close(self, fade: float) -> None:
        """Fade out, end the player, let go of the ring."""
        self._closing = True
        self.send(Quit(fade))
        deadline = time.monotonic() + fade + 3.0
        while self._player.alive and time.monotonic() < deadline:
            self.beat()
            time.sleep(0.02)
        self._player.close()
        self.ring.close()

    def _start(self, sample: int, *more: str) -> Child:
        wanted = self._wanted
        arguments = {
            "ring": self.ring.handle,
            "rate": self.ring.rate or wanted.rate,
            "buffer": wanted.buffer,
            "start": sample,
            "driver": wanted.driver,
            "outputs": wanted.outputs,
            "headroom": wanted.headroom,
        }
        if self._inputs is not None:
            arguments["inputs"] = self._inputs
        words = [word for name, value in arguments.items() for word in (f"--{name}", str(value))]
        log = wanted.log or os.devnull
        return start(
            "latentcode.player", *words, *more, hears=FromPlayer, pass_fds=self.ring.pass_fds, log=log
        )

    def _follow(self, child: Child) -> None:
        threading.Thread(target=self._listen, args=(child,), name="player", daemon=True).start()

    def _listen(self, child: Child) -> None:
        try:
            while True:
                self._hear(child.wire.receive())
        except EOFError:
            status = child.close()
            if not self._closing:
                self._again(crashed=status < 0)

    def _again(self, crashed: bool = True) -> None:
        """Start another player where this one stopped; before one was ready only where it crashed,
        as in JACK's library while another server ends: one that left has said why.
        """
        if not self._ready.is_set():  # and whoever is to hear of it is not there either
            self._crashes += 1
            if crashed and self._crashes <= CRASHES:
                self._player = self._start(0)
                self._follow(self._player)
            return
        self._heard(("player", "ended"))
        while (player := self._started_again()) is None:
            time.sleep(AGAIN)
            if self._closing:
                return
        with self._telling:
            self._began = self.playhead if self._counts else self._began
        with self._sending:
            before, coming = self._standing.at(self._played)
            with suppress(EOFError):
                player.wire.send(Stand(tuple(map(self._counted, before))))
                for message in coming:
                    player.wire.send(self._counted(message))
            self._player = player
        self._follow(player)

    def _started_again(self) -> Child | None:
        """Another player; None where the system gives no process, memory or file now."""
        try:
            return self._start(self.ring.playhead, "--again")
        except OSError as error:
            self._heard(("error", f"no other player can be started: {error.strerror or error}"))
            return None

    def _hear(self, message: FromPlayer) -> None:
        """Tell a message on; before the set has begun nobody knows which sample it speaks of."""
        again = isinstance(message, Ready) and self._ready.is_set()
        with self._telling:
            if not self._counts and isinstance(message, Settled):
                self.ring.noted = message.sample  # nothing of it is to be noted
                return
            if not self._counts and (again or SAMPLES & {*message.__struct_fields__}):
                self._early += [] if isinstance(message, Dry) else [message]  # nothing was to be heard
                return
            self._tell_early()
        self._told(message)

    def _tell_early(self) -> None:
        with self._telling:
            early, self._early = self._early, []
            for message in early:
                self._told(message)

    def _told(self, message: FromPlayer) -> None:
        samples = {name: getattr(message, name) for name in SAMPLES & {*message.__struct_fields__}}
        message = replace(message, **{name: sample - self._offset for name, sample in samples.items()})
        match message:
            case Ready():
                self.text, self.outputs = message.text, message.outputs
                if self._ready.is_set():
                    self._heard(("started", self._began))
                self._ready.set()
            case Device():
                self.text, self.outputs = message.text, message.outputs
            case Hand():
                self._standing.keep(message, self._played)
        self._heard((name_of(message), *astuple(message)))
        if isinstance(message, Settled):
            self.ring.noted = message.sample + self._offset
