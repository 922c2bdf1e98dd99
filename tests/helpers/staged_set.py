"""A whole set in one process whose engine dies and stands still when a test says so, and its replay.

What the player was given, by session sample, is what was heard; the player's own graph is compared elsewhere.
"""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from helpers.staged_engine import StagedEngine, Words, patiently
from latentcode.engine.lastwords import Left
from latentcode.offline.blocks import SessionBlocks
from latentcode.offline.performed import performed, telling
from latentcode.player.mixer import Mixer, at_place
from latentcode.prompt.again import asked_again
from latentcode.prompt.blocks import Blocks
from latentcode.prompt.error_format import one_line
from latentcode.prompt.evaluate import run_block
from latentcode.prompt.names import Names
from latentcode.prompt.restore_log import Memory
from latentcode.prompt.set_api import SetApi
from latentcode.prompt.unanswered import Unanswered
from latentcode.protocol.messages import (
    Accepted,
    Block,
    Bye,
    Failed,
    More,
    Notice,
    Refused,
    Restore,
    State,
)
from latentcode.protocol.player_messages import Hand
from latentcode.session.journal import Session, read_session
from latentcode.set.performance import Performance

RATE, SEED = 44100, 3


@dataclass
class Leading:
    """Another's clock, as `engine.midi_clock.Followed` shows it; it runs by the samples of the player.

    `said`: what it has said of starting and stopping and nobody has heard yet.
    """

    bpm: float
    transport: bool = True
    jump: bool = False
    said: list[str] = field(default_factory=list)
    port, gone, absurd = "clock", False, False

    def beats_at(self, moment: float) -> tuple[float, float]:
        return moment * self.bpm / 60 + 0.3, self.bpm / 60

    def events(self) -> list[str]:
        said, self.said = self.said, []
        return said


class StagedSet:
    """A desk and its engines, one after another."""

    def __init__(self, folder: Path, model: str, *words: str) -> None:
        self.journal = folder / "set.py"
        self._words = ("--model", model, "--seed", str(SEED), *words)
        self.memory, self.said, self.lines = Memory(), list[str](), list[str]()
        self._unanswered = Unanswered()
        self.sample = self.reached = 0  # where the desk knows the set to be, and what it took to have come
        self._waiting: list = []
        self.blocks = Blocks(self._send, self.memory.sent, State, patience=60, answer=self._answer)
        self.names = Names(SetApi(self.blocks), SEED)
        self.wrote: list[tuple[int, np.ndarray]] = []
        self.commands: list = []
        self.sent: list = []
        self.unheard: list[tuple[int, int]] = []  # what no engine has lived to hand over
        self._engine = self._start()
        self._hear()

    def _start(self) -> StagedEngine:
        return StagedEngine(self.journal, RATE, *self._words)

    @property
    def engine(self):
        return self._engine.engine

    @property
    def player(self):
        return self._engine.player

    @property
    def position(self) -> int:
        return self.engine.renderer.position

    # what the desk says

    def type(self, code: str, by: str = "") -> str | None:
        """Run a line as the prompt does, and the files that it loads; what is shown when it raises."""
        self.lines.append(f"{self.position}: {code}")
        stage = self.names.stage
        with self.blocks.sent_by(by):
            error = run_block(code, self.names.space, self.blocks)
            for prepared in stage.taken():
                with stage.loading(prepared.file):
                    for origin, part in prepared.blocks:
                        run_block(part, self.names.space, self.blocks, origin=origin)
        return None if error is None else one_line(error, self.names.space)

    def lead(self, leading: Leading | None) -> None:
        """Somebody else gives the tempo from now on, or nobody."""
        self.engine.timing.followed = leading

    def _send(self, message) -> None:
        self._unanswered.sent(message)
        if self._engine.dead:
            self._waiting.append(message)
        else:
            self._engine.say(message)

    def _answer(self, kind, *question, patience=0.0):
        with suppress(Exception):
            if not self._engine.dead:
                return self.engine.queries.answers[kind](*question)
        return None

    def _hear(self, lost: int = 0) -> None:
        """Take what the engine has said, but for the last so many messages, which died with it."""
        told, desk = self.engine.desks.told, self.engine.desks
        desk.told = []
        for message in told[: len(told) - lost]:
            match message:
                case Accepted():
                    self._unanswered.answered(message.number, message.part)
                    self.reached = max([self.reached, *(stamp for _, _, stamp in message.marks)])
                    self.memory.accepted(message.number, message.marks)
                case Refused():
                    self.memory.refused(message.number, message.target)
                    self.said.append(f"refused {message.target}: {message.text}")
                case Failed():
                    self.said.append(f"failed d{message.voice + 1}: {message.text}")
                case Notice():
                    self.said.append(message.text)

    # time

    def work(self, patiently: bool = True) -> None:
        """What was asked is tried, and stamped when all is there."""
        self._engine.work(patiently)
        self._look()

    def look(self) -> None:
        """What was asked is tried, and stamped if all is there."""
        self._engine.look()
        self._look()

    def encode(self, most: int) -> None:
        """So many of the sounds are encoded that are asked for."""
        if not self._engine.dead:
            self.engine.encoder.work(most)
        self._look()

    def catch_up(self) -> None:
        """Sounds are encoded and read, models loaded, grabs kept."""
        if not self._engine.dead:
            self.engine.encoder.work()
            self._engine.later.run()
        self._look()

    def step(self, told: bool = True) -> None:
        """A block, or a jump; `told`: whether the desk hears then where the set is."""
        self._engine.step()
        if told and not self._engine.dead:
            self.sample = self.position
        self._look()

    def stand_still(self, samples: int) -> None:
        self.player.stand_still(samples)

    def touch(self, key: str, value: float) -> None:
        self._engine.touch(key, value)
        self._look()

    def dies_in(self, points: int) -> None:
        self._engine.dies_in(points)

    @property
    def dead(self) -> bool:
        return self._engine.dead

    def _look(self) -> None:
        if not self._engine.dead:
            self._hear()

    def _gather(self) -> None:
        """Keep what the player was given by the engine that is there."""
        if self.player is not None and self.player.first is not None:
            first = self.player.first
            last = max(
                (at for at, block in self.wrote), default=0
            )  # what it was told of that died with the engine
            self.unheard.append((min(last, first), first))
            self.wrote = [
                (at, block[:, : first - at]) for at, block in self.wrote if at < first
            ]  # what was heard after it is no part of the set any more
            self.commands = [one for one in self.commands if one.sample < first]
            self.sent = [one for one in self.sent if one.sample < first] + self.engine.departures.sent
            self.wrote += self.player.wrote
            self.commands += self._engine.commands

    def take_over(self, lost: int = 0, hung: Left | None = None) -> None:
        """Another engine takes over from the one that is dead; the last messages of that are lost."""
        assert self._engine.dead
        self._hear(lost)
        self._gather()
        self._engine.end()
        Words.left = hung
        start, *more = self._goes_on()
        self.lines.append(f"{start}: # another engine takes over")
        begin = ("--start", str(start), "--continue", *more)
        self._engine = StagedEngine(self.journal, RATE, *self._words, *begin)
        self._engine.say(Restore(self.memory.commands()))
        waiting, self._waiting = self._waiting, []
        for message in (again := list(self._unanswered.again())):
            self._engine.say(message)
        for message in waiting:
            if not isinstance(message, (Block, More)) and message not in again:
                self._engine.say(message)
        while not self._engine.begun and not self._engine.dead:
            self._engine.step()
        self._look()

    def _goes_on(self) -> tuple[object, ...]:
        """Where the next engine begins, and what else it is started with: as `Link` has it."""
        return (max([self.sample, *(stamp for stamp, _ in self.memory.commands())]),)

    def finish(self) -> None:
        """Say goodbye."""
        self._engine.say(Bye(False))
        self._engine.end()
        self._hear()
        self._gather()

    def heard(self, end: int) -> tuple[np.ndarray, list[tuple[int, Mixer]]]:
        """The voices (32, n) up to a sample, and where faders and effects stood."""
        out = np.zeros((32, end), np.float32)
        for at, block in self.wrote:
            part = block[:, : max(end - at, 0)]
            out[:, at : at + part.shape[1]] = part
        return out, self.commands

    def compared(self, end: int) -> np.ndarray:
        """Which samples up to a sample anybody may have heard."""
        found = np.ones(end, bool)
        for first, last in self.unheard:
            found[first:last] = False
        return found


