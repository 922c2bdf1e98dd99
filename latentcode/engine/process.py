"""The engine process: renders ahead of the player, answers the desk, keeps the journal.

Its parts take what the desk says (`Engine.takers`) and what the player reports.
"""

from __future__ import annotations

import argparse
import gc
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import astuple

from latentcode import __version__
from latentcode.clock.watchdog import CATCHING_UP, GUARD, LIVE, Unmarked
from latentcode.engine.departures import Departures
from latentcode.engine.desk_server import Desks
from latentcode.engine.direct_parameters import DirectParameters
from latentcode.engine.ears import Ears
from latentcode.engine.eyes import Eyes
from latentcode.engine.foresight import Foresight
from latentcode.engine.header import as_it_began, header
from latentcode.engine.input_queue import InputQueue, record_of
from latentcode.engine.lastwords import TRIAL, LastWords
from latentcode.engine.latency import Jumps, Lagging, Lead, settle
from latentcode.engine.live_set import LiveSet
from latentcode.engine.midi_in_choice import listen, midi_in
from latentcode.engine.pacing import BREATH, Pace
from latentcode.engine.player_reports import PlayerReports
from latentcode.engine.preparing import Preparer, explained
from latentcode.engine.queries import Queries
from latentcode.engine.sound import PlayerLink, Report, Wanted
from latentcode.engine.stamping import Stamping
from latentcode.engine.state import state_of
from latentcode.engine.sync import Sync
from latentcode.engine.takes import Takes
from latentcode.engine.taking_over import TakingOver, own, unrendered
from latentcode.engine.turns import Turns
from latentcode.errors import LatentcodeError, RangeError
from latentcode.inputs.encoders import Stepping
from latentcode.inputs.history import Input
from latentcode.inputs.keys import PAGED, key
from latentcode.inputs.takeover import Ahead
from latentcode.midi_osc.midi_out_client import Posting
from latentcode.models import card_of
from latentcode.models.card import for_synthesis, instead
from latentcode.models.family import AheadDecoder, load_card
from latentcode.models.noted import Noted
from latentcode.protocol import messages
from latentcode.protocol.messages import Failed, Hello, name_of
from latentcode.protocol.observing import Touched
from latentcode.protocol.wire import Wire
from latentcode.session import records
from latentcode.session.journal import Session, left_behind
from latentcode.session.writing import Journal
from latentcode.set.grabs import GrabbedSound, Grabs, StoreWithGrabs, folder_of
from latentcode.set.performance import Performance
from latentcode.set.recorded import noted_of
from latentcode.sounds.live import EncoderProcess, LiveStore
from latentcode.sounds.models import LiveModels
from latentcode.synth.building import ModelInUse, build_renderer
from latentcode.synth.planned import UnforeseenError
from latentcode.synth.renderer import Renderer, Trouble

if TYPE_CHECKING:
    from latentcode.arrays import Float32
    from latentcode.models.family import Decoder
    from latentcode.protocol.player_messages import PlayerCommand

FAREWELL = 1.0  # seconds of fade at the end
STATE_SECONDS = 0.1


