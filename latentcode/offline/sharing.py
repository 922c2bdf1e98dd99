"""The voices of a session, made by several processes at once, each of which makes some of them.

Voices know nothing of one another, but for what all of a session's commands say, and those each
process is told. So each has its own samples to the bit, and the mix is made of them here, as ever.
What a session may hold that goes from voice to voice (a sound that was grabbed from one and played
by another) is rendered by this process alone; so is all, from its beginning, where a pattern fails:
what plays in its place, others may have to know.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from queue import Empty, Full, Queue
from threading import Event, Thread

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import LatentcodeError
from latentcode.files import whereabouts
from latentcode.offline.blocks import SessionBlocks
from latentcode.offline.performed import Stamped, Work, sides
from latentcode.parameters import VOICES
from latentcode.protocol.player_messages import PlayerCommand
from latentcode.protocol.sharing_messages import FromShare, Made, Over, Share
from latentcode.protocol.wire import Child, start
from latentcode.session.journal import Session
from latentcode.session.records import Grab, GrabbedInput, Listening
from latentcode.set.kinds import packed
from latentcode.set.recorded import cards_of

MOST = 4  # processes: the one that mixes has work for no more
WORTH = 30.0  # seconds of a session: in less a process has hardly begun
KEPT = 48  # messages of all voices that wait: twenty seconds of music, as one is ahead now and then
LOOK = 0.5  # seconds between two looks whether it is over


class AloneError(LatentcodeError):
    """What is to come has to be rendered by one process."""


def cores() -> int:
    """How many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shares(session: Session, commands: Stamped, last: int, most: int) -> list[tuple[int, ...]]:
    """The voices of each process that renders a session up to its sample `last`, of `most`
    processes; one where it is short, or cannot be shared.
    """
    begun = {
        command.voice: stamp
        for stamp, command in sorted(commands, key=lambda pair: -pair[0])
        if 0 <= command.voice < VOICES and stamp < last
    }
    count = min(most, len(begun))
    if count < 2 or last < WORTH * session.number("rate") or not _can_be_shared(session):
        return [tuple(range(VOICES))]
    found: list[list[int]] = [[] for _ in range(count)]
    length = [0] * count
    for voice in sorted(range(VOICES), key=lambda voice: begun.get(voice, last)):
        least = min(range(count), key=lambda share: (length[share], len(found[share])))
        found[least].append(voice)
        length[least] += last - begun.get(voice, last)
    return [tuple(sorted(share)) for share in found]


def _can_be_shared(session: Session) -> bool:
    """Whether nothing goes from one voice to another, and none has its row in a batch of all."""
    others = (Grab, GrabbedInput, Listening)
    return not any(map(session.of, others)) and all(card.kind != "stream" for card in cards_of(session))


class SharedBlocks:
    """The same as `alone` gives, made by several processes; by it where they cannot go on."""

    def __init__(
        self,
        alone: SessionBlocks,
        session: Session,
        commands: Stamped,
        parts: Sequence[tuple[int, ...]],
        notice: Callable[[str], None],
    ) -> None:
        self._alone, self._notice, self._parts = alone, notice, parts
        self._works = _works(session, commands, parts)
        self._told: list[PlayerCommand] = []

    def told(self) -> list[PlayerCommand]:
        """What the player is told of the blocks that were given since this was last asked."""
        messages, self._told = self._told + self._alone.told(), []
        return messages

    def __iter__(self) -> Generator[Float32, None, None]:
        try:
            with ExitStack() as stack:
                started = list[_Sharing]()
                for work in self._works:
                    started.append(one := _Sharing(work))
                    stack.callback(one.close)
                for one in started:
                    stack.callback(one.hang_up)  # before any is waited for
                for block in self._together(started):
                    self._alone.given += len(block)
                    yield block
                return
        except AloneError:
            yield from self._alone

    def _together(self, started: list[_Sharing]) -> Generator[Float32, None, None]:
        """Blocks (n, 32) of all shares. Raises AloneError."""
        while True:
            found = [one.next() for one in started]
            if all(isinstance(made, Over) for made in found):
                return
            yield from self._mixed([made for made in found if isinstance(made, Made)])

    def _mixed(self, found: list[Made]) -> Generator[Float32, None, None]:
        if len({made.sizes for made in found}) != 1 or len(found) != len(self._parts):
            raise AloneError("the processes that share it do not agree")
        for text in dict.fromkeys(text for made in found for text in made.said):
            self._notice(text)
        sound = np.zeros((2 * VOICES, sum(found[0].sizes)), np.float32)
        for made, voices in zip(found, self._parts, strict=True):
            sound[sides(voices)] = np.frombuffer(made.sound, np.float32).reshape(2 * len(voices), -1)
        first = 0
        for size, told in zip(found[0].sizes, found[0].told, strict=True):
            self._told += told
            yield sound[:, first : first + size].T
            first += size


def _works(session: Session, commands: Stamped, parts: Sequence[tuple[int, ...]]) -> list[Work]:
    asked = tuple((stamp, packed(command)) for stamp, command in commands)
    plain = replace(session, there=None)
    where = whereabouts.places(), whereabouts.known()
    return [Work(plain, asked, voices, not number, *where) for number, voices in enumerate(parts)]


class _Sharing:
    """A process that has a share, and what it has made so far."""

    def __init__(self, work: Work) -> None:
        kept = KEPT * len(work.voices) // VOICES  # the fewer voices, the longer is each message
        self._made: Queue[Made | Over | None] = Queue(max(kept, 1))
        self._closing = Event()
        try:
            self._child: Child = start("latentcode.offline.share", hears=FromShare)
        except OSError as error:
            raise AloneError(f"no process can be started: {error.strerror or error}") from error
        self._thread = Thread(target=self._read, args=(work,), daemon=True)
        self._thread.start()

    def next(self) -> Made | Over:
        """What comes next, waiting for it. Raises AloneError where nothing does."""
        while True:
            try:
                made = self._made.get(timeout=LOOK)
            except Empty:
                continue
            if made is None:
                raise AloneError("it cannot go on")
            return made

    def hang_up(self) -> None:
        """Let it end as soon as it sees that nobody listens."""
        self._closing.set()
        self._child.wire.close()

    def close(self) -> None:
        """End it."""
        self.hang_up()
        self._child.close()
        self._thread.join()

    def _read(self, work: Work) -> None:
        made: object = None
        try:
            self._child.wire.send(Share(pickle.dumps(work)))
            while not isinstance(made, Over):
                made = self._child.wire.receive()
                if not self._put(made if isinstance(made, (Made, Over)) else None):
                    return
        except EOFError:
            self._put(None)

    def _put(self, made: Made | Over | None) -> bool:
        """Whether it was taken, and there is more to come."""
        while not self._closing.is_set():
            try:
                self._made.put(made, timeout=LOOK)
            except Full:
                continue
            return made is not None
        return False
