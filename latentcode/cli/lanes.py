"""A session as lanes over time, for a picture of it; none of its code is run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from latentcode.cli.playing import Voices, named_by, names_in
from latentcode.pictures.set_lanes import WHOLE, Bar, Mark, SetLanes
from latentcode.session import records
from latentcode.session.journal import Session

LANE = re.compile(r"d[0-9]+")


def bars_of(changes: Sequence[tuple[int, Voices]], end: int, rate: int) -> dict[str, tuple[Bar, ...]]:
    """What plays of each voice, by who plays what from which sample on, in order."""
    found, current = dict[str, list[Bar]](), dict[str, tuple[int, str]]()
    for sample, playing in [*changes, (end, {})]:
        for voice, (begin, text) in list(current.items()):
            if playing.get(voice) != text:
                found.setdefault(voice, []).append(Bar(begin / rate, sample / rate, text))
                del current[voice]
        current |= {voice: (sample, text) for voice, text in playing.items() if voice not in current}
    return {voice: tuple(bars) for voice, bars in found.items()}


def scenes_of(held: Sequence[tuple[int, str]], end: int, rate: int) -> tuple[Bar, ...]:
    """Which scene was gone to, and until when nothing else was: `held` says which does from a
    sample on, "" for none, in order.
    """
    found, begin, name = list[Bar](), 0, ""
    for sample, now in [*held, (end, "")]:
        if now != name:
            if name:
                found.append(Bar(begin / rate, sample / rate, name))
            begin, name = sample, now
    return tuple(found)


def marks_of(session: Session, rate: int) -> Iterator[Mark]:
    """What happened to a set, in no order."""
    names = names_in(session)
    for block in session.blocks:
        if block.failed:
            yield Mark(block.sample / rate, "failed")
        for mark, name in named_by(block, names):
            if mark.target == "scene":
                yield Mark(block.sample / rate, "scene", text=name)
    for bookmark in session.of(records.Bookmark):
        yield Mark(bookmark.sample / rate, "bookmark", text=bookmark.bookmark)
    for aside in session.of(records.Fallback):
        yield Mark(aside.sample / rate, "aside", _lane(aside.place))
    for restart in session.of(records.Restart):
        yield Mark(restart.sample / rate, "restart")
    for jump in session.of(records.Jump):
        yield Mark(jump.before / rate, "still")


def _lane(place: str) -> str:
    voice = LANE.match(place)
    return voice[0] if voice else WHOLE


def set_lanes(
    session: Session,
    title: str,
    changes: Sequence[tuple[int, Voices]],
    told: Sequence[tuple[int, str]],
    tempo: Sequence[tuple[int, float]],
    voices: Sequence[str],
    held: Sequence[tuple[int, str]],
) -> SetLanes:
    """A session as lanes: `changes` as in `bars_of`, `told` which voice was told something, `tempo`
    what it is (beats per minute), and `held` which scene holds, each with its sample.
    """
    rate, end = session.number("rate"), max(session.end, 1)
    bars = bars_of(changes, end, rate)
    marks = [Mark(sample / rate, "told", voice) for sample, voice in told]
    return SetLanes(
        title,
        end / rate,
        {voice: bars.get(voice, ()) for voice in voices},
        scenes_of(held, end, rate),
        (*marks, *marks_of(session, rate)),
        tuple((sample / rate, bpm) for sample, bpm in tempo),
    )
