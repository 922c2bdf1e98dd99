from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from latentcode.prompt.evaluate import run_block
from latentcode.prompt.names import Names
from latentcode.prompt.set_api import SetApi
from latentcode.protocol.messages import Message, State
from latentcode.set.commands import Command
from latentcode.testing.spoken import spoken


@dataclass
class Said:
    """Where messages to an engine would go."""

    messages: list[tuple[Any, ...]]

    def send(self, message: Message) -> None:
        self.messages.append(spoken(message))


@pytest.fixture
def said():
    return Said([])


class Kept:
    """A sink that keeps everything."""

    live = True

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.commands: list[Command] = []
        self.asked: list[tuple[Any, ...]] = []
        self.told = State()

    def take(self, command: Command) -> None:
        self.commands.append(command)

    def ask(self, message: Message) -> None:
        self.asked.append(spoken(message))

    def question(self, *question: Any, patience: float = 0.5) -> Any:
        return self.answers.get(question[0])

    def noted(self, make: Callable[[], Any]) -> Any:
        return make()

    def state(self) -> State:
        return self.told


@pytest.fixture
def sink():
    return Kept()


@pytest.fixture
def names(sink):
    return Names(SetApi(sink), seed=7)


@pytest.fixture
def prompt_on():
    """Makes of a sink a prompt without an engine: it runs a line, and gives the commands of the line."""

    def prompt(sink):
        space = Names(SetApi(sink), 0).space

        def run(code):
            error = run_block(code, space, sink)
            if error is not None:
                raise error
            return sink.commands

        run.space = space
        return run

    return prompt


@pytest.fixture
def home(tmp_path, monkeypatch, runtime_folder):
    """Folders of our own."""
    for name in ("DATA", "STATE", "CACHE"):
        folder = tmp_path / name.lower()
        folder.mkdir(mode=0o700)
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder))
    return tmp_path
