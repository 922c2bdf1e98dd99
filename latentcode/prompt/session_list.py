"""`latentcode sessions`, and `sessions()` at the prompt: the sets that were played, and what they
begin with.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from latentcode.checks import text
from latentcode.errors import SessionError
from latentcode.files.texts import say, shown
from latentcode.parameters import VOICES
from latentcode.progress import counted
from latentcode.prompt.options import played_sessions, sessions_folder
from latentcode.session.journal import Block, Session, read_session
from latentcode.session.records import Bookmark

SHOWN = 20  # sets that are shown unless all are asked for
LINES, WIDTH = 3, 100  # of code, and columns that it takes
VOICE = re.compile(r"d[0-9]+")


@dataclass(frozen=True)
class Listed:
    """A set that was played: when (seconds since the epoch), how long, by which model, on which
    voices, the first lines of its code, the names of its places, and with which set it began.
    """

    path: Path
    when: float
    seconds: float
    model: str
    voices: tuple[str, ...]
    lines: tuple[str, ...]
    bookmarks: tuple[str, ...]
    began: str

    @property
    def told(self) -> list[str]:
        """What is shown of it."""
        when = time.strftime("%d %b %Y %H:%M", time.localtime(self.when))
        marks = "".join(f"  ⚑ {name}" for name in self.bookmarks)
        name = self.path.stem if self.path.parent == sessions_folder() else self.path
        marks += f"  {self.began}" if self.began else ""
        head = f"{when}  {minutes(self.seconds):>7}  {name}  {self.model}  {' '.join(self.voices)}{marks}"
        code = " · ".join(self.lines)
        return [head, f"    {code if len(code) <= WIDTH else code[: WIDTH - 1] + '…'}"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "find", metavar="WORD", nargs="*", help="those alone whose code or name has all words"
    )
    parser.add_argument("--all", action="store_true", help=f"all of them, not only the last {SHOWN}")


def run(args: argparse.Namespace) -> int:
    """Print them, the latest first."""
    show(args.find, args.all)
    return 0


def show(words: Sequence[str] = (), every: bool = False) -> None:
    """Print the sets in which all words are found, the latest first."""
    found = listed(words)
    for one in found if every else found[:SHOWN]:
        for line in one.told:
            say(shown(line))
    if not found:
        say(f"no set {'with these words ' if words else ''}is in {shown(sessions_folder())}")
    elif len(found) > SHOWN and not every:
        say(f"and {len(found) - SHOWN} more: latentcode sessions --all")
    elif found:
        say("latentcode open NAME goes on with one; the beginning of its name is enough")


def listed(words: Sequence[str] = ()) -> list[Listed]:
    """The sets in which all words are found, wherever they were written down, the latest first.

    Raises EngineError for a word that is no text.
    """
    wanted = [text(word, "sessions", "words to be found", 'sessions("cello")').casefold() for word in words]
    files = played_sessions()
    found = []
    with counted("reading", len(files)) as step:
        for path in files:
            one = _listed(path, wanted)
            found += [] if one is None else [one]
            step(shown(path.name))
    return found


def minutes(seconds: float) -> str:
    """A time as minutes and seconds."""
    whole = int(seconds)
    hours = f"{whole // 3600}:" if whole >= 3600 else ""
    return f"{hours}{whole // 60 % 60:0{2 if hours else 1}}:{whole % 60:02}"


def _listed(path: Path, words: list[str]) -> Listed | None:
    try:
        session = read_session(path)
    except SessionError:
        return None
    code = "\n".join(block.code for block in session.blocks)
    searched = f"{path.stem} {session.model} {code}".casefold()
    if not session.blocks or not all(word in searched for word in words):
        return None
    model = session.header.get("model", "").partition("@")[0] or Path(session.model).stem
    lines = [line.strip() for line in code.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    return Listed(
        path,
        path.stat().st_mtime,
        session.end / session.number("rate"),
        model,
        voices_of(session),
        tuple(lines[:LINES]),
        tuple(dict.fromkeys(one.bookmark for one in session.of(Bookmark))),
        began_with(session),
    )


def began_with(session: Session) -> str:
    """The set with which a session went on, and where; empty where it began by itself."""
    name, at = session.header.get("from", "").rpartition("@")[0], session.went_on
    if not name or at is None:
        return f"went on from {name}" if name else ""
    marks = "".join(f", at {one.bookmark}" for one in session.of(Bookmark) if one.sample == at)
    return f"went on from {name} at {minutes(at / session.number('rate'))}{marks}"


def asked_of(block: Block) -> tuple[str, ...]:
    """What a block has asked something of; of what asks the same of every voice (`unsolo()`) those
    that the code names.
    """
    targets = tuple(dict.fromkeys(mark.target for mark in block.marks))
    if sum(bool(VOICE.fullmatch(target)) for target in targets) < VOICES:
        return targets
    return tuple(target for target in targets if re.search(rf"\b{target}\b", block.code))


def voices_of(session: Session) -> tuple[str, ...]:
    """The voices that a session has asked something of, in their order."""
    targets = {target for block in session.blocks for target in asked_of(block)}
    return tuple(sorted(filter(VOICE.fullmatch, targets), key=lambda name: int(name[1:])))
