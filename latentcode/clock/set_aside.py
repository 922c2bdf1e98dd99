"""What the clock has set aside: decided while a set is played, noted in its journal,
and known in a replay.

The journal notes `fallback PLACE SAMPLE DIGEST`: at a sample the pattern of that digest took too
long, at a place. Places are d1 to d16, d1+0 for the first that sounds beside the voice's pattern,
d1.gain and d1.fx.0.1 as in `session/records.py`, tempo, and what `set/outgoing.py` names a line. A
knob may be read twice at one sample, as it is set and where a block begins: the digest `again` says
that the first of the two was good, and holds.
"""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TypeVar

from latentcode.clock.watchdog import GUARD, LIVE, OFFLINE, TooSlowError

STANDING = re.compile(r"tempo|master|(d\d+|master)\..*")  # places that are read again and again
ANY = "-"  # the digest where a place has one pattern only, or none was noted
AGAIN = "again"  # the same, where it had been read at that sample before, and was good

T = TypeVar("T")


@dataclass
class Aside:
    """Runs what is the musician's within `seconds`; `report` is told of what took longer.

    Knows what once did.
    """

    seconds: float = OFFLINE
    report: Callable[[str, int, str], None] = lambda place, sample, digest: None
    _known: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    @property
    def hurried(self) -> bool:
        """Whether something sounds that would be held up."""
        return self.seconds <= LIVE

    def run(
        self, action: Callable[[], T], place: str, sample: int, blamed: Callable[[], str | None] = lambda: ANY
    ) -> T:
        """What `action` gives, which reads what is at `place` from `sample` on; where `blamed` says
        None it was the machine that stood still, and nothing is told.

        Raises TooSlowError.
        """
        try:
            return GUARD.run(action, self.seconds, place, sample)
        except TooSlowError:
            if (digest := blamed()) is not None:
                self.report(place, sample, digest)
                if standing(place):  # whoever else reads it finds it where a replay does
                    self.know(place, sample, digest)
            raise

    def know(self, place: str, sample: int, digest: str = ANY) -> None:
        """It was decided when the set was played: in any order, as where what is still to come was
        decided by another set that goes on by itself.
        """
        insort(self._known.setdefault(place, []), (sample, digest), key=itemgetter(0))

    def next(self, place: str, end: int) -> str | None:
        """The digest of what is set aside at a place before sample `end`;
        once for each decision.
        """
        known = self._known.get(place)
        if not known or known[0][0] >= end:
            return None
        return known.pop(0)[1]

    def since(self, place: str, born: int, sample: int, again: bool = False) -> tuple[int, str] | None:
        """The sample at which what came to a place at sample `born` was set aside, and the digest;
        None where it was not by `sample`, which it is read at once more (`again`), or for the
        first time.
        """
        for at, digest in self._known.get(place, ()):
            if born <= at < sample or (at == sample and (again or digest != AGAIN)):
                return at, digest
        return None


def standing(place: str) -> bool:
    """Whether what is at a place stays there, still, when it is set aside: a knob, the tempo."""
    return STANDING.fullmatch(place) is not None
