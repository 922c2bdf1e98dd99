"""A session as lanes over time, for a picture of it; none of its code is run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from latentcode.cli.playing import Voices, named_by
from latentcode.pictures.set_lanes import WHOLE, Bar, Mark, SetLanes
from latentcode.session import records
from latentcode.session.journal import Session

LANE = re.compile(r"d[0-9]+")
OVER = ("back", "undo", "redo", "hush", "panic")  # after which no scene is said to hold


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


def scenes_of(session: Session, end: int, rate: int) -> tuple[Bar, ...]:
    """Which scene was gone to, and until when nothing else was."""
    found, held = list[Bar](), ("", 0)
    for sample, target, name in [*_moves(session), (end, "", "")]:
        if held[0]:
            found.append(Bar(held[1] / rate, sample / rate, held[0]))
        held = (name if target == "go" else "", sample)
    return tuple(found)


def _moves(session: Session) -> Iterator[tuple[int, str, str]]:
    for block in session.blocks:
        for mark, name in named_by(block):
            if mark.target == "go" or mark.target in OVER:
                yield block.sample, mark.target, name


def marks_of(session: Session, rate: int) -> Iterator[Mark]:
    """What happened to a set, in no order."""
    for block in session.blocks:
        if block.failed:
            yield Mark(block.sample / rate, "failed")
        for mark, name in named_by(block):
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
) -> SetLanes:
    """A session as lanes: `changes` as in `bars_of`, `told` which voice was told something, and
    `tempo` what it is (beats per minute), each with its sample.
    """
    rate, end = session.number("rate"), max(session.end, 1)
    bars = bars_of(changes, end, rate)
    marks = [Mark(sample / rate, "told", voice) for sample, voice in told]
    return SetLanes(
        title,
        end / rate,
        {voice: bars.get(voice, ()) for voice in voices},
        scenes_of(session, end, rate),
        (*marks, *marks_of(session, rate)),
        tuple((sample / rate, bpm) for sample, bpm in tempo),
    )
