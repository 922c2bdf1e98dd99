"""A journal read in every way that there is, and edited: what must be the same is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np

from helpers.edited_text import Editor
from helpers.played_again import played_again
from helpers.shrinking import fewest
from helpers.staged_engine import patiently
from latentcode.errors import LatentcodeError, SessionError
from latentcode.offline.blocks import AHEAD, SessionBlocks
from latentcode.offline.performed import Told, performed, sides
from latentcode.offline.sharing import WORTH, shares
from latentcode.parameters import VOICES
from latentcode.prompt.again import asked_again
from latentcode.prompt.update_digests import remark
from latentcode.session.compact import compact
from latentcode.session.journal import Session, read_session
from latentcode.set.commands import Command
from latentcode.set.kinds import packed, unpacked
from latentcode.set.retiming import retimed_text

LONGEST = 8  # times as long as it was may a session be after an edit, and is rendered


@dataclass
class Reading:
    """A session as it was read, what it asks for, and what was said of that."""

    session: Session
    commands: list[tuple[int, Command]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, path: Path) -> Reading:
        found = cls(read_session(path))
        found.commands = asked_again(found.session, found.said.append)
        return found

    def sound(self, ahead: int = AHEAD) -> np.ndarray:
        """Its voices, (32, n)."""
        return self._rendered(range(VOICES), ahead, lambda trouble: None)

    def shared(self, shares: Collection[Collection[int]]) -> np.ndarray | None:
        """The same of several processes; None where a pattern fails, and one makes all of it."""
        sound = np.zeros((2 * VOICES, self.session.end), np.float32)
        for voices in shares:
            try:
                sound[sides(voices)] = self._rendered(voices, AHEAD, _raised)[sides(voices)]
            except _TroubledError:
                return None
        return sound

    def _rendered(self, voices: Collection[int], ahead: int, trouble: Callable) -> np.ndarray:
        told = Told(lambda text: None, trouble, lambda text: None)
        travelled = [(stamp, unpacked(packed(command))) for stamp, command in self.commands]
        blocks = SessionBlocks(
            self.session, lambda: performed(self.session, travelled, told, voices=voices), ahead
        )
        with closing(iter(blocks)) as given, patiently():
            found = [np.zeros((32, 0), np.float32), *(block.T for block in given)]
        return np.concatenate(found, axis=1)


class _TroubledError(Exception):
    """A pattern has failed."""


def _raised(trouble: object) -> None:
    raise _TroubledError


def read_otherwise(path: Path, chance: Random) -> str:
    """What differs where a journal is read otherwise; empty where nothing does."""
    one = Reading.of(path)
    whole = one.sound()
    for how, again in _otherwise(one, whole, path, chance):
        if again is not None and (found := differing(whole, again)):
            return f"{how}: {found}"
    return ""


def _otherwise(
    one: Reading, whole: np.ndarray, path: Path, chance: Random
) -> Iterator[tuple[str, np.ndarray | None]]:
    yield "block by block", one.sound(ahead=1)
    again, same = played_again(path)
    yield "played", np.concatenate([again[:, :same], whole[:, same:]], axis=1)
    long_enough = one.session.end + int(WORTH) * one.session.number("rate")
    parts = shares(one.session, one.commands, long_enough, chance.choice([2, 3, 4]))
    if len(parts) > 1:
        yield "shared", one.shared(parts)
    other = path.with_name(f"{path.stem}.compact.py")
    other.write_bytes(path.read_bytes())
    if not one.session.faults:
        compact(other)
        yield "compact", Reading.of(other).sound()


def edited_otherwise(
    path: Path, chance: Random, code: Callable[[], str], edits: int, least: bool = False
) -> Iterator[str]:
    """What differs where a journal is edited, an edit after another each time of the whole; with the
    `least` text that differs so.
    """
    if not edits:
        return
    text = path.read_text("utf-8", "surrogateescape")
    whole = Reading.of(path)
    before, length = whole.sound(), whole.session.end
    other = path.with_name(f"{path.stem}.edited.py")
    for _ in range(edits):
        edit = Editor(text, whole.session, chance, code).edited()
        other.write_text(edit.text, "utf-8", "surrogateescape")
        try:
            wrong = _edited(other, edit.since, before, length)
        except SessionError:
            continue  # what is missing is named
        if wrong:
            yield f"{edit.done}: {wrong}{_least(other, wrong) if least else ''}"


def _edited(path: Path, since: int, before: np.ndarray, length: int) -> str:
    one = Reading.of(path)
    if one.session.end > LONGEST * length:
        return ""
    sound = one.sound()
    kept = min(since, sound.shape[1], before.shape[1])
    if found := differing(before[:, :kept], sound[:, :kept]):
        return f"what is before sample {since}: {found}"
    return _written(path, one, sound)


def _written(path: Path, one: Reading, sound: np.ndarray) -> str:
    """What differs from the sound of an edited journal where it is rendered again, or written down."""
    if found := differing(sound, Reading.of(path).sound(ahead=1)):
        return f"rendered twice: {found}"
    if one.session.there is None:
        return ""
    again = path.with_name(f"{path.stem}.retimed.py")
    again.write_text(
        retimed_text(one.session, path.read_text("utf-8", "surrogateescape")), "utf-8", "surrogateescape"
    )
    remark(again, edited=True)
    if found := differing(sound, Reading.of(again).sound()):
        return f"retimed: {found}"
    return ""


def _least(path: Path, wrong: str) -> str:
    """The fewest lines of an edited journal with which the same is wrong; of what depends on another
    text none.
    """
    kind, text = wrong.partition(":")[0], path.read_text("utf-8", "surrogateescape")
    best = text

    def differs(lines: list[str]) -> bool:
        nonlocal best
        path.write_text("\n".join(lines), "utf-8", "surrogateescape")
        try:
            one = Reading.of(path)
            found = _written(path, one, one.sound()).startswith(kind)
        except LatentcodeError:
            return False
        best = "\n".join(lines) if found else best
        return found

    if differs(text.split("\n")):
        with suppress(KeyboardInterrupt):
            fewest(text.split("\n"), lambda line: True, differs)
    path.write_text(best, "utf-8", "surrogateescape")
    return f"\n{best}"


def differing(one: np.ndarray, other: np.ndarray) -> str:
    """Where two sounds differ; empty where they do not."""
    if one.shape != other.shape:
        return f"{one.shape[1]} samples, and {other.shape[1]}"
    where = np.flatnonzero((one != other).any(axis=0))
    if not len(where):
        return ""
    voices = sorted({int(channel) // 2 + 1 for channel in np.flatnonzero((one != other).any(axis=1))})
    return f"{len(where)} samples differ, from {where[0]} to {where[-1]}, of the voices {voices}"
