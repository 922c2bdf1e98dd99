"""`python -m latentcode.prompt.update_digests SESSION…` — gives the marks of sessions the digests
that their code has now.

For sessions that are kept with a program: a change of how patterns are built changes what they are,
not what they sound like.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from latentcode.files import atomic, texts
from latentcode.prompt.replay import Replay, aligned
from latentcode.session.journal import Block, Session, read_session
from latentcode.session.marks import MARK, CommandMark, block_mark, number_of
from latentcode.session.records import Grab, GrabbedInput
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
        return "\n".join([*found, *self.new.get(len(self.lines), [])])

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

    `edited`: what was written in by hand gets a mark, too, where its block is; between two blocks
    it becomes one. That of a line that was deleted goes, unless its block raises now and never came
    so far.
    """
    session, asked = read_session(path), dict[int, list[Command]]()
    replay = Replay(session, ran=lambda block, commands: asked.update({block.line: commands}))
    list(replay)
    found = Remarked(texts.read(path, "surrogateescape").split("\n"), {}, {}, set())
    numbers = count(_last_number(found.lines) + 1)
    for block in session.blocks:
        mine = [(command.target, command.digest) for command in asked.get(block.line, [])]
        pairs = aligned(mine, block.marks)
        for index, place in pairs:
            mark = block.marks[place]
            if mine[index][1] != mark.digest:
                marked = CommandMark(*mine[index], mark.stamp).format(block.number)
                found.now[mark.line - 1] = marked
        if edited and not block.failed and block.line not in replay.broken:
            there = {place for _, place in pairs}
            found.gone |= {mark.line - 1 for place, mark in enumerate(block.marks) if place not in there}
            loose = [one for at, one in enumerate(mine) if at not in dict(pairs)]
            if (loose and not block.unheard) or block.line in replay.grabs:  # the engine took all of it
                _write_in(found, block, loose, replay.grabs.get(block.line, []), numbers)
    if edited:
        found.gone |= _without_block(found.lines, session)
    return found


def _write_in(
    found: Remarked,
    block: Block,
    loose: list[tuple[str, str]],
    grabs: list[tuple[int, Grab | GrabbedInput]],
    numbers: Iterator[int],
) -> None:
    """Give what has no mark one behind all of its block; of `numbers` one to what has none."""
    begin, number = block.line - 1, block.number or next(numbers)
    if not block.number:
        found.new.setdefault(begin, []).append(block_mark(number, block.sample))
    end = max([begin + len(block.code.split("\n")), *(mark.line for mark in block.marks)])
    marks = (CommandMark(*one, block.sample).format(number) for one in loose)
    taken = (replace(one, grab=f"{number}.{question}").format() for question, one in grabs)
    found.new.setdefault(end, []).extend([*taken, *marks])


def _last_number(lines: list[str]) -> int:
    """The largest number of a block of which a mark speaks, whether that is there or not."""
    number = re.compile(rf"{MARK}(?:(?:failed|unheard|answer) )?([0-9]{{1,9}})(?![0-9])")
    return max((int(found[1]) for line in lines if (found := number.match(line))), default=0)


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
