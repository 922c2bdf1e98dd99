"""A span of a set that is played again and again: rendered once, then taken from memory, so that
each pass has the samples of the one before.

Where it begins again all takes over as it does at a boundary, with a cross-fade; what rings on,
rings into the next pass. Faders and effects go back to where they stood.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from latentcode.arrays import Float32
from latentcode.engine.rounds import Rounds
from latentcode.player.mixer import Mixer, at_place
from latentcode.protocol.player_messages import (
    Fx,
    Gain,
    Hand,
    Master,
    Out,
    Pan,
    PlayerCommand,
    Turn,
)
from latentcode.protocol.ringbuffer import CHANNELS
from latentcode.set.event_encoder import OutgoingEvent
from latentcode.set.performance import Performance


@dataclass
class Piece:
    """What was rendered at one time, from sample `first` on.

    channels  those of the 32 in which something sounds, and `sound` (channels, samples) in them
    commands  what the player was told, and `sent` what went out to other instruments
    """

    first: int
    length: int
    channels: NDArray[np.int64]
    sound: Float32
    commands: list[PlayerCommand] = field(default_factory=list)
    sent: list[OutgoingEvent] = field(default_factory=list)

    @classmethod
    def of(cls, first: int, block: Float32) -> Piece:
        """The piece of a block of (32, samples)."""
        channels = np.flatnonzero(block.any(axis=1))
        return cls(first, block.shape[1], channels, block[channels])

    @property
    def block(self) -> Float32:
        """All channels, (32, samples)."""
        whole = np.zeros((CHANNELS, self.length), np.float32)
        whole[self.channels] = self.sound
        return whole


class Repeating:
    """Renders the samples from `first` up to `last` again and again.

    `position` is the session sample that comes next: it goes on and on, a length of the span for
    each pass; `rounds` knows what is told and shown of each.
    """

    def __init__(self, performance: Performance, first: int, last: int) -> None:
        self.first, self.last, self.position = first, last, first
        self.rounds = Rounds(first, last, performance.renderer.tempo)
        self._performance, self._send = performance, performance.outgoing.send
        self._pieces: list[Piece] = []
        self._begin, self._now = Mixer(), Mixer()  # where the player's faders and effects stand
        self._told: list[PlayerCommand] = []  # what the player must know before the first sample
        self._sent: list[OutgoingEvent] = []
        self._ringing = True  # whether something of the first pass may sound into the second
        performance.outgoing.send = self._sending
        performance.renderer.position = first

    def begin(self, border: int) -> Float32:
        """The silence from a border of the player's up to where the span begins, (32, samples)."""
        self._told, self._performance.outbox = self._performance.outbox, []
        for command in self._told:
            self._follow(command)
        self._begin = deepcopy(self._now)
        return np.zeros((CHANNELS, self.first - border), np.float32)

    def render(self, samples: int) -> tuple[Float32, list[PlayerCommand]]:
        """The next samples, so many at most, and what the player must be told."""
        if self.position < self.last:
            block, commands = self._rendered(min(samples, self.last - self.position))
        else:
            block, commands = self._again()
        self.position += block.shape[1]
        if self.position == self.last:
            self._performance.ring_out()
        return block, commands

    def skip(self, sample: int) -> None:
        """Time was lost: go on at a later sample; what was never rendered stays silent."""
        if sample < self.last:
            self._silent(sample)
            self._performance.renderer.position = sample
            self._performance.restart()
        elif self.position < self.last:
            self._silent(self.last)
            self._ringing = False
        self.position = sample

    def _rendered(self, samples: int) -> tuple[Float32, list[PlayerCommand]]:
        self._sent, performance = [], self._performance
        block = performance.render(samples)
        commands, performance.outbox = performance.outbox, []
        piece = Piece.of(self.position, block)
        piece.commands, piece.sent = [*commands], self._sent
        self._pieces.append(piece)
        for command in commands:
            self._follow(command)
        told, self._told = self._told, []
        return block, [*told, *commands]

    def _again(self) -> tuple[Float32, list[PlayerCommand]]:
        passed, place = divmod(self.position - self.first, self.last - self.first)
        later, at = passed * (self.last - self.first), self.first + place
        piece = self._pieces[bisect_right(self._pieces, at, key=lambda one: one.first) - 1]
        sent = piece.sent
        if self._ringing and passed == 1:
            piece = self._rung(piece)
        back = list(_way(self._now, self._begin, at)) if place == 0 else []
        for command in [*back, *piece.commands]:
            self._follow(command)
        for going in sent:
            self._send(going._replace(sample=going.sample + later))
        moved = [replace(one, sample=int(one.sample) + later) for one in (*back, *piece.commands)]
        return piece.block[:, at - piece.first :], moved

    def _rung(self, piece: Piece) -> Piece:
        """A piece with what rings of the pass before, for this pass and all that follow."""
        performance, self._sent = self._performance, []
        rest = performance.render(piece.length)
        performance.outbox = []
        self._ringing = any(voice.layers for voice in performance.renderer.sounding)
        both = Piece.of(piece.first, piece.block + rest)
        span = self.last - self.first
        both.commands = piece.commands
        both.sent = [*piece.sent, *(going._replace(sample=going.sample - span) for going in self._sent)]
        self._pieces[self._pieces.index(piece)] = both
        return both

    def _silent(self, until: int) -> None:
        if (length := until - self.position) > 0:
            channels = np.zeros(0, np.int64)
            self._pieces.append(Piece(self.position, length, channels, np.zeros((0, length), np.float32)))

    def _sending(self, going: OutgoingEvent) -> None:
        self._sent.append(going)
        self._send(going)

    def _follow(self, command: PlayerCommand) -> None:
        if isinstance(command, Hand):
            for place, value in command.given:
                self._now.take(at_place(place, value))
        else:
            self._now.take(command)


def _way(here: Mixer, there: Mixer, sample: int) -> Iterator[PlayerCommand]:
    """What the player is told at a sample to come from where it stands to where it stood."""
    pairs = ((Gain, here.gains, there.gains), (Pan, here.pans, there.pans), (Out, here.outs, there.outs))
    for kind, now, then in pairs:
        for voice, (one, other) in enumerate(zip(now, then, strict=True)):
            if one != other:
                yield kind(sample, voice, other)  # type: ignore[arg-type]
    if here.master != there.master:
        yield Master(sample, there.master)
    for rack in {**here.chains, **there.chains}:
        effects, before = here.chains.get(rack, ()), there.chains.get(rack, ())
        if [name for name, _ in effects] != [name for name, _ in before]:
            yield Fx(sample, rack, before)
        elif changes := tuple(
            (rack, place, at, was)
            for place, ((_, values), (_, stood)) in enumerate(zip(effects, before, strict=True))
            for at, (value, was) in enumerate(zip(values, stood, strict=True))
            if value != was
        ):
            yield Turn(sample, changes)
