"""A session played again: its blocks are run, and their commands get the stamps that they had."""

from __future__ import annotations

import contextlib
import ctypes
import heapq
import io
import itertools
import random
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import Any

from latentcode.errors import EngineError, ModelError, SessionError, SoundError
from latentcode.files import whereabouts
from latentcode.prompt.differences import Differences, Kind
from latentcode.prompt.error_format import one_line
from latentcode.prompt.evaluate import Leave, run_block
from latentcode.prompt.link import Link
from latentcode.prompt.names import Names
from latentcode.prompt.options import Options
from latentcode.prompt.set_api import SetApi
from latentcode.protocol.messages import Grab, Message, State
from latentcode.session.journal import Block, Session
from latentcode.session.marks import CommandMark, value_of
from latentcode.session.reading import read_shown
from latentcode.session.records import Answer, GrabbedInput
from latentcode.session.records import Grab as GrabRecord
from latentcode.set.commands import Command, numbered
from latentcode.set.kinds import packed, unpacked
from latentcode.set.recorded import grab_of, grabbed_names, known_models

SPARE = 64  # commands beyond its marks that a block that failed may issue before it is stopped
PATIENCE = 5.0  # seconds that a block that failed may take: it may have been an endless loop
TEMPO = "tempo"  # the target of a command for it
FIRST_UNKNOWN = 1_000_000  # a number beyond those of a journal that cannot be read
Report = Callable[[str], None]
Ran = Callable[[Block, list[Command]], None]
Stamped = tuple[int, Command]


class Enough(BaseException):
    """Stops a block that was interrupted when it was first played."""


class Collector:
    """A sink that keeps the commands of the running block."""

    live = False

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.limit: int | None = None
        self.number = self._named = self._by_hand = 0
        self.answers: dict[str, str] = {}  # what was answered, by the name under which it was noted
        self.grabs: list[tuple[int, Grab]] = []  # which of the running block's questions ask to grab
        self._thread = 0

    def begin(self, code: str) -> int:
        self.commands, self.grabs, self._thread = [], [], threading.get_ident()
        self.number += 1
        self._named = 0 if self.number else self._by_hand
        return self.number

    def end(self, failed: bool = False) -> None:
        self._thread = 0
        self._by_hand = self._by_hand if self.number else self._named  # what was written in has one number

    def take(self, command: Command) -> None:
        """Take a command of the block that is run. Raises EngineError for one of another thread."""
        if self._thread != threading.get_ident():
            raise EngineError(f"{command.target} was asked by a thread of its own; that cannot be replayed")
        if self.limit is not None and len(self.commands) >= self.limit:
            raise Enough
        self.commands.append(command)

    def name(self) -> str:
        self._named += 1
        return f"{self.number}.{self._named}"

    def ask(self, message: Message) -> None:
        """What is not journaled is not replayed, but for what was written in by hand."""
        if isinstance(message, Grab):
            self.grabs.append((self._named - (0 if self.number else self._by_hand), message))

    def question(self, *question: Any, patience: float = 0.0) -> Any:
        """Nobody answers."""

    def noted(self, make: Callable[[], Any]) -> Any:
        """What was noted then."""
        return value_of(self.answers.get(self.name(), "null"))

    def state(self) -> State:
        return State()


