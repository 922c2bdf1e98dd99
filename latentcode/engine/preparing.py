"""Making ready what a block asks for, before it is stamped: tried, and all its sounds encoded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from queue import SimpleQueue
from typing import Any

from latentcode.clock.conductor import TempoReader
from latentcode.clock.watchdog import GUARD, TRIED
from latentcode.engine.lastwords import TRIAL
from latentcode.engine.waiting import Waiting
from latentcode.errors import EngineError, LatentcodeError
from latentcode.inputs.reader import Reader
from latentcode.latents.listening import HEARD
from latentcode.latents.morph import Morph
from latentcode.latents.spaces import Mark
from latentcode.patterns import Pattern
from latentcode.set import knobs
from latentcode.set.commands import Command
from latentcode.set.event_encoder import Destination
from latentcode.set.grabs import Grabs, NotGrabbedError, WithGrabs
from latentcode.set.kinds import kind_of
from latentcode.set.outgoing import rehearse
from latentcode.set.spaces import Spaces
from latentcode.sounds.hearing import Hearing, NotHeardError
from latentcode.sounds.live import EncoderProcess, LiveStore
from latentcode.sounds.store import NotReadyError
from latentcode.synth.context import FindModel
from latentcode.synth.keyboard import Keyboard
from latentcode.synth.renderer import Renderer
from latentcode.synth.trial import try_keys, try_out

TRIAL_CYCLES = 8
HELD_FOR = 20.0  # seconds for sounds to be there before a set that is held begins
REACHING = 3.0  # seconds in which a place must have been reached
SENDING_SHARE = 0.1  # of a core
TEMPO_READS, TEMPO_SECONDS = 64, 0.002  # times that a tempo is read in its trial, and what each may take


@dataclass
class Request:
    """The commands of a block of code, or of a `part` of it, as the desk sent them.

    stamp      where a replay has it; None: as soon as it is ready
    begin      the clock of a set that was held is to start
    only_ready nothing more is done than to have all there
    """

    number: int
    commands: list[Command]
    part: int = 0
    stamp: int | None = None
    begin: bool = False
    only_ready: bool = False
    refused: list[tuple[Command, str]] = field(default_factory=list)


class Preparer:
    """Tries requests one after another on a thread of its own;
    those that wait for sounds wait apart; `done` is given what is ready.

    reached  whether a place has been found to which something is to be sent
    deadly   the digest of a command that an engine did not come back from
    ears     opens an input that a command needs
    alone    runs a trial when no other runs
    """

    def __init__(
        self,
        renderer: Renderer,
        store: LiveStore,
        grabs: Grabs,
        encoder: EncoderProcess,
        spaces: Spaces,
        reached: Callable[[Destination, tuple[Any, ...]], bool],
        deadly: str,
        ears: Callable[[NotHeardError], None],
        alone: Callable[[Callable[[], None]], None],
    ) -> None:
        self._renderer, self._store, self._grabs, self._spaces = renderer, store, grabs, spaces
        self._encoder, self._found, self._deadly, self._ears = encoder, reached, deadly, ears
        self._alone = alone
        self.waiting = Waiting(encoder.underway)
        self.done: Callable[[Request], None] = lambda request: None
        self._queue: SimpleQueue[Request | None] = SimpleQueue()
        self._waiting: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._run, name="preparer", daemon=True)
        self._thread.start()

    def put(self, request: Request) -> None:
        self._queue.put(request)

    def close(self) -> None:
        self._queue.put(None)

    def _run(self) -> None:
        while (request := self._queue.get()) is not None:
            if request.begin:
                self._wait_for_all()
            if self._try(request):
                self.done(request)
            else:
                self._waiting = [one for one in self._waiting if one.is_alive()]
                self._waiting.append(threading.Thread(target=self._wait, args=(request,), daemon=True))
                self._waiting[-1].start()

    def _wait_for_all(self) -> None:
        """Have all that was asked before ready, in a set that is held: but not for ever."""
        deadline = time.monotonic() + HELD_FOR
        for thread in self._waiting:
            thread.join(max(deadline - time.monotonic(), 0.0))

    def _wait(self, request: Request) -> None:
        while not self._try(request, wait=True):
            pass
        self.done(request)

    def _try(self, request: Request, wait: bool = False) -> bool:
        """Whether all that the request needs is there; commands that cannot be are refused."""
        ready = True
        for command in list(request.commands):
            try:
                ready = self._grabbed(command, wait) and ready
            except Exception as error:  # whatever a pattern raises, it must not end the set
                request.commands.remove(command)
                request.refused.append((command, explained(error)))
        return ready

    def _grabbed(self, command: Command, wait: bool) -> bool:
        """The same, of a command that may need what is still to be grabbed, or to come in."""
        try:
            return self._ready(command, wait)
        except NotGrabbedError as missing:
            if wait:
                self._grabs.wait(missing)
            return False
        except NotHeardError as missing:
            if wait:
                self._ears(missing)
            return False
        except NotReadyError as missing:
            if wait:
                missing.wait()
            return False

    def _ready(self, command: Command, wait: bool) -> bool:
        kind, gatherer = kind_of(command), self._store.gatherer()
        trial = LiveRehearsal(self._renderer, self._spaces, WithGrabs(gatherer, self._grabs), gatherer.model)
        kind.prepare(trial, command)
        if command.digest == self._deadly:
            raise EngineError("the engine did not come back from its trial; simplify it")
        tried = partial(kind.rehearse, trial, command)
        again = partial(self._alone, partial(GUARD.run, tried, TRIED, f"{TRIAL}{command.digest}"))
        again()
        if kind.sent_to is not None:
            return self._reached(*kind.sent_to(command), wait)
        with self.waiting.of(command.target, command.block) if wait else nullcontext():
            if (wait or not gatherer.long) and gatherer.read():
                again()  # what is to be encoded of the loops is known now
                gatherer.read()
            if gatherer.missing and wait:
                self._encoder.wait(gatherer.missing)
        return not (gatherer.missing or gatherer.unread or gatherer.unloaded)

    def _reached(self, place: tuple[Any, ...], options: tuple[Any, ...], wait: bool) -> bool:
        """Whether the place has been reached that a pattern is to be sent to; it is waited for,
        but not for ever.
        """
        deadline = time.monotonic() + (REACHING if wait else 0.0)
        while not (found := self._found(Destination(*place), options)) and time.monotonic() < deadline:
            time.sleep(0.02)
        return found or wait


@dataclass
class LiveRehearsal:
    """Tries what commands ask for beside what plays (see `set/kinds/table.py`);
    `store` gathers what is missing, and `models` which are to be loaded.
    """

    renderer: Renderer
    spaces: Spaces
    store: WithGrabs
    models: FindModel

    def unled(self, wanted: object, *over: object) -> None:
        """Raise EngineError for a tempo that cannot be had while others give it."""
        conductor = self.renderer.conductor
        if conductor.led and (over or isinstance(wanted, Pattern) or not conductor.takes):
            can = "; bpm(120) changes it for all" if conductor.takes else ""
            raise EngineError(f"the tempo is {conductor.refusal}{can}")

    def learn(self, name: str, mark: Mark) -> None:
        self.spaces.prepare(name, mark)

    def settings(self, settings: Iterable[Any]) -> None:
        knobs.rehearse(settings, float(self.renderer.cycle), self.renderer.inputs, time.thread_time)

    def tempo(self, pattern: Pattern) -> None:
        """Raise EngineError when a tempo pattern is too slow, or gives what is no tempo."""
        read = TempoReader(pattern, live=Reader(self.renderer.inputs))
        first = self.renderer.cycle
        begun = time.thread_time()
        for step in range(TEMPO_READS):
            read(first + Fraction(step * TRIAL_CYCLES, TEMPO_READS), None)
        if time.thread_time() - begun > TEMPO_READS * TEMPO_SECONDS:
            raise EngineError(
                "the tempo pattern is too slow to be read a hundred times a second; simplify it"
            )

    def play(self, voice: int, pattern: Pattern, morph: Morph | None = None) -> None:
        store = self.store
        trial = partial(try_out, self.renderer, ring=store.ring, model=self.models)
        trial(pattern, max(voice, 0), store.frames, TRIAL_CYCLES, store.samples, morph)

    def once(self, voice: int, pattern: Pattern) -> None:
        self.play(voice, pattern.retimed(Fraction(1), -self.renderer.cycle))  # its cycle 0 comes next

    def keys(self, voice: int, keyboard: Keyboard) -> None:
        store = self.store
        found = (store.frames, TRIAL_CYCLES, store.samples, store.ring, self.models)
        try_keys(self.renderer, keyboard, voice, *found)

    def listen(self, inputs: tuple[int, ...]) -> None:
        """Raise NotHeardError for inputs that are still to be opened."""
        if (hearing := self.renderer.inputs.known.get(HEARD)) is not None:
            assert isinstance(hearing, Hearing)
            hearing.check(inputs)

    def send(self, place: tuple[Any, ...], pattern: Pattern) -> None:
        """Raise EngineError when a pattern cannot be sent, or is too slow."""
        begun = time.thread_time()
        rehearse(Destination(*place), pattern, TRIAL_CYCLES)
        seconds = TRIAL_CYCLES / float(self.renderer.tempo.cps_at(self.renderer.position))
        if time.thread_time() - begun > SENDING_SHARE * seconds:
            raise EngineError("the pattern is too slow to be sent beside all else; simplify it")


def explained(error: Exception) -> str:
    """An error in one line for the musician."""
    text = " ".join(str(error).split("\n")) or type(error).__name__
    return text if isinstance(error, LatentcodeError) else f"{type(error).__name__}: {text}"
