"""`latentcode log SESSION`: a set as a line of time, with what was asked and what happened."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from typing import NamedTuple

from latentcode.cli.options import add_session
from latentcode.files.texts import say, shown
from latentcode.prompt.session_list import minutes, voices_of
from latentcode.session import records
from latentcode.session.escaping import says_something
from latentcode.session.journal import Block, Session, read_session
from latentcode.set.retiming import CyclesThen

WIDTH = 76  # columns of code
ENDS = ("hush", "panic")


class Event(NamedTuple):
    """Something of a set: its sample, what it is, and the voices that it is about."""

    sample: int
    text: str
    voices: tuple[str, ...] = ()
    over: tuple[str, ...] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_session(parser)


def run(args: argparse.Namespace) -> int:
    """Print the line of time; none of its code is run. Raises SessionError."""
    session = read_session(args.session)
    for line in told(session):
        say(shown(line))
    return 0


def told(session: Session) -> Iterator[str]:
    """The lines: seconds, cycle, a column for each voice (● it was told something, │ it plays), and
    the code.
    """
    rate, cycles, voices = session.number("rate"), CyclesThen(session), voices_of(session)
    began = session.header.get("from", "").partition("@")[0]
    name = session.path.name if session.path else ""
    yield f"{name}  {minutes(session.end / rate)}" + (f"  went on from {began}" if began else "")
    yield f"{'time':>8} {'cycle':>8}  {' '.join(f'{voice:<3}' for voice in voices)}"
    playing: set[str] = set()
    for event in sorted(events(session), key=lambda event: event.sample):
        lanes = ("●" if one in event.voices else "│" if one in playing else " " for one in voices)
        cycle = f"{float(cycles.cycle(event.sample)):.2f}" if cycles.noted else ""
        time = f"{minutes(event.sample / rate)}.{int(10 * event.sample / rate) % 10}"
        yield f"{time:>8} {cycle:>8}  {' '.join(f'{lane:<3}' for lane in lanes)} {event.text}".rstrip()
        playing = (playing | {*event.voices}) - {*event.over}


def events(session: Session) -> Iterator[Event]:
    """All that is shown of a session, in no order."""
    for block in session.blocks:
        if says_something(block.code):
            yield _of_block(block, voices_of(session))
    for mark in session.of(records.Bookmark):
        yield Event(mark.sample, f"⚑ {mark.bookmark}")
    for jump in session.of(records.Jump):
        yield Event(
            jump.before,
            f"── the machine stood still for {(jump.after - jump.before) / session.number('rate'):.1f} s",
        )
    began = int(session.header["at"]) if session.header.get("at", "").isdecimal() else -1
    for restart in session.of(records.Restart):
        went_on = began >= 0 and began <= restart.sample < began + session.number("rate")
        yield Event(restart.sample, "── went on here" if went_on else "── another engine took over")
    for take in session.of(records.Recording):
        yield Event(max(take.first, 0), f"○ recorded to {take.path}")
    for end in session.of(records.End):
        yield Event(end.sample, "■ the end")


def _of_block(block: Block, voices: tuple[str, ...]) -> Event:
    lines = [line for line in block.code.split("\n") if says_something(line)]
    more = f"  (+{len(lines) - 1})" if len(lines) > 1 else ""
    first = lines[0] if len(lines[0]) <= WIDTH else lines[0][: WIDTH - 1] + "…"
    targets = tuple(dict.fromkeys(mark.target for mark in block.marks))
    stopped = tuple(one for one in voices if re.search(rf"\b{one}\.stop\(", block.code))
    over = voices if any(target in ENDS for target in targets) else stopped
    return Event(block.sample, f"{'✗ ' if block.failed else ''}{first}{more}", targets, over)
