"""Faders, mutes and solos of the set, and what the player is told of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from latentcode.commands import VOICES, Command

Message = tuple[Any, ...]  # ("gain", sample, voice, value) and the like: see player/mixer.py

LEAST, MOST = 0.0, 8.0
MOST_PAIRS = 4
CUE = 1  # the pair of outputs, counted from 0, on which a voice is pre-listened to


@dataclass(frozen=True)
class Stand:
    """Where all faders stand."""

    gains: tuple[float, ...]
    pans: tuple[float, ...]
    muted: frozenset[int]
    solo: frozenset[int]
    master: float
    outs: tuple[int, ...]
    cued: frozenset[int]


@dataclass
class Faders:
    """Where the faders stand; muting and soloing leave them where they are.

    `outs`: the pair of outputs of each voice, counted from 0; a voice that is cued is heard on `CUE` alone.
    """

    gains: list[float] = field(default_factory=lambda: [1.0] * VOICES)
    pans: list[float] = field(default_factory=lambda: [0.5] * VOICES)
    muted: set[int] = field(default_factory=set)
    solo: set[int] = field(default_factory=set)
    master: float = 1.0
    outs: list[int] = field(default_factory=lambda: [0] * VOICES)
    cued: set[int] = field(default_factory=set)

    def heard(self, voice: int) -> float:
        """The gain at which a voice is heard."""
        silent = voice in self.muted or (bool(self.solo) and voice not in self.solo)
        return 0.0 if silent else self.gains[voice]

    def route(self, voice: int) -> int:
        """The pair of outputs on which a voice is heard."""
        return CUE if voice in self.cued else self.outs[voice]

    def apply(self, command: Command, sample: int) -> list[Message]:
        """Move the faders as a command says; returns what the player must be told."""
        voice, arguments = command.voice, command.arguments
        if command.kind == "master":
            self.master = _within(arguments[0], LEAST, MOST)
            return [("master", sample, self.master)]
        if command.kind == "pan":
            self.pans[voice] = _within(arguments[0], 0.0, 1.0)
            return [("pan", sample, voice, 2.0 * self.pans[voice] - 1.0)]
        if command.kind in ("out", "cue"):
            return self._moved(command, sample)
        before = [self.heard(index) for index in range(VOICES)]
        if command.kind == "gain":
            self.gains[voice] = _within(arguments[0], LEAST, MOST)
        elif command.kind in ("mute", "solo"):
            chosen = self.muted if command.kind == "mute" else self.solo
            (chosen.add if arguments[0] else chosen.discard)(voice)
        after = [self.heard(index) for index in range(VOICES)]
        return [("gain", sample, v, after[v]) for v in range(VOICES) if after[v] != before[v]]

    def _moved(self, command: Command, sample: int) -> list[Message]:
        voice, value = command.voice, command.arguments[0]
        before = self.route(voice)
        if command.kind == "out":
            self.outs[voice] = min(max(int(value), 0), MOST_PAIRS - 1)
        else:
            (self.cued.add if value else self.cued.discard)(voice)
        return [] if self.route(voice) == before else [("out", sample, voice, self.route(voice))]

    def stand(self) -> Stand:
        """Where they stand, to come back to."""
        muted, solo = frozenset(self.muted), frozenset(self.solo)
        outs, cued = tuple(self.outs), frozenset(self.cued)
        return Stand(tuple(self.gains), tuple(self.pans), muted, solo, self.master, outs, cued)

    def restore(self, stand: Stand, sample: int) -> list[Message]:
        """Move the faders to where they stood; returns what the player must be told."""
        before, heard = self.stand(), [self.heard(index) for index in range(VOICES)]
        routes = [self.route(index) for index in range(VOICES)]
        self.gains, self.pans, self.master = list(stand.gains), list(stand.pans), stand.master
        self.muted, self.solo = set(stand.muted), set(stand.solo)
        self.outs, self.cued = list(stand.outs), set(stand.cued)
        told: list[Message] = []
        for voice in range(VOICES):
            if self.heard(voice) != heard[voice]:
                told.append(("gain", sample, voice, self.heard(voice)))
            if self.pans[voice] != before.pans[voice]:
                told.append(("pan", sample, voice, 2.0 * self.pans[voice] - 1.0))
            if self.route(voice) != routes[voice]:
                told.append(("out", sample, voice, self.route(voice)))
        return told if self.master == before.master else [*told, ("master", sample, self.master)]


def _within(value: Any, low: float, high: float) -> float:
    return min(max(float(value), low), high)
