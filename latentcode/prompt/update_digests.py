"""`python -m latentcode.prompt.update_digests SESSION…` — gives the marks of sessions the digests
that their code has now.

For sessions that are kept with a program: a change of how patterns are built changes what they are,
not what they sound like.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from latentcode.files import atomic, texts
from latentcode.prompt.replay import Replay, aligned
from latentcode.session.journal import Block, Session, number_of, read_session
from latentcode.session.marks import MARK
from latentcode.session.records import CommandMark
from latentcode.set.commands import Command


@dataclass
class Remarked:
    """The marks of a session as its code has them now: `now`, the texts of those of what has
    changed, by the lines where they stand (from 0); `new` ones of what was written in, by the lines
    behind which they belong; and the lines of those that are `gone`, with the code that asked for
    them.
    """

    lines: list[str]
    now: dict[int, str]
    new: dict[int, list[str]]
    gone: set[int]

    @property
    def text(self) -> str:
        """The whole session, with these marks."""
        found = list[str]()
        for at, line in enumerate(self.lines):
            found += self.new.get(at, [])
            found += [] if at in self.gone else [self.now.get(at, line)]
        return "\n".join(found)

    @property
    def told(self) -> tuple[str, ...]:
        """What has become of marks, in words; empty where all are as they were."""
        counts = {"changed": len(self.now), "new": sum(map(len, self.new.values())), "gone": len(self.gone)}
        return tuple(
            f"{count} {'mark is' if count == 1 else 'marks are'} {what}"
            for what, count in counts.items()
            if count
        )


def remark(path: Path, edited: bool = False) -> Remarked:
    """Rewrite a session's marks as `remarked` has them. Its code is run."""
    found = remarked(path, edited)
    atomic.write(path, found.text.encode("utf-8", "surrogateescape"))
    return found


def remarked(path: Path, edited: bool = False) -> Remarked:
    """A session's marks with the digests that its code has now.

    `edited`: what was written in by hand into a block gets a mark, too, where its block is; and
    that of a line that was deleted goes, unless its block raises now and never came so far.
    """
    session, asked = read_session(path), dict[int, list[Command]]()
    replay = Replay(session, ran=lambda block, commands: asked.update({block.line: commands}))
    list(replay)
    found = Remarked(texts.read(path, "surrogateescape").split("\n"), {}, {}, set())
    for block in session.blocks:
        mine = [(command.target, command.digest) for command in asked.get(block.line, [])]
        pairs = aligned(mine, block.marks)
        for index, place in pairs:
            mark = block.marks[place]
            if mine[index][1] != mark.digest:
                marked = CommandMark(*mine[index], mark.stamp).format(block.number)
                found.now[mark.line - 1] = marked
        if edited and block.number and not block.failed and block.line not in replay.broken:
            there = {place for _, place in pairs}
            found.gone |= {mark.line - 1 for place, mark in enumerate(block.marks) if place not in there}
            _write_in(found, block, [one for at, one in enumerate(mine) if at not in dict(pairs)])
    if edited:
        found.gone |= _without_block(found.lines, session)
    return found


def _write_in(found: Remarked, block: Block, loose: list[tuple[str, str]]) -> None:
    """Give what has no mark one behind its block; not where the engine never took all of it."""
    if loose and not block.unheard:
        end = block.line - 1 + len(block.code.split("\n"))
        found.new[end] = [CommandMark(*one, block.sample).format(block.number) for one in loose]


def _without_block(lines: list[str], session: Session) -> set[int]:
    """The marks of commands whose block is not there any more."""
    there, gone = {block.number for block in session.blocks}, set[int]()
    for at, line in enumerate(lines):
        words = line.removeprefix(MARK).split() if line.startswith(MARK) else []
        number = number_of(words[0]) if len(words) == 4 else None
        if number is not None and number_of(words[3]) is not None and number not in there:
            gone.add(at)
    return gone


if __name__ == "__main__":
    for name in sys.argv[1:]:
        texts.say(f"{name}: {len(remark(Path(name)).now)} marks changed")
