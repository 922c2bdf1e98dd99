"""Faders, mutes and solos of the set, and what the player is told of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from latentcode.commands import VOICES, Command

Message = tuple[Any, ...]  # ("gain", sample, voice, value) and the like: see player/mixer.py

LEAST, MOST = 0.0, 8.0


@dataclass(frozen=True)
class Stand:
    """Where all faders stand."""

    gains: tuple[float, ...]
    pans: tuple[float, ...]
    muted: frozenset[int]
    solo: frozenset[int]
    master: float


@dataclass
class Faders:
    """Where the faders stand; muting and soloing leave them where they are."""

    gains: list[float] = field(default_factory=lambda: [1.0] * VOICES)
    pans: list[float] = field(default_factory=lambda: [0.5] * VOICES)
    muted: set[int] = field(default_factory=set)
    solo: set[int] = field(default_factory=set)
    master: float = 1.0

    def heard(self, voice: int) -> float:
        """The gain at which a voice is heard."""
        silent = voice in self.muted or (bool(self.solo) and voice not in self.solo)
        return 0.0 if silent else self.gains[voice]

    def apply(self, command: Command, sample: int) -> list[Message]:
        """Move the faders as a command says; returns what the player must be told."""
        voice, arguments = command.voice, command.arguments
        if command.kind == "master":
            self.master = _within(arguments[0], LEAST, MOST)
            return [("master", sample, self.master)]
        if command.kind == "pan":
            self.pans[voice] = _within(arguments[0], 0.0, 1.0)
            return [("pan", sample, voice, 2.0 * self.pans[voice] - 1.0)]
        before = [self.heard(index) for index in range(VOICES)]
        if command.kind == "gain":
            self.gains[voice] = _within(arguments[0], LEAST, MOST)
        elif command.kind in ("mute", "solo"):
            chosen = self.muted if command.kind == "mute" else self.solo
            (chosen.add if arguments[0] else chosen.discard)(voice)
        after = [self.heard(index) for index in range(VOICES)]
        return [("gain", sample, v, after[v]) for v in range(VOICES) if after[v] != before[v]]

    def stand(self) -> Stand:
        """Where they stand, to come back to."""
        muted, solo = frozenset(self.muted), frozenset(self.solo)
        return Stand(tuple(self.gains), tuple(self.pans), muted, solo, self.master)

    def restore(self, stand: Stand, sample: int) -> list[Message]:
        """Move the faders to where they stood; returns what the player must be told."""
        before, heard = self.stand(), [self.heard(index) for index in range(VOICES)]
        self.gains, self.pans, self.master = list(stand.gains), list(stand.pans), stand.master
        self.muted, self.solo = set(stand.muted), set(stand.solo)
        told: list[Message] = []
        for voice in range(VOICES):
            if self.heard(voice) != heard[voice]:
                told.append(("gain", sample, voice, self.heard(voice)))
            if self.pans[voice] != before.pans[voice]:
                told.append(("pan", sample, voice, 2.0 * self.pans[voice] - 1.0))
        return told if self.master == before.master else [*told, ("master", sample, self.master)]


def _within(value: Any, low: float, high: float) -> float:
    return min(max(float(value), low), high)
