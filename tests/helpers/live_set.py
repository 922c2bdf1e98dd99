"""A set as a desk sees it: a real engine and player over a jackd of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile

import latentcode as lc
from helpers.again import assert_same_samples
from helpers.waiting import until
from latentcode.latents.strategies import as_pattern
from latentcode.offline.session import play_offline
from latentcode.prompt.blocks import Blocks
from latentcode.prompt.evaluate import run_block
from latentcode.prompt.names import Names
from latentcode.prompt.replay import Replay
from latentcode.prompt.set_api import SetApi
from latentcode.protocol import wire
from latentcode.protocol.messages import State, ToDesk
from latentcode.session.journal import read_session
from latentcode.session.records import Dry, Recording
from latentcode.set.commands import Command
from latentcode.set.kinds import packed
from latentcode.testing.spoken import made, spoken

STARTED: list[wire.Child] = []  # engines


def end_all() -> None:
    """End the engines that a test has left, as one does that fails: they would play on beside the others."""
    while STARTED:
        child = STARTED.pop()
        if child.alive:
            child.process.kill()  # its player hears of it
            child.process.wait()


class LiveSet:
    """Starts an engine; `block` sends code with its commands; `messages` holds what the engine said."""

    def __init__(
        self, folder: Path, model: str, *options: str, driver: str = "jack", engine: str = "latentcode.engine"
    ) -> None:
        self.folder, self.journal = folder, folder / "set.py"
        self.messages: list[tuple] = []
        self.state = State()
        self._number = 0
        self._commands: list[Command] = []
        self._names = self._desk_names()
        words = [
            "--model",
            model,
            "--journal",
            str(self.journal),
            "--driver",
            driver,
            "--seed",
            "3",
            *options,
        ]
        self.child = wire.start(engine, *words, hears=ToDesk, log=folder / "engine.log")
        STARTED.append(self.child)
        self.listen(self.child.wire)
        self.info = made(*self.wait("hello", 60))

    def listen(self, line: wire.Wire) -> None:
        def run() -> None:
            try:
                while True:
                    message = line.receive()
                    if isinstance(message, State):
                        self.state = message
                    else:
                        self.messages.append(spoken(message))
            except EOFError:
                self.messages.append(("gone",))

        threading.Thread(target=run, daemon=True).start()

    def wait(self, kind: str, seconds: float = 60.0) -> tuple:
        return until(
            lambda: next((m for m in self.messages if m[0] == kind), None), seconds, lambda: self.messages
        )

    def block(self, code: str) -> None:
        """Send a line as the prompt would, and wait until all its commands are stamped or refused."""
        self._number += 1
        self._commands.clear()
        failed = False
        try:
            exec(code, self._names)
        except ZeroDivisionError:
            failed = True
        number, data = self._number, tuple(map(packed, self._commands))
        self.say("block", number, code, failed, data)
        until(lambda: any(m[:2] == ("accepted", number) for m in self.messages), 60, lambda: self.messages)

    def _desk_names(self) -> dict:
        commands = self._commands

        class Voice:
            def __init__(self, index: int) -> None:
                self.index = index

            def __rshift__(self, pattern) -> None:
                commands.append(Command("play", self.index, (as_pattern(pattern), "1")))

            def fx(self, *effects) -> None:
                commands.append(Command("fx", self.index, (effects,)))

        return {
            **{name: getattr(lc, name) for name in lc.__all__},
            **{f"d{index + 1}": Voice(index) for index in range(16)},
            "bpm": lambda x: commands.append(Command("tempo", arguments=(_tempo(x),))),
            "master": Voice(-1),
            "hush": lambda: commands.append(Command("hush")),
        }

    def say(self, *message) -> None:
        self.child.wire.send(made(*message))

    def finish(self) -> int:
        """Say goodbye and wait for the end."""
        self.say("bye", False)
        return self.child.process.wait(120)

    def record(self, path: Path) -> None:
        """Begin to record, and wait until it has begun."""
        self.say("record", str(path))
        until(lambda: self.state.recording, 60, lambda: self.messages)

    def end_recording(self) -> None:
        """Wait until the file is whole."""
        before = self._recordings()
        self.say("record", None)
        until(lambda: self._recordings() > before, 60, lambda: self.messages)

    def _recordings(self) -> int:
        return sum("recorded" in str(message) for message in self.messages)

    def play_on(self, seconds: float) -> None:
        """Wait until so many seconds of the set have been heard, however long that takes."""
        until(lambda: self.state.playhead, 60, lambda: self.messages)
        end = self.state.playhead + seconds * self.info.sample_rate
        until(lambda: self.state.playhead >= end, 60 + 10 * seconds, lambda: self.messages)

    @property
    def complaints(self) -> list[tuple]:
        """What was refused or has failed; not what only a loaded machine found too slow: that is in the journal."""
        said = [message for message in self.messages if message[0] in ("refused", "failed")]
        return [message for message in said if "too slow" not in str(message)]


class DeskSet(LiveSet):
    """A live set whose lines are run with all the names of the prompt."""

    def _desk_names(self) -> dict:
        self._blocks = Blocks(lambda message: self.child.wire.send(message), patience=60)
        return Names(SetApi(self._blocks), 3).space

    def block(self, code: str, fails: bool = False) -> None:
        error = run_block(code, self._names, self._blocks)
        assert (error is not None) == fails, error
        accepted = ("accepted", self._blocks.number)
        until(lambda: any(message[:2] == accepted for message in self.messages), 60, lambda: self.messages)


def _tempo(asked):
    return asked if isinstance(asked, lc.Pattern) else str(asked)


def rendered(journal: Path) -> np.ndarray:
    """What `latentcode render` makes of a journal that the desk's own names can run."""
    session = read_session(journal)
    return np.concatenate(list(play_offline(session, list(Replay(session)))))


