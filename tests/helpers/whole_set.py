"""A whole set in one process, without sound: the prompt's names, its blocks, and a performance that they command."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import numpy as np

from helpers.toy_sounds import LATENT, RATE, WINDOW, First
from latentcode.engine.live_set import LiveSet
from latentcode.engine.queries import Queries
from latentcode.inputs.history import Input
from latentcode.inputs.keys import exactly
from latentcode.latents.path import Path
from latentcode.prompt.blocks import Blocks
from latentcode.prompt.error_format import one_line
from latentcode.prompt.evaluate import run_block
from latentcode.prompt.names import Names
from latentcode.prompt.set_api import SetApi
from latentcode.protocol.messages import Block, Message, More
from latentcode.set.echoes import PLACES
from latentcode.set.kinds import unpacked
from latentcode.set.performance import Performance
from latentcode.synth.renderer import Renderer
from latentcode.synth.settings import Settings

LENGTH = 200 * WINDOW  # samples of every sound


class Smooth:
    """A store in which every name is a sound, and a latent that glides."""

    def find(self, named: Any) -> Path:
        return Path(named.name, named.name, file=named.name)

    def length(self, path: Path) -> int:
        return LENGTH

    def samples(self, path: Path, rate: int) -> np.ndarray:
        return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(LENGTH) / LENGTH)).astype(np.float32)

    def frames(self, path: Path, hop: int, length: int | None = None) -> tuple[np.ndarray, np.ndarray]:
        count = (length or LENGTH) // hop
        turn = np.arange(count) / count + len(path.name) / 7
        value = (0.5 + 0.4 * np.sin(2 * np.pi * turn)).astype(np.float32)
        return np.repeat(value[:, None], LATENT, axis=1), np.full((count, LATENT), -6, np.float32)


class WholeSet:
    """What is typed takes effect at the next sample that is rendered."""

    def __init__(self, **settings: Any) -> None:
        chosen = {"sample_rate": RATE, "model_rate": RATE, "window": WINDOW, **settings}
        self.troubles: list[Any] = []
        self.performance = Performance(Renderer(Settings(**chosen), Smooth(), First(), self.troubles.append))
        self.blocks = Blocks(self._send, patience=60)
        self.names = Names(SetApi(self.blocks), seed=7)
        self.taken: list[tuple[int, str]] = []  # the sample and the target of every command
        self.shown: list[str] = []

    def _send(self, message: Message) -> None:
        here = self.performance.renderer.position
        for data in message.commands if isinstance(message, (Block, More)) else ():
            command = unpacked(data)
            self.taken.append((here, command.target))
            self.performance.schedule(command, here)

    def evaluate(self, code: str) -> str | None:
        """Run a block as the prompt does; the line that is shown when it raises."""
        error = run_block(code, self.names.space, self.blocks, lambda value: self.shown.append(repr(value)))
        return None if error is None else one_line(error, self.names.space)

    def render(self, blocks: int) -> np.ndarray:
        """So many blocks of all voices, (32, samples)."""
        return np.concatenate([self.performance.render(512) for _ in range(blocks)], axis=1)


class AnsweringSet(WholeSet):
    """A set whose engine answers, and whose hands move what they are told to."""

    def __init__(self) -> None:
        super().__init__()
        parts = [Mock() for _ in range(8)]
        timing = {"latency": 0.0, "link": None, "follow": None, "osc": None, "clock": {}}
        parts[2] = (
            SimpleNamespace(names=("nano",), chosen=("*",), virtual=(), looked=True),
            SimpleNamespace(asked=timing),
            SimpleNamespace(asked=None),
        )
        self.answers = Queries(LiveSet(self.performance, Mock(), Mock()), *parts).answers
        self.moved: list[str] = []
        self.blocks.question = self._answer

    def _answer(self, kind, *arguments, patience=0.0):
        if kind == "learn":
            return exactly(self.moved.pop(0))
        return self.answers[kind](*arguments) if kind in self.answers else None

    def run(self, *lines):
        for line in lines:
            assert self.evaluate(line) is None
            self.render(2)

    def hand(self, *pairs):
        for name, value in pairs:
            self.performance.hear(Input(name, value), self.performance.renderer.position)
        self.render(2)

    def stand(self, name):
        """Where a fader stands; what is in hand as the short way would read it now."""
        if (place := PLACES.get(name)) is not None:
            self.performance.faders.at(*place).move(self.performance.renderer.position)
        return self._answer("fader", name)
