"""Sets to which what happens is written down, one happening after another, and what their replay makes of them.

A happening is the name of a method of `ScriptedSet` and its arguments. What was played can so be played again, all
of it or less (`helpers.shrinking`).
"""

from __future__ import annotations

import gc
import os
import shutil
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from fractions import Fraction
from io import StringIO
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from helpers.again import ReplayDiffers
from helpers.continued_set import ContinuedSet
from helpers.staged_engine import Words
from helpers.staged_set import Leading, StagedSet, replayed, stood
from latentcode.clock.watchdog import Overdue
from latentcode.engine.lastwords import Left
from latentcode.prompt.blocks import Blocks
from latentcode.prompt.opening import Past
from latentcode.session.records import Restart
from latentcode.set.event_encoder import OutgoingEvent
from latentcode.set.span import Place

TRAPPED = "from helpers.scripted_set import late, trap"
WAYS: dict[str, dict] = {  # in which a set is taken up
    "there": {}, "by itself": {"whole": True}, "silent": {"silent": True}, "alone": {"solo": (0, 2)},
    "slower": {"bpm": "90", "whole": True},
}  # fmt: skip
FAULTS = {"no memory": RuntimeError("no memory"), "overdue": Overdue()}
Happening = tuple


class Trap:
    """A musician's function, which may never come back: `happens` does what is to happen after so many calls
    more by the thread that renders. Its state is no part of it, so that a pattern's digest stays.
    """

    thread: int | None = None
    calls = 0
    happens: object = None

    def __call__(self, value):
        if Trap.happens is not None and threading.get_ident() == Trap.thread:
            Trap.calls -= 1
            if Trap.calls < 0:
                happens, Trap.happens = Trap.happens, None
                happens()
        return value


trap = Trap()


def late() -> None:
    """What the running block has asked for goes out, as it does where a block takes long; not in a replay."""
    if ScriptedSet.typing is not None:
        ScriptedSet.typing._late(ScriptedSet.typing._running)


def hang():
    raise Overdue


