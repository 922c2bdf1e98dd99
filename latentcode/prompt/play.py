"""A session replayed live: its blocks are run before the sound,
its commands sent with their stamps.
"""

from __future__ import annotations

import os
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from latentcode.clock.set_aside import standing
from latentcode.errors import EngineError, SessionError
from latentcode.files import limits, places
from latentcode.files.texts import say, shown
from latentcode.files.whereabouts import looking_in
from latentcode.models.card import default_is
from latentcode.prompt.again import asked_again, moved_to, one_tempo, other_model, other_rate
from latentcode.prompt.early_engine import ENGINE, EarlyEngine
from latentcode.prompt.link import Link
from latentcode.prompt.options import Options
from latentcode.prompt.remote import Watched, seen
from latentcode.prompt.replay import as_it_was
from latentcode.prompt.replay_shown import NOBODY, Shown
from latentcode.protocol import messages
from latentcode.protocol.messages import Decided, Hands, Held, Message, Missed, Restore, Stamped, Unread
from latentcode.session import records
from latentcode.session.journal import Block, Session, read_session
from latentcode.set.commands import Command
from latentcode.set.grabs import folder_of
from latentcode.set.kinds import packed
from latentcode.set.recorded import grabbed, keep_grabs, led, recordings_of
from latentcode.set.retiming import converted, tempo_of
from latentcode.set.span import Place, span

BYTES = 128  # that a sample of 32 channels takes, of what is played again and again
AHEAD = 4.0  # seconds that commands are sent before they sound
LOOK = 0.2  # seconds between two looks at the clock
TOLD_EACH = 1.5  # seconds between two lines on how far the code of a long session is
PATIENCE = 60.0  # seconds for an engine to begin
KEPT = "played.py"  # what this replay decides, for an engine that takes over; gone when it ends

Tell = Callable[[str], None]
Told = Callable[[Any], Message]  # the class of a message whose one field is a row of items


@dataclass(frozen=True)
class Part:
    """What is played of a session: from one place to another (None: its beginning, its end).

    solo  the voices (from 0) that alone are heard; without any all are
    loop  it is played again and again
    bpm   the text of the tempo that takes the place of the session's own, "" for those
    """

    begin: Place | None = None
    end: Place | None = None
    solo: tuple[int, ...] = ()
    loop: bool = False
    bpm: str = ""


def play(
    given: str | Path | Session, options: Options, tell: Tell = say, engine: str = ENGINE, part: Part = Part()
) -> None:
    """Play a session (a file, or what was read of one), or a part of it, showing its code as it
    sounds.

    What lies before the part is passed through unheard: all that holds there, plays there.

    Raises SessionError, EngineError.
    """
    session = given if isinstance(given, Session) else read_session(given)
    if not session.blocks:
        raise SessionError(f"{session.path} holds no blocks of code: nothing was played")
    with (
        EarlyEngine(engine) as early,  # it imports while the code is run
        _kept() as journal,
        looking_in(session.folders),
        default_is(session.value("default")),
    ):
        as_then = replace(as_it_was(session, options, tell), journal=journal)
        for remark in [*places.remarks(), *session.unwritten]:
            tell(remark)
        player = SessionPlayer(session, as_then, tell, part)
        for remark in faltered(session):  # of a part that there is
            tell(remark)
        for remark in other_model(session, options.chosen_model):
            tell(remark)
        while not _played(player, Link(player.options, tell, engine, early.take())):
            with suppress(OSError):  # the device has another rate: all begins again, at the place of then
                os.unlink(journal)


def _played(player: SessionPlayer, link: Link) -> bool:
    """Whether a session was played to its end; not where its engine must begin elsewhere."""
    link.start("--hold", *player.words)
    try:
        with seen(Watched(link, player.shown.sounding, NOBODY), link.door):
            return player.run(link)
    finally:
        link.leave()


def faltered(session: Session) -> Iterator[str]:
    """Sentences on what the machine could not do then: that is over, and not played again."""
    rate, dry = session.number("rate"), session.of(records.Dry)
    for jump in session.of(records.Jump):
        lost = (jump.after - jump.before) / rate
        yield f"the machine stood still then at {jump.before / rate:.1f} s, for {lost:.1f} s; now the set plays on"
    if dry:
        lost = sum(span.last + 1 - span.first for span in dry) / rate
        yield f"the sound was not there in time then, for {lost:.2g} s in all; that is not played again"


@contextmanager
def _kept() -> Iterator[str]:
    """A journal for what a replay decides; nowhere, when all disks are full."""
    with ExitStack() as stack:
        journal = os.devnull
        with suppress(OSError):
            folder = stack.enter_context(TemporaryDirectory(prefix="latentcode-", ignore_cleanup_errors=True))
            journal = str(Path(folder) / KEPT)
            if (grabs := folder_of(journal)) is not None:
                stack.callback(shutil.rmtree, grabs, ignore_errors=True)
        yield journal


