"""The engine process: renders ahead of the player, answers the desk, keeps the journal.

What the desk and the engine say to each other:
    desk → engine  ("block", number, code, failed, commands)  ("more", number, commands)  ("done", number, failed)
                   ("stamped", ((stamp, command), …))  ("begin",)  ("cancel", voice)  ("lead", ms)
                   ("record", path or None)  ("restore", commands)  ("attach",)  ("bye", keep)
    engine → desk  ("hello", info)  ("state", state)  ("accepted", number, ((target, digest, stamp), …))
                   ("refused", number, target, text)  ("failed", voice, text, replaced)
                   ("encoding", done, total, name)  ("notice", text)  ("replaced", text)
Commands are bytes (see `latentcode.commands`), state and info dictionaries of plain values.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentcode import __version__
from latentcode.commands import Command, unpacked
from latentcode.engine.journal import Journal, Mark
from latentcode.engine.live import Encoder, LiveStore
from latentcode.engine.performance import BLOCK, Performance
from latentcode.engine.preparing import Preparer, Request, explained
from latentcode.engine.renderer import Renderer, Settings, Trouble
from latentcode.engine.report import Desks, voices_of
from latentcode.engine.sound import Sound, Wanted
from latentcode.errors import LatentcodeError
from latentcode.models.card import read_card
from latentcode.wire import Message, Wire

if TYPE_CHECKING:
    from latentcode.models.decoder import Decoder

FAREWELL = 1.0  # seconds of fade at the end
STATE_SECONDS = 0.1
HOPELESS = 0.5  # seconds behind the player at which what was missed is no longer caught up with


class Engine:
    """One set, from the first line to the farewell.

    The main thread renders; the threads of desk, preparer and player tell the performance things under one lock.
    """

    def __init__(self, options: argparse.Namespace, desk: Wire) -> None:
        self._options, self._lock = options, threading.RLock()
        self._leave, self._begun, self._ready = threading.Event(), threading.Event(), threading.Event()
        self._requests: dict[int, Request] = {}
        self._latest: dict[int, int] = {}
        self._desks = Desks(self._receive, options.door)
        self._desks.take(desk)
        self._card = read_card(options.model, options.model_rate)
        self._encoder = Encoder(self._card, options.model_rate or 0, self._desks.tell)
        self._store = LiveStore(self._card, self._encoder)
        self._journal = Journal(Path(options.journal))
        self._recording: str | None = None
        self._load = 0.0

    def run(self) -> None:
        """Serve until a desk says goodbye, or has been gone too long."""
        options = self._options
        self._encoder.start()
        wanted = Wanted(options.rate, options.buffer, options.driver, options.log)
        with ThreadPoolExecutor(1) as beside:  # the player starts while torch is being imported
            sound = beside.submit(Sound, wanted, self._heard)
            decoder = self._decoder()
            self._sound = sound.result()
        self._performance = Performance(self._set_up(decoder))
        if not options.resumed:
            self._journal.header(self._header())
        self._preparer = Preparer(self._renderer, self._store, self._encoder, self._prepared)
        self._desks.ready(self._info())
        self._ready.set()
        try:
            self._render_on()
        finally:
            self._end()

    # setting up

    def _decoder(self) -> Decoder:
        import torch

        from latentcode.models.decoder import Decoder
        from latentcode.models.loading import load

        torch.set_num_threads(1)  # once, instead of around every block
        return Decoder(load(self._options.model, self._options.model_rate))

    def _set_up(self, decoder: Decoder) -> Renderer:
        options, card = self._options, self._card
        sizes = (self._sound.rate, card.sample_rate, card.window)
        voicing = {"noise": options.noise, "seed": options.seed, "bpm": options.bpm}
        renderer = Renderer(
            Settings(*sizes, options.synthesis, **voicing), self._store, decoder, self._troubled
        )
        renderer.live, renderer.missed.report = True, self._missed
        renderer.position = self._sound.border(options.start)
        return renderer

    @property
    def _renderer(self) -> Renderer:
        return self._performance.renderer

    def _header(self) -> dict[str, Any]:
        import torch

        options, sound = self._options, self._sound
        return {
            "seed": options.seed,
            "rate": sound.rate,
            "buffer": sound.buffer,
            "bpm": options.bpm,
            "synthesis": options.synthesis,
            "noise": options.noise,
            "model": f"{self._card.name}@{self._card.digest[:12]}",
            "model_file": "default" if options.model == "default" else self._card.file,
            "torch": torch.__version__,
            "latentcode": __version__,
        }

    def _info(self) -> dict[str, Any]:
        return {
            "journal": str(self._options.journal),
            "model": self._card.name,
            "sample_rate": self._sound.rate,
            "buffer": self._sound.buffer,
            "driver": self._sound.text,
            "seed": self._options.seed,
            "lead": self._options.lead,
            "version": __version__,
        }

    # rendering

    def _render_on(self) -> None:
        if self._options.hold:
            self._begun.wait()
        renderer = self._renderer
        self._sound.begin(renderer.position, self._lead)
        next_state = 0.0
        while not self._leave.is_set():
            self._sound.beat()
            spare = self._sound.ahead - self._lead
            if spare >= 0:
                time.sleep(max(spare, 16) / self._sound.rate)
            elif self._sound.ahead < -HOPELESS * self._sound.rate:
                self._jump()
            else:
                self._render_block(renderer)
            if time.monotonic() >= next_state:
                next_state = time.monotonic() + STATE_SECONDS
                self._tell_state()
            if self._desks.gone_for() > self._options.deskless:
                self._leave.set()

    @property
    def _lead(self) -> int:
        return int(self._options.lead * self._sound.rate / 1000)

    def _render_block(self, renderer: Renderer) -> None:
        begun = time.perf_counter()
        with self._lock:
            block = self._performance.render(BLOCK)
            outbox, self._performance.outbox = self._performance.outbox, []
        self._sound.write(block)
        for message in outbox:
            self._sound.send(*message)
        busy = (time.perf_counter() - begun) * self._sound.rate / BLOCK
        self._load += 0.02 * (busy - self._load)

    def _jump(self) -> None:
        with self._lock:
            renderer, before = self._renderer, self._renderer.position
            renderer.position = self._sound.border(self._sound.playhead + self._lead)
            self._performance.restart()
            self._sound.skip(renderer.position)
            self._note("jump", before, renderer.position)
        self._desks.tell("notice", "the machine stood still: the set goes on where it would be now")

    def _end(self) -> None:
        self._note("end", self._performance.renderer.position)
        self._sound.close(FAREWELL)
        self._preparer.close()
        self._encoder.close()
        self._desks.close()

    # from the desk

    def _receive(self, message: Message) -> None:
        self._ready.wait()  # what is typed meanwhile waits on the wire
        try:
            HANDLERS[message[0]](self, *message[1:])
        except (LatentcodeError, ValueError, TypeError, KeyError) as error:
            self._desks.tell("notice", f"the engine cannot do {message[0]!r}: {explained(error)}")

    def _block(self, number: int, code: str, failed: bool, commands: tuple[bytes, ...]) -> None:
        with self._lock:  # the code now, in the order of its coming; the marks when all is ready
            self._journal.block(number, code, self._performance.renderer.position)
        self._preparer.put(Request(number, [unpacked(data) for data in commands]))
        if failed:
            self._preparer.put(Request(number, [], failed=True))

    def _more(self, number: int, commands: tuple[bytes, ...]) -> None:
        self._preparer.put(Request(number, [unpacked(data) for data in commands]))

    def _done(self, number: int, failed: bool) -> None:
        if failed:
            self._preparer.put(Request(number, [], failed=True))

    def _stamped(self, pairs: tuple[tuple[int, bytes], ...]) -> None:
        for stamp, data in pairs:
            self._preparer.put(Request(0, [unpacked(data)], stamp=stamp))

    def _begin(self) -> None:
        self._preparer.put(Request(0, [], begin=True))

    def _cancel(self, voice: int) -> None:
        with self._lock:
            self._renderer.cancel(voice)
            self._note("cancel", f"d{voice + 1}", self._renderer.position)

    def _set_lead(self, milliseconds: float) -> None:
        least = 1000 * (self._sound.buffer + BLOCK) / self._sound.rate
        self._options.lead = min(max(float(milliseconds), least), 1000.0)
        if milliseconds < least:
            self._desks.tell(
                "notice", f"a lead below {least:.0f} ms leaves no time; it is {least:.0f} ms now"
            )

    def _record(self, path: str | None) -> None:
        self._sound.record(path)

    def _restore(self, commands: tuple[tuple[int, bytes], ...]) -> None:
        """Put a set back as it was: commands with the stamps that they had, then all takes over again."""
        with self._lock:
            self._performance.catch_up([(stamp, unpacked(data)) for stamp, data in commands])
            self._note("restart", self._renderer.position)
        self._begun.set()

    def _bye(self, keep: bool) -> None:
        if not keep:
            self._leave.set()

    # from the preparer

    def _prepared(self, request: Request) -> None:
        """All is there: stamp, schedule, journal."""
        with self._lock:
            renderer = self._renderer
            if request.begin:
                self._begun.set()
            stamp = renderer.position if request.stamp is None else request.stamp
            if request.failed:
                self._note("failed", request.number)
            marks = [self._schedule(command, request, stamp) for command in self._current(request)]
        if request.number:
            self._desks.tell("accepted", request.number, tuple((m.target, m.digest, m.stamp) for m in marks))
        for command, text in request.refused:
            self._desks.tell("refused", request.number, command.target, text)

    def _current(self, request: Request) -> list[Command]:
        """The request's commands but those that a later line has overtaken."""
        if not request.number:
            return request.commands
        current = [c for c in request.commands if self._latest.get(c.voice, 0) <= request.number]
        for command in current:
            if command.kind in ("play", "stop"):
                self._latest[command.voice] = request.number
        return current

    def _schedule(self, command: Command, request: Request, stamp: int) -> Mark:
        self._performance.schedule(command, stamp)
        mark = Mark(command.target, command.digest, stamp)
        if request.number:
            self._journal.command(request.number, mark)
        return mark

    # from the player and the renderer

    def _heard(self, message: Message) -> None:
        name, *rest = message
        if name == "dry" and rest[1] >= 0 and not self._leave.is_set():
            self._note("dry", *rest)
        elif name == "late":
            self._note("late", *rest)
        elif name == "device":
            self._note("device", rest[2], self._sound.ring.buffer)
            self._desks.tell("notice", f"the device is {rest[0]}: {rest[1]}")
        elif name == "recording":
            self._recording = rest[0]
        elif name == "recorded":
            self._recording = None
            self._note("recording", rest[1], rest[2], rest[0])
            self._desks.tell("notice", f"recorded {rest[2] / self._sound.rate:.1f} s to {rest[0]}")
        elif name in ("error", "player"):
            said = "the player died; another one plays on" if name == "player" else f"✗ {rest[0]}"
            self._desks.tell("notice", said)

    def _troubled(self, trouble: Trouble) -> None:
        if trouble.by_clock:
            self._note("fallback", f"d{trouble.voice + 1}", trouble.sample)
        self._desks.tell("failed", trouble.voice, explained(trouble.error), trouble.replaced)

    def _missed(self, voice: int, sample: int, text: str) -> None:
        self._note("missed", f"d{voice + 1}", sample)
        self._desks.tell("notice", f"d{voice + 1}: {text}; it sounds when it is there")

    def _note(self, name: str, *values: object) -> None:
        self._journal.note(name, *values)

    def _tell_state(self) -> None:
        if self._desks.busy:
            return
        ring, performance = self._sound.ring, self._performance
        with self._lock:
            renderer = performance.renderer
            playhead = max(self._sound.playhead, 0)
            cps = renderer.tempo.cps_at(playhead)
            state = {
                "bpm": float(cps * 60 * renderer.settings.beats),
                "cycle": float(renderer.tempo.cycle_at(playhead)),
                "beats": renderer.settings.beats,
                "sample": renderer.position,
                "playhead": playhead,
                "lead": self._options.lead,
                "load": self._load,
                "player_load": ring.load,
                "dry": ring.dry_buffers,
                "xruns": ring.xruns,
                "peak": tuple(float(peak) for peak in ring.peaks),
                "voice_peaks": tuple(float(peak) for peak in ring.voice_peaks),
                "voices": voices_of(performance),
                "recording": self._recording,
                "device": self._sound.text,
            }
        self._desks.tell("state", state)


HANDLERS: dict[str, Callable[..., None]] = {
    "block": Engine._block,
    "more": Engine._more,
    "done": Engine._done,
    "stamped": Engine._stamped,
    "begin": Engine._begin,
    "cancel": Engine._cancel,
    "lead": Engine._set_lead,
    "record": Engine._record,
    "restore": Engine._restore,
    "bye": Engine._bye,
}