class ScriptedSet:
    """A set, and what happened to it; `typing` are the blocks of the one in which something is typed."""

    typing: Blocks | None = None

    def __init__(self, folder: Path, model: str, *options: str) -> None:
        self.begun_with = (model, *options)
        self.set = StagedSet(folder, model, *options)
        self._again = 0  # how often it was taken up
        self.happened: list[Happening] = []
        self._wrapped: object = None
        self._failing, self._fault = 0, FAULTS["overdue"]
        self._hung: Left | None = None

    def do(self, name: str, *arguments) -> None:
        """Let something happen."""
        self.happened.append((name, *arguments))
        getattr(self, name)(*arguments)

    def finish(self) -> None:
        """Whatever is still to happen does not: the set ends well."""
        if self.set.dead:
            self.takes_over(0)
        Trap.happens, self._failing, self.set._engine._countdown = None, 0, None
        self.set.finish()

    # what happens

    def type(self, code: str, by: str = "") -> None:
        ScriptedSet.typing = self.set.blocks
        try:
            with redirect_stdout(StringIO()):  # words that load tell of it
                self.set.type(code, by)
        finally:
            ScriptedSet.typing = None

    def loads(self, word: str, name: str, text: str) -> None:
        """A file is written, and loaded by a word."""
        file = self.set.journal.with_name(name)
        file.write_text(text)
        self.type(f"{word}({str(file)!r})")

    def follows(self, bpm: float) -> None:
        """Another's clock gives the tempo; 0: nobody's."""
        if not self.set.dead:
            self.set.lead(Leading(bpm) if bpm else None)

    def hears(self, what: str) -> None:
        """Whoever gives the tempo has started, or stopped."""
        if not self.set.dead and isinstance(followed := self.set.engine.timing.followed, Leading):
            followed.said.append(what)

    def taken_up(self, share: float, how: str) -> None:
        """The set ends, and another goes on with it from a share of its cycles on: in a way of `WAYS`."""
        before = self.set
        if not before.position:
            return
        self.finish()
        if wrong := held_against_replay(before, Played()).wrong:
            raise ReplayDiffers(wrong)
        self._again, Words.left, Words.memory = self._again + 1, None, bytearray(len(Words.memory))
        cycle = Fraction(round(64 * share * before.engine.renderer.tempo.cycle_at(before.position)), 64)
        past = Past(before.journal, Place(cycle), **WAYS[how])
        self.set = ContinuedSet(past, before.journal.with_name(f"again{self._again}.py"))
        self._wrapped = self._hung = None

    def touch(self, key: str, value: float) -> None:
        self.set.touch(key, value)

    def work(self, patiently: bool) -> None:
        self.set.work(patiently)

    def look(self) -> None:
        self.set.look()

    def encode(self, most: int) -> None:
        self.set.encode(most)

    def catch_up(self) -> None:
        self.set.catch_up()

    def step(self, told: bool) -> None:
        """A block; `told`: whether the desk hears of it."""
        self._wrap()
        Trap.thread = self.set._engine._thread.ident
        self.set.step(told)

    def stands_still(self, samples: int) -> None:
        """The machine does, and the player goes on for so many samples."""
        self.set.stand_still(samples)

    def dies(self, points: int) -> None:
        """The engine, when so many more things are done."""
        self.set.dies_in(points)

    def takes_over(self, lost: int) -> None:
        """Another engine, where one is dead whose last messages are lost."""
        if self.set.dead:
            self._failing, Trap.happens, self._wrapped = 0, None, None
            hung, self._hung = self._hung, None
            self.set.take_over(lost, hung)

    def hangs(self, calls: int) -> None:
        """A pattern, at a later call."""
        Trap.calls, Trap.happens = calls, hang

    def hangs_in_c(self, calls: int) -> None:
        """A pattern, and no thread can end it."""
        Trap.calls, Trap.happens = calls, self._hang_in_c

    def fails(self, times: int, fault: str) -> None:
        """The decoder."""
        self._failing, self._fault = times, FAULTS[fault]

    def _wrap(self) -> None:
        """Let decoders fail when they are to."""
        decoder = self.set.engine.store.models.decoder
        if decoder is self._wrapped:
            return
        step, self._wrapped = decoder.step, decoder

        def failing(jobs):
            if self._failing and threading.get_ident() == Trap.thread:
                self._failing -= 1
                raise self._fault
            return step(jobs)

        decoder.step = failing

    def _hang_in_c(self) -> None:
        self._hung = Left(*self.set.engine.words.place)
        self.set.dies_in(0)
        self.set._engine.point()


@dataclass
class Played:
    """What came of a set: `wrong` is empty where the replay is what was heard."""

    begun_with: tuple[str, ...] = ()
    happened: list[Happening] = field(default_factory=list)
    wrong: str = ""
    loud: float = 0.0
    journal: Path | None = None

    @property
    def kind(self) -> str:
        """What is wrong, without where."""
        return self.wrong.partition(":")[0]

    @property
    def summary(self) -> str:
        """What is wrong, in a line."""
        lines = self.wrong.strip().splitlines()
        return " … ".join(dict.fromkeys(lines[:1] + lines[-1:]))