def assert_heard_again(journal: Path, *recordings: Path, least: float) -> None:
    """The recordings of a set, in their order, are what its journal renders to, sample for sample.

    `least`: how many seconds of each are not silent, or were too late for their time, which happens where the
    machine is loaded.
    """
    session, again = read_session(journal), rendered(journal)
    begun = [recording.first for recording in session.of(Recording)]
    assert len(begun) == len(recordings)
    for first, recording in zip(begun, recordings, strict=True):
        heard, rate = soundfile.read(recording, dtype="float32", always_2d=True)
        heard, first = heard[max(-first, 0) :], max(first, 0)  # what was before the set is none of it
        replay = again[first : first + len(heard)]
        heard = heard[: len(replay)]
        assert_same_samples(heard, replay, first, recording.name)
        assert np.abs(heard).max() > 0.025  # six decibels of headroom
        sounding, late = np.count_nonzero(heard.any(axis=1)), _late(session.of(Dry), first, len(heard))
        assert sounding > rate / 4
        assert sounding + late > least * rate


@contextmanager
def heard_again(live, recording: Path, least: float) -> Iterator[None]:
    """Record what is done to a set, let it end, and hold what was heard against what its journal gives.

    `live`: a `LiveSet` or a `LinkedSet`.
    """
    live.record(recording)
    yield
    live.end_recording()
    assert live.finish() == 0
    assert not live.complaints, live.complaints
    assert_heard_again(live.journal, recording, least=least)


def _late(dry: list[Dry], first: int, count: int) -> int:
    """How many of `count` samples from `first` on were not there in time."""
    return sum(max(0, min(span.last + 1, first + count) - max(span.first, first)) for span in dry)


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    task = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in task.read_text().split()]


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def player_of(engine: int) -> int:
    """The process id of an engine's player."""
    return next(pid for pid in children_of(engine) if "latentcode.player" in command_line(pid))


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