class Fed(NamedTuple):
    """Something that an engine is told ahead of its sample."""

    sample: int
    item: Any


class SessionPlayer:
    """Feeds one session to one engine, and to one that takes over from it.

    All is fed under the kind of its message: `_due` what is still to come, in order, `_fed` what an
    engine has been told, at the samples of its device.
    """

    def __init__(self, session: Session, options: Options, tell: Tell, part: Part = Part()) -> None:
        self._session, self.options, self._tell, self._part = session, options, tell, part
        self.shown = Shown(session)
        self._shown: list[tuple[int, Block]] = []  # what is still to be shown, with its place among all
        self._told = time.monotonic()
        self._scale = 1.0  # how many times as high as then the rate is
        asked = asked_again(
            session,
            lambda line: tell(f"✗ {shown(line)}"),
            self._ran,
            options.model,
            part.bpm or None,
        )
        self._lay_out(asked)
        self.options = replace(options, bpm=session.value("bpm"))
        if part.bpm:
            tell(one_tempo(part.bpm))
        if part.loop and (excess := limits.excess(BYTES * (self._last - self._first))):
            raise SessionError(
                f"so long a loop would take {excess}; choose a shorter one with --from and --to"
            )

    def _lay_out(self, asked: list[tuple[int, Command]]) -> None:
        """What is due, and when, as the session's samples are now."""
        session, part = self._session, self._part
        self._asked = deque(asked)
        self._first, self._last = span(session, asked, part.begin, part.end)
        # they, and the records, have moved where the tempo was edited; behind a part none is played
        over = float("inf") if part.end is None else self._last
        places = enumerate(session.blocks)
        self._shown = [(place, block) for place, block in places if self._first <= block.sample < over]
        alone = [(self._first, Command("solo", voice, arguments=(True,))) for voice in part.solo]
        own = [*grabbed(session, self._kept(asked)), *led(session), *alone]  # what no line of code asked for
        self._due: dict[Told, deque[Fed]] = {
            Decided: _in_order(
                Fed(one.sample, (one.place, one.digest)) for one in session.of(records.Fallback)
            ),
            Missed: _in_order(Fed(one.sample, (one.voice, one.note)) for one in session.of(records.Missed)),
            Unread: _in_order(Fed(one.sample, (one.voice, None)) for one in session.of(records.Unread)),
            Stamped: _in_order(Fed(stamp, command) for stamp, command in own),
            Hands: _in_order(Fed(stamp, (i.key, i.value)) for i, stamp in session.inputs),
            Held: _in_order(Fed(one.sample, one.given) for one in session.of(records.DirectValues)),
        }
        self._fed: dict[Told, list[Fed]] = {name: [] for name in self._due}

    def _kept(self, asked: list[tuple[int, Command]]) -> set[str]:
        """What was grabbed then is had from there, where it holds something from before the part:
        that is passed through unheard.
        """
        session, journal = self._session, str(self.options.journal)
        if session.path is None or not self._first or not grabbed(session):
            return set()
        tempo = tempo_of(session, asked)
        return keep_grabs(session, session.path, journal, self._first, tempo, self._part.bpm)

    def _ran(self, block: Block, commands: list[Command]) -> None:
        """A block has been run, all of them before the first sound;
        tell how far it is where that takes long.
        """
        known = self.shown.commands
        known[block.line] = list(commands)
        if time.monotonic() - self._told >= TOLD_EACH:
            self._told = time.monotonic()
            total = len(self._session.blocks)
            self._tell(f"the code is run before the first sound: {len(known)} of {total} blocks")

    @property
    def first(self) -> int:
        """The sample at which it begins."""
        return self._first

    @property
    def words(self) -> tuple[str, ...]:
        """What an engine is started with that begins in the middle."""
        return ("--start", str(self._first)) if self._first else ()

    def run(self, link: Link) -> bool:
        """Until the last sample that is asked for; False where the device has another rate, and
        another engine must begin at the place that the part has there.

        Raises EngineError where the engine does not begin.
        """
        self._link, link.restoring = link, self._again
        self._tell("the engine is starting …")
        if not link.wait_ready(PATIENCE):
            raise EngineError(f"the engine does not begin: {link.down or 'it says nothing'}")
        rate = self._session.number("rate")
        if link.hello is not None and link.hello.sample_rate != rate:
            self._convert(rate, link.hello.sample_rate)
            rate = link.hello.sample_rate
            if self._first:
                self._tell("another engine begins, at the place of the part at this rate")
                return False
        self._came_in()
        if self._part.loop:
            link.again_at = self._first
            link.send(messages.Repeat(self._first, self._last))
        self._feed(self._first + AHEAD * rate)
        self.shown.before(self._first, link)
        link.send(messages.Begin())
        self._play_on(AHEAD * rate)
        return True

    def _play_on(self, ahead: float) -> None:
        """Feed and show, up to the end; of a loop up to Ctrl-C."""
        blocks, passed, length = list(self._shown), 0, self._last - self._first
        while (head := max(self._link.state.playhead, self._first)) < self._last or self._part.loop:
            if self._link.down:
                raise EngineError(f"the engine is gone: {self._link.down}")
            self._feed(head + ahead)
            if self._part.loop and (head - self._first) // length != passed:
                self._show(self._last)
                passed, self._shown = (head - self._first) // length, list(blocks)
                self._tell(f"── again from {self._part.begin or 'the beginning'}")
            self._show(head - passed * length)
            time.sleep(LOOK)
        self._show(float("inf"))

    def _convert(self, rate: int, now: int) -> None:
        """Lay all out at the rate of the device."""
        self._tell(other_rate(rate, now))
        self._scale = now / rate
        self._lay_out(moved_to(self._session, converted(self._session, list(self._asked), now)))
        self.options = replace(self.options, rate=now)

    def _came_in(self) -> None:
        """Let the engine hear what came in then, and nothing that comes in now."""
        self._heard = messages.CameIn(
            tuple((one.channel, one.first, one.path) for one in recordings_of(self._session)),
            tuple(
                (one.sample, round(one.samples_late * self._scale))
                for one in self._session.of(records.Delayed)
            ),
            tuple((one.following, one.numbers) for one in self._session.of(records.Unencoded)),
            tuple((one.following, one.sample, one.later) for one in self._session.of(records.Eased)),
        )
        if self._heard.recordings:
            self._link.send(self._heard)

    def _feed(self, sample: float) -> None:
        asked = []
        while self._asked and self._asked[0][0] <= sample:
            asked.append(self._asked.popleft())
        with self._link.lock:  # an engine that takes over is told all of it, or none
            for name, due in self._due.items():
                found = [due.popleft() for fed in list(due) if fed.sample <= sample]
                found += [Fed(*pair) for pair in asked] if name is Stamped else []
                self._fed[name] += found
                self._send(name, found)

    def _send(self, name: Told, fed: Iterable[Fed]) -> None:
        if items := tuple(MESSAGES[name](*one) for one in fed):
            self._link.send(name(items))

    def _again(self, sample: int) -> Iterator[Message]:
        """What an engine is told that goes on at a sample: what was before as it was,
        and what is to come.
        """
        gone = {True: list[Fed](), False: list[Fed]()}  # by whether an engine that renders finds it again
        for fed in self._fed[Decided]:
            gone[standing(fed.item[0]) or fed.sample > sample].append(fed)
        back = [fed for fed in self._fed[Stamped] if fed.sample <= sample]
        back += [Fed(fed.sample, Command("fallback", arguments=fed.item)) for fed in gone[False]]
        later = [fed for fed in self._fed[Stamped] if fed.sample > sample]
        if self._part.loop:
            yield messages.Repeat(self._first, self._last)
        if self._heard.recordings:
            yield self._heard
        told: dict[Told, list[Fed]] = {**self._fed, Decided: gone[True], Restore: back, Stamped: later}
        for name in (Decided, Missed, Unread, Hands, Restore, Stamped, Held):
            yield name(tuple(MESSAGES[name](*fed) for fed in told[name]))

    def _show(self, head: float) -> None:
        """The code of blocks whose time has come."""
        while self._shown and self._shown[0][1].sample <= head:
            place, block = self._shown.pop(0)
            self.shown.block(place, self._link)
            lines = [shown(line) for line in block.code.split("\n")]
            self._tell("\n".join([f">>> {lines[0]}", *(f"... {line}" for line in lines[1:])]))


def _in_order(found: Iterable[Fed]) -> deque[Fed]:
    return deque(sorted(found, key=lambda fed: fed.sample))


def _command(sample: int, command: Command) -> tuple[int, bytes]:
    return sample, packed(command)


def _at_a_place(sample: int, item: tuple[Any, Any]) -> tuple[Any, ...]:
    return item[0], sample, item[1]


# a message → from what is fed to one of its items
MESSAGES: dict[Told, Callable[[int, Any], tuple[Any, ...]]] = {
    Decided: _at_a_place,
    Missed: _at_a_place,
    Unread: _at_a_place,
    Stamped: _command,
    Restore: _command,
    Hands: _at_a_place,
    Held: lambda sample, item: (sample, item),
}
