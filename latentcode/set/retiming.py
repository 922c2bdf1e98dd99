"""A session whose tempo was edited: all that came later follows the cycle at which it stood.

The mark of a block says at which cycle it was accepted: so it is known where each sample of a
session lay in cycles. A performance that nothing is heard of says on which sample a cycle lies now.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from heapq import merge
from operator import itemgetter

import numpy as np

from latentcode.clock.tempo import TempoMap, cycles_per_second
from latentcode.inputs.history import Input
from latentcode.session import records
from latentcode.session.branching import Cut, bordered, rewritten
from latentcode.session.journal import Block, Moved, Session
from latentcode.set.commands import Command
from latentcode.set.performance import Performance
from latentcode.set.recorded import breaks, led
from latentcode.synth.building import build_renderer

Stamped = tuple[int, Command]
OVER = (
    *(records.Dry, records.Jump, records.Late, records.Restart),
    *(records.Missed, records.Unread, records.Behind),
)
"""What the machine could not do then: it says nothing of what lies elsewhere."""


def header_edited(session: Session) -> bool:
    """Whether the tempo that a session begins with is not the one with which its first blocks were
    accepted.
    """
    marks = (mark for block in session.blocks for mark in block.marks if mark.target == "tempo")
    others = min([stamp for stamp, _ in led(session)] + [mark.stamp for mark in marks], default=None)
    for block in session.blocks:
        if block.number and block.cycle and (others is None or block.sample < others):
            return _tempo(session).sample_of(block.cycle) != block.sample
    return False


def retimed(
    session: Session, asked: Sequence[Stamped], since: int = 0
) -> tuple[Session, list[Stamped]] | None:
    """A session, and what its code asks for, at the samples on which the cycles lie now; its tempo
    is another `since` a sample, and what comes before stays as it was.

    None where its marks do not say at which cycles they stood, as in those of before.
    """
    if all(block.cycle is None for block in session.blocks):
        return None
    tempo = tempo_of(session, asked, min(since, session.end))
    then = CyclesThen(session, {since: tempo.cycle_at(since)} if since else {})
    return _placed(session, asked, then.cycle, since)


def converted(
    session: Session, asked: Sequence[Stamped], rate: int | None = None, bpm: str | None = None
) -> tuple[Session, list[Stamped]]:
    """A session, and what its code asks for, at another rate (Hz), or at one tempo (the text of
    beats per minute) instead of its own: all stays at its cycle, and comes at another sample.
    """
    tempo = tempo_of(session, asked)
    header = session.header | ({} if rate is None else {"rate": str(rate)})
    records_, kept = session.records, list(asked)
    if bpm is not None:
        header |= {"bpm": bpm}
        records_ = [record for record in records_ if not isinstance(record, records.LeaderTempo)]
        kept = [(stamp, command) for stamp, command in kept if command.kind != "tempo"]
    changed = replace(session, header=header, records=records_)
    return _placed(changed, kept, tempo.cycle_at)


def _placed(
    session: Session, asked: Sequence[Stamped], then: Callable[[int], Fraction], since: int = 0
) -> tuple[Session, list[Stamped]]:
    """All of a session where the cycles lie now at which it stood `then`, from a sample on."""
    performance = _unheard(session)
    moved, found, reached = {0: 0, since: since}, list[Stamped](), False
    for stamp, kind, item in _told(session, asked):
        if stamp > since and not reached:
            reached = True
            _pass(performance, session, since)
        moved[stamp] = sample = performance.pass_to(then(stamp)) if reached else stamp
        _tell(performance, item, sample)
        if kind == OWN and isinstance(item, Command):
            found.append((sample, item))
    if session.end > max(moved):
        moved[session.end] = performance.pass_to(then(session.end))
    return _moved(session, moved, since), found


def retimed_text(session: Session, text: str, bpm: str = "") -> str:
    """The text of a session that was `retimed`, at the samples on which its cycles lie now; as it
    is where nothing has moved. `bpm`: the one tempo that it has instead of its own.
    """
    if session.there is None:
        return text
    moved = session.there

    def without(record: records.Record) -> bool:
        return _over(record, moved.since) or bool(bpm and isinstance(record, records.LeaderTempo))

    cut = Cut(there=moved, border=session.number("buffer"), without=without)
    return rewritten(text, replace(cut, header={"bpm": bpm}, unmarked=("tempo",)) if bpm else cut)


def _over(record: records.Record, since: int) -> bool:
    """Whether a record tells what the machine could not do where all lies elsewhere now."""
    return isinstance(record, OVER) and min(record.samples()) >= since


def tempo_of(session: Session, asked: Sequence[Stamped], until: int | None = None) -> TempoMap:
    """The tempo of a session, as its code and others gave it up to a sample, or to its end."""
    performance = _unheard(session)
    for stamp, _, item in _told(session, asked):
        _tell(performance, item, stamp)
    _pass(performance, session, session.end if until is None else until)
    return performance.renderer.tempo


Item = Block | Input | Command | records.Fallback
OWN = 2  # the kind of what the code of a session asks for


def _told(session: Session, asked: Iterable[Stamped]) -> Iterator[tuple[int, int, Item]]:
    """All that a tempo may follow, and where blocks lie: its sample, its kind, and what it is."""
    rows: tuple[Iterable[tuple[int, Item]], ...] = (
        ((block.sample, block) for block in session.blocks),
        ((stamp, given) for given, stamp in session.inputs),
        asked,
        led(session),
        ((decided.sample, decided) for decided in session.of(records.Fallback)),
    )
    kinds = ([(stamp, kind, item) for stamp, item in row] for kind, row in enumerate(rows))
    return merge(*(sorted(row, key=itemgetter(0)) for row in kinds), key=itemgetter(0, 1))


def _tell(performance: Performance, item: Item, sample: int) -> None:
    """Let it count from a sample on."""
    match item:
        case Input():
            performance.hear(item, sample)
        case Command():
            performance.schedule(item, sample)
        case records.Fallback():
            performance.renderer.aside.know(item.place, sample, item.digest)


def _pass(performance: Performance, session: Session, until: int) -> None:
    """Let time pass unheard up to a sample, and be lost where it was."""
    performance.pass_breaks(breaks(session, until))
    performance.pass_until(max(until, performance.renderer.position))


@dataclass
class CyclesThen:
    """The cycle at which a sample lay when a session was played; of some it is `known`."""

    session: Session
    known: dict[int, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = {block.sample: block.cycle for block in self.session.blocks if block.cycle is not None}
        known |= self.known
        known.setdefault(0, Fraction(0))
        if len(known) == 1:  # of early sessions it is known how they began alone
            known[_tempo(self.session).sample_of(Fraction(1))] = Fraction(1)
        self._samples = sorted(known)
        self._cycles = [known[sample] for sample in self._samples]

    @property
    def noted(self) -> bool:
        """Whether its marks say it; early sessions do not, and what is told then is a guess."""
        return any(block.cycle is not None for block in self.session.blocks)

    def cycle(self, sample: int) -> Fraction:
        """Even between two blocks, and after the last as before it."""
        place = max(min(bisect_right(self._samples, sample), len(self._samples) - 1), 1)
        begin, end = self._samples[place - 1 : place + 1]
        first, last = self._cycles[place - 1 : place + 1]
        return first + (last - first) * (sample - begin) / (end - begin)


def _unheard(session: Session) -> Performance:
    renderer = build_renderer(
        None,
        session.number("rate"),
        lambda trouble: None,
        seed=session.number("seed"),
        bpm=session.value("bpm"),
        lasting=bool(session.number("lasting")),
    )
    return Performance(renderer)


def _tempo(session: Session) -> TempoMap:
    return TempoMap(session.number("rate"), cycles_per_second(session.value("bpm")))


def _moved(session: Session, moved: dict[int, int], since: int) -> Session:
    """The session with all that it speaks of at other samples; `moved`: where some of them lie."""
    before, after = (
        np.array(one, np.float64) for one in (sorted(moved), [moved[at] for at in sorted(moved)])
    )

    def lies(sample: int) -> int:
        return moved.get(sample, round(float(np.interp(sample, before, after))))

    there = Moved(lies, since)
    border = bordered(there, session.number("buffer"))
    kept = [record for record in session.records if not _over(record, since)]
    return replace(
        session,
        blocks=[
            replace(
                block,
                sample=there(block.sample),
                marks=tuple(replace(mark, stamp=there(mark.stamp)) for mark in block.marks),
            )
            for block in session.blocks
        ],
        records=[
            record.moved(border if isinstance(record, records.DirectValues) else there) for record in kept
        ],
        there=there,
    )
