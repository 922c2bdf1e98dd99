"""A renderer and faders under stamped commands: the same live, offline and in a replay."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from fractions import Fraction
from itertools import count

import numpy as np

from latentcode.arrays import Float32
from latentcode.commands import Command
from latentcode.engine.faders import Faders, Message
from latentcode.engine.renderer import PANIC, Renderer

BLOCK = 512  # samples rendered at a time, live and in a replay: what fails, fails between two blocks
FADED = frozenset({"gain", "pan", "mute", "solo", "master"})  # kinds that only move faders


class Performance:
    """Applies each command exactly at its stamp, and renders in between.

    `outbox` collects what the player must be told; whoever drives the performance empties it.
    """

    def __init__(self, renderer: Renderer) -> None:
        self.renderer, self.faders = renderer, Faders()
        self.outbox: list[Message] = []
        self._due: list[tuple[int, int, Command]] = []
        self._order = count()

    def schedule(self, command: Command, stamp: int) -> None:
        """Let a command take effect at sample `stamp`; commands with one stamp in the order of their coming."""
        heapq.heappush(self._due, (stamp, next(self._order), command))

    def render(self, samples: int) -> Float32:
        """The next samples of all voices, (32, samples)."""
        pieces, end = [], self.renderer.position + samples
        while self.renderer.position < end:
            self._apply_due()
            until = min(end, self._due[0][0]) if self._due else end
            pieces.append(self.renderer.render(until - self.renderer.position))
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces, axis=1)

    def catch_up(self, commands: list[tuple[int, Command]]) -> None:
        """Put back what an engine that died had been told, without rendering, and let all take over here."""
        here = self.renderer.position
        for stamp, command in sorted(commands, key=lambda pair: pair[0]):
            self._apply(command, min(stamp, here))
        self.restart()

    def restart(self) -> None:
        """All layers are gone (an engine died, or time was lost): what plays or is pending takes over here."""
        cycle = self.renderer.tempo.cycle_at(self.renderer.position)
        for voice in self.renderer.voices:
            part = voice.pending[0] if voice.pending else voice.playing
            voice.forget()
            voice.take_over(part, cycle)

    def _apply_due(self) -> None:
        while self._due and self._due[0][0] <= self.renderer.position:
            stamp, _, command = heapq.heappop(self._due)
            self._apply(command, max(stamp, self.renderer.position))

    def _apply(self, command: Command, sample: int) -> None:
        if command.kind in FADED:
            self.outbox += self.faders.apply(command, sample)
        else:
            APPLY[command.kind](self.renderer, command, sample)


def quant_of(text: str | None) -> Fraction | None:
    """A quant from its text; None is now."""
    return None if text is None else Fraction(text)


APPLY: dict[str, Callable[[Renderer, Command, int], object]] = {
    "play": lambda r, c, sample: r.play(c.voice, c.arguments[0], quant_of(c.arguments[1]), sample, c.label),
    "stop": lambda r, c, sample: r.stop(c.voice, quant_of(c.arguments[0]), sample),
    "restart": lambda r, c, sample: r.restart(c.voice, quant_of(c.arguments[0]), sample),
    "back": lambda r, c, sample: r.back(c.voice, quant_of(c.arguments[0]), sample),
    "cancel": lambda r, c, sample: r.cancel(c.voice),
    "fallback": lambda r, c, sample: r.fall_back(c.voice),
    "hush": lambda r, c, sample: r.silence(sample),
    "panic": lambda r, c, sample: r.silence(sample, PANIC),
    "tempo": lambda r, c, sample: r.set_tempo(sample, *c.arguments),
}