class Replay:
    """The commands of a session, each at its stamp; iterate over (stamp, command),
    in the order of stamps.

    Of those with one stamp the one whose mark comes first in the file. Commands that have no mark
    were written in by hand, and come at the sample of their block.

    report   gets a line for whatever is not as it was: a damaged mark, a changed digest, a block
             that raises only now
    ran      is called with each block after it was run, and with its commands
    names    those of a live set that is to know what the session knew; its own when left out
    every    whether each difference is reported, however many there are (see `Differences`)
    """

    def __init__(
        self,
        session: Session,
        report: Report = lambda line: None,
        ran: Ran = lambda block, commands: None,
        names: Names | None = None,
        every: bool = False,
    ) -> None:
        self.session, self._report, self._ran = session, report, ran
        self._differences = Differences(report, every)
        self._collector = Collector()
        self.names = names or Names(SetApi(self._collector), 0)
        self._collector.answers = {answer.place: answer.text for answer in session.of(Answer)}
        random.seed(session.number("seed"))
        self._blocks = deque(zip(session.blocks, _due(session.blocks), strict=True))
        self._heap: list[tuple[int, int, int, Command]] = []  # stamp, line of the mark, order
        self._order = 0
        self._last = _last_marks(session.blocks)
        self._unmarked = False  # whether it was told that there are no marks any more
        self._over = session.end + session.number("rate")  # what was asked as a set ended was no mistake
        # samples at which a line asks now for another tempo than then
        self.tempo_edits = [mark.stamp for mark in session.left if mark.target == TEMPO]
        # what is grabbed without a mark, by the lines of blocks, each with the number of its question there
        self.grabs = defaultdict[int, list[tuple[int, GrabRecord | GrabbedInput]]](list)
        self.broken = set[int]()  # the lines of blocks that raise now, and did not then
        self.lost: list[str] = []  # why blocks raise now that found their sounds and models then
        self.absent: list[str] | None = None  # a list: what they miss is noted in it, and something stands in
        for fault in session.faults:
            report(fault)

    def until(self, sample: float) -> list[Stamped]:
        """The commands stamped at or before `sample` that were not given yet."""
        while self._blocks and self._blocks[0][1] <= sample:
            self._run(self._blocks.popleft()[0])
        found = []
        while self._heap and self._heap[0][0] <= sample:
            stamp, *_, command = heapq.heappop(self._heap)
            found.append((stamp, command))
        return found

    @property
    def done(self) -> bool:
        """Whether all has been run and given."""
        return not self._blocks and not self._heap

    def __iter__(self) -> Iterator[Stamped]:
        while not self.done:
            ahead = [due for _, due in list(self._blocks)[:1]] + [stamp for stamp, *_ in self._heap[:1]]
            yield from self.until(min(ahead))
        self._differences.end(self.session.path)

    def _run(self, block: Block) -> None:
        self._collector.number = block.number - 1
        self._collector.limit = len(block.marks) + SPARE if block.failed else None
        stage = self.names.stage.given_to(self._collector)
        silent = contextlib.redirect_stdout(io.StringIO())
        noting: AbstractContextManager[None] = contextlib.nullcontext()
        if self.absent is not None and not block.failed:
            noting = whereabouts.noting_absent(self.absent)
        with stage, silent, noting, _no_waiting(), _ended_after(PATIENCE if block.failed else None):
            try:
                error = run_block(block.code, self.names.space, self._collector)
            except Leave:
                error = None
        if isinstance(error, KeyboardInterrupt):
            raise error
        if isinstance(error, (SoundError, ModelError)) and not (block.failed or () in block.unheard):
            self.lost.append(str(error))
        if error is not None and not block.failed:
            self.broken.add(block.line)
            text = f"line {block.line}: raises now: {one_line(error, self.names.space)}"
            self._differences.tell(Kind.RAISES, text)
        self._grab_written_in(block)
        for stamp, line, command in self._aligned(block):
            self._order += 1
            heapq.heappush(self._heap, (stamp, line, self._order, command))
        self._ran(block, self._collector.commands)

    def _grab_written_in(self, block: Block) -> None:
        """Have grabbed, where its block is, what was written in by hand and has no mark."""
        if block.failed or () in block.unheard or not self.session.complete:
            return
        known, at = grabbed_names(self.session), block.sample
        for question, asked in self._collector.grabs:
            if asked.name in known:
                continue
            record = grab_of(asked.name, asked.voice, asked.cycles, asked.inputs, at)
            self.session.records.append(record)
            self.grabs[block.line].append((question, record))
            what = f"grab({_grabbed_of(asked)}, {float(Fraction(asked.cycles)):g})"
            when = f"{at / self.session.number('rate'):.1f} s"
            text = f"line {block.line}: {what} without a mark takes what sounded before {when}"
            self._differences.tell(Kind.WRITTEN, text)

    def _aligned(self, block: Block) -> Iterator[tuple[int, int, Command]]:
        """The block's commands, each with its stamp and the line of its mark."""
        commands = numbered(self._collector.commands, block.number)
        mine = [(command.target, _digest(command)) for command in commands]
        pairs = aligned(mine, block.marks)
        loose = [index for index in range(len(mine)) if index not in {index for index, _ in pairs}]
        for index, place in pairs:
            mark = block.marks[place]
            if mine[index][1] != mark.digest:
                was = f"(its digest is {mine[index][1]}, it was {mark.digest})"
                text = f"line {block.line}: {mark.target} is not what it was {was}"
                self._differences.tell(Kind.CHANGED, text)
                self._edited(mark.target, mark.stamp)
            yield mark.stamp, mark.line, commands[index]
        written_in = list(self._written_in(block, loose, mine))
        behind = max([block.line, *(mark.line for mark in block.marks)])
        self._tell_written_in(block, [mine[index][0] for index in written_in])
        for index in written_in:
            if self._last:  # without any mark there was no other tempo then
                self._edited(mine[index][0], block.sample)
            if block.sample > self._over:  # marked ones may be left out on purpose, by an earlier end
                self._report(
                    f"line {block.line}: {mine[index][0]} comes at sample {block.sample}, after the session's end "
                    f"({self.session.end}), and is not heard; # @ end SAMPLE says how long it is"
                )
            yield block.sample, behind, commands[index]
        for place in sorted(set(range(len(block.marks))) - {place for _, place in pairs}):
            text = f"line {block.line}: {block.marks[place].target} was asked then, and is not now"
            self._differences.tell(Kind.GONE, text)
            self._edited(block.marks[place].target, block.marks[place].stamp)

    def _edited(self, target: str, sample: int) -> None:
        if target == TEMPO:
            self.tempo_edits.append(sample)

    def _tell_written_in(self, block: Block, targets: list[str]) -> None:
        """Say what was added to a session that has marks, and once that one has none any more."""
        if not targets or not self.session.complete or block.sample > self._over:
            return
        names, rate = ", ".join(dict.fromkeys(targets)), self.session.number("rate")
        place = "where its block is" if block.number else "where the block above it is"
        if self._last:
            text = f"line {block.line}: {names} without a mark counts {place}, at {block.sample / rate:.1f} s"
            self._differences.tell(Kind.WRITTEN, text)
        elif "marks" in self.session.header and not self._unmarked:
            self._unmarked = True
            self._report("no command has a mark: each counts where its block, or the one above, is")

    def _written_in(self, block: Block, loose: list[int], mine: list[tuple[str, str]]) -> Iterator[int]:
        """Of the commands without a mark those that were written in by hand;
        no engine has left them out.
        """
        if block.failed or () in block.unheard:
            return
        unheard = list(block.unheard)
        for index in loose:
            overtaken = (
                block.number
                and not self.session.complete
                and self._last.get(mine[index][0], 0) > block.number
            )
            if mine[index] in unheard:
                unheard.remove(mine[index])
            elif overtaken:
                self._report(
                    f"line {block.line}: {mine[index][0]} has no mark; a later line that has one counts"
                )
            else:
                yield index


