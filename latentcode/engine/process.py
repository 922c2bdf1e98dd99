"""The engine process: renders ahead of the player, answers the desk, keeps the journal.

What the desk and the player say to the engine is in `handlers.py`.
"""

from __future__ import annotations

import argparse
import gc
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import astuple

from latentcode import __version__
from latentcode.clock.watchdog import GUARD, LIVE, Unmarked
from latentcode.engine.departures import Departures
from latentcode.engine.desk_server import Desks
from latentcode.engine.direct_parameters import DirectParameters
from latentcode.engine.foresight import Foresight
from latentcode.engine.handlers import HANDLERS, REPORTS
from latentcode.engine.input_queue import InputQueue, record_of
from latentcode.engine.lastwords import TRIAL, LastWords
from latentcode.engine.latency import least_lead, settle
from latentcode.engine.leading import Leading
from latentcode.engine.midi_in_choice import listen
from latentcode.engine.preparing import Preparer, Request, explained
from latentcode.engine.sound import Message, PlayerLink, Wanted
from latentcode.engine.state import state_of
from latentcode.engine.sync import Timing
from latentcode.engine.takes import Takes
from latentcode.errors import LatentcodeError, RangeError
from latentcode.inputs.takeover import Ahead
from latentcode.models import card_of
from latentcode.models.card import BUILT_IN
from latentcode.models.family import load_card
from latentcode.parameters import VOICES
from latentcode.protocol import messages
from latentcode.protocol.messages import Accepted, Failed, Hello, Refused, name_of
from latentcode.protocol.wire import Wire
from latentcode.session import records
from latentcode.session.journal import Session, left_behind
from latentcode.session.writing import Journal
from latentcode.set.commands import SET, Command
from latentcode.set.event_encoder import Destination
from latentcode.set.grabs import GrabbedSound, Grabs, StoreWithGrabs, folder_of
from latentcode.set.kinds import kind_of
from latentcode.set.performance import Performance
from latentcode.sounds.live import EncoderProcess, LiveStore
from latentcode.synth.building import ModelInUse, build_renderer
from latentcode.synth.renderer import Renderer, Trouble

if TYPE_CHECKING:
    from latentcode.models.family import Decoder

FAREWELL = 1.0  # seconds of fade at the end
STATE_SECONDS = 0.1
HOPELESS = 0.5  # seconds behind the player at which what was missed is no longer caught up with


