"""A pattern as a voice plays it, and in which pieces its events are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from latentcode.clock.groove import Queried
from latentcode.errors import RangeError
from latentcode.inputs.reader import Reader
from latentcode.patterns import Event, Pattern
from latentcode.patterns.digest import digest
from latentcode.synth.context import RenderContext

CHUNK = Fraction(1, 4)  # cycles queried at a time
MOST_EVENTS = 256  # in one chunk
GRID = 512  # samples of the session for which what is queried sees live inputs as they are


@dataclass(frozen=True, eq=False)
class CompiledPattern:
    """A pattern as a voice plays it.

    `origin`: the sample from which its drones count their phase; `label`: what the musician typed
    for it; `live` looks live inputs up for it.
    """

    pattern: Pattern
    compiled: Queried
    live: Reader
    origin: int = 0
    label: str = ""

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits by which the journal names the pattern."""
        return self.pattern.digest[:12]

    def query(self, begin: Fraction, end: Fraction, sample: int) -> list[Event]:
        """The events of a span; live inputs are as they were at the last multiple of GRID samples
        up to `sample`.
        """
        return self.compiled.query(begin, end, self._live_at(sample))

    def events(
        self, begin: Fraction, end: Fraction, sample: int, rendering: RenderContext
    ) -> tuple[list[Event], bool]:
        """The same of a chunk, none where there are more than can be played;
        and whether hands shape them.
        """
        live = self._live_at(sample)
        events = self.compiled.query(begin, end, live)
        if len(events) > MOST_EVENTS:
            rendering.beyond(
                RangeError(
                    f"{len(events)} events in a quarter of a cycle are more than a voice plays ({MOST_EVENTS}); "
                    "slow the pattern down"
                )
            )
            events = []
        return events, live.asked and not live.foreseen

    def _live_at(self, sample: int) -> Reader:
        return self.live.at(np.array([sample // GRID * GRID], np.float64))


def next_chunk(cycle: Fraction) -> Fraction:
    """The end of the chunk that a cycle lies in."""
    return (cycle // CHUNK + 1) * CHUNK


def same(one: object, other: object) -> bool:
    """Whether two values are equal in content."""
    return one is other or digest(one) == digest(other)
