"""`python -m latentcode.prompt.update_digests SESSION…` — gives the marks of sessions the digests
that their code has now.

For sessions that are kept with a program: a change of how patterns are built changes what they are,
not what they sound like.
"""

from __future__ import annotations

import sys
from pathlib import Path

from latentcode.files import atomic, texts
from latentcode.prompt.replay import Replay, aligned
from latentcode.session.journal import read_session
from latentcode.session.records import CommandMark
from latentcode.set.commands import Command


def remark(path: Path, added: bool = False) -> int:
    """Rewrite a session's marks; returns how many have changed. Its code is run.

    `added`: what was written in by hand into a block gets a mark, too, where its block is.
    """
    text, changed = remarked(path, added)
    atomic.write(path, text.encode("utf-8", "surrogateescape"))
    return changed


def remarked(path: Path, added: bool = False) -> tuple[str, int]:
    """What `remark` would write, and how many marks are not as they were."""
    session, asked = read_session(path), dict[int, list[Command]]()
    list(Replay(session, ran=lambda block, commands: asked.update({block.line: commands})))
    lines, now, more = (
        texts.read(path, "surrogateescape").split("\n"),
        dict[str, str](),
        dict[int, list[str]](),
    )
    for block in session.blocks:
        mine = [(command.target, command.digest) for command in asked.get(block.line, [])]
        pairs = aligned(mine, block.marks)
        for index, place in pairs:
            mark = block.marks[place]
            marked = CommandMark(*mine[index], mark.stamp).format(block.number)
            now |= {mark.format(block.number): marked} if mine[index][1] != mark.digest else {}
        if added and block.number and not block.failed and not block.unheard:
            loose = [one for index, one in enumerate(mine) if index not in dict(pairs)]
            end = block.line - 1 + len(block.code.split("\n"))
            more[end] = [CommandMark(*one, block.sample).format(block.number) for one in loose]
    told = [[*more.get(at, []), now.get(line, line)] for at, line in enumerate(lines)]
    return "\n".join(line for some in told for line in some), len(now) + sum(map(len, more.values()))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        texts.say(f"{name}: {remark(Path(name))} marks changed")
