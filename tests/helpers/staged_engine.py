"""The engine itself in one process, led step by step: what it asks of other processes and threads is done here,
when a test says so, and it can die at any moment.

A step is one turn of the loop that renders: a block, or a jump. In between the engine stands in `Player.beat`, and
whoever leads it may say what a desk says, move hands, let sounds be encoded and models be loaded.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock, patch

import numpy as np

from latentcode.clock.watchdog import GUARD
from latentcode.engine import pacing, process
from latentcode.engine.__main__ import _parser
from latentcode.engine.direct_parameters import DirectParameters
from latentcode.engine.preparing import Preparer
from latentcode.engine.sound import PlayerLink
from latentcode.engine.underway import SIZE, Underway, left_underway
from latentcode.inputs.history import Input
from latentcode.protocol.messages import Message
from latentcode.protocol.player_messages import Hand, PlayerCommand
from latentcode.protocol.ringbuffer import INPUTS
from latentcode.sounds import cache, live, models
from latentcode.sounds.store import Store, encode
from latentcode.synth.budget import Budget
from latentcode.testing.player import FakePlayer

PATIENCE = 600.0  # seconds for one step, on a machine that has hardly any time for it


def patiently():
    """Nothing is set aside because the machine has no time for it: what hangs says so itself."""
    return patch.object(GUARD, "_judge", lambda span: False)


class Died(BaseException):
    """The process is gone: nothing that comes after this is done, or written."""


class Later:
    """Threads that others would start: what they do is done by `run`, when its time has come."""

    def __init__(self) -> None:
        self.waiting: deque = deque()

    def Thread(self, *, target, args=(), **how):  # noqa: N802 (it stands for the class)
        return SimpleNamespace(start=lambda: self.waiting.append((target, args)))

    def __getattr__(self, name):
        return getattr(threading, name)

    def run(self) -> None:
        while self.waiting:
            target, arguments = self.waiting.popleft()
            target(*arguments)


class Encoder:
    """Encodes in this process: what is waited for at once, all else when it is told to."""

    unkept: dict = {}  # noqa: RUF012 (of nobody)
    slow = False  # whether what is waited for is still to be encoded

    def __init__(self, card, rate, tell) -> None:
        self._own, self._asked, self._codecs = card, {}, {}

    def start(self) -> None: ...
    def close(self) -> None: ...

    def request(self, job) -> None:
        self._asked[job.key(self._own.encoding)] = job

    def underway(self) -> str:
        return ""

    def tried(self, job) -> str:
        self.request(job)
        return ""

    def wait(self, jobs) -> None:
        for job in jobs.values():
            self.request(job)
        if not self.slow:
            self.work()

    def work(self, most: int = 10**9) -> None:
        """Encode what was asked for, or so much of it."""
        from latentcode.models.family import load

        while self._asked and most > 0:
            most -= 1
            key, job = self._asked.popitem()
            file = job.model_file or self._own.file
            if file not in self._codecs:
                self._codecs[file] = load(file)
            store = Store(self._codecs[file], job.levelled)
            path = replace(job.path, by=None)
            cache.save(key, encode(store.codec, store.audio(path), job.hop, job.length), cache.place())


class StagedPlayer(FakePlayer):
    """Plays what is written; it overtakes the engine when it is told to.

    `came_in` gives a sound that depends on the session sample alone.
    """

    ended = False
    taken_at = PlayerLink.taken_at

    def __init__(self, stage: StagedEngine, rate: int, buffer: int) -> None:
        super().__init__(rate, buffer)
        self._stage, self.late = stage, 0
        self.lead = 0
        self.wall = SimpleNamespace(sample_at=lambda moment: self.playhead - self.buffer / 2)
        self.ring = SimpleNamespace(inputs=2, latency=0, buffer=buffer)
        self.wrote: list[tuple[int, np.ndarray]] = []
        self.told: list = []

    def begin(self, sample, lead):
        super().begin(sample, lead)
        self.lead = lead

    def beat(self):
        self._stage.rest()

    def write(self, block):
        self._stage.point()
        self.wrote.append((self.head, block.copy()))
        self.head += block.shape[1]
        self.playhead = max(self.playhead, self.head - self.lead)
        self._stage.point()

    def send(self, message):
        self._stage.point()
        self.told.append(message)

    def hand(self, items):
        sample = self.border(max(self.playhead, 0))
        given = tuple((place, value) for place, _, value in items)
        self.told.append(Hand(sample, given))
        self._stage.engine._heard(("hand", sample, given))

    @property
    def input_head(self):
        return max(self.playhead, 0)

    def came_in(self, since):
        head = max(self.input_head, since)
        places = np.arange(since, head)
        sound = 0.4 * np.sin(places / 37.0) * np.sin(places / 9000.0)
        return since, np.repeat(sound[None].astype(np.float32), INPUTS, axis=0)

    @property
    def ahead(self):
        return self.head - self.playhead - (1 if not self.late else 0)

    def skip(self, sample):
        self.head, self.late = sample, 0
        self.playhead = sample - self.lead

    def stand_still(self, samples: int) -> None:
        """Time passes in which nothing is rendered."""
        self.playhead, self.late = self.head + samples, samples


class Asked(Preparer):
    """Tries what is asked when it is told to: `work`."""

    def __init__(self, *parts) -> None:
        with patch("latentcode.engine.preparing.threading.Thread", Mock):
            super().__init__(*parts)
        hear = parts[-2].__self__
        self._ears = lambda missing: hear._wanted.add(missing.channel)
        self._grabs.wait = lambda missing: None
        self._requests: deque = deque()

    def put(self, request) -> None:
        self._requests.append((request, False))

    def work(self, patiently: bool = True) -> None:
        """Try all that waits; what needs more is done now (`patiently`), or the next time."""
        for _ in range(len(self._requests)):
            request, known = self._requests.popleft()
            if self._try(request, wait=known) or (patiently and self._until(request)):
                self.done(request)
            else:
                self._requests.append((request, True))

    def look(self) -> None:
        """Try what is new in its order, then what waits, the last first; what needs more waits on."""
        asked, self._requests = self._requests, deque()
        new, self._encoder.slow = [request for request, known in asked if not known], True
        for request in [*new, *(request for request, known in reversed(asked) if known)]:
            if self._try(request) or self._try(request, wait=True):
                self.done(request)
            else:
                self._requests.appendleft((request, True))
        self._encoder.slow = False

    def _until(self, request) -> bool:
        return any(self._try(request, wait=True) for _ in range(4))  # what is to come in needs a block

    def _wait_for_all(self) -> None: ...


class Hands(DirectParameters):
    """The short way, without a thread."""

    def begin(self):
        self._begun = True

    def close(self): ...

    def look(self) -> None:
        with self._lock:
            here = self._look()
            self._due |= {place: None for place, one in self._fingers.items() if self._moves(one, here)}
            self._flush(here)


class Outlets:
    """Keeps what is sent to other instruments."""

    def __init__(self, wall, sender, tell) -> None:
        self.sender, self.sent = Mock(), []

    def send(self, going) -> None:
        self.sent.append(going)

    def ready(self, where, options) -> bool:
        return True

    def open(self, where, options=()) -> None: ...
    def close(self) -> None: ...


class Desk:
    """Takes what the engine says."""

    busy, looking, following = True, False, False  # so that it is told no states
    looked = 0

    def __init__(self, receive, door) -> None:
        self.told: list[Message] = []
        self.greeted: object = None

    def take(self, wire) -> None: ...
    def close(self) -> None: ...

    def ready(self, hello) -> None:
        self.greeted = hello

    def notice(self, text) -> None:
        self.told.append(process.messages.Notice(text))

    def tell(self, message) -> None:
        self.told.append(message)

    def gone_for(self) -> float:
        return 0.0


class Words:
    """What an engine is in; `left` is what the one before did not come back from, `memory` where it kept
    what hands had underway.
    """

    left: object = None
    memory = bytearray(SIZE)

    def __init__(self, path) -> None:
        self.former, Words.left = Words.left, None
        self.unnoted, Words.memory = left_underway(bytes(Words.memory)), bytearray(SIZE)
        self.hands, self.recorded = Underway(Words.memory, 0), 0
        self.place: tuple[str, int] = ("", 0)

    def enter(self, slot, place, sample):
        self.place = (place, sample)

    def leave(self, slot): ...
    def alive(self, sounds=True): ...
    def give_up(self): ...
    def close(self): ...


class _Engine(process.Engine):
    stage: StagedEngine

    def _end(self):
        if not self.stage.dead:
            super()._end()


class StagedEngine:
    """An engine on a thread of its own, which goes on only in `step`."""

    def __init__(self, journal: Path, rate: int, *words: str) -> None:
        self.later, self.dead = Later(), False
        self._go, self._stands = threading.Semaphore(0), threading.Semaphore(0)
        self._countdown: int | None = None
        self._error: BaseException | None = None
        self._over = False
        options = _parser().parse_args(["desk", "--journal", str(journal), "--midi", "none", *words])
        options.door = str(journal.with_suffix(".door"))
        self.player: StagedPlayer | None = None
        self._rate = rate
        self._patches = [
            patch.object(process, name, new)
            for name, new in {
                "Desks": Desk,
                "EncoderProcess": Encoder,
                "Preparer": Asked,
                "DirectParameters": Hands,
                "Departures": Outlets,
                "LastWords": Words,
                "PlayerLink": self._plays,
                "Foresight": Mock(),
                "Eyes": Mock(),
                "gc": Mock(),
                "listen": lambda *parts: Mock(names=()),
            }.items()
        ] + [
            *(patch.object(live, "threading", self.later), patch.object(models, "threading", self.later)),
            patch.object(pacing, "PATIENCE", math.inf),  # what is given up depends on the script alone
            patch.object(Budget, "charge", lambda budget, action, rendered: action()),
            patiently(),
        ]
        for one in self._patches:
            one.start()
        try:
            self.engine = _Engine(options, None)
            self.engine.stage = self
            note = self.engine.journal._write
            self.engine.journal._write = lambda text: self._written(note, text)
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
            self._await()
        except BaseException:
            self._unpatch()
            raise

    def _plays(self, wanted, heard):
        self.player = StagedPlayer(self, self._rate, wanted.buffer)
        return self.player

    def _written(self, write, text):
        if self.dead:
            return
        self.point()
        write(text)
        self.point()

    def _run(self):
        try:
            self.engine.run()
        except BaseException as error:
            self._error = error
        self._over = True
        self._stands.release()

    def _await(self):
        assert self._stands.acquire(timeout=PATIENCE), "the engine does not come back"
        if self._error is not None and not isinstance(self._error, Died):
            raise self._error

    def _unpatch(self):
        for one in self._patches:
            with suppress(RuntimeError):
                one.stop()

    # on its thread

    def rest(self):
        """It stands here between two steps."""
        self._stands.release()
        self._go.acquire()
        if self.dead:
            raise Died

    def point(self):
        """Here it may die."""
        if self.dead:
            raise Died
        if self._countdown is not None:
            self._countdown -= 1
            if self._countdown < 0:
                self.dead, self._countdown = True, None
                raise Died

    # for who leads it

    @property
    def begun(self) -> bool:
        """Whether its clock runs."""
        return self.player is not None and self.player.first is not None

    def say(self, message: Message) -> None:
        with suppress(Died):
            self.engine._receive(message)

    def work(self, patiently: bool = True) -> None:
        """Prepare what was asked; the dead say nothing of it."""
        if not self.dead:
            with suppress(Died):
                self.engine.preparer.work(patiently)

    def look(self) -> None:
        """Prepare what was asked, as far as that needs nothing more."""
        if not self.dead:
            with suppress(Died):
                self.engine.preparer.look()

    def touch(self, key: str, value: float) -> None:
        with suppress(Died):
            self.engine.hands.arrive(Input(key, value), 0.0)

    def dies_in(self, points: int) -> None:
        """Let it die when so many more things were done: lines written, blocks handed over."""
        self._countdown = points

    def step(self) -> None:
        """One turn of the loop; what comes of the short way is told then."""
        if not self._over and not self.dead:
            self._go.release()
            self._await()
        if not self.dead and self.begun and self.engine.shortcut is not None:
            with suppress(Died):
                self.engine.shortcut.look()

    def end(self) -> None:
        """Let it go: it ends well, or is dead."""
        if self.dead:
            self._go.release()
            self._thread.join(PATIENCE)
        else:
            self.engine.leave.set()
            while not self._over:
                self.step()
        self._unpatch()

    @property
    def commands(self) -> list[PlayerCommand]:
        assert self.player is not None
        return [one for one in self.player.told if isinstance(one, PlayerCommand)]