def _grabbed_of(asked: Grab) -> str:
    """Of what something is grabbed, as it is typed."""
    return f"live_in({', '.join(map(str, asked.inputs))})" if asked.inputs else f"d{asked.voice + 1}"


def _last_marks(blocks: Sequence[Block]) -> dict[str, int]:
    """The last block that has a mark for each target."""
    return {mark.target: block.number for block in blocks for mark in block.marks}


def aligned(commands: Sequence[tuple[str, str]], marks: Sequence[CommandMark]) -> list[tuple[int, int]]:
    """Which command (target, digest) has which mark, as pairs of places, in order.

    The nth command has the nth mark, but for commands that were refused and so have none: those
    that are as they were are found first (the longest common row), and the rest between them goes
    by target. A command that was ready after later ones of its block has its mark after theirs.
    """
    rows, columns = len(commands), len(marks)
    wanted = [(mark.target, mark.digest) for mark in marks]
    if list(commands) == wanted:
        return [(place, place) for place in range(rows)]
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            paired = _worth(commands[i], wanted[j]) + best[i + 1][j + 1]
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < rows and j < columns:
        worth = _worth(commands[i], wanted[j])
        if worth and best[i][j] == worth + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return sorted([*pairs, *_out_of_order(commands, wanted, pairs)], key=lambda pair: pair[1])