class Engine:
    """One set, from the first line to the farewell.

    The main thread renders; the threads of desk, preparer and player tell the performance things
    under one lock.
    """

    def __init__(self, options: argparse.Namespace, desk: Wire) -> None:
        self.options = options
        self.leave, self._ready = threading.Event(), threading.Event()
        self.desks = Desks(self._receive, options.door)
        self.desks.take(desk)
        named, options.model = options.model, for_synthesis(options.model, options.synthesis)
        self.card = card_of(options.model, options.model_rate)
        self._remarks = [self.card.doubt] if self.card.doubt else []
        if options.model != named:
            self._remarks.append(instead(options.model))
        self._lead_chosen = options.lead is not None
        settle(options, self.card)
        self.encoder = EncoderProcess(self.card, options.model_rate or 0, self.desks.tell)
        self.words = LastWords(Path(options.door)) if options.door else None
        self.journal = Journal(Path(options.journal), options.resumed)
        for unnoted in self.words.unnoted if self.words is not None and options.resumed else ():
            self.journal.note(unnoted)
        self.before = left_behind(options.journal) if options.resumed else Session()
        models = LiveModels(self.card, dict(options.known), noted_of(self.before) or Noted(options.rows))
        self.store = LiveStore(self.card, self.encoder, options.synthesis != "concat", models)
        if self.journal.path != Path(options.journal):
            self.desks.notice(f"{options.journal} is kept as it is; this set is in {self.journal.path.name}")
            options.journal = str(self.journal.path)
        self.journal.tell = self.desks.notice
        self.journal.sample = lambda: int(options.start)
        if self.words is not None:
            GUARD.marks, GUARD.lost = self.words, self.words.give_up
        self.shortcut: DirectParameters | None = None
        self._jumps, self._lagging, self.turns = Jumps(), Lagging(), Turns()

    def run(self) -> None:
        """Serve until a desk says goodbye, or has been gone too long."""
        options = self.options
        if not options.resumed:  # all is encoded that a set has played, and it is to go on soon
            self.encoder.start()
        goes_on = self.before.header and (not options.opened or own(self.before).records)
        wanted = Wanted(
            options.rate, options.buffer, options.driver, options.outputs, options.headroom, options.log,
            self._inputs(), self.before.number("rate") if goes_on else 0)  # fmt: skip
        with ThreadPoolExecutor(1) as beside:  # the player starts while torch is being imported
            sound = beside.submit(PlayerLink, wanted, self._heard)
            decoder = self._decoder()
            self.sound = sound.result()
        notice = self.desks.notice
        self.lead = Lead(options.lead, options.block, self._lead_chosen, self.sound, notice)
        self.pace = Pace(options.block / self.sound.rate)
        self.hands = InputQueue(self.sound.taken_at)
        performance = Performance(self._set_up(decoder))
        self.hands.reading = Stepping(performance.bindings.encoders, lambda: performance.inputs.latest()).read
        self.live = LiveSet(performance, self.journal, self.desks)
        self.journal.sample = lambda: self.renderer.position
        before = self.renderer.rendering.for_hands.synthesis.before
        self.ears = Ears(
            self.sound, self.store.models.codec, self.journal.path, self.before, self.journal.note, notice,
            lambda: self.lead.samples + options.block, before, options.block,
            self.renderer.settings.streams,
        )  # fmt: skip
        performance.listen(self.ears.hearing)
        performance.notice, performance.bookmarked = notice, self._bookmarked
        sender = Posting(notice)
        self.timing = Sync(self.live, self.sound, sender, self.hands.arrive)
        self.ports = listen(options, self.before, self.hands.arrive, self.timing.realtime, notice)
        self.departures = Departures(self.timing, sender, notice)
        performance.outgoing.send = self.departures.send
        performance.grabbed = lambda taken: threading.Thread(target=self._keep, args=(taken,)).start()
        if options.hold:  # a replay is told what hands gave, and what came in
            self.ears.again((), ())
        else:
            self._shorten()
            self.desks.touched = self._touched
        if not options.resumed:
            rows, settings = self.store.models.noted.rows, self.renderer.settings
            self.journal.header(header(options, self.sound, settings, self.card, rows))
        self._share_out(sender)
        self.foresight = Foresight(self.renderer, self.store, self.grabs, self.encoder)
        self.foresight.start()
        self.eyes = Eyes(self.live, self.sound, self.timing, lambda: self.taking_over.rounds)
        self.desks.ready(self._info())
        for remark in [] if options.resumed else self._remarks:
            notice(remark)
        self._ready.set()
        gc.collect()
        gc.freeze()  # a collection of all that torch has made would take longer than any lead
        try:
            self._render_on()
        finally:
            self._end()

    # setting up

    def _inputs(self) -> int | None:
        """How many inputs are opened at once: those asked for, and those heard before."""
        heard = [one.channel for one in self.before.of(records.Listening)]
        return max([self.options.inputs or 0, *heard]) or None

    def _decoder(self) -> Decoder:
        import torch

        torch.set_num_threads(1)  # once, instead of around every block
        codec = load_card(self.store.models.own)
        self.store.models.own_is(codec)
        self.card = self.store.models.own = codec.card  # which says more than that of a file
        decoder = codec.decoder(hop=self.options.hop)
        if isinstance(decoder, AheadDecoder):
            decoder.patient = False
        return decoder

    def _set_up(self, decoder: Decoder) -> Renderer:
        options, rate = self.options, self.sound.rate
        again = bool(options.start or options.resumed)
        self.grabs = Grabs(rate, self.card.sample_rate, folder_of(options.journal), again)
        self.store.models.decoder = decoder
        store, others = StoreWithGrabs(self.store, self.grabs), self.store.models.find
        used = ModelInUse(self.card, store, decoder, others)
        begun = as_it_began(options, self.before)
        renderer = build_renderer(used, rate, self._troubled, self._beyond, **begun)
        renderer.live, renderer.between = True, self.turns.give_way
        renderer.missed.report, renderer.unread.report = self._missed, self._unread
        renderer.aside.report = self._set_aside
        renderer.behind.report = self._fell_behind
        renderer.aside.seconds = CATCHING_UP
        known, buffer = own(self.before) if options.opened else self.before, self.sound.buffer
        recorded = self.words.recorded if self.words and not options.hold else 0
        begin = unrendered(int(options.start), known, rate, recorded)
        whole = options.hold and not options.resumed  # what begins just there is heard from its beginning
        options.start = renderer.position = begin // buffer * buffer if whole else self.sound.border(begin)
        return renderer

    def _share_out(self, sender: Posting) -> None:
        """Have those who take what the desk and the player say."""
        live, sound, store, departures = self.live, self.sound, self.store, self.departures
        found, former = (store, self.grabs, self.encoder), self.words.former if self.words else None
        deadly = former.place.removeprefix(TRIAL) if former else ""
        spaces, ears, alone = self.performance.spaces, self.ears.open, self.turns.alone
        self.preparer = Preparer(self.renderer, *found, spaces, departures.ready, deadly, ears, alone)
        self.takes = Takes(sound.record, self.desks.notice)
        self.stamping = Stamping(live, self.preparer, store, departures)
        self.taking_over = TakingOver(live, sound, self.timing, self.stamping.begun, former)
        outside, model = (self.ports, self.timing, self.lead), (self.card.file, self.options.model_rate)
        self.queries = Queries(live, sound, self.hands, outside, sender, *found, model)
        self.reports = PlayerReports(
            live, sound, self.lead, departures, self.takes, self._span, self.shortcut, self.words
        )
        self._takers = self.takers()

    def takers(self) -> dict[type[messages.Message], Callable[..., object]]:
        """Who takes which message of the desk, by its fields (see `protocol/messages.py`)."""
        stamping, past = self.stamping, self.taking_over
        return {
            messages.Block: stamping.block,
            messages.SentBy: stamping.sent_by,
            messages.More: stamping.more,
            messages.Done: stamping.done,
            messages.Stamped: stamping.stamped,
            messages.Repeat: past.repeat,
            messages.Begin: stamping.begin,
            messages.Replayed: stamping.replayed,
            messages.Grab: stamping.grab,
            messages.Answered: stamping.answered,
            messages.Opened: stamping.opened,
            messages.Restore: past.restore,
            messages.TakeUp: partial(stamping.take_up, partial(past.put_back, session=self.before)),
            messages.Unheard: past.unheard,
            messages.Hands: past.hands,
            messages.Held: past.held,
            messages.Decided: past.set_aside,
            messages.Missed: past.missed,
            messages.Unread: past.unread,
            messages.CameIn: self.ears.again,
            messages.Lead: self.lead.ask,
            messages.Record: self.takes.record,
            messages.Timing: self.timing.do,
            messages.Ask: self.queries.ask,
            messages.Outlet: self.departures.sender.open,
            messages.Sysex: self.departures.sender.now,
            messages.MidiIn: partial(midi_in, self.ports, self.journal.note),
            messages.Bye: self._bye,
        }

    def _shorten(self) -> None:
        """Open the short way from hands to the player."""
        performance = self.performance
        counts, say = Ahead(performance.bindings.takeover).counts, performance.notice
        self.shortcut = DirectParameters(self.sound, counts, say, self.options.seed)
        self.shortcut.inputs.known = performance.inputs.known
        if self.words is not None:
            self.shortcut.log = self.words.hands
        performance.holding.turned, performance.echoes.told = self.shortcut.turn, self.shortcut.echo
        self.hands.listeners.append(self.shortcut.arrive)

    @property
    def performance(self) -> Performance:
        return self.live.performance

    @property
    def renderer(self) -> Renderer:
        return self.performance.renderer

    def _info(self) -> Hello:
        options, sound = self.options, self.sound
        return Hello(
            journal=str(options.journal),
            model=self.card.name,
            sample_rate=sound.rate,
            buffer=sound.buffer,
            driver=sound.text,
            seed=options.seed,
            lead=self.lead.ms,
            version=__version__,
        )

    # rendering

    def _render_on(self) -> None:
        if (self.options.hold or self.options.resumed) and not self._begins():
            return
        self.encoder.start()
        renderer, next_state = self.renderer, 0.0
        with self.live.lock:
            if (repeating := self.taking_over.repeating) is None:
                self.sound.begin(renderer.position, self.lead.samples)
            else:
                border = renderer.position // self.sound.buffer * self.sound.buffer
                self.sound.begin(border, self.lead.samples)
                self.sound.write(repeating.begin(border))
        if self.shortcut is not None:
            self.shortcut.begin()
        self.journal.reaches(lambda: min(self.sound.playhead, renderer.position))
        while not self._over:
            self._beat()
            spare = self.sound.ahead - self.lead.samples
            if spare >= 0:
                time.sleep(max(spare, 16) / self.sound.rate)
            elif self.pace.gives_up(self.sound.ahead / self.sound.rate, time.monotonic()):
                self._jump()
            else:
                self._render_some(renderer, -spare)
                renderer.aside.seconds = LIVE  # the first block is there
            if time.monotonic() >= next_state:
                next_state = time.monotonic() + STATE_SECONDS
                self.journal.catch_up()
                self._tell_state()
        self.leave.set()

    def _begins(self) -> bool:
        """Wait until the desk says that the set begins, or has put it back;
        False when it ends before.
        """
        begun = self.stamping.begun
        while not begun.wait(0.05) and not self._over:
            self._beat()
        return begun.is_set()

    def _beat(self) -> None:
        """Show that this engine is alive: to the player, and to what would end it."""
        self.sound.beat()
        if self.words is not None:
            self.words.alive(self.renderer.aside.hurried)

    @property
    def _over(self) -> bool:
        """Whether the set is to end."""
        return self.leave.is_set() or self.desks.gone_for() > self.options.deskless

    def _render_some(self, renderer: Renderer, missing: int) -> None:
        """Render a block, or some together, where so many samples are missing of the lead."""
        begun, before, rate = time.monotonic(), renderer.position, self.sound.rate
        with self.turns, self.live.lock:
            count = self.pace.together(missing / rate, self.sound.ahead / rate, begun)
            try:
                block, outbox = self._next_blocks(renderer, count)
            except UnforeseenError:
                self.pace.careful(begun)
                return self._jump(before)
            if self.shortcut is not None:
                self.shortcut.pace(renderer.position, renderer.tempo)
        self.lead.saw(self.sound.ahead)
        self.sound.write(block)
        for message in outbox:
            self.sound.send(message)
        self.pace.took(time.monotonic() - begun, block.shape[1] / rate)
        if count > 1:
            time.sleep(BREATH)

    def _touched(self, message: Touched) -> None:
        """Hands on a page: they arrive as those on any other controller do."""
        for name, value in message.values:
            if key(name).kind in PAGED:
                self.hands.arrive(Input(name, min(max(value, 0.0), 1.0)), time.monotonic())

    def _next_blocks(self, renderer: Renderer, count: int) -> tuple[Float32, list[PlayerCommand]]:
        """The next samples, of so many blocks, and what the player must be told."""
        if (repeating := self.taking_over.repeating) is not None:
            self._come_to(renderer.position)
            return repeating.render(self.options.block)
        block = self.performance.together(self.options.block, count, self._come_to, self.timing.rendered)
        outbox, self.performance.outbox = self.performance.outbox, []
        return block, outbox

    def _come_to(self, sample: int) -> None:
        """Hear hands, and what came in, before the block that begins at a sample."""
        stamped = self.hands.drain(self.renderer.position, self.lead.samples, self.options.block)
        if stamped:
            self.journal.note(record_of(stamped))
        for given, stamp in stamped:
            self.performance.hear(given, stamp)
        self.ears.hear(sample)
        self.timing.tick()

    def _jump(self, since: int | None = None) -> None:
        """Give up what should sound by now, from a sample on; None: from the next one."""
        with self.live.lock:
            renderer, before = self.renderer, self.renderer.position if since is None else since
            there = self.sound.border(max(self.sound.playhead + self.lead.samples, renderer.position))
            self.sound.skip(there)
            if (repeating := self.taking_over.repeating) is not None:
                repeating.skip(there)
            else:
                renderer.position = there
                self.performance.restart()
                self.journal.note(records.Jump(before, there))
        if notice := self._jumps.told(time.monotonic()):
            self.desks.notice(notice)

    def _end(self) -> None:
        if self.words is not None:
            self.words.close()
            GUARD.marks = Unmarked()
        self.eyes.close()
        self.stamping.end()
        self.journal.note(records.End(self.renderer.position))
        self.ports.close()
        self.timing.close()
        self.departures.close()
        if self.shortcut is not None:
            self.shortcut.close()
        self.sound.close(FAREWELL)
        self.preparer.close()
        self.foresight.close()
        self.encoder.close()
        self.ears.close()
        self.journal.close()
        self.desks.close()

    # what others say

    def _receive(self, message: messages.Message) -> None:
        self._ready.wait()  # what is typed meanwhile waits on the wire
        try:
            self._takers[type(message)](*astuple(message))
        except (LatentcodeError, OSError, ValueError, TypeError, KeyError) as error:
            self.desks.notice(f"the engine cannot do {name_of(message)!r}: {explained(error)}")

    def _heard(self, message: Report) -> None:
        if message[0] != "error":  # what keeps it from starting is told at once
            self._ready.wait()
            if message[0] == "listening":
                self.ears.listening(*message[1:])
            self.reports.hear(message)
        else:
            self.desks.notice(f"✗ {message[1]}")

    def _span(self) -> tuple[int, float]:
        """The first sample that is this engine's, and the last that is played:
        before it was another's, or nobody's.
        """
        return self.options.start, self.renderer.position - 1 if self.leave.is_set() else math.inf

    def _bye(self, keep: bool) -> None:
        if not keep:
            self.leave.set()

    # from the renderer

    def _troubled(self, trouble: Trouble) -> None:
        self.desks.tell(Failed(trouble.voice, explained(trouble.error), trouble.replaced))

    def _missed(self, voice: int, sample: int, name: str, text: str) -> None:
        self.journal.note(records.Missed(voice, sample, name))
        self.desks.notice(f"d{voice + 1}: {text}; it sounds when it is there")

    def _unread(self, voice: int, sample: int, name: str, text: str) -> None:
        self.journal.note(records.Unread(voice, sample))

    def _fell_behind(self, place: str, sample: int) -> None:
        self.journal.note(records.Behind(place, sample))
        if notice := self._lagging.told(time.monotonic()):
            self.desks.notice(notice)

    def _beyond(self, voice: int, error: RangeError) -> None:
        self.desks.notice(f"d{voice + 1} {error.heard}: {error}")

    def _keep(self, taken: GrabbedSound) -> None:
        try:
            self.grabs.keep(taken)
        except OSError as error:
            self.desks.notice(f"what was grabbed is lost when the engine dies: {error}")

    def _bookmarked(self, name: str, sample: int) -> None:
        if self.renderer.position >= self.options.start:  # what lies before was noted then
            self.journal.note(records.Bookmark(name, sample))

    def _set_aside(self, place: str, sample: int, digest: str) -> None:
        self.journal.note(records.Fallback(place, sample, digest))

    def _tell_state(self) -> None:
        if not self.desks.busy:
            with self.live.lock:
                state = state_of(
                    self.performance, self.sound, self.timing.state(), self.lead.ms, self.pace.load,
                    self.takes.going, self.ports.names, self.taking_over.rounds, self.preparer.waiting.now,
                )  # fmt: skip
            self.desks.tell(state)