def begins_anew(folder: Path) -> None:
    """A folder for a set of which nothing is known."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["LATENTCODE_CACHE"] = f"{folder}/cache"
    for left in folder.iterdir():
        if left.name != "cache":  # which is the same, whatever happened
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    Words.left, Words.memory = None, bytearray(len(Words.memory))
    Trap.happens = None
    gc.collect()


def played(happenings: Sequence[Happening], begun_with: tuple[str, ...], folder: Path) -> Played:
    """Let all of it happen, and hold what was heard against the replay."""
    begins_anew(folder)
    scripted = ScriptedSet(folder, *begun_with)

    def happen() -> None:
        for happening in happenings:
            scripted.do(*happening)

    return held(scripted, happen)


def held(scripted: ScriptedSet, happen) -> Played:
    """What comes of a set to which all of that happens."""
    found = Played(scripted.begun_with, scripted.happened, journal=scripted.set.journal)
    try:
        happen()
        scripted.finish()
        held_against_replay(scripted.set, found)
    except ReplayDiffers as error:
        found.wrong = str(error)
    except Exception as error:
        found.wrong = f"raises {type(error).__name__}: {traceback.format_exc()}"
    finally:
        Trap.happens, found.journal = None, scripted.set.journal
    return found


def held_against_replay(was: StagedSet, found: Played) -> Played:
    """Whether what was heard is what its journal gives."""
    sent: list[OutgoingEvent] = []
    session, again, messages, told = replayed(was.journal, sent)
    heard, commands = was.heard(session.end)
    found.loud = float(np.abs(heard).max(initial=0.0))
    if heard.shape != again.shape:
        found.wrong = f"length: {heard.shape[1]} samples were heard, {again.shape[1]} are played again"
        return found
    differing = (heard != again).any(axis=0) & was.compared(session.end)
    if differing.any():
        found.wrong = _where(differing, heard, again)
        return found
    anew = [restart.sample for restart in session.of(Restart)]
    one, other = (stood(told, session.end, anew, was.unheard) for told in (commands, messages))
    mine, theirs = (list(_sent(messages, was, session.end)) for messages in (was.sent, sent))
    if one != other:
        found.wrong = f"faders and effects: {difference(one, other)}"
    elif mine != theirs:
        found.wrong = f"messages: {difference(mine, theirs)}"
    elif said := [line for line in told if "digest" in line or "not now" in line or "raises now" in line]:
        found.wrong = f"it is said: {said}"
    return found


def _sent(messages: list[OutgoingEvent], was: StagedSet, end: int) -> Iterator[tuple[int, str]]:
    """What went out; what is let go where an engine takes over is the business of who sends."""
    over = {first for _, first in was.unheard}
    for one in messages:
        unheard = any(first <= one.sample < last for first, last in was.unheard)
        if one.sample < end and not unheard and not (one.ends and one.sample in over):
            yield int(one.sample), f"{one.where.spoken} {one.value} {one.ends} {one.data!r}"


def _where(differing: np.ndarray, heard: np.ndarray, again: np.ndarray) -> str:
    first, last = int(differing.argmax()), len(differing) - 1 - int(differing[::-1].argmax())
    channels = np.flatnonzero((heard[:, differing] != again[:, differing]).any(axis=1))
    voices = sorted({int(channel) // 2 + 1 for channel in channels})
    return f"samples: {differing.sum()} differ, from {first} to {last}, of the voices {voices}"


def difference(heard: list[tuple[int, str]], again: list[tuple[int, str]]) -> str:
    """The first place where faders stood otherwise."""
    both = zip([*heard, (-1, "")], [*again, (-1, "")], strict=False)
    (at, one), (also, other) = next(pair for pair in both if pair[0] != pair[1])
    alike = (n for n, (here, there) in enumerate(zip(one, other, strict=False)) if here != there)
    place = max(next(alike, 0) - 40, 0)
    return f"{at} {one[place : place + 80]!r}, again {also} {other[place : place + 80]!r}"


def script(found: Played) -> str:
    """A module that plays it again: PYTHONPATH=tests python FILE."""
    lines = [f"# {found.summary}", "", "from helpers.scripted_set import run", "", "run("]
    lines += [f"    {found.begun_with!r},"]
    for happening, alike in groupby(found.happened):
        times = len(list(alike))
        lines.append(f"    {happening!r}," if times == 1 else f"    *[{happening!r}] * {times},")
    return "\n".join([*lines, ")", ""])


def run(begun_with: tuple[str, ...], *happenings: Happening) -> None:
    """Play a script, and say what came of it."""
    with TemporaryDirectory(prefix="latentcode-script-") as home:
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = home
        folder = Path(os.environ.get("KEEP", home))
        print(played(happenings, begun_with, folder).wrong or "it is played again as it was heard")
