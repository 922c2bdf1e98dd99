"""`python -m latentcode.prompt.update_digests SESSION…` — gives the marks of sessions the digests
that their code has now.

For sessions that are kept with a program: a change of how patterns are built changes what they are,
not what they sound like.
"""

from __future__ import annotations

import sys
from pathlib import Path

from latentcode.files import texts
from latentcode.prompt.evaluate import run_block
from latentcode.prompt.names import Names
from latentcode.prompt.replay import Collector
from latentcode.prompt.set_api import SetApi
from latentcode.session.journal import read_session
from latentcode.session.records import CommandMark


def remark(path: Path) -> int:
    """Rewrite a session's marks; returns how many have changed. Its code is run."""
    session, text, changed = read_session(path), texts.read(path), 0
    sink = Collector()
    names = Names(SetApi(sink), session.number("seed"))
    for block in session.blocks:
        run_block(block.code, names.space, sink)
        for command, mark in zip(sink.commands, block.marks, strict=False):
            now = CommandMark(command.target, command.digest, mark.stamp)
            changed += now != mark
            text = text.replace(f"{mark.format(block.number)}\n", f"{now.format(block.number)}\n")
    path.write_text(text, encoding="utf-8")
    return changed


if __name__ == "__main__":
    for name in sys.argv[1:]:
        texts.say(f"{name}: {remark(Path(name))} marks changed")