class Engine:
    """One set, from the first line to the farewell.

    The main thread renders; the threads of desk, preparer and player tell the performance things
    under one lock.
    """

    def __init__(self, options: argparse.Namespace, desk: Wire) -> None:
        self.options, self.lock = options, threading.RLock()
        self.leave, self.begun, self._ready = threading.Event(), threading.Event(), threading.Event()
        self._latest: dict[
            tuple[str, int], int
        ] = {}  # by lane and voice: the block that was the last to overtake
        self.desks = Desks(self._receive, options.door)
        self.desks.take(desk)
        self.card = card_of(options.model, options.model_rate)
        self._lead_chosen = options.lead is not None
        settle(options, self.card.window)
        self.encoder = EncoderProcess(self.card, options.model_rate or 0, self.desks.tell)
        self.store = LiveStore(self.card, self.encoder, options.synthesis != "concat")
        self.before = left_behind(options.journal) if options.resumed else Session()
        self.journal = Journal(Path(options.journal), options.resumed)
        if self.journal.path != Path(options.journal):
            self.desks.notice(f"{options.journal} is kept as it is; this set is in {self.journal.path.name}")
            options.journal = str(self.journal.path)
        self.journal.tell = lambda text: self.desks.notice(text)
        self.journal.sample = lambda: int(options.start)
        self.words = LastWords(Path(options.door).with_suffix(".words")) if options.door else None
        if self.words is not None:
            GUARD.marks, GUARD.lost = self.words, self.words.give_up
        self.unready: list[int] = []  # the blocks of requests that are being prepared
        self.recording: str | None = None
        self.takes = Takes(lambda path: self.sound.record(path), lambda text: self.desks.notice(text))
        self.shortcut: DirectParameters | None = None
        self.load = 0.0

    def run(self) -> None:
        """Serve until a desk says goodbye, or has been gone too long."""
        options = self.options
        self.encoder.start()
        wanted = Wanted(
            options.rate, options.buffer, options.driver, options.outputs, options.headroom, options.log
        )
        with ThreadPoolExecutor(1) as beside:  # the player starts while torch is being imported
            sound = beside.submit(PlayerLink, wanted, self._heard)
            decoder = self._decoder()
            self.sound = sound.result()
        self.leading = Leading(self.sound.rate, self._lead_chosen)
        self.fit_lead()
        self.hands = InputQueue(self._place)
        self.performance = Performance(self._set_up(decoder))
        self.journal.sample = lambda: self.renderer.position
        self.performance.notice = lambda text: self.desks.notice(text)
        self.timing = Timing(self)
        self.ports = listen(self)
        self.departures = Departures(self.timing, lambda text: self.desks.notice(text))
        self.performance.outgoing.send = self.departures.send
        self.performance.grabbed = lambda taken: threading.Thread(target=self._keep, args=(taken,)).start()
        if not options.hold:  # a replay is told what hands gave
            self._shorten(self.performance)
        if not options.resumed:
            self.journal.header(self._header())
        self.preparer = Preparer(
            self.renderer, self.store, self.grabs, self.encoder, self._prepared, self.performance.spaces
        )
        self.preparer.reached = self.departures.ready
        self.foresight = Foresight(self.renderer, self.store, self.grabs, self.encoder)
        self.foresight.start()
        if self.words is not None and self.words.former is not None:
            self.preparer.deadly = self.words.former.place.removeprefix(TRIAL)
        self.desks.ready(self._info())
        if self.card.doubt and not options.resumed:
            self.desks.notice(self.card.doubt)
        self._ready.set()
        gc.collect()
        gc.freeze()  # a collection of all that torch has made would take longer than any lead
        try:
            self._render_on()
        finally:
            self._end()

    # setting up

    def _decoder(self) -> Decoder:
        import torch

        torch.set_num_threads(1)  # once, instead of around every block
        return load_card(self.card).decoder()

    def _set_up(self, decoder: Decoder) -> Renderer:
        options, rate = self.options, self.sound.rate
        self.grabs = Grabs(rate, self.card.sample_rate, folder_of(options.journal), options.resumed)
        used = ModelInUse(self.card, StoreWithGrabs(self.store, self.grabs), decoder)
        begun = {name: getattr(options, name) for name in ("synthesis", "hop", "noise", "seed", "bpm")}
        begun |= {name: self._as_it_began(name) for name in ("loops", "lasting")}
        renderer = build_renderer(used, rate, self._troubled, self._beyond, **begun)
        renderer.live, renderer.missed.report = True, self._missed
        renderer.unread.report, renderer.aside.report = self._unread, self._set_aside
        renderer.aside.seconds = LIVE
        options.start = renderer.position = self.sound.border(self._unrendered())
        return renderer

    def _as_it_began(self, name: str) -> bool:
        """Whether a set has something that sets of before had not."""
        return bool(self.before.number(name) if self.before.header else getattr(self.options, name))

    def _unrendered(self) -> int:
        """Where to begin: where the desk knows the set to be,
        and after all that another engine has noted.

        The desk knows of it ten times a second, so that is little later; a sample in another minute
        is a damaged one.
        """
        start = int(self.options.start)
        last = start + 60 * self.sound.rate
        return max([start, *(sample for sample in self.before.reached if sample < last)])

    def _shorten(self, performance: Performance) -> None:
        """Open the short way from hands to the player."""
        counts, say = Ahead(performance.bindings.takeover).counts, performance.notice
        self.shortcut = DirectParameters(self.sound, counts, say, self.options.seed)
        self.shortcut.inputs.known = performance.inputs.known
        performance.holding.turned, performance.echoes.told = self.shortcut.turn, self.shortcut.echo
        self.hands.listeners.append(self.shortcut.arrive)

    @property
    def renderer(self) -> Renderer:
        return self.performance.renderer

    def _header(self) -> dict[str, Any]:
        import torch

        options, sound, settings = self.options, self.sound, self.renderer.settings
        return {
            "seed": options.seed,
            "rate": sound.rate,
            "buffer": sound.buffer,
            "bpm": options.bpm,
            "synthesis": options.synthesis,
            "block": options.block,
            "hop": options.hop,
            "noise": options.noise,
            "headroom": options.headroom,
            "loops": int(settings.loops),
            "lasting": int(settings.lasting),
            "model": f"{self.card.name}@{self.card.digest[:12]}",
            "model_file": "default" if options.model in BUILT_IN else self.card.file,
            "folder": os.getcwd(),
            "marks": records.ALL,
            "torch": torch.__version__,
            "latentcode": __version__,
        }

    def _info(self) -> Hello:
        options, sound = self.options, self.sound
        return Hello(
            journal=str(options.journal),
            model=self.card.name,
            sample_rate=sound.rate,
            buffer=sound.buffer,
            driver=sound.text,
            seed=options.seed,
            lead=options.lead,
            version=__version__,
        )

    # rendering

    def _render_on(self) -> None:
        if (self.options.hold or self.options.resumed) and not self._begins():
            return
        renderer = self.renderer
        with self.lock:
            self.sound.begin(renderer.position, self._lead)
        if self.shortcut is not None:
            self.shortcut.begin()
        next_state = 0.0
        while not self._over:
            self.sound.beat()
            if self.words is not None:
                self.words.alive()
            spare = self.sound.ahead - self._lead
            if spare >= 0:
                time.sleep(max(spare, 16) / self.sound.rate)
            elif self.sound.ahead < -HOPELESS * self.sound.rate:
                self._jump()
            else:
                self._render_block(renderer)
            if time.monotonic() >= next_state:
                next_state = time.monotonic() + STATE_SECONDS
                self.journal.catch_up()
                self._tell_state()
        self.leave.set()

    def _begins(self) -> bool:
        """Wait until the desk says that the set begins, or has put it back;
        False when it ends before.
        """
        while not self.begun.wait(0.05) and not self._over:
            self.sound.beat()
            if self.words is not None:
                self.words.alive()
        return self.begun.is_set()

    @property
    def _over(self) -> bool:
        """Whether the set is to end."""
        return self.leave.is_set() or self.desks.gone_for() > self.options.deskless

    @property
    def _lead(self) -> int:
        return int(self.options.lead * self.sound.rate / 1000)

    @property
    def least_lead(self) -> float:
        """The least lead in ms on the device as it is."""
        return least_lead(self.sound.buffer, self.options.block, self.sound.rate)

    def fit_lead(self) -> None:
        """Have a lead that the device's buffers leave room for;
        to be called whenever there is another device.
        """
        options, former = self.options, self.options.lead
        options.lead = self.leading.fitted(former, self.least_lead)
        if options.lead != former:
            size = f"the device plays {self.sound.buffer} samples at a time"
            self.desks.notice(f"{size}: the lead is {options.lead:.0f} ms now, instead of {former:.0f}")

    def _render_block(self, renderer: Renderer) -> None:
        begun = time.perf_counter()
        with self.lock:
            self._hear_hands()
            self.timing.tick()
            block = self.performance.render(self.options.block)
            self.timing.rendered(renderer.position - self.options.block, renderer.position)
            outbox, self.performance.outbox = self.performance.outbox, []
            if self.shortcut is not None:
                self.shortcut.pace(renderer.position, renderer.tempo)
        self._lead_on(self.sound.ahead)
        self.sound.write(block)
        for message in outbox:
            self.sound.send(*message)
        busy = (time.perf_counter() - begun) * self.sound.rate / self.options.block
        self.load += 0.02 * (busy - self.load)

    def _lead_on(self, left: int) -> None:
        """Learn from the `left` samples that were not played yet when a block was there."""
        options, sound, now = self.options, self.sound, time.monotonic()
        if self.leading.saw(left, now):
            if text := self.leading.warning(options.lead, now):
                self.desks.notice(text)
            options.lead = self.leading.wanted(options.lead, sound.buffer, self.least_lead)

    def _hear_hands(self) -> None:
        stamped = self.hands.drain(self.renderer.position, self._lead, self.options.block)
        if stamped:
            self.note(record_of(stamped))
        for given, stamp in stamped:
            self.performance.hear(given, stamp)

    def _place(self, moment: float) -> float:
        """The session sample that the player takes from the ring at a moment;
        none that it has not come to.

        A device that stands still for a while leaves the line through its callbacks behind.
        """
        sound = self.sound
        there, even = sound.playhead, sound.wall.sample_at(moment) + sound.buffer + sound.ring.latency
        return min(max(even, there - sound.buffer), there)

    def _jump(self) -> None:
        with self.lock:
            renderer, before = self.renderer, self.renderer.position
            renderer.position = self.sound.border(self.sound.playhead + self._lead)
            self.performance.restart()
            self.sound.skip(renderer.position)
            self.note(records.Jump(before, renderer.position))
        self.desks.notice("the machine stood still: the set goes on where it would be now")

    def _end(self) -> None:
        if self.words is not None:
            self.words.close()
            GUARD.marks = Unmarked()
        for number in sorted({*self.unready} - {0}):
            self.note(records.Unheard(number))
        self.note(records.End(self.performance.renderer.position))
        self.ports.close()
        self.timing.close()
        self.departures.close()
        if self.shortcut is not None:
            self.shortcut.close()
        self.sound.close(FAREWELL)
        self.preparer.close()
        self.foresight.close()
        self.encoder.close()
        self.journal.close()
        self.desks.close()

    # what others say

    def _receive(self, message: messages.Message) -> None:
        self._ready.wait()  # what is typed meanwhile waits on the wire
        try:
            HANDLERS[type(message)](self, *astuple(message))
        except (LatentcodeError, OSError, ValueError, TypeError, KeyError) as error:
            self.desks.notice(f"the engine cannot do {name_of(message)!r}: {explained(error)}")

    def _heard(self, message: Message) -> None:
        name, *rest = message
        if name in REPORTS:
            REPORTS[name](self, *rest)

    # from the preparer

    def _prepared(self, request: Request) -> None:
        """All is there: stamp, schedule, journal."""
        with self.lock:
            renderer = self.renderer
            if request.begin:
                self.begun.set()
            stamp = renderer.position if request.stamp is None else request.stamp
            if request.failed:
                self.note(records.Failed(request.number))
            current = self._current(request)
            marks = [self._schedule(command, request, stamp) for command in current]
            self._unheard(request, current)
            for name, digest in self.store.newly_used():
                self.note(records.Sound(name, digest))
        if request.number:
            told = tuple((m.target, m.digest, m.stamp) for m in marks)
            self.desks.tell(Accepted(request.number, told))
        for command, text in request.refused:
            self.desks.tell(Refused(request.number, command.target, text))

    def _unheard(self, request: Request, current: list[Command]) -> None:
        """Note what was refused or overtaken: in a journal all else that has no mark was written in
        by hand.
        """
        if not request.number:
            return
        refused = [command for command, _ in request.refused]
        for command in [*refused, *(c for c in request.commands if all(c is not one for one in current))]:
            self.note(records.Unheard(request.number, command.target, command.digest))
        if request.number in self.unready:
            self.unready.remove(request.number)

    def prepare(self, request: Request) -> None:
        """Have the commands of a block stamped when all that they need is there."""
        self.unready.append(request.number)
        self.preparer.put(request)

    def _current(self, request: Request) -> list[Command]:
        """The request's commands but those that a later line has overtaken."""
        if not request.number:
            return request.commands
        current = [c for c in request.commands if self._latest.get(_place(c), 0) <= request.number]
        for command in current:
            kind = kind_of(command)
            if kind.overtakes:
                voices = range(VOICES) if command.voice == SET else [command.voice]
                self._latest |= dict.fromkeys([(kind.lane, voice) for voice in voices], request.number)
        return current

    def _schedule(self, command: Command, request: Request, stamp: int) -> records.CommandMark:
        sent_to = kind_of(command).sent_to
        if sent_to is not None:
            place, options = sent_to(command)
            try:
                self.departures.open(Destination(*place), options)
            except OSError as error:  # it is looked for again when something is sent there
                self.desks.notice(f"✗ {command.target}: {explained(error)}")
        block = command.block or request.number
        self.performance.schedule(replace(command, block=block), stamp)
        mark = records.CommandMark(command.target, command.digest, stamp)
        if request.number:
            self.journal.command(request.number, mark)
        return mark

    # from the renderer

    def _troubled(self, trouble: Trouble) -> None:
        self.desks.tell(Failed(trouble.voice, explained(trouble.error), trouble.replaced))

    def _missed(self, voice: int, sample: int, name: str, text: str) -> None:
        self.note(records.Missed(voice, sample, name))
        self.desks.notice(f"d{voice + 1}: {text}; it sounds when it is there")

    def _unread(self, voice: int, sample: int, name: str, text: str) -> None:
        self.note(records.Unread(voice, sample))

    def _beyond(self, voice: int, error: RangeError) -> None:
        self.desks.notice(f"d{voice + 1} is silent where it cannot be played: {error}")

    def _keep(self, taken: GrabbedSound) -> None:
        try:
            self.grabs.keep(taken)
        except OSError as error:
            self.desks.notice(f"what was grabbed is lost when the engine dies: {error}")

    def _set_aside(self, place: str, sample: int, digest: str) -> None:
        self.note(records.Fallback(place, sample, digest))

    def note(self, record: records.Record) -> None:
        self.journal.note(record)

    def _tell_state(self) -> None:
        if not self.desks.busy:
            with self.lock:
                state = state_of(self)
            self.desks.tell(state)


def _place(command: Command) -> tuple[str, int]:
    """Where a command can be overtaken: on its voice, in its lane."""
    return kind_of(command).lane, command.voice