def _out_of_order(
    commands: Sequence[tuple[str, str]], wanted: Sequence[tuple[str, str]], pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Those of the rest that are the same, and then those with the same target."""
    free = [i for i in range(len(commands)) if i not in {i for i, _ in pairs}]
    left = [j for j in range(len(wanted)) if j not in {j for _, j in pairs}]
    for parts in (2, 1):
        for i in list(free):
            j = next((j for j in left if wanted[j][:parts] == commands[i][:parts]), None)
            if j is not None:
                free.remove(i)
                left.remove(j)
                yield i, j


def _worth(command: tuple[str, str], mark: tuple[str, str]) -> int:
    return 1 << 20 if command == mark else int(command[0] == mark[0])


def as_it_was(session: Session, options: Options, notice: Report = lambda line: None) -> Options:
    """The options with which a session was played, but for those that were given now; `notice`
    gets a line for a model that is gone.
    """
    return replace(
        options,
        model=session.model if options.model == "default" else options.model,
        rate=options.rate or session.number("rate"),
        buffer=options.buffer or session.number("buffer"),
        seed=session.number("seed"),
        bpm=session.value("bpm"),
        synthesis=session.value("synthesis"),
        noise=float(session.value("noise")),
        headroom=session.number("headroom"),
        habits=session.habits,
        grains=session.value("grains"),
        rows=session.number("rows"),
        ahead=session.number("ahead"),
        block=options.block or session.number("block"),
        hop=options.hop or session.number("hop") or None,
        look_in=session.folders,
        known=tuple(known_models(session, notice).items()),
        found=tuple(whereabouts.known().items()),
    )


def remembered(link: Link, names: Names, say: Report, ran: Ran) -> int:
    """Run a journal again for its names, and for what plays; returns the number of its last block.
    `ran` is called with each block and its commands.

    The random module is left where the set has left it.
    """
    assert link.hello is not None
    try:
        session = read_shown(link.hello.journal)
    except SessionError as error:
        say(f"✗ the names of the set are lost: {error}")
        return FIRST_UNKNOWN
    whereabouts.know(session.found)
    whereabouts.look_in(session.played_in)  # where its engine still looks
    known = replace(link.options, journal=link.hello.journal)
    link.options = replace(as_it_was(session, known), look_in=session.played_in)
    for line in session.unwritten:
        say(line)
    return put_back(link, Replay(session, ran=ran, names=names))


def put_back(link: Link, replay: Replay) -> int:
    """Have the link know what a session has asked for; returns the number of its last block."""
    for stamp, command in replay:
        link.memory.keep(command, stamp, packed(command))
    return max((block.number for block in replay.session.blocks), default=0)


def _digest(command: Command) -> str:
    """The digest as the engine sees it: after the way over a wire."""
    return unpacked(packed(command)).digest


def _due(blocks: Sequence[Block]) -> list[int]:
    """For each block the sample by which it must have run:
    what it or a later one asks may not come before it.
    """
    asked = [min([block.sample, *(mark.stamp for mark in block.marks)]) for block in blocks]
    return list(itertools.accumulate(reversed(asked), min))[::-1]


@contextmanager
def _no_waiting() -> Iterator[None]:
    """Let `time.sleep` return at once on this thread: the stamps say when."""
    here, sleep = threading.get_ident(), time.sleep

    def passed(seconds: float) -> None:
        if threading.get_ident() != here:
            sleep(seconds)

    time.sleep = passed  # type: ignore[assignment]
    try:
        yield
    finally:
        time.sleep = sleep


@contextmanager
def _ended_after(seconds: float | None) -> Iterator[None]:
    """Raise Enough in this thread when it takes longer."""
    if seconds is None:
        yield
        return
    here = ctypes.c_ulong(threading.get_ident())
    over = threading.Event()

    def end() -> None:
        if not over.is_set():
            ctypes.pythonapi.PyThreadState_SetAsyncExc(here, ctypes.py_object(Enough))

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        over.set()
        timer.cancel()
