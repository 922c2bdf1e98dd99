"""From the code of a block to the sample from which its commands count: tried, stamped, scheduled,
and noted in the journal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from latentcode.engine.departures import Departures
from latentcode.engine.live_set import LiveSet
from latentcode.engine.preparing import Preparer, Request, explained
from latentcode.parameters import VOICES
from latentcode.protocol.messages import Accepted, Refused
from latentcode.session import records
from latentcode.session.marks import CommandMark
from latentcode.set.commands import SET, Command
from latentcode.set.event_encoder import Destination
from latentcode.set.kinds import kind_of, unpacked
from latentcode.set.recorded import command_of, grab_of
from latentcode.sounds.live import LiveStore

StampedBytes = tuple[tuple[int, bytes], ...]


class Stamping:
    """What the desk asks of the set; `begun` is set when a clock that was held may start.

    `pass_over`: lets what lies before the first sample of this engine pass.
    """

    def __init__(self, live: LiveSet, preparer: Preparer, store: LiveStore, departures: Departures) -> None:
        self._lock, self._performance = live.lock, live.performance
        self._journal, self._desks = live.journal, live.desks
        self._preparer, self._store, self._departures = preparer, store, departures
        preparer.done, preparer.waiting.notice = self._prepared, live.desks.notice
        self.begun = threading.Event()
        self.pass_over: Callable[[], None] = lambda: self._performance.catch_up([])
        self._past = False  # whether a set of before is still to be put back
        self._unready: list[int] = []  # the blocks of requests that are being prepared
        self._folders = dict[str, int]()  # those that lines have named, and how many sounds they have
        self._latest: dict[tuple[str, int], int] = {}  # by lane and voice the block that overtook last

    def block(self, number: int, code: str, failed: bool, commands: tuple[bytes, ...]) -> None:
        with self._lock:  # the code now, in the order of its coming; the marks when all is ready
            sample, tempo = self._performance.renderer.position, self._performance.renderer.tempo
            cycle = None if self._past else tempo.cycle_at(sample)  # its tempo is not known yet
            self._journal.block(number, code, sample, cycle)
            self.done(number, failed)  # before the desk hears that it need not say it to another engine
        self.more(number, 0, commands)

    def replayed(
        self, number: int, code: str, failed: bool, by: str, marks: tuple[tuple[str, str], ...]
    ) -> None:
        """Note a block of a replay, whose commands are stamped already."""
        if by:
            self.sent_by(number, by)
        with self._lock:
            sample, tempo = self._performance.renderer.position, self._performance.renderer.tempo
            self._journal.block(number, code, sample, tempo.cycle_at(sample))
            for target, digest in marks:
                self._journal.command(number, CommandMark(target, digest, sample))
            if failed:
                self._journal.note(records.Failed(number))

    def sent_by(self, number: int, name: str) -> None:
        self._journal.note(records.SentBy(number, name))

    def more(self, number: int, part: int, commands: tuple[bytes, ...]) -> None:
        self._prepare(Request(number, [unpacked(data) for data in commands], part=part))

    def done(self, number: int, failed: bool) -> None:
        """Note that a block raised: a replay lets it, and misses nothing that only this needs."""
        if failed:
            self._journal.note(records.Failed(number))

    def stamped(self, commands: tuple[tuple[int, bytes], ...]) -> None:
        for stamp, data in commands:
            self._preparer.put(Request(0, [unpacked(data)], stamp=stamp))

    def begin(self) -> None:
        self._preparer.put(Request(0, [], begin=True))

    def take_up(self, restore: Callable[[StampedBytes], None], commands: StampedBytes) -> None:
        """Put a set of before back (`restore`), and begin, when all is there that plays last."""
        self.pass_over, self._past = partial(restore, commands), True
        last: dict[tuple[str, int], Command] = {}
        for command in (unpacked(data) for _, data in commands):
            last[command.kind, command.voice] = command
        for command in last.values():
            self._preparer.put(Request(0, [command], only_ready=True))
        self.begin()

    def grab(self, name: str, voice: int, cycles: str, inputs: tuple[int, ...] = ()) -> None:
        with self._lock:
            stamp = self._performance.renderer.position
            taken = grab_of(name, voice, cycles, inputs, stamp)
            self._performance.schedule(command_of(taken), stamp)
            self._journal.note(taken)

    def answered(self, name: str, word: str) -> None:
        self._journal.note(records.Answer(name, word))

    def opened(self, place: str, count: int) -> None:
        """Note a folder of sounds, once: a session is packed with all that it has."""
        if self._folders.get(place) != count:
            self._folders[place] = count
            self._journal.note(records.Folder(place, count))

    def end(self) -> None:
        """Note, and tell, what is not ready at the end of the set."""
        left = sorted({*self._unready} - {0})
        for number in left:
            self._journal.note(records.Unheard(number))
        if left:
            blocks = "1 block" if len(left) == 1 else f"{len(left)} blocks"
            self._desks.notice(f"✗ the set ended before {blocks} could sound; its journal has the code")

    def _prepare(self, request: Request) -> None:
        """Have the commands of a block stamped when all that they need is there."""
        self._unready.append(request.number)
        self._preparer.put(request)

    def _prepared(self, request: Request) -> None:
        """All is there: stamp, schedule, journal."""
        if request.only_ready:
            return
        with self._lock:
            renderer = self._performance.renderer
            if request.begin:
                if renderer.position:
                    self.pass_over()
                self._past = False
                self.begun.set()
            stamp = renderer.position if request.stamp is None else request.stamp
            current = self._current(request)
            marks = [self._schedule(command, request, stamp) for command in current]
            self._unheard(request, current)
            for name, digest in self._store.newly_used():
                self._journal.note(records.Sound(name, digest))
            for name, card in self._store.models.newly_used():
                self._journal.note(records.Model(name, card.digest, card.file))
            for digest, late in self._store.models.newly_measured():
                self._journal.note(records.Delay(digest, late))
            for digest, late in self._store.models.newly_through():
                self._journal.note(records.EncodingDelay(digest, late))
            if request.number:  # in the order of the marks: the desk puts a set back from what it is told
                told = tuple((m.target, m.digest, m.stamp) for m in marks)
                self._desks.tell(Accepted(request.number, told, request.part))
        for command, text in request.refused:
            self._desks.tell(Refused(request.number, command.target, text))

    def _unheard(self, request: Request, current: list[Command]) -> None:
        """Note what was refused or overtaken: in a journal all else that has no mark was written in
        by hand.
        """
        if not request.number:
            return
        refused = [command for command, _ in request.refused]
        for command in [*refused, *(c for c in request.commands if all(c is not one for one in current))]:
            self._journal.note(records.Unheard(request.number, command.target, command.digest))
        if request.number in self._unready:
            self._unready.remove(request.number)

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

    def _schedule(self, command: Command, request: Request, stamp: int) -> CommandMark:
        sent_to = kind_of(command).sent_to
        if sent_to is not None:
            place, options = sent_to(command)
            try:
                self._departures.open(Destination(*place), options)
            except OSError as error:  # it is looked for again when something is sent there
                self._desks.notice(f"✗ {command.target}: {explained(error)}")
        block = command.block or request.number
        self._performance.schedule(replace(command, block=block), stamp)
        mark = CommandMark(command.target, command.digest, stamp)
        if request.number:
            self._journal.command(request.number, mark)
        return mark


def _place(command: Command) -> tuple[str, int]:
    """Where a command can be overtaken: on its voice, in its lane."""
    return kind_of(command).lane, command.voice