def replayed(path: Path, sent: list | None = None) -> tuple[Session, np.ndarray, list, list[str]]:
    """The session in a journal, its voices (32, n), what the player is told, and what is said of it;
    `sent` gets what goes to other instruments.
    """
    told: list[str] = []
    session = read_session(path)
    told += session.faults
    commands = asked_again(session, told.append)

    def begin() -> Performance:
        performance = performed(session, commands, telling(told.append, session.number("rate")))
        if sent is not None:
            sent.clear()
            performance.outgoing.send = sent.append
        return performance

    blocks = SessionBlocks(session, begin)
    messages: list = []
    parts = []
    with patiently():
        for block in blocks:
            parts.append(block.T)
            messages += blocks.told()
    return session, np.concatenate(parts, axis=1) if parts else np.zeros((32, 0), np.float32), messages, told


def _heard(mixer: Mixer) -> Mixer:
    """The same, but for chains in which nothing is."""
    found = deepcopy(mixer)
    found.chains = {place: chain for place, chain in sorted(found.chains.items()) if chain}
    return found


def stood(commands: list, end: int, anew: list[int], unheard: list) -> list[tuple[int, str]]:
    """Where faders and effects stood after each sample at which they moved; other players began `anew`."""
    mixer, found, anew = Mixer(), dict[int, str](), sorted(anew)
    for command in sorted(commands, key=lambda one: one.sample):
        if any(first <= command.sample < last for first, last in unheard):
            continue
        if command.sample >= end:
            break
        while anew and anew[0] <= command.sample:
            mixer, found[anew[0]] = Mixer(), repr(Mixer())
            anew.pop(0)
        if isinstance(command, Hand):
            for place, value in command.given:
                mixer.take(at_place(place, value))
        else:
            mixer.take(command)
        found[int(command.sample)] = repr(_heard(mixer))
    for sample in anew:  # nothing was said to these
        found[sample] = repr(Mixer())
    last, out = repr(Mixer()), []
    for sample, text in sorted(found.items()):
        if text != last:
            out.append((sample, text))
            last = text
    return out
