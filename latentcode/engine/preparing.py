"""Making ready what a block asks for, before it is stamped: tried, and all its sounds encoded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from queue import SimpleQueue
from typing import Any

from latentcode.clock.conductor import TempoReader
from latentcode.clock.watchdog import GUARD, TRIED
from latentcode.engine.lastwords import TRIAL
from latentcode.errors import EngineError, LatentcodeError
from latentcode.inputs.reader import Reader
from latentcode.parameters import FADERS
from latentcode.patterns import Pattern
from latentcode.set import knobs
from latentcode.set.actions import sounding
from latentcode.set.commands import Command
from latentcode.set.grabs import Grabs, NotGrabbedError, WithGrabs
from latentcode.set.outgoing import Destination, rehearse
from latentcode.set.spaces import Spaces
from latentcode.sounds.live import EncoderProcess, Gatherer, LiveStore
from latentcode.synth.renderer import Renderer

TRIAL_CYCLES = 8
SOUNDING = frozenset({"play", "once", "pads", "keys"})  # kinds that need sounds
REACHING = 3.0  # seconds in which a place must have been reached
SENDING_SHARE = 0.1  # of a core
TEMPO_READS, TEMPO_SECONDS = 64, 0.002  # times that a tempo is read in its trial, and what each may take


@dataclass
class Request:
    """The commands of a block of code, as the desk sent them.

    failed     the block raised; there is nothing more to it
    stamp      where a replay has it; None: as soon as it is ready
    begin      the clock of a set that was held is to start
    """

    number: int
    commands: list[Command]
    failed: bool = False
    stamp: int | None = None
    begin: bool = False
    refused: list[tuple[Command, str]] = field(default_factory=list)


class Preparer:
    """Tries requests one after another on a thread of its own; those that wait for sounds wait apart."""

    def __init__(
        self,
        renderer: Renderer,
        store: LiveStore,
        grabs: Grabs,
        encoder: EncoderProcess,
        done: Callable[[Request], None],
        spaces: Spaces,
    ) -> None:
        self._renderer, self._store, self._grabs, self._spaces = renderer, store, grabs, spaces
        self._encoder, self._done = encoder, done
        self.deadly = ""  # the digest of a command that an engine did not come back from
        self.reached: Callable[[Destination, tuple[Any, ...]], bool] = lambda where, options: True
        self._queue: SimpleQueue[Request | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="preparer", daemon=True)
        self._thread.start()

    def put(self, request: Request) -> None:
        self._queue.put(request)

    def close(self) -> None:
        self._queue.put(None)

    def _run(self) -> None:
        while (request := self._queue.get()) is not None:
            if self._try(request):
                self._done(request)
            else:
                threading.Thread(target=self._wait, args=(request,), daemon=True).start()

    def _wait(self, request: Request) -> None:
        while not self._try(request, wait=True):
            pass
        self._done(request)

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
        """The same, of a command that may need what is still to be grabbed."""
        try:
            return self._ready(command, wait)
        except NotGrabbedError as missing:
            if wait:
                self._grabs.wait(missing)
            return False

    def _ready(self, command: Command, wait: bool) -> bool:
        if command.kind == "tempo":
            self._refuse_when_led(*command.arguments)
        if command.kind == "mark":
            self._spaces.prepare(*command.arguments)
        gatherer = self._store.gatherer()
        if command.digest == self.deadly:
            raise EngineError("the engine did not come back from its trial; simplify it")
        again = partial(
            GUARD.run, partial(self._run_through, command, gatherer), TRIED, f"{TRIAL}{command.digest}"
        )
        again()
        if command.kind == "send":
            return self._reached(command, wait)
        if (wait or not gatherer.long) and gatherer.read():
            again()  # what is to be encoded of the loops is known now
            gatherer.read()
        if gatherer.missing and wait:
            self._encoder.wait(gatherer.missing)
        return not gatherer.missing and not gatherer.unread

    def _run_through(self, command: Command, gatherer: Gatherer) -> None:
        """Call what is the musician's in a command. Raises what that raises, and TooSlowError."""
        if command.kind == "tempo" and isinstance(command.arguments[0], Pattern):
            self._try_tempo(command.arguments[0])
        if command.kind in FADERS:
            self._try_settings(command.arguments)
        if command.kind == "fx":
            self._try_settings(setting for effect in command.arguments[0] for setting in effect.settings)
        if command.kind == "send" and command.arguments[1] is not None:
            self._try_sending(*command.arguments[:2])
        for one in sounding(command) if command.kind in SOUNDING else ():
            self._rehearse(one, WithGrabs(gatherer, self._grabs))

    def _rehearse(self, command: Command, store: WithGrabs) -> None:
        """Try what a command lets sound."""
        renderer, voice = self._renderer, max(command.voice, 0)
        if command.kind == "play":
            pattern, _, *morph = command.arguments
            trial = partial(renderer.try_out, ring=store.ring)
            trial(pattern, voice, store.frames, TRIAL_CYCLES, store.samples, *morph)
            return
        if command.kind == "keys":
            if (keyboard := command.arguments[0]) is not None:
                renderer.try_keys(keyboard, voice, store.frames, TRIAL_CYCLES, store.samples, store.ring)
            return
        pattern = command.arguments[0].retimed(Fraction(1), -renderer.cycle)  # its cycle 0 comes next
        renderer.try_out(pattern, voice, store.frames, TRIAL_CYCLES, store.samples, ring=store.ring)

    def _reached(self, command: Command, wait: bool) -> bool:
        """Whether the place has been reached that a pattern is to be sent to; it is waited for, but not for ever."""
        place, _, _, options = command.arguments
        deadline = time.monotonic() + (REACHING if wait else 0.0)
        while not (found := self.reached(Destination(*place), options)) and time.monotonic() < deadline:
            time.sleep(0.02)
        return found or wait

    def _try_sending(self, place: tuple[Any, ...], pattern: Pattern) -> None:
        """Raise EngineError when a pattern cannot be sent, or is too slow."""
        begun = time.thread_time()
        rehearse(Destination(*place), pattern, TRIAL_CYCLES)
        seconds = TRIAL_CYCLES / float(self._renderer.tempo.cps_at(self._renderer.position))
        if time.thread_time() - begun > SENDING_SHARE * seconds:
            raise EngineError("the pattern is too slow to be sent beside all else; simplify it")

    def _refuse_when_led(self, wanted: object, *over: object) -> None:
        """Raise EngineError for a tempo that cannot be had while others give it."""
        conductor = self._renderer.conductor
        if conductor.led and (over or isinstance(wanted, Pattern) or not conductor.takes):
            can = "; bpm(120) changes it for all" if conductor.takes else ""
            raise EngineError(f"the tempo is {conductor.refusal}{can}")

    def _try_settings(self, settings: Iterable[Any]) -> None:
        """Raise when what is to move a fader or an effect fails, or is too slow."""
        knobs.rehearse(settings, float(self._renderer.cycle), self._renderer.inputs, time.thread_time)

    def _try_tempo(self, pattern: Pattern) -> None:
        """Raise EngineError when a tempo pattern is too slow, or gives what is no tempo."""
        read = TempoReader(pattern, live=Reader(self._renderer.inputs))
        first = self._renderer.cycle
        begun = time.thread_time()
        for step in range(TEMPO_READS):
            read(first + Fraction(step * TRIAL_CYCLES, TEMPO_READS), None)
        if time.thread_time() - begun > TEMPO_READS * TEMPO_SECONDS:
            raise EngineError(
                "the tempo pattern is too slow to be read a hundred times a second; simplify it"
            )


def explained(error: Exception) -> str:
    """An error in one line for the musician."""
    text = " ".join(str(error).split("\n")) or type(error).__name__
    return text if isinstance(error, LatentcodeError) else f"{type(error).__name__}: {text}"
