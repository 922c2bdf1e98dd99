"""What a set is told of its past: by the desk of one that is replayed, and where another engine
died.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

from latentcode.clock.set_aside import ANY, standing
from latentcode.engine.lastwords import TRIAL, Left
from latentcode.engine.live_set import LiveSet
from latentcode.engine.player_reports import interrupted
from latentcode.engine.repeating import Repeating
from latentcode.engine.rounds import Rounds
from latentcode.engine.sound import PlayerLink
from latentcode.engine.sync import Sync
from latentcode.inputs.history import Input
from latentcode.protocol.messages import Given, Without
from latentcode.session import records
from latentcode.session.journal import Session, left_behind
from latentcode.set.commands import Command
from latentcode.set.kinds import unpacked
from latentcode.set.recorded import breaks, grabbed, led

STUCK = "what it played took for ever, and is set aside; simplify it"


class TakingOver:
    """Puts a set back as it was; `former` is what the engine before this one did not come back
    from.
    """

    def __init__(
        self, live: LiveSet, sound: PlayerLink, timing: Sync, begun: threading.Event, former: Left | None
    ) -> None:
        self._lock, self._performance = live.lock, live.performance
        self._journal, self._desks = live.journal, live.desks
        self._sound, self._timing, self._begun, self._former = sound, timing, begun, former
        self.repeating: Repeating | None = None

    def restore(self, commands: tuple[tuple[int, bytes], ...]) -> None:
        """Commands with the stamps that they had; then all takes over again."""
        self.put_back(commands, left_behind(self._journal.path))

    def put_back(self, commands: tuple[tuple[int, bytes], ...], session: Session) -> None:
        """The same, of a set whose journal holds `session`: what is asked counts, whatever has
        become of that.
        """
        for fault in session.faults:
            self._desks.notice(f"✗ {self._journal.path}, {fault}")
        inputs, others = list(session.inputs), led(session)
        renderer = self._performance.renderer
        after = [pair for pair in gone(session) if pair[0] <= renderer.position]
        with self._lock:
            for given, stamp in inputs:
                self._performance.hear(given, stamp)
            for found in session.of(records.Fallback):
                if standing(found.place):
                    renderer.aside.know(found.place, found.sample, found.digest)
            self._still_to_come(session, renderer.position)
            asked = ((stamp, unpacked(data)) for stamp, data in commands)
            lost = breaks(session, renderer.position)
            self._performance.catch_up([*others, *asked, *after, *self._blamed()], lost)
            if missing := unwritten(session, [stamp for stamp, _ in commands]):
                self._journal.note(records.Unwritten(min(missing), renderer.position, len(missing)))
            for take in interrupted(session):
                self._journal.note(take)
            self._journal.note(records.Restart(renderer.position))
            self._journal.note(records.Device(renderer.position, self._sound.buffer))
        self._begun.set()
        self._timing.restore(session)

    def _still_to_come(self, session: Session, here: int) -> None:
        """What was decided for later, where the journal of a set that goes on holds that too."""
        renderer = self._performance.renderer
        for found in session.of(records.Fallback):
            if found.sample > here and not standing(found.place):
                renderer.aside.know(found.place, found.sample, found.digest)
        for missed in session.of(records.Missed):
            if missed.sample >= here:
                renderer.missed.know(missed.voice, missed.sample, missed.note)
        for unread in session.of(records.Unread):
            if unread.sample >= here:
                renderer.unread.know(unread.voice, unread.sample)
        for given in session.of(records.DirectValues):
            if given.sample >= here:
                self._performance.holding.again(given.sample, given.given)
        for stamp, command in grabbed(session):
            if stamp >= here:
                self._performance.schedule(command, stamp)

    def _blamed(self) -> list[tuple[int, Command]]:
        """What the engine before this one did not come back from is told, and set aside."""
        left, renderer = self._former, self._performance.renderer
        if not left or not left.place or left.place.startswith(TRIAL):
            return []
        sample = min(left.sample, renderer.position)
        if standing(left.place):
            renderer.aside.know(left.place, sample)
        self._desks.tell(Without(left.place))
        self._desks.notice(f"✗ {left.place.partition('+')[0]} kept the engine from going on: {STUCK}")
        return [(sample, Command("fallback", arguments=(left.place, ANY)))]

    def repeat(self, first: int, last: int) -> None:
        """What is rendered is a part of a replay, again and again."""
        with self._lock:
            self.repeating = Repeating(self._performance, first, last)

    @property
    def rounds(self) -> Rounds | None:
        """The passes of that part; None where nothing is repeated."""
        return None if self.repeating is None else self.repeating.rounds

    def unheard(self, numbers: tuple[int, ...]) -> None:
        """Blocks that were lost with an engine that died over them."""
        for number in numbers:
            self._journal.note(records.Unheard(number))

    def hands(self, inputs: tuple[tuple[str, int, float], ...]) -> None:
        with self._lock:
            for name, stamp, value in inputs:
                self._performance.hear(Input(name, value), stamp)

    def held(self, values: tuple[tuple[int, Given], ...]) -> None:
        with self._lock:
            for sample, given in values:
                self._performance.holding.again(sample, given)

    def set_aside(self, known: tuple[tuple[str, int, str], ...]) -> None:
        with self._lock:
            for decision in known:
                self._performance.renderer.aside.know(*decision)

    def missed(self, known: tuple[tuple[int, int, str | None], ...]) -> None:
        with self._lock:
            for voice, sample, note in known:
                self._performance.renderer.missed.know(voice, sample, note)

    def unread(self, known: tuple[tuple[int, int, str | None], ...]) -> None:
        with self._lock:
            for voice, sample, name in known:
                self._performance.renderer.unread.know(voice, sample, name)


def gone(session: Session) -> list[tuple[int, Command]]:
    """The patterns that were set aside in a session,
    as stamped commands for those who do not render.
    """
    found = [one for one in session.of(records.Fallback) if one.digest != ANY and not standing(one.place)]
    return [(one.sample, Command("fallback", arguments=(one.place, one.digest))) for one in found]


def own(session: Session) -> Session:
    """What the last engine has noted of a set that goes on with one of before, whose journal holds
    what is still to come, too; nothing where none has begun.
    """
    if (joint := session.went_on) is None:
        return Session()
    noted = session.records
    begun = [n for n, one in enumerate(noted) if isinstance(one, records.Restart) and one.sample >= joint]
    return replace(session, blocks=[], records=noted[begun[-1] :]) if begun else Session()


def unrendered(start: int, session: Session, rate: int, recorded: int = 0) -> int:
    """Where to begin: where the desk knows the set to be (`start`), and after all that another
    engine has noted, and its player has `recorded`.

    The desk knows of it ten times a second, so that is little later; a sample in another minute is
    a damaged one.
    """
    last = start + 60 * rate
    return max([start, *(at for at in (*session.reached, recorded) if at < last)])


def unwritten(session: Session, stamps: list[int]) -> list[int]:
    """The stamps that are not in the journal: the engine that died could not write it.

    What a set has from one of before, up to where it went on, may never have had marks.
    """
    written = Counter(mark.stamp for block in session.blocks for mark in block.marks)
    joint = session.went_on or 0
    return [stamp for stamp in (Counter(stamps) - written).elements() if stamp >= joint]
