"""An ended set that is taken up again: as it stood at a place, in a new session that goes on from
there.

The new session holds the lines of the old one up to the place, with their stamps, and then what
follows. So it replays by itself: an engine goes on in it as after the death of another.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from latentcode.errors import EngineError, SessionError
from latentcode.files import texts
from latentcode.files.texts import shown
from latentcode.files.whereabouts import know, known, look_in, looking_in
from latentcode.models import card_of
from latentcode.models.card import file_digest
from latentcode.prompt.again import asked_again, moved_to, one_tempo, other_model, other_rate
from latentcode.prompt.early_engine import EarlyEngine
from latentcode.prompt.link import Link
from latentcode.prompt.names import Names
from latentcode.prompt.options import Options, last_sessions
from latentcode.prompt.replay import TEMPO, Ran, Replay, Stamped, as_it_was, put_back
from latentcode.prompt.trust import trusted
from latentcode.protocol.messages import TakeUp
from latentcode.session.branching import Cut, rewritten
from latentcode.session.journal import Block, Session, left_behind
from latentcode.session.marks import CommandMark, block_mark
from latentcode.session.reading import read_shown
from latentcode.session.records import Jump, Unheard
from latentcode.session.writing import Journal
from latentcode.set.commands import Command
from latentcode.set.kinds import packed, unpacked
from latentcode.set.recorded import grabbed_names, grabs_before, grabs_by_hand, keep_grabs
from latentcode.set.retiming import converted, retimed_text
from latentcode.set.span import Place, span

LOOK = 0.02  # seconds between two looks at the clock
STARTING = 60.0  # seconds that an engine may take to start
SILENT = "panic()"  # the code that is written for a set that is to stand silent; back() brings it back

D = TypeVar("D")
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Past:
    """A set that is taken up again.

    begin   where it goes on; None: at its end
    end     up to where it plays by itself before the prompt is given; None: not at all
    whole   it plays to its end before
    silent  it stands there, and nothing sounds
    solo    the voices (from 0) that alone are heard, until others are let in
    bpm     the text of the one tempo that takes the place of its own, "" for those
    """

    path: Path
    begin: Place | None = None
    end: Place | None = None
    whole: bool = False
    silent: bool = False
    solo: tuple[int, ...] = ()
    bpm: str = ""

    @cached_property
    def session(self) -> Session:
        """What the file holds. Raises SessionError."""
        return read_shown(self.path)

    @property
    def placed(self) -> bool:
        """Whether it is not simply at its end, as it was, that it goes on."""
        return self.whole or self.begin is not None or self.end is not None or bool(self.bpm)


@dataclass(frozen=True)
class Opened:
    """A set as it is about to go on: its new session lies in the journal of `options`.

    first, last  the samples at which the engine begins, and at which the prompt is given
    told         whether what is not as it was has been told
    """

    session: Session
    options: Options
    first: int
    last: int
    told: bool = False

    def run_again(self, link: Link, names: Names, tell: Tell, ran: Ran) -> int:
        """Have the desk know what was asked; returns the number of its last block. `ran` is called
        with each block and its commands.

        Raises SessionError with what is missing.
        """
        report = _unsaid if self.told else _complaining(tell)
        replay = Replay(self.session, report, ran, names)
        number = put_back(link, replay)
        if replay.lost:
            raise SessionError("; ".join(dict.fromkeys(replay.lost)))
        return number

    def take_up(self, link: Link) -> None:
        """Have the engine begin, with what was asked. Raises EngineError where none goes on."""
        if not link.wait_ready(STARTING):
            raise EngineError(f"the engine does not begin: {link.down or 'it says nothing'}")
        link.send(TakeUp(link.memory.commands()))

    def play_on(self, link: Link, tell: Tell) -> None:
        """Show the code as it sounds, up to where the prompt is given; Ctrl-C gives it at once."""
        blocks = deque(block for block in self.session.blocks if self.first <= block.sample < self.last)
        with suppress(KeyboardInterrupt):
            while blocks or link.state.playhead < self.last:
                while blocks and blocks[0].sample <= link.state.playhead:
                    lines = [shown(line) for line in blocks.popleft().code.split("\n")]
                    tell("\n".join([f">>> {lines[0]}", *(f"... {line}" for line in lines[1:])]))
                if link.down:
                    return
                time.sleep(LOOK)


def opened(past: Past, options: Options, tell: Tell, rate: int | None = None) -> Opened:
    """A new session that goes on with a set of before, and how its engine is started; at another
    `rate` (Hz) than that of the set where one is given.

    Its code is run where a place or a rate is given: ask for trust first. Raises SessionError.
    """
    session = past.session if rate is None else read_shown(past.path)  # it is moved where it is laid out
    if not session.blocks:
        raise SessionError(f"{past.path} holds no blocks of code: nothing was played")
    told, noted = past.placed or rate is not None or grabs_by_hand(session), grabbed_names(session)
    for line in [*session.unwritten, *session.faults]:
        tell(line)
    know(session.found)
    with looking_in(session.folders):
        asked, tempos = _laid_out(session, past, tell, rate)
        first, last = _samples(session, past, asked)
        for line in other_model(session, options.chosen_model):
            tell(line)
        options = _as_it_stood(session, options, tell)
    journal = Path(str(options.journal))
    before = retimed_text(session, texts.read(past.path, "surrogateescape"), past.bpm)
    text = rewritten(before, _cut(session, past.path, first, last, options))
    kept = {block.number for block in session.blocks if block.number and block.sample < last}
    text += "".join(f"{one.format()}\n" for one in tempos if one.block in kept)
    text += "".join(f"{one.format()}\n" for one in grabs_before(session, first) if one.grab not in noted)
    journal = _written(journal, text + _as_wanted(session, past, first))
    keep_grabs(session, past.path, journal, first, bpm=past.bpm)
    look_in((found := read_shown(journal)).played_in)
    tell(f"{past.path.name} goes on {_where(session, first)}, in {journal}")
    options = replace(options, journal=str(journal), look_in=found.played_in)
    return Opened(found, options, first, last, told=told)


def taken_up(
    past: Past, options: Options, tell: Tell, early: EarlyEngine, begin: Callable[[Link, Opened], D]
) -> tuple[D, Opened]:
    """A set of before, and the engine that goes on with it, at the rate that the device has.

    begin  called while the engine starts, gives the desk of the set: its code is run there; called
           again where the device has another rate

    Raises SessionError, EngineError.
    """
    rate: int | None = None
    while True:
        found = opened(past, options, tell, rate)
        link = Link(found.options, tell, early.engine, early.take())
        link.take_up(found.first, found.last)
        try:
            desk = begin(link, found)
            there = link.wait_ready(STARTING)
        except BaseException:
            link.abandon()
            raise
        if not there or link.hello is None or link.hello.sample_rate == found.session.number("rate"):
            return desk, found
        rate = link.hello.sample_rate
        link.leave()
        with suppress(OSError):  # it is written anew
            os.unlink(str(found.options.journal))


def last_set(tell: Tell) -> Past:
    """The set that was played last, at its end.

    Raises EngineError when there is none, SessionError where it may not run.
    """
    path = next((one for one in last_sessions() if left_behind(one).blocks), None)
    if path is None:
        raise EngineError("no set is playing, and none was played; type latentcode to start one")
    trusted(path)
    tell(f"no set is playing; the last one goes on: {path}")
    return Past(path)


def _complaining(tell: Tell) -> Tell:
    return lambda line: tell(f"✗ {shown(line)}")


def _unsaid(line: str) -> None:
    """It has been said."""


def _laid_out(
    session: Session, past: Past, tell: Tell, rate: int | None
) -> tuple[list[Stamped], list[Unheard]]:
    """What a session asked for, with all of it at the tempo and the rate of now, and those marks of
    its lines that count no more, as they ask for a tempo.

    Nothing where it goes on at its end as it was: then its code is run later.
    """
    tempos: list[Unheard] = []
    if rate is None and not past.placed and not grabs_by_hand(session):
        return [], tempos

    def ran(block: Block, commands: list[Command]) -> None:
        digests = [unpacked(packed(one)).digest for one in commands if past.bpm and one.kind == TEMPO]
        tempos.extend(Unheard(block.number, TEMPO, digest) for digest in digests)

    report = _complaining(tell) if rate is None else _unsaid
    asked = asked_again(session, report, ran, bpm=past.bpm or None)
    if past.bpm and rate is None:
        tell(one_tempo(past.bpm))
    if rate is not None:
        tell(other_rate(session.number("rate"), rate))
        asked = moved_to(session, converted(session, asked, rate))
    return asked, tempos


def _samples(session: Session, past: Past, asked: list[Stamped]) -> tuple[int, int]:
    """Where the engine begins, and where the prompt is given."""
    end = session.end
    if not past.placed:
        reached = max(sample for sample in session.reached if sample <= end)
        here = min(reached + 1, end)  # what was done at the last sample that is known of counts
        return here, here
    first, last = span(session, asked, past.begin, past.end)
    for jump in session.of(Jump):  # nothing was there
        first = jump.after if jump.before < first < jump.after else first
    return first, max(first, last) if past.whole or past.end is not None else first


def _as_it_stood(session: Session, options: Options, tell: Tell) -> Options:
    """How the engine is started: as it was then, but for device, lead and the like."""
    own = as_it_was(session, options, tell)
    block, hop = session.number("block"), session.number("hop") or None
    return replace(own, block=block, hop=hop, low_latency=False).settled()


def _cut(session: Session, path: Path, first: int, last: int, options: Options) -> Cut:
    header: dict[str, object] = {
        "rate": session.number("rate"),
        "folder": os.getcwd(),
        "looked_in": "\n".join(one for one in session.folders),
        "from": f"{path.name}@{file_digest(path)}",
        "at": first,
    }
    if found := known():
        header["found"] = "\n".join(f"{name}\t{os.path.abspath(file)}" for name, file in found.items())
    if options.model != session.model:
        card = card_of(options.model)
        header |= {"model": f"{card.name}@{card.digest[:12]}", "model_file": card.file}
    return Cut(last, first, header, os.path.dirname(os.path.abspath(path)))


def _written(journal: Path, text: str) -> Path:
    """Have a new session in a file. Raises SessionError."""
    new = Journal(journal)
    new.put(text)
    new.close()
    return new.path


def _as_wanted(session: Session, past: Past, sample: int) -> str:
    """A block of code that has at a sample what else was asked for: silence, or voices alone."""
    wanted = [(SILENT, Command("panic"))] if past.silent else []
    wanted += [(f"d{voice + 1}.solo()", Command("solo", voice, arguments=(True,))) for voice in past.solo]
    if not wanted:
        return ""
    number = max((block.number for block in session.blocks), default=0) + 1
    marks = [CommandMark(asked.target, asked.digest, sample).format(number) for _, asked in wanted]
    code = "; ".join(line for line, _ in wanted)
    return "\n".join(["", block_mark(number, sample), code, *marks, ""])


def _where(session: Session, sample: int) -> str:
    minutes, seconds = divmod(sample / session.number("rate"), 60)
    return f"at {int(minutes)}:{seconds:04.1f}"
