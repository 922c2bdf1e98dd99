"""What others see of a session that is played again: pages and editors are shown its code as it
takes effect, and the words that sound, as they are of a set that somebody types.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from latentcode.prompt.link import Link
from latentcode.prompt.sounding import Sounding
from latentcode.protocol.messages import Replayed
from latentcode.session.journal import Session
from latentcode.session.records import SentBy
from latentcode.set.commands import Command

NOBODY = (
    "a session is played again here, and no line can be sent to it; latentcode open SESSION goes on with it"
)
PAST = 40  # blocks before a part that may play on in it


@dataclass
class Shown:
    """The blocks of a session that have been shown; `commands` of each by its line in the file."""

    session: Session
    commands: dict[int, list[Command]] = field(default_factory=dict)
    sounding: Sounding = field(default_factory=Sounding)

    def __post_init__(self) -> None:
        self._names = {one.block: one.sender for one in self.session.of(SentBy)}

    def before(self, sample: int, link: Link) -> None:
        """Show what was asked before a sample, and may still play there."""
        past = [place for place, block in enumerate(self.session.blocks) if block.sample < sample]
        for place in past[-PAST:]:
            self.block(place, link)

    def block(self, place: int, link: Link) -> None:
        """Show the block at a place among all, from 0."""
        block = self.session.blocks[place]
        asked, number = self.commands.get(block.line, []), place + 1
        self.sounding.again(number, block.code, asked)
        by, marks = self._names.get(block.number, ""), tuple((one.target, one.digest) for one in asked)
        link.send(Replayed(number, block.code, block.failed, by, marks))
