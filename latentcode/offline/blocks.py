"""The voices of a session, block by block, planned some blocks ahead of their sound.

Nothing waits for a render, so what some blocks want decoded is decoded together. What is planned
supposes that all of it can be decoded; where something cannot, all that lies behind it was planned
in vain: the session is begun again, and goes on from there one block at a time.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager

import numpy as np

from latentcode.arrays import Float32
from latentcode.protocol.player_messages import PlayerCommand
from latentcode.session import records
from latentcode.session.journal import Session
from latentcode.set.performance import Performance
from latentcode.set.recorded import breaks
from latentcode.synth.planned import Planned, UnforeseenError, in_a_row, sounds_of

AHEAD = 32  # blocks of all voices: of more what is decoded would lie in no cache of a core
STILL = 1 << 14  # samples of silence at a time

Rendered = tuple[Float32, list[PlayerCommand]]  # (n, 32), and what the player is told meanwhile


class SessionBlocks:
    """The voices' samples of a session, (n, 32) each time, up to its end; what was skipped live is
    silence here. `begin` gives a performance that is to do what was done in it. The first samples,
    as many as were `given` by others, are rendered and not given. `ahead` blocks are planned, and
    then decoded together.
    """

    def __init__(self, session: Session, begin: Callable[[], Performance], ahead: int = AHEAD) -> None:
        self._session, self._begin, self._ahead = session, begin, ahead
        self._told: list[PlayerCommand] = []
        self.given = 0

    def told(self) -> list[PlayerCommand]:
        """What the player is told of the blocks that were given since this was last asked."""
        messages, self._told = self._told, []
        return messages

    def __iter__(self) -> Generator[Float32, None, None]:
        # Set around each call a second thread would be woken by each, and wait at the cost of a core.
        from latentcode.models.packed import one_thread

        ahead_until = sys.maxsize
        while True:
            performance, at = self._begin(), 0
            try:
                with closing(performance.renderer), one_thread(), _frozen():
                    for block, messages in self._rendered(performance, ahead_until):
                        at += len(block)
                        if at > self.given:
                            self.given = at
                            self._told += messages
                            yield block
                return
            except UnforeseenError:
                ahead_until = self.given if ahead_until == sys.maxsize else 0  # begun again twice at the most

    def _rendered(self, performance: Performance, ahead_until: int) -> Iterator[Rendered]:
        session, renderer = self._session, performance.renderer
        for before, after in [*breaks(session, session.end), (session.end, session.end)]:
            if before < renderer.position:  # in the middle of another one
                continue
            yield from self._planned(performance, min(before, ahead_until))
            while renderer.position < before:
                yield self._next(performance, before).T, _messages(performance)
            if after > before:
                performance.outbox += performance.holding.due(after)
                yield from ((still, _messages(performance)) for still in _silence(after - before))
            if before < session.end:
                renderer.position = after
                performance.restart(unseen=after == before)
                if after == before:  # another engine and player took over
                    anew = after in began_anew(session)
                    performance.outbox += (performance.told if anew else performance.holding.told)(after)

    def _planned(self, performance: Performance, until: int) -> Iterator[Rendered]:
        while performance.renderer.position < until:
            planned: list[tuple[list[Planned], list[PlayerCommand]]] = []
            while performance.renderer.position < until and len(planned) < self._ahead:
                planned.append((performance.plan(self._size(performance, until)), _messages(performance)))
            performance.finish()
            for pieces, messages in planned:
                yield in_a_row(sounds_of(pieces)).T, messages

    def _next(self, performance: Performance, until: int) -> Float32:
        return performance.render(self._size(performance, until))

    def _size(self, performance: Performance, until: int) -> int:
        return min(self._session.number("block"), until - performance.renderer.position)


def began_anew(session: Session) -> set[int]:
    """Where another player began with nothing; early journals do not say so,
    and are rendered as they were.
    """
    return {one.sample for one in session.of(records.Restart)} & {
        one.sample for one in session.of(records.Device)
    }


@contextmanager
def _frozen() -> Iterator[None]:
    """What is there by now, torch's objects above all, is not looked through for rubbish again and
    again.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _messages(performance: Performance) -> list[PlayerCommand]:
    messages, performance.outbox = performance.outbox, []
    return messages


def _silence(samples: int) -> Iterator[Float32]:
    """Blocks (n, 32) of nothing: a break may have been long."""
    for begin in range(0, samples, STILL):
        yield np.zeros((min(STILL, samples - begin), 32), np.float32)
